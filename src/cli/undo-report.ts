import type { App } from '../app.ts';
import { printable, shownTime } from './printable.ts';
import { table } from './table.ts';

type Report = Extract<Awaited<ReturnType<App['history']['undo']>>, { kind: 'undone' }>['report'];
type Line = Report['left'][number];

/** What an undo did, or would do: the counts first, then what was left, then examples. */
export function undoLines(report: Report, dryRun: boolean): string[] {
  const { changes, first, last, counts, left, examples } = report;
  if (changes === 0 || first === undefined || last === undefined) return ['No change was selected.'];
  const lines = [
    `${some(changes, 'change')}, made from ${shownTime(first)} to ${shownTime(last)}.${dryRun ? ' A dry run: nothing is changed.' : ''}`,
    '',
    ...countLines(counts, dryRun),
  ];
  const others = counts.conflicts + counts.refused + counts.passwords;
  if (left.length > 0)
    lines.push('', `Left as ${left.length === 1 ? 'it is' : 'they are'}:`, '', ...tableOf(left, others));
  if (examples.length > 0) lines.push('', 'For example:', '', ...tableOf(examples, examples.length));
  return lines;
}

/** So many of one thing, or of several: what happened to them, or would. */
type Told = readonly [count: number, one: string, several: string, did: string, would: string];

function countLines(counts: Report['counts'], dryRun: boolean): string[] {
  const back = 'back under the old id';
  const all: readonly Told[] = [
    [counts.restored, 'removed record', 'removed records', `brought ${back}`, `to be brought ${back}`],
    [counts.removed, 'created record', 'created records', 'removed', 'to be removed'],
    [counts.updated, 'record', 'records', 'given attributes back', 'to be given attributes back'],
    [counts.activated, 'user of those', 'users of those', 'active again', 'to be active again'],
    [counts.putBack, 'membership', 'memberships', 'put back', 'to be put back'],
    [counts.takenOut, 'membership', 'memberships', 'ended', 'to be ended'],
    [counts.asBefore, 'record or membership', 'records or memberships', 'as before already', 'as before already'],
    [counts.conflicts, 'conflict', 'conflicts', LEFT, LEFT],
    [counts.refused, 'record', 'records', REFUSED, REFUSED],
    [counts.passwords, 'password', 'passwords', SET, SET],
  ];
  const told = all.filter(([count]) => count > 0);
  if (told.length === 0) return ['  Together they come to nothing.'];
  const width = Math.max(...told.map(([count]) => grouped(count).length));
  return told.map(([count, one, several, did, would]) => {
    const what = `${count === 1 ? one : several} ${dryRun ? would : did}`;
    return `  ${grouped(count).padStart(width)}  ${what}`;
  });
}

const LEFT = 'with what was changed again since, which is left';
const REFUSED = 'refused: no seat, or a name that is taken';
const SET = 'set, and left';

const SHOWN = 40;

function tableOf(lines: readonly Line[], all: number): string[] {
  const shown = lines.slice(0, SHOWN);
  const rows = shown.map(({ type, label, kind, detail }) =>
    [`${type.toLowerCase()} ${label}`, kind, detail].map(printable),
  );
  const more = Math.max(all, lines.length) - shown.length;
  return [table(['WHO', 'WHAT', 'WHY'], rows), ...(more > 0 ? [`… and ${grouped(more)} more`] : [])];
}

function some(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
