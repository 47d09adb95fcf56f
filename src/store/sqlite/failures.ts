import type { Failure, FailurePlace, FailureRow } from '../../directory/index.ts';
import { FAILURE_COLUMNS, FAILURES_A_LOOK, failureOf, GONE_DAYS, MOST_FAILURES } from '../failure-row.ts';
import { type Connection, row, rows, run } from './connection.ts';
import { limitTo } from './limit.ts';

const RECORD = `INSERT INTO failures
  (directory, type, subject, label, operation, reason, detail, request_id, first_at, last_at, times)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)
  ON CONFLICT DO UPDATE SET label = ?4, operation = ?5, reason = ?6, detail = ?7, request_id = ?8,
    last_at = ?9, times = times + ?10
  RETURNING times`;

/** One row a subject: inserts it, or counts it once more. Of too many the oldest give way. */
export function recordFailure(connection: Connection, directory: string, failure: Failure): void {
  const { type, subject, label, operation, reason, detail, requestId, at, count = 1 } = failure;
  const values = [directory, type, subject, label, operation, reason, detail, requestId, at, count];
  const found = row(connection, RECORD, ...values);
  if (found?.[0] === count) bound(connection, directory, at);
}

export const SURPLUS = `DELETE FROM failures WHERE directory = ?1 AND (type, subject) IN
  (SELECT type, subject FROM failures WHERE directory = ?1 ORDER BY last_at DESC LIMIT 1000 OFFSET ?2)`;
/** About people who were removed here: nothing need ever succeed for them again. */
export const LONG_GONE = `DELETE FROM failures WHERE directory = ? AND last_at < ? AND reason = 'not-found'`;

function bound(connection: Connection, directory: string, at: string): void {
  const counts = newRows.get(connection) ?? new Map<string, number>();
  newRows.set(connection, counts);
  const count = counts.get(directory) ?? 0;
  counts.set(directory, (count + 1) % FAILURES_A_LOOK);
  if (count > 0) return;
  run(connection, SURPLUS, directory, MOST_FAILURES);
  run(connection, LONG_GONE, directory, new Date(Date.parse(at) - GONE_DAYS * 86_400_000).toISOString());
}

/** How many rows each directory has got since it was last looked after. */
const newRows = new WeakMap<Connection, Map<string, number>>();

const ANY = 'SELECT 1 FROM failures WHERE directory = ? LIMIT 1';
const CLEAR = 'DELETE FROM failures WHERE directory = ? AND type = ? AND subject = ?';

export function clearFailures(
  connection: Connection,
  directory: string,
  { type, subjects }: { type: string; subjects: () => readonly string[] },
): void {
  // Nearly every write finds none, and then need not say whom it was about.
  if (row(connection, ANY, directory) === undefined) return;
  for (const subject of subjects()) run(connection, CLEAR, directory, type, subject);
}

const FAILURES = `SELECT ${FAILURE_COLUMNS} FROM failures WHERE directory = ?`;

export function failuresOf(connection: Connection, directory: string): readonly FailureRow[] {
  return rows(connection, FAILURES, directory).map(failureOf);
}

const PAGE = `SELECT ${FAILURE_COLUMNS} FROM failures WHERE directory = ?1 AND (type, subject) > (?2, ?3)
  ORDER BY type, subject ${limitTo('?4')}`;

export function failurePage(
  connection: Connection,
  directory: string,
  { after, limit }: { after: FailurePlace | undefined; limit: number },
): readonly FailureRow[] {
  return rows(connection, PAGE, directory, after?.type ?? '', after?.subject ?? '', limit).map(failureOf);
}
