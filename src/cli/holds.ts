import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import { CommandFailed } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, INVOCATION } from './invocation.ts';
import { printable, shownMinute } from './printable.ts';
import { table } from './table.ts';

type HoldShown = NonNullable<Awaited<ReturnType<App['holds']['show']>>>;
type HoldsDecided = Awaited<ReturnType<App['holds']['decide']>>;
type HoldDecided = Extract<HoldsDecided, { kind: 'decided' }>['results'][number];

const STATES = ['open', 'rejected', 'approved', 'withdrawn'] as const;

/** `joinery holds list|show|approve|reject`: what the guard stopped, and what a person says to it. */
export function addHolds(program: Command): void {
  const holds = program
    .command('holds')
    .description('deprovisionings that the guard of a directory stopped until a person decides')
    .helpCommand(false);
  holds
    .command('list')
    .description('list what is held, with who and why')
    .option('--organization <slug>', 'only of one organization')
    .option('--application <name>', 'only in one application')
    .addOption(new Option('--state <state>', 'only in one state').choices([...STATES, 'all']).default('open'))
    .option('--json', 'print one JSON object a line and nothing else')
    .addHelpText('after', example('holds list --organization acme'))
    .action(list);
  holds
    .command('show')
    .description('show one: what is held, why, and what became of it')
    .argument('<id>', 'its id, as `holds list` shows it')
    .option('--json', 'print it as JSON and nothing else')
    .addHelpText('after', example('holds show 019a5f0e-7c1b-7a5d-9e3f-6b7c8d9e0f1a'))
    .action(show);
  addDecision(holds, 'approve', 'apply what is held, from our side and in one change set');
  addDecision(
    holds,
    'reject',
    'say that it is not to be done: the identity provider is told so whenever it asks again',
  );
}

function addDecision(holds: Command, verb: 'approve' | 'reject', description: string): void {
  holds
    .command(verb)
    .description(description)
    .argument('[id...]', 'their ids, as `holds list` shows them')
    .option('--all', 'all that are open in one directory')
    .option('--organization <slug>', 'with --all: whose directory')
    .option('--application <name>', 'with --all: in which application (default: the only one)')
    .option('--json', 'print [{"id","type","subject","label","work","became"}] and nothing else')
    .addHelpText(
      'after',
      example(`holds ${verb} 019a5f0e-7c1b-7a5d-9e3f-6b7c8d9e0f1a`, `holds ${verb} --all --organization acme`),
    )
    .action((ids: readonly string[], options: DecideOptions) => decide(verb, ids, options));
}

interface ListOptions {
  readonly organization?: string;
  readonly application?: string;
  readonly state: (typeof STATES)[number] | 'all';
  readonly json?: boolean;
}

function list({ organization, application, state, json }: ListOptions): Promise<void> {
  return withInstance(async ({ app }) => {
    const states = state === 'all' ? STATES : [state];
    const rows: string[][] = [];
    for await (const shown of app.holds.list({ organization, application, states })) {
      if (json) console.log(JSON.stringify(shown));
      else rows.push(rowOf(shown));
    }
    if (json) return;
    if (rows.length === 0) {
      console.error(state === 'open' ? 'Nothing is held.' : 'There is no such hold.');
      return;
    }
    console.log(
      table(['ID', 'ORGANIZATION', 'APPLICATION', 'WHO', 'WORK', 'ASKED BY', 'SINCE', 'TIMES', 'STATE'], rows),
    );
    if (state !== 'open') return;
    console.error(`\nApprove or reject them: ${INVOCATION} holds approve <id>, ${INVOCATION} holds reject <id>`);
  });
}

function rowOf({ hold, organization, application }: HoldShown): string[] {
  const { id, label, by, first, times, state } = hold;
  return [
    id,
    organization,
    application,
    printable(label),
    workOf(hold.work),
    printable(by.name),
    shownMinute(first),
    String(times),
    state,
  ];
}

function workOf(work: HoldShown['hold']['work']): string {
  if (work.kind === 'deactivate') return 'deactivate';
  if (work.kind === 'remove') return 'remove';
  return `take out ${work.ids.length} ${work.ids.length === 1 ? 'member' : 'members'}`;
}

function show(id: string, { json }: { json?: boolean }): Promise<void> {
  return withInstance(async ({ app }) => {
    const found = await app.holds.show(id);
    if (found === undefined) throw new CommandFailed(`There is no hold with the id ${JSON.stringify(id)}.`);
    if (json) {
      console.log(JSON.stringify(found));
      return;
    }
    const { hold, organization, application } = found;
    const lines: [string, string][] = [
      ['hold', hold.id],
      ['state', stateOf(hold)],
      ['directory', `${organization} in ${application}`],
      ['who', `${hold.type.toLowerCase()} "${hold.label}" (${hold.subject})`],
      ['work', workOf(hold.work)],
      ['why', hold.why],
      ['asked by', `${hold.by.name} (${hold.by.kind} ${hold.by.id}), request ${hold.requestId}`],
      ['first', shownMinute(hold.first)],
      ['last', `${shownMinute(hold.last)}, asked ${hold.times === 1 ? 'once' : `${hold.times} times`}`],
    ];
    if (hold.work.kind === 'removeMembers') lines.push(['members', hold.work.ids.join(', ')]);
    const width = Math.max(...lines.map(([name]) => name.length));
    for (const [name, value] of lines) console.log(`${name.padEnd(width)}  ${printable(value)}`);
  });
}

function stateOf({ state, decided }: HoldShown['hold']): string {
  return decided === undefined ? state : `${state} by ${decided.by.name} at ${shownMinute(decided.at)}`;
}

interface DecideOptions {
  readonly all?: boolean;
  readonly organization?: string;
  readonly application?: string;
  readonly json?: boolean;
}

function decide(verb: 'approve' | 'reject', ids: readonly string[], options: DecideOptions): Promise<void> {
  return withInstance(async ({ app }) => {
    const { all, organization, application, json } = options;
    const kind = `${verb}-holds` as const;
    if (all ? ids.length > 0 : ids.length === 0)
      throw new CommandFailed('Name the holds by their ids, or give --all.', 2);
    if (all && organization === undefined) throw new CommandFailed('With --all, say whose: --organization <slug>.', 2);
    const decided =
      all && organization !== undefined
        ? await app.holds.decideAll(kind, { organization, application })
        : await app.holds.decide(kind, ids);
    if (decided.kind === 'refused') throw new CommandFailed(decided.detail);
    if (json) console.log(JSON.stringify(decided.results));
    else tell(decided.results);
    const left = decided.results.filter(({ became }) => became === 'refused' || became === 'not-standing').length;
    if (left > 0) throw new CommandFailed(`${left} of ${decided.results.length} came to nothing.`);
  });
}

function tell(results: readonly HoldDecided[]): void {
  if (results.length === 0) console.error('Nothing is held.');
  else
    console.log(
      table(
        ['ID', 'WHO', 'BECAME'],
        results.map((one) => [one.id, printable(one.label || one.subject), printable(becameOf(one))]),
      ),
    );
}

function becameOf({ became, detail }: HoldDecided): string {
  switch (became) {
    case 'applied':
      return 'applied';
    case 'done-before':
      return 'nothing left to do: it was so already';
    case 'rejected':
      return 'rejected';
    case 'refused':
      return `refused, and held still: ${detail ?? ''}`;
    case 'not-standing':
      return 'held no more: decided, or taken back, meanwhile';
  }
}
