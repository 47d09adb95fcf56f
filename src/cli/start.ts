import type { Command } from 'commander';
import { CommandFailed } from './failure.ts';
import { type Instance, openInstance } from './instance.ts';
import { example, INVOCATION, invocationHere } from './invocation.ts';
import { listen, untilStopped } from './listen.ts';
import { SETTINGS } from './serve.ts';
import type { Stop } from './stop.ts';

/** `npm start`: serves, and on an empty database makes what a newcomer needs for the first connection. */
export function addStart(program: Command, stop: Stop): void {
  program
    .command('start')
    .description('serve SCIM with a word of welcome; on an empty database, with an organization and a token to try it')
    .option('--insecure', 'let others reach it without https (tokens then travel unencrypted)')
    .addHelpText('after', example('start'))
    .addHelpText('after', SETTINGS)
    .action(async ({ insecure }: { insecure?: boolean }) => {
      const instance = await openInstance({ logLevel: 'warn', insecure: insecure === true });
      await listen(instance);
      console.log(await welcome(instance));
      await untilStopped(instance, stop);
    });
}

async function welcome(instance: Instance): Promise<string> {
  const { app, applications, databaseUrl } = instance;
  const { versions } = await import('../app.ts');
  const width = Math.max(...applications.map((name) => name.length));
  const bases = applications.map((name) =>
    applications.length === 1
      ? `  SCIM base URL  ${app.baseUrl(name)}`
      : `  SCIM base URL  ${name.padEnd(width)}  ${app.baseUrl(name)}`,
  );
  return [
    `Joinery ${versions().joinery} is running. Ctrl-C stops it.`,
    '',
    ...bases,
    `  Database       ${shownDatabase(databaseUrl)}`,
    '',
    await nextStep(instance),
    '',
  ].join('\n');
}

/** `./data/joinery.db`, `postgres://db.example.com/joinery`: without the user name, the password and the options. */
function shownDatabase(url: string): string {
  return url.replace(/^sqlite:/, '').replace(/^(postgres(?:ql)?:\/\/)(?:.*@)?([^?]*).*$/is, '$1$2');
}

async function nextStep(instance: Instance): Promise<string> {
  const { app, applications } = instance;
  const [first] = await app.organizations.list();
  if (first === undefined) return firstConnection(instance);
  const which = applications.length === 1 ? '' : ` --application ${applications[0]}`;
  return [
    'A token is shown only when it is made. To make another one:',
    '',
    `  ${invocationHere(process.env)} token create --organization ${first.slug}${which} --name simulator`,
  ].join('\n');
}

const FIRST = { slug: 'acme', name: 'Acme' } as const;

async function firstConnection({ app, applications, requires, host }: Instance): Promise<string> {
  const made = await app.organizations.create({ ...FIRST, plan: requires.plans?.[0], sso: requires.sso });
  if (made.kind === 'refused') throw new CommandFailed(made.detail);
  const [application = ''] = applications;
  const minted = await app.credentials.create({
    organization: FIRST.slug,
    application,
    name: 'simulator',
    scope: 'provision',
    expires: undefined,
  });
  if (minted.kind === 'refused') throw new CommandFailed(minted.detail);
  const base = app.baseUrl(application, FIRST.slug);
  return [
    `The database is new: it has the organization "${FIRST.slug}" now, and a token for it. To watch a simulated Okta`,
    'provision it, paste this line into a second terminal (it holds the token, which is shown only here):',
    '',
    `  ${INVOCATION} simulate okta --base-url ${base}${reached(base, host)} --token ${minted.token}`,
  ].join('\n');
}

/** An application with a host of its own is not to be looked for where the world knows that host. */
function reached(base: string, host: string): string {
  const { hostname, port } = new URL(base);
  if (process.env.PUBLIC_URL || hostname === host || hostname === `[${host}]`) return '';
  return ` --at http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
