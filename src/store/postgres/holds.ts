import type { Hold, HoldDecision, NewHold } from '../../directory/index.ts';
import { DECIDED_A_LOOK, DECIDED_DAYS, HOLD_COLUMNS, holdOf, MOST_DECIDED } from '../hold-row.ts';
import type { HoldsAsked } from '../store.ts';
import { row, type Session } from './pool.ts';
import type { Reading } from './reading.ts';
import type { Writing } from './writing.ts';

/** Of one state there may be very many: of each no more is read than is asked for. */
export const HOLDS = `SELECT h.* FROM unnest($2::text[]) wanted (state) CROSS JOIN LATERAL
    (SELECT ${HOLD_COLUMNS} FROM holds h WHERE h.directory = $1 AND h.state = wanted.state AND h.id > $3
      ORDER BY h.id LIMIT $4) h
  ORDER BY h.id LIMIT $4`;

export async function holds(
  { session, directory }: Reading,
  { states, after, limit }: HoldsAsked,
): Promise<readonly Hold[]> {
  const found = await session.rows(HOLDS, directory, Array.from(new Set(states)), after ?? '', limit);
  return found.map(holdOf);
}

/** Of the owner's role: a hold is named without its directory, and each that has any is looked into by its key. */
const HOLD_BY_ID = `WITH RECURSIVE found (directory) AS (
    (SELECT directory FROM holds ORDER BY directory LIMIT 1)
    UNION ALL
    SELECT (SELECT n.directory FROM holds n WHERE n.directory > f.directory ORDER BY n.directory LIMIT 1)
    FROM found f WHERE f.directory IS NOT NULL
  )
  SELECT held.*, f.directory FROM found f CROSS JOIN LATERAL
    (SELECT ${HOLD_COLUMNS} FROM holds h WHERE h.directory = f.directory AND h.id = $1 LIMIT 1) held`;

export async function holdById(
  session: Session,
  id: string,
): Promise<{ readonly hold: Hold; readonly directory: string } | undefined> {
  if (id.includes('\0')) return undefined;
  const found = await row(session, HOLD_BY_ID, id);
  return found === undefined ? undefined : { hold: holdOf(found), directory: found.at(-1) as string };
}

/** It stays as it is until the transaction ends. */
export const STANDING = `SELECT ${HOLD_COLUMNS} FROM holds h
  WHERE h.directory = $1 AND h.type = $2 AND h.subject = $3 AND h.state IN ('open', 'rejected')
  FOR NO KEY UPDATE OF h`;

export async function standingHold(
  { session, directory }: Reading,
  { type, subject }: { type: string; subject: string },
): Promise<Hold | undefined> {
  if (subject.includes('\0')) return undefined;
  const found = await row(session, STANDING, directory, type, subject);
  return found === undefined ? undefined : holdOf(found);
}

/** One that was rejected stays so. */
export const RECORD_HOLD = `INSERT INTO holds AS h (directory, id, type, subject, label, work, why, by_kind, by_id, by_name,
    request_id, first_at, last_at, times, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 1, 'open')
  ON CONFLICT (directory, type, subject) WHERE state IN ('open', 'rejected') DO UPDATE SET label = $5, work = $6, why = $7,
    by_kind = $8, by_id = $9, by_name = $10, request_id = $11, last_at = $12, times = h.times + $13::integer`;

export function recordHold({ session, directory, sent }: Writing, hold: NewHold): void {
  const { id, type, subject, label, work, why, by, requestId, at, isLessened } = hold;
  const values = [id, type, subject, label, JSON.stringify(work), why, by.kind, by.id, by.name, requestId, at];
  sent.add(session.run(RECORD_HOLD, directory, ...values, isLessened ? 0 : 1));
}

/** By their ids alone: in a young table the index of states would seem to serve as well. */
export const DECIDE = `UPDATE holds SET state = $3, decided_kind = $4, decided_id = $5, decided_name = $6, decided_at = $7
  WHERE directory = $1 AND id = ANY ($2::text[]) AND state NOT IN ('approved', 'withdrawn')`;

/** How many of each directory were decided since it was last looked after. */
export type NewlyDecided = Map<string, number>;

export interface Deciding {
  readonly ids: readonly string[];
  readonly decision: HoldDecision;
  readonly newlyDecided: NewlyDecided;
}

export async function decideHolds(
  { session, directory }: Reading,
  { ids, decision: { state, by, at }, newlyDecided }: Deciding,
): Promise<void> {
  const decided = await session.run(DECIDE, directory, ids, state, by.kind, by.id, by.name, at);
  if (state === 'rejected') return;
  // The first of a process looks, too.
  const count = (newlyDecided.get(directory) ?? DECIDED_A_LOOK) + decided;
  newlyDecided.set(directory, count < DECIDED_A_LOOK ? count : 0);
  if (count >= DECIDED_A_LOOK) await bound({ session, directory }, at);
}

/** What another process deletes at this moment is left to it. */
const own = (those: string): string => `WITH those AS MATERIALIZED (${those}),
  own AS MATERIALIZED (SELECT o.id FROM those t CROSS JOIN LATERAL
    (SELECT h.id FROM holds h WHERE h.directory = $1 AND h.id = t.id FOR UPDATE SKIP LOCKED) o)
  DELETE FROM holds WHERE directory = $1 AND id = ANY (ARRAY(SELECT id FROM own))`;
export const SURPLUS = own(`SELECT id FROM holds WHERE directory = $1 AND state IN ('approved', 'withdrawn')
    ORDER BY decided_at DESC LIMIT 1000 OFFSET $2`);
export const LONG_DECIDED = own(`SELECT id FROM holds
    WHERE directory = $1 AND state IN ('approved', 'withdrawn') AND decided_at < $2 ORDER BY decided_at LIMIT 1000`);

async function bound({ session, directory }: Reading, at: string): Promise<void> {
  const forgotten = new Date(Date.parse(at) - DECIDED_DAYS * 86_400_000).toISOString();
  await Promise.all([session.run(SURPLUS, directory, MOST_DECIDED), session.run(LONG_DECIDED, directory, forgotten)]);
}
