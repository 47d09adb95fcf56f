import type { Deprovisioning, DeprovisioningsAsked } from '../../directory/index.ts';
import { FORGOTTEN_AT_ONCE, forgottenBefore } from '../deprovisionings.ts';
import { row } from './pool.ts';
import type { Reading } from './reading.ts';
import type { Writing } from './writing.ts';

/** `upto` counts from the first one on, so that what came since a moment is a difference of two rows, however many they are. */
export const COUNT_SINCE = `SELECT latest.upto - first.upto + first.count, first.baseline FROM
  (SELECT d.upto, d.count, d.baseline FROM deprovisionings d
    WHERE d.directory = $1 AND d.what = $2 AND d.at >= $3 ORDER BY d.at, d.upto LIMIT 1) first
  CROSS JOIN LATERAL (SELECT d.upto FROM deprovisionings d
    WHERE d.directory = $1 AND d.what = $2 ORDER BY d.upto DESC LIMIT 1) latest`;

export async function deprovisionings(
  { session, directory }: Reading,
  { what, since }: DeprovisioningsAsked,
): Promise<{ readonly count: number; readonly baseline: number | undefined }> {
  const found = await row(session, COUNT_SINCE, directory, what, since);
  return { count: (found?.[0] as number | undefined) ?? 0, baseline: found?.[1] as number | undefined };
}

/** Sums are in the order of time: after the clock was set back, what was recorded ahead of it was recorded now. */
export const SET_BACK = 'UPDATE deprovisionings SET at = $3 WHERE directory = $1 AND what = $2 AND at > $3';
/** Of two at once one finds its place taken, and begins again; who takes the directory exclusively never does. */
export const RECORD = `INSERT INTO deprovisionings (directory, what, upto, at, subject, count, baseline)
  SELECT $1, $2, coalesce((SELECT d.upto FROM deprovisionings d
    WHERE d.directory = $1 AND d.what = $2 ORDER BY d.upto DESC LIMIT 1), 0) + $5::integer, $3, $4, $5::integer, $6::integer`;
/** A few of the oldest, with those of the same moment. */
export const FORGET = `DELETE FROM deprovisionings d WHERE d.directory = $1 AND d.what = $2 AND d.at <=
  (SELECT max(old.at) FROM (SELECT o.at FROM deprovisionings o
    WHERE o.directory = $1 AND o.what = $2 AND o.at < $3 ORDER BY o.at LIMIT ${FORGOTTEN_AT_ONCE}) old)`;

export function recordDeprovisioning(
  { session, directory, sent }: Writing,
  { what, subject, at, count, baseline }: Deprovisioning,
): void {
  sent.add(session.run(SET_BACK, directory, what, at));
  sent.add(session.run(RECORD, directory, what, at, subject, count, baseline));
  sent.add(session.run(FORGET, directory, what, forgottenBefore(at)));
}
