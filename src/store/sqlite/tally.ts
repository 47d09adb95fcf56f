import { type Connection, row, run } from './connection.ts';

/** A page deep in a list finds its place by adding up blocks of this many places (decision 21). */
export const BLOCK = 1000;

const NEXT_SEQ = `INSERT INTO totals (directory, type, total, last_seq) VALUES (?, ?, 1, 1)
  ON CONFLICT DO UPDATE SET total = total + 1, last_seq = last_seq + 1 RETURNING last_seq`;

/** The next place in the order of creation of a type, counted in. */
export function nextSeq(connection: Connection, directory: string, type: string): number {
  const seq = row(connection, NEXT_SEQ, directory, type)?.[0] as number;
  run(connection, COUNT_BLOCK, directory, type, Math.floor(seq / BLOCK), 1);
  return seq;
}

const COUNT_BLOCK = `INSERT INTO blocks (directory, type, block, total) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET total = total + excluded.total`;
const COUNT_TOTAL = 'UPDATE totals SET total = total + ? WHERE directory = ? AND type = ?';
const DROP_EMPTY_BLOCK = 'DELETE FROM blocks WHERE directory = ? AND type = ? AND block = ? AND total = 0';

export function counted(
  connection: Connection,
  directory: string,
  { type, seq, by }: { type: string; seq: number; by: number },
): void {
  const block = Math.floor(seq / BLOCK);
  run(connection, COUNT_TOTAL, by, directory, type);
  run(connection, COUNT_BLOCK, directory, type, block, by);
  run(connection, DROP_EMPTY_BLOCK, directory, type, block);
}
