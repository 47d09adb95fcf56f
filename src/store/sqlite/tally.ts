import { type Connection, row, run } from './connection.ts';

/** A page deep in a list finds its place by adding up blocks of this many places (decision 21). */
export const BLOCK = 1000;

const NEXT_SEQ = `INSERT INTO totals (directory, type, total, last_seq, inactive) VALUES (?, ?, 1, 1, ?)
  ON CONFLICT DO UPDATE SET total = total + 1, last_seq = last_seq + 1, inactive = inactive + excluded.inactive
  RETURNING last_seq`;

/** The next place in the order of creation of a type, counted in. `inactive`: 1 of what is, else 0. */
export function nextSeq(
  connection: Connection,
  directory: string,
  { type, inactive }: { type: string; inactive: number },
): number {
  const seq = row(connection, NEXT_SEQ, directory, type, inactive)?.[0] as number;
  run(connection, COUNT_BLOCK, directory, type, Math.floor(seq / BLOCK), 1);
  return seq;
}

const COUNT_BLOCK = `INSERT INTO blocks (directory, type, block, total) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET total = total + excluded.total`;
const COUNT_OUT = 'UPDATE totals SET total = total - 1, inactive = inactive - ? WHERE directory = ? AND type = ?';
const DROP_EMPTY_BLOCK = 'DELETE FROM blocks WHERE directory = ? AND type = ? AND block = ? AND total = 0';

/** What had this place is gone. */
export function countOut(
  connection: Connection,
  directory: string,
  { type, seq, inactive }: { type: string; seq: number; inactive: number },
): void {
  const block = Math.floor(seq / BLOCK);
  run(connection, COUNT_OUT, inactive, directory, type);
  run(connection, COUNT_BLOCK, directory, type, block, -1);
  run(connection, DROP_EMPTY_BLOCK, directory, type, block);
}

const COUNT_INACTIVE = 'UPDATE totals SET inactive = inactive + ? WHERE directory = ? AND type = ?';

export function countInactive(
  connection: Connection,
  directory: string,
  { type, by }: { type: string; by: number },
): void {
  run(connection, COUNT_INACTIVE, by, directory, type);
}

export const USER_COUNTS = "SELECT total, total - inactive FROM totals WHERE directory = ? AND type = 'User'";

export function userCounts(connection: Connection, directory: string): { total: number; active: number } {
  const [total, active] = (row(connection, USER_COUNTS, directory) ?? [0, 0]) as [number, number];
  return { total, active };
}
