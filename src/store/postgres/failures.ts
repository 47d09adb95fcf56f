import type { Failure, FailurePlace, FailureRow } from '../../directory/index.ts';
import { FAILURE_COLUMNS, FAILURES_A_LOOK, failureOf, GONE_DAYS, MOST_FAILURES } from '../failure-row.ts';
import { atOf } from './at.ts';
import { row } from './pool.ts';
import type { Reading } from './reading.ts';

const RECORD_FAILURE = `INSERT INTO failures
  (directory, type, subject, label, operation, reason, detail, request_id, first_at, last_at, times)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
  ON CONFLICT (directory, type, subject_at) DO UPDATE SET label = $4, operation = $5, reason = $6, detail = $7,
    request_id = $8, last_at = $9, times = failures.times + $10
  RETURNING times`;

/** How many rows each directory has got since it was last looked after; what other processes add they look after themselves. */
export type NewFailures = Map<string, number>;

/** One row a subject: inserts it, or counts it once more. Of too many the oldest give way. */
export async function recordFailure(
  { session, directory }: Reading,
  failure: Failure,
  newFailures: NewFailures,
): Promise<void> {
  const { type, subject, label, operation, reason, detail, requestId, at, count = 1 } = failure;
  const values = [directory, type, subject, label, operation, reason, detail, requestId, at, count];
  const [times] = (await row(session, RECORD_FAILURE, ...values)) ?? [];
  if (times !== count) return;
  const already = newFailures.get(directory) ?? 0;
  newFailures.set(directory, (already + 1) % FAILURES_A_LOOK);
  if (already === 0) await bound({ session, directory }, at);
}

/** What another process deletes at this moment is left to it. */
const SURPLUS = `WITH surplus AS MATERIALIZED
    (SELECT type, subject_at FROM failures WHERE directory = $1 ORDER BY last_at DESC LIMIT 1000 OFFSET $2),
  own AS MATERIALIZED (SELECT f.type, f.subject_at FROM surplus s CROSS JOIN LATERAL
    (SELECT g.type, g.subject_at FROM failures g
      WHERE g.directory = $1 AND g.type = s.type AND g.subject_at = s.subject_at FOR UPDATE SKIP LOCKED) f)
  DELETE FROM failures WHERE directory = $1 AND (type, subject_at) IN (SELECT type, subject_at FROM own)`;
/** About people who were removed here: nothing need ever succeed for them again. */
const LONG_GONE = `WITH own AS MATERIALIZED (SELECT type, subject_at FROM failures
    WHERE directory = $1 AND last_at < $2 AND reason = 'not-found' FOR UPDATE SKIP LOCKED)
  DELETE FROM failures WHERE directory = $1 AND (type, subject_at) IN (SELECT type, subject_at FROM own)`;

async function bound({ session, directory }: Reading, at: string): Promise<void> {
  const gone = new Date(Date.parse(at) - GONE_DAYS * 86_400_000).toISOString();
  await Promise.all([session.run(SURPLUS, directory, MOST_FAILURES), session.run(LONG_GONE, directory, gone)]);
}

/** Asked for by the whole key. Nearly every write finds none, and altering nothing writes nothing. */
export const CLEAR_FAILURES = `DELETE FROM failures WHERE directory = $1 AND type = $2
  AND subject_at = ANY(ARRAY(SELECT ${atOf('v.subject')} FROM unnest($3::text[]) AS v (subject)))
  AND subject = ANY($3::text[])`;

export function clearFailures(
  { session, directory }: Reading,
  { type, subjects }: { type: string; subjects: readonly string[] },
): Promise<number> {
  return session.run(CLEAR_FAILURES, directory, type, subjects);
}

const FAILURES = `SELECT ${FAILURE_COLUMNS} FROM failures WHERE directory = $1`;

export async function failuresOf({ session, directory }: Reading): Promise<readonly FailureRow[]> {
  return (await session.rows(FAILURES, directory)).map(failureOf);
}

const PAGE = `SELECT ${FAILURE_COLUMNS} FROM failures WHERE directory = $1 AND (type, subject_at) > ($2, ${atOf('$3')})
  ORDER BY type, subject_at LIMIT $4`;

/** In the order of the key, which is that of subjects but for long ones. */
export async function failurePage(
  { session, directory }: Reading,
  { after, limit }: { after: FailurePlace | undefined; limit: number },
): Promise<readonly FailureRow[]> {
  return (await session.rows(PAGE, directory, after?.type ?? '', after?.subject ?? '', limit)).map(failureOf);
}
