import type { Deprovisioning, DeprovisioningsAsked } from '../../directory/index.ts';
import { FORGOTTEN_AT_ONCE, forgottenBefore } from '../deprovisionings.ts';
import { type Connection, row, run } from './connection.ts';

/** The sums that the window begins and ends with: two seeks, however much is in it. */
export const WINDOW_BEGIN = `SELECT upto - count, baseline FROM deprovisionings
  WHERE directory = ? AND what = ? AND at >= ? ORDER BY at, upto LIMIT 1`;
export const WINDOW_END = `SELECT upto, at FROM deprovisionings
  WHERE directory = ? AND what = ? ORDER BY upto DESC LIMIT 1`;

export function deprovisionings(
  connection: Connection,
  directory: string,
  { what, since }: DeprovisioningsAsked,
): { count: number; baseline: number | undefined } {
  const begin = row(connection, WINDOW_BEGIN, directory, what, since);
  if (begin === undefined) return { count: 0, baseline: undefined };
  const end = row(connection, WINDOW_END, directory, what)?.[0] as number;
  return { count: end - (begin[0] as number), baseline: begin[1] as number };
}

/** Sums are in the order of time: after the clock was set back, what was recorded ahead of it was recorded now. */
export const SET_BACK = 'UPDATE deprovisionings SET at = ?3 WHERE directory = ?1 AND what = ?2 AND at > ?3';
const INSERT = `INSERT INTO deprovisionings (directory, what, upto, at, subject, count, baseline)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
export const FORGET = `DELETE FROM deprovisionings WHERE directory = ?1 AND what = ?2 AND upto IN
  (SELECT upto FROM deprovisionings WHERE directory = ?1 AND what = ?2 AND at < ?3 ORDER BY at LIMIT ${FORGOTTEN_AT_ONCE})`;

export function recordDeprovisioning(
  connection: Connection,
  directory: string,
  { what, subject, at, count, baseline }: Deprovisioning,
): void {
  const [upto, last] = (row(connection, WINDOW_END, directory, what) ?? [0, '']) as [number, string];
  if (last > at) run(connection, SET_BACK, directory, what, at);
  run(connection, INSERT, directory, what, upto + count, at, subject, count, baseline);
  run(connection, FORGET, directory, what, forgottenBefore(at));
}
