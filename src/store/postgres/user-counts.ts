import { row } from './pool.ts';
import type { Reading } from './reading.ts';

/** What is numbered is in `totals`; what the sequencer has not come to yet is added. One statement sees one moment. */
export const USER_COUNTS = `SELECT sum(part.total)::bigint, sum(part.inactive)::bigint FROM
  (SELECT kept.total, kept.inactive FROM totals kept WHERE kept.directory = $1 AND kept.type = 'User'
    UNION ALL
    SELECT count(*) FILTER (WHERE c.kind = 'created') - count(*) FILTER (WHERE c.kind = 'removed'), coalesce(sum(c.inactive), 0)
    FROM changes c WHERE c.directory = $1 AND c.seq IS NULL AND c.type = 'User') part`;

export interface UserCounts {
  readonly total: number;
  readonly active: number;
}

/** Of all users of a directory: as they are committed, and in a transaction as it has made them. */
export async function userCounts({ session, directory }: Reading): Promise<UserCounts> {
  const [total, inactive] = (await row(session, USER_COUNTS, directory)) as readonly [number, number];
  return { total, active: total - inactive };
}
