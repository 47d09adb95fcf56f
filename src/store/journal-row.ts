import type { JournalAsked, JournalEntry, JournalRow } from '../directory/index.ts';
import { sizeOf } from './journal.ts';

/** In the order of `valuesOf`, after the directory; the bodies last, so that counting bytes reads none. */
export const JOURNAL_COLUMNS =
  'request_id, at, method, path, status, ms, outcome, credential, rewrites, ignored, failed, aborted, bytes, sent, answered';

/** Before the columns stands the place. */
export function journalRowOf(directory: string, row: readonly unknown[]): JournalRow {
  return {
    directory,
    seq: row[0] as number,
    requestId: row[1] as string,
    at: row[2] as string,
    method: row[3] as string,
    path: row[4] as string,
    status: row[5] as number,
    ms: row[6] as number,
    outcome: row[7] as string,
    credential: (row[8] as string | null) ?? undefined,
    rewrites: namesIn(row[9]),
    ignored: namesIn(row[10]),
    isAborted: row[12] === 1,
    sent: (row[14] as string | null) ?? undefined,
    answered: (row[15] as string | null) ?? undefined,
  };
}

/** What a look is asked by: of one request, of those that failed, or of all. */
export function askedBy({ since = '', requestId, failed = false, before, limit }: JournalAsked): {
  readonly which: 'request' | 'failed' | 'all';
  /** At or after; before a moment and a place; how many; the request's id. */
  readonly values: readonly (string | number)[];
} {
  const values = [since, before?.at ?? END, before?.seq ?? 0, limit];
  if (requestId !== undefined) return { which: 'request', values: [...values, requestId] };
  return { which: failed ? 'failed' : 'all', values };
}

/** After every moment. */
const END = '~';

export type JournalValue = string | number | null;

/**
 * The rows of many calls behind one another, each with its directory first, and its moment still a number: an array a row
 * would cost three times as much to hand to a thread. `rowsOf` makes rows of it.
 */
export function valuesOf(entries: readonly JournalEntry[]): JournalValue[] {
  const values: JournalValue[] = [];
  for (const entry of entries) {
    const { directory, requestId, at, method, path, status, ms, outcome, credential, rewrites, ignored } = entry;
    values.push(
      directory,
      requestId,
      at,
      method,
      path,
      status,
      ms,
      outcome,
      credential ?? null,
      rewrites.length === 0 ? '' : rewrites.join(' '),
      ignored.length === 0 ? '' : ignored.join(' '),
      // A bulk is answered with 200, whatever became of its operations: `bulk, 2 of 5 refused`.
      status >= 400 || entry.isAborted || outcome.startsWith('bulk,') ? 1 : 0,
      entry.isAborted ? 1 : 0,
      sizeOf(entry),
      entry.sent ?? null,
      entry.answered ?? null,
    );
  }
  return values;
}

/** What `valuesOf` gave, as it is kept. */
export function rowsOf(values: readonly JournalValue[]): JournalValue[][] {
  const rows: JournalValue[][] = [];
  for (let from = 0; from < values.length; from += VALUES_IN_A_ROW) {
    const row = values.slice(from, from + VALUES_IN_A_ROW);
    row[MOMENT] = new Date(row[MOMENT] as number).toISOString();
    rows.push(row);
  }
  return rows;
}

const VALUES_IN_A_ROW = 16;
const MOMENT = 2;

/** Names of rewrites and of attributes have no spaces. */
function namesIn(text: unknown): readonly string[] {
  return text === '' ? [] : (text as string).split(' ');
}
