import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { App, Assignment, PolicyShown } from '../app.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, INVOCATION } from './invocation.ts';
import { withPlace } from './place.ts';
import { table } from './table.ts';

interface Where {
  readonly organization: string;
  readonly application: string | undefined;
}

/** `joinery policy show|set|reset`: the rules of one directory. */
export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('the rules of an organization’s directory').helpCommand(false);
  withPlace(policy.command('show').description('show each rule, what it is, and who says so'))
    .option('--json', 'print {"organization","application","rules","overrides","problems"} and nothing else')
    .addHelpText('after', example('policy show --organization acme'))
    .action(show);
  withPlace(
    policy
      .command('set')
      .description('have rules otherwise than the application; servers that run follow within five seconds'),
  )
    .argument('[key=value...]', 'seats.limit=50, protect.users=ann@example.com,bob@example.com, guard=none')
    .option('--file <file>', 'a JSON object of rules, in place of all that the directory has: {"seats":{"limit":50}}')
    .addHelpText('after', example('policy set --organization acme seats.limit=50 guard.users=20 guard.window=1h'))
    .action(set);
  withPlace(policy.command('reset').description('back to the rules of the application: these, or all'))
    .argument('[key...]', 'seats, protect.users')
    .addHelpText('after', example('policy reset --organization acme seats'))
    .action(reset);
}

function show({ json, ...where }: Where & { json?: boolean }): Promise<void> {
  return withInstance(async ({ app }) => {
    const shown = await app.policies.show(placeOf(where));
    if (shown.kind === 'refused') throw new CommandFailed(shown.detail);
    if (json) {
      const { organization, application, rules, overrides, problems } = shown;
      console.log(JSON.stringify({ organization: organization.slug, application, rules, overrides, problems }));
    } else {
      print(shown);
    }
  });
}

function set(given: readonly string[], { file, ...where }: Where & { file?: string }): Promise<void> {
  if ((given.length === 0) === (file === undefined)) {
    throw new CommandFailed('say what is to be set: key=value, like seats.limit=50, or --file with JSON.', EXIT.usage);
  }
  const assignments = given.map(readAssignment);
  const text = file === undefined ? '' : readText(file);
  return withInstance(async ({ app }) => {
    const place = placeOf(where);
    const shown = await (file === undefined
      ? app.policies.assign(place, assignments)
      : app.policies.replace(place, text));
    if (shown.kind === 'refused') throw new CommandFailed(shown.detail);
    print(shown);
    await warnOfHolds(app, shown);
  });
}

function reset(keys: readonly string[], where: Where): Promise<void> {
  return withInstance(async ({ app }) => {
    const shown = await app.policies.reset(placeOf(where), keys);
    if (shown.kind === 'refused') throw new CommandFailed(shown.detail);
    print(shown);
    await warnOfHolds(app, shown);
  });
}

/** Where there is no guard, nobody looks whether a provider wants a user after all whose deprovisioning was held. */
async function warnOfHolds(app: App, { organization: { slug }, application, rules }: PolicyShown): Promise<void> {
  if (!rules.some(({ rule, value }) => rule === 'guard' && value === 'none')) return;
  for await (const _ of app.holds.list({ organization: slug, application, states: ['open'] })) {
    console.error(
      `joinery: there is no guard now, and holds are open that it made. Decide them before things change: ${INVOCATION} holds list --organization ${slug} --application ${application}`,
    );
    return;
  }
}

function placeOf({ organization, application }: Where): Where {
  return { organization, application };
}

function print({ organization, application, rules, problems }: PolicyShown): void {
  console.log(`The rules of ${organization.slug} in ${application}:\n`);
  console.log(
    table(
      ['RULE', 'VALUE', 'FROM'],
      rules.map(({ rule, value, from }) => [rule, value, from]),
    ),
  );
  for (const problem of problems) console.error(`joinery: left out, as it does not fit the configuration: ${problem}`);
}

const LISTS: ReadonlySet<string> = new Set(['keep', 'match', 'roles.ceiling', 'protect.users']);
/** Of these none is nobody; of the others it is all. */
const EMPTIED: ReadonlySet<string> = new Set(['match', 'protect.users']);

/** `seats.limit=50`, `guard=none`, `protect.users=a@example.com,b@example.com`, `roles.byGroup.App admins=admin` */
export function readAssignment(text: string): Assignment {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new CommandFailed(`${JSON.stringify(text)}: expected a rule and its value, like seats.limit=50.`, EXIT.usage);
  const key = text.slice(0, equals);
  return { key, value: readValue(key, text.slice(equals + 1)) };
}

function readValue(key: string, text: string): unknown {
  if (text === 'none') return key === 'guard' ? false : EMPTIED.has(key) ? [] : null;
  if (/^[[{]/.test(text)) return parsed(key, text);
  if (LISTS.has(key))
    return text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  if (text === 'true' || text === 'yes') return true;
  if (text === 'false' || text === 'no') return false;
  return /^\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : text;
}

function parsed(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailed(`${key}: the value cannot be read as JSON.`, EXIT.usage);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CommandFailed(`the file ${file} cannot be read.`, EXIT.usage);
  }
}
