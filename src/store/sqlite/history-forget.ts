import { FORGOTTEN_AT_ONCE, forgottenUpTo } from '../history-retention.ts';
import { type Connection, rows, run } from './connection.ts';
import { limitTo } from './limit.ts';

export const OLDEST_CHANGES = `SELECT c.seq, c.at FROM changes c
  WHERE c.directory = ? ORDER BY c.seq ${limitTo()}`;
export const FORGET_CHANGES = 'DELETE FROM changes WHERE directory = ? AND seq <= ?';
const DIRECTORIES = 'SELECT id FROM directories ORDER BY id';

/** Inside the transaction that is open. False when nothing that is so old is left. */
export function forgetHistory(connection: Connection, directory: string, before: string): boolean {
  const oldest = rows(connection, OLDEST_CHANGES, directory, FORGOTTEN_AT_ONCE) as unknown as [number, string][];
  const last = forgottenUpTo(oldest, before);
  if (last === undefined) return false;
  return run(connection, FORGET_CHANGES, directory, last) === FORGOTTEN_AT_ONCE;
}

export function allDirectories(connection: Connection): readonly string[] {
  return rows(connection, DIRECTORIES).map(([id]) => id as string);
}
