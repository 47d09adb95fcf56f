import { type Command, Option } from 'commander';
import { readExpires } from './expires.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { withInstance } from './instance.ts';
import { example } from './invocation.ts';
import { readListed } from './listed-tokens.ts';
import { shownMinute } from './printable.ts';
import { table } from './table.ts';

/** `joinery token create|list|revoke`: how identity providers get in. */
export function addToken(program: Command): void {
  const token = program.command('token').description('the tokens that let identity providers in').helpCommand(false);
  token
    .command('create')
    .description('make a token and show it, this once')
    .requiredOption('--organization <slug>', 'whose directory it opens')
    .requiredOption('--name <name>', 'what it is for: "Okta production"')
    .option('--application <name>', 'in which application (default: the only one)')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(['provision', 'read']).default('provision'))
    .option('--expires <when>', '90d, 12h, 4w, or a date like 2027-01-31 (default: never)', (text) =>
      readExpires(text, Date.now()),
    )
    .option('--json', 'print {"token","baseUrl","organization","application","name"} and nothing else')
    .addHelpText('after', example('token create --organization acme --name "Okta production" --expires 365d'))
    .action(create);
  token
    .command('list')
    .description('list the tokens by name, never themselves')
    .option('--organization <slug>', 'only those of one organization')
    .option('--json', 'print [{"id","organization","application","name","created","revoked",…}] and nothing else')
    .addHelpText('after', example('token list --organization acme'))
    .action(list);
  token
    .command('revoke')
    .description('end a token: servers that run refuse it within five seconds')
    .argument('[id]', 'its id, as `token list` shows it')
    .option(
      '--as-in <file>',
      'instead of one: all that are revoked in what `token list --json` printed (- for standard input)',
    )
    .option('--all', 'instead of one: all there are')
    .addHelpText('after', example('token revoke 4f7d8e0a-2c1b-4a5d-9e3f-6b7c8d9e0f1a'))
    .addHelpText('after', RESTORED)
    .action((id: string | undefined, which: Omit<Revoked, 'id'>) => revoke({ id, ...which }));
}

const RESTORED = `
After a restore of PostgreSQL: \`token list --json\` on the database that was, and \`token revoke --as-in\` on the restored
one, before a server starts on it. Where the one that was is lost, only --all is sure.`;

interface CreateOptions {
  readonly organization: string;
  readonly name: string;
  readonly application?: string;
  readonly scope: 'provision' | 'read';
  readonly expires?: string;
  readonly json?: boolean;
}

function create(options: CreateOptions): Promise<void> {
  return withInstance(async ({ app }) => {
    const made = await app.credentials.create({
      organization: options.organization,
      application: options.application,
      name: options.name,
      scope: options.scope,
      expires: options.expires,
    });
    if (made.kind === 'refused') throw new CommandFailed(made.detail);
    const { token, credential } = made;
    const { organization, application, name, scope, expires } = credential;
    const baseUrl = app.baseUrl(application, organization);
    if (options.json) {
      console.log(JSON.stringify({ token, baseUrl, organization, application, name }));
      return;
    }
    const may = scope === 'read' ? 'only reads' : 'reads and writes';
    console.log(
      [
        `The token "${name}" ${may} the directory of ${organization} in ${application}, and ${expires === undefined ? 'does not expire' : `expires at ${expires}`}.`,
        'It is shown only here:',
        '',
        `  ${token}`,
        '',
        'Give it to the identity provider, with this SCIM base URL:',
        '',
        `  ${baseUrl}`,
      ].join('\n'),
    );
  });
}

function list({ organization, json }: { organization?: string; json?: boolean }): Promise<void> {
  return withInstance(async ({ app }) => {
    const listed = await app.credentials.list(organization);
    if (listed.kind === 'refused') throw new CommandFailed(listed.detail);
    if (json) {
      console.log(JSON.stringify(listed.credentials));
      return;
    }
    if (listed.credentials.length === 0) {
      console.error('There is no token yet.');
      return;
    }
    console.log(
      table(
        ['ID', 'ORGANIZATION', 'APPLICATION', 'NAME', 'SCOPE', 'CREATED', 'EXPIRES', 'LAST USED', 'REVOKED'],
        listed.credentials.map((one) => [
          one.id,
          one.organization,
          one.application,
          one.name,
          one.scope,
          shortTime(one.created),
          shortTime(one.expires),
          shortTime(one.lastUsed),
          shortTime(one.revoked),
        ]),
      ),
    );
  });
}

interface Revoked {
  readonly id: string | undefined;
  readonly asIn?: string;
  readonly all?: boolean;
}

async function revoke({ id, asIn, all = false }: Revoked): Promise<void> {
  if ([id !== undefined, asIn !== undefined, all].filter(Boolean).length !== 1) {
    throw new CommandFailed('Say which: one id, or --as-in with a file, or --all.', EXIT.usage);
  }
  if (id !== undefined) return revokeOne(id);
  const told = asIn === undefined ? undefined : await readListed(asIn);
  await withInstance(async ({ app }) => {
    const listed = await app.credentials.list();
    if (listed.kind === 'refused') throw new CommandFailed(listed.detail);
    const live = listed.credentials.filter((one) => one.revoked === undefined);
    const meant = live.filter((one) => told === undefined || told.get(one.id));
    for (const one of meant) {
      const done = await app.credentials.revoke(one.id);
      if (done.kind === 'refused') throw new CommandFailed(done.detail);
    }
    console.log(
      `${meant.length} of ${live.length} tokens are revoked. Servers that run refuse them within five seconds.`,
    );
    const untold = told === undefined ? 0 : live.filter(({ id }) => !told.has(id)).length;
    if (untold === 0) return;
    console.log(`The list does not tell of ${untold} of them: see in \`token list\` whether they were made after it.`);
  });
}

function revokeOne(id: string): Promise<void> {
  return withInstance(async ({ app }) => {
    const revoked = await app.credentials.revoke(id);
    if (revoked.kind === 'refused') throw new CommandFailed(revoked.detail);
    const { name, organization } = revoked.credential;
    console.log(`The token "${name}" of ${organization} is revoked. Servers that run refuse it within five seconds.`);
  });
}

function shortTime(iso: string | undefined): string {
  return iso === undefined ? '-' : shownMinute(iso);
}
