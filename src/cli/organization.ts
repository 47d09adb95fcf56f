import type { Command } from 'commander';
import { CommandFailed, EXIT } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, invocationHere } from './invocation.ts';
import { table } from './table.ts';

/** `joinery organization create|set|list`: the customers of the SaaS product. */
export function addOrganization(program: Command): void {
  const organization = program
    .command('organization')
    .description('the customers whose directories this instance keeps')
    .helpCommand(false);
  organization
    .command('create')
    .description('make an organization, and its directory in each application')
    .requiredOption('--name <name>', 'as people read it: "Acme Ltd."')
    .option(
      '--slug <slug>',
      'as commands and URLs name it: lower-case letters, digits, hyphens (default: from the name)',
    )
    .option('--plan <plan>', 'what it has bought: "enterprise" (default: none)')
    .option('--sso', 'its people sign in by SSO')
    .addHelpText('after', example('organization create --name Acme --slug acme'))
    .action(create);
  organization
    .command('set')
    .description('say what an organization has bought and switched on: servers that run follow within five seconds')
    .argument('<slug>', 'which one')
    .option('--plan <plan>', 'the plan it is on: "enterprise"')
    .option('--no-plan', 'it is on no plan')
    .option('--sso', 'its people sign in by SSO')
    .option('--no-sso', 'they do not')
    .addHelpText('after', example('organization set acme --plan enterprise --sso'))
    .action(set);
  organization
    .command('list')
    .description('list the organizations')
    .addHelpText('after', example('organization list'))
    .action(list);
}

interface Created {
  readonly name: string;
  readonly slug?: string;
  readonly plan?: string;
  readonly sso?: boolean;
}

function create({ name, slug, plan, sso }: Created): Promise<void> {
  return withInstance(async ({ app, applications }) => {
    const made = await app.organizations.create({ name, slug, plan, sso });
    if (made.kind === 'refused') throw new CommandFailed(made.detail);
    const { organization } = made;
    console.log(`The organization "${organization.name}" is made; its slug is ${organization.slug}.`);
    console.log('A token lets its identity provider in:\n');
    const which = applications.length === 1 ? '' : ` --application ${applications[0]}`;
    console.log(
      `  ${invocationHere(process.env)} token create --organization ${organization.slug}${which} --name okta`,
    );
  });
}

/** `--no-plan` is `plan: false`; what is not said is undefined, and stays. */
interface Altered {
  readonly plan?: string | false;
  readonly sso?: boolean;
}

function set(slug: string, { plan, sso }: Altered): Promise<void> {
  if (plan === undefined && sso === undefined) {
    throw new CommandFailed('say what is to be set: --plan <plan> or --no-plan, --sso or --no-sso.', EXIT.usage);
  }
  return withInstance(async ({ app }) => {
    const altered = await app.organizations.alter(slug, { plan: plan === false ? null : plan, sso });
    if (altered.kind === 'refused') throw new CommandFailed(altered.detail);
    const { organization } = altered;
    const on = organization.plan === undefined ? 'on no plan' : `on the plan ${organization.plan}`;
    console.log(`${organization.name} (${slug}) is ${on}, ${organization.sso ? 'with' : 'without'} SSO.`);
  });
}

function list(): Promise<void> {
  return withInstance(async ({ app }) => {
    const organizations = await app.organizations.list();
    if (organizations.length === 0) {
      console.error('There is no organization yet.');
      return;
    }
    console.log(
      table(
        ['SLUG', 'NAME', 'PLAN', 'SSO', 'CREATED'],
        organizations.map(({ slug, name, plan, sso, created }) => [
          slug,
          name,
          plan ?? '-',
          sso ? 'yes' : '-',
          created,
        ]),
      ),
    );
  });
}
