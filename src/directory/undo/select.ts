import type { HistoryOnly, HistoryReader, HistoryRow, HistorySpan } from '../history.ts';
import { turn } from '../turn.ts';
import type { UndoSelection } from './operation.ts';
import { spanBetween } from './span.ts';

/** The selected changes, by the record that they are about, each in order. */
export interface Selected {
  readonly bySubject: ReadonlyMap<string, readonly HistoryRow[]>;
  readonly changes: number;
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** The last place in history that was looked at. */
  readonly upTo: number | undefined;
}

/** What is selected is in memory while it is taken back. */
export const MOST_CHANGES = 250_000;
/** Characters. */
const MOST_WEIGHT = 256 * 2 ** 20;
/** Changes that are looked at together. */
const WINDOW = 500;

/** Undefined when they are too many, or too large, to be taken back at once. */
export async function select(history: HistoryReader, selection: UndoSelection): Promise<Selected | undefined> {
  const span = await history.span();
  const upTo = span && Math.min(span.last, selection.upTo ?? span.last);
  const all = span && upTo !== undefined ? { first: span.first, last: upTo } : undefined;
  const bySubject = new Map<string, HistoryRow[]>();
  let [changes, weight] = [0, 0];
  let first: string | undefined;
  let last: string | undefined;
  for await (const row of selectedRows(history, all, selection)) {
    changes += 1;
    weight += (row.before?.length ?? 0) + (row.after?.length ?? 0);
    if (changes > MOST_CHANGES || weight > MOST_WEIGHT) return undefined;
    if (first === undefined || row.at < first) first = row.at;
    if (last === undefined || row.at > last) last = row.at;
    const rows = bySubject.get(row.subject);
    if (rows === undefined) bySubject.set(row.subject, [row]);
    else rows.push(row);
  }
  return { bySubject, changes, first, last, upTo };
}

async function* selectedRows(
  history: HistoryReader,
  all: HistorySpan | undefined,
  selection: UndoSelection,
): AsyncGenerator<HistoryRow> {
  const { set, from, to } = selection;
  if (all === undefined) return;
  const span =
    set === undefined
      ? await spanBetween(history, { all, from, to })
      : { first: Math.max(all.first, set), last: all.last };
  // The changes of a set follow one another: all are read, up to the first that is another one's.
  const { subject: about, by, requestId } = set === undefined ? selection : {};
  for await (const rows of windows(history, span, { about, by, requestId })) {
    for (const row of rows) {
      if (set !== undefined && row.set !== set) return;
      if (isSelected(row, selection)) yield row;
    }
  }
}

function isSelected(row: HistoryRow, { subject, by, requestId, from, to }: UndoSelection): boolean {
  if (by !== undefined && row.by.id !== by) return false;
  if (requestId !== undefined && row.requestId !== requestId) return false;
  if ((from !== undefined && row.at < from) || (to !== undefined && row.at > to)) return false;
  return subject === undefined || row.subject === subject || (row.kind === 'members' && names(row, subject));
}

function names({ before, after }: HistoryRow, id: string): boolean {
  const quoted = JSON.stringify(id);
  return before?.includes(quoted) === true || after?.includes(quoted) === true;
}

/** What is asked for of a span, a little at a time. */
async function* windows(
  history: HistoryReader,
  { first, last }: HistorySpan,
  only: HistoryOnly,
): AsyncGenerator<readonly HistoryRow[]> {
  for (let from = first; from <= last; from += WINDOW) {
    yield await history.range({ first: from, last: Math.min(from + WINDOW - 1, last) }, only);
    await turn();
  }
}
