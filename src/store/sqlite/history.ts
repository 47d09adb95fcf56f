import type { ChangeSet } from '../../directory/index.ts';
import { type HistoryRow, told } from '../history-row.ts';
import type { Committing } from './commit.ts';
import { type Connection, row, rows, run } from './connection.ts';
import { COLUMNS, read } from './history-read.ts';
import { limitTo } from './limit.ts';

const NEXT = `INSERT INTO histories (directory, last_seq) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET last_seq = last_seq + excluded.last_seq RETURNING last_seq`;
const INSERT = `INSERT INTO changes
  (directory, seq, change_set, cause, at, by_kind, by_id, by_name, request_id, kind, type, subject, before, after)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** One row for each change, in the transaction that makes it: what is not in history did not happen. */
export async function writeHistory(
  { connection, directory, turn }: Committing,
  { by, requestId, at, changes }: ChangeSet,
): Promise<void> {
  const last = row(connection, NEXT, directory, changes.length)?.[0] as number;
  const first = last - changes.length + 1;
  for (const [index, change] of changes.entries()) {
    if (index > 0) await turn();
    const { type, subject, before, after } = told(change);
    run(
      connection,
      INSERT,
      directory,
      first + index,
      first,
      change.cause === undefined ? null : first + change.cause,
      at,
      by.kind,
      by.id,
      by.name,
      requestId,
      change.kind,
      type,
      subject,
      before,
      after,
    );
  }
}

export const CHANGES_AFTER = `SELECT ${COLUMNS} FROM changes c
  WHERE c.directory = ? AND c.seq > ? ORDER BY c.seq ${limitTo()}`;

export function changesAfter(
  connection: Connection,
  directory: string,
  { seq, limit }: { seq: number; limit: number },
): readonly HistoryRow[] {
  return rows(connection, CHANGES_AFTER, directory, seq, limit).map(read);
}
