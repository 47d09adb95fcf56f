import { type Connection, row, run } from './connection.ts';

const KEEP = `INSERT INTO passwords (directory, subject, hash, at) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET hash = excluded.hash, at = excluded.at`;
const DROP = 'DELETE FROM passwords WHERE directory = ? AND subject = ?';

export function keepPassword(
  connection: Connection,
  directory: string,
  { subject, hash, at }: { subject: string; hash: string; at: string },
): void {
  run(connection, KEEP, directory, subject, hash, at);
}

export function dropPassword(connection: Connection, directory: string, subject: string): void {
  run(connection, DROP, directory, subject);
}

export const PASSWORD_OF = 'SELECT hash FROM passwords WHERE directory = ? AND subject = ?';

/** The hash; undefined where none was set. */
export function passwordOf(connection: Connection, directory: string, subject: string): string | undefined {
  return row(connection, PASSWORD_OF, directory, subject)?.[0] as string | undefined;
}
