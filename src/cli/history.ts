import type { Command } from 'commander';
import type { App } from '../app.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, INVOCATION } from './invocation.ts';
import { type Place, withPlace } from './place.ts';
import { printable, shownTime } from './printable.ts';
import { readLimit } from './read-limit.ts';
import { readSince } from './since.ts';
import { table } from './table.ts';

type Listed = Awaited<ReturnType<App['history']['list']>>;
type Entry = Extract<Listed, { kind: 'listed' }>['entries'][number];

/** `joinery history`: who changed what, and what it was before. */
export function addHistory(program: Command): void {
  withPlace(program.command('history'))
    .description('what was changed in a directory, by whom, and what it was before; the latest first')
    .option('--user <name>', 'only of one user: a userName or an id; removed ones too')
    .option('--group <name>', 'only of one group: a displayName or an id; removed ones too')
    .option('--since <when>', '15m, 2h, 7d, or a date like 2026-11-21T10:00Z (default: all that is kept)', (text) =>
      readSince(text, Date.now()),
    )
    .option('--limit <number>', 'at most so many changes', readLimit, 50)
    .option('--json', 'print each change as a line of JSON, with all values')
    .addHelpText(
      'after',
      example('history --organization acme --user bjensen', 'history --organization acme --since 2h'),
    )
    .addHelpText('after', MEMBERSHIPS)
    .action(history);
}

const MEMBERSHIPS = `
Memberships are changes of the group. With --user, those of the directory's latest 20,000 changes are shown too; older
ones stand in the history of the group.`;

interface Options extends Place {
  readonly user?: string;
  readonly group?: string;
  readonly since?: string;
  readonly limit: number;
  readonly json?: boolean;
}

function history({ organization, application, user, group, since, limit, json }: Options): Promise<void> {
  if (user !== undefined && group !== undefined) {
    throw new CommandFailed('give --user or --group, not both.', EXIT.usage);
  }
  return withInstance(async ({ app }) => {
    const name = user ?? group;
    const subject = name === undefined ? undefined : ({ type: user === undefined ? 'Group' : 'User', name } as const);
    const listed = await app.history.list({ organization, application }, { subject, since, limit });
    if (listed.kind === 'refused') throw new CommandFailed(listed.detail);
    const { entries } = listed;
    if (json) {
      for (const entry of entries) console.log(JSON.stringify(entry));
      return;
    }
    if (entries.length === 0) {
      console.error('Nothing was changed.');
      return;
    }
    console.log(table(['SET', 'AT', 'BY', 'WHO', 'WHAT'], entries.map(line)));
    if (entries.length === limit) console.error(`\nThere may be more: --limit ${2 * limit} shows twice as many.`);
    console.error(
      `\nTo take a change set back: ${INVOCATION} undo --organization ${organization} --set <SET> --dry-run`,
    );
  });
}

function line(entry: Entry): string[] {
  const who = `${entry.type.toLowerCase()} ${entry.label}`;
  return [String(entry.set), shownTime(entry.at), entry.by.name, who, what(entry)].map(printable);
}

function what({ kind, attributes = [], joined = [], left = [] }: Entry): string {
  switch (kind) {
    case 'created':
      return 'created';
    case 'removed':
      return 'removed';
    case 'password':
      return 'password set';
    case 'owner':
      return attributes.some(({ after }) => after === true) ? 'taken over by the provider' : 'given back';
    case 'updated':
      return attributes.map(({ name, before, after }) => `${name}: ${shown(before)} → ${shown(after)}`).join('; ');
    case 'members':
      return [...membersOf('+', joined), ...membersOf('-', left)].join(' ');
  }
}

const NAMED = 5;

function membersOf(sign: string, members: NonNullable<Entry['joined']>): string[] {
  const named = members.slice(0, NAMED).map(({ id, label }) => `${sign}${label ?? id}`);
  return members.length > NAMED ? [...named, `${sign}${members.length - NAMED} more`] : named;
}

const MOST_SHOWN = 60;

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
}
