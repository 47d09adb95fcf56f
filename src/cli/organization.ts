import type { Command } from 'commander';
import { CommandFailed } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, invocationHere } from './invocation.ts';
import { table } from './table.ts';

/** `joinery organization create|list`: the customers of the SaaS product. */
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
    .addHelpText('after', example('organization create --name Acme --slug acme'))
    .action(create);
  organization
    .command('list')
    .description('list the organizations')
    .addHelpText('after', example('organization list'))
    .action(list);
}

function create({ name, slug }: { name: string; slug?: string }): Promise<void> {
  return withInstance(async ({ app }) => {
    const made = await app.organizations.create({ name, slug });
    if (made.kind === 'refused') throw new CommandFailed(made.detail);
    const { organization } = made;
    console.log(`The organization "${organization.name}" is made; its slug is ${organization.slug}.`);
    console.log('A token lets its identity provider in:\n');
    console.log(`  ${invocationHere(process.env)} token create --organization ${organization.slug} --name okta`);
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
        ['SLUG', 'NAME', 'CREATED'],
        organizations.map(({ slug, name, created }) => [slug, name, created]),
      ),
    );
  });
}
