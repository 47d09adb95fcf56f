import type { GroupStanding } from '../../directory/index.ts';
import type { Reading } from './reading.ts';

/**
 * Whoever adds it to a group at this moment is waited for, and then that is among its memberships; nobody can add it any
 * more (T-RACE-04). A look-up of the record leaves KEY free, which this takes.
 */
export const LOCK_MEMBER = 'SELECT 1 FROM resources r WHERE r.directory = $1 AND r.id = $2 FOR UPDATE OF r';

/** In one order, so that two who wait for the same groups do not wait for one another. */
export const LOCK_GROUPS = `SELECT g.id FROM resources g WHERE g.directory = $1 AND g.id = ANY(ARRAY(
    SELECT m.group_id FROM memberships m
    WHERE m.directory = $1 AND m.member_id = $2 AND m.group_id > $3 ORDER BY m.group_id LIMIT $4))
  ORDER BY g.id FOR NO KEY UPDATE OF g`;

/**
 * What is read of a group stands at the head of its row: its text, which may be long, is left alone. OFFSET 0 keeps the
 * order of the joins, whatever old statistics say of the tables.
 */
export const MEMBER_OF_AFTER = `SELECT g.type, g.id, g.version, g.modified FROM memberships m CROSS JOIN LATERAL
    (SELECT g.type, g.id, g.version, g.modified FROM resources g
      WHERE g.directory = $1 AND g.id = m.group_id OFFSET 0) g
  WHERE m.directory = $1 AND m.member_id = $2 AND m.group_id > $3 ORDER BY m.group_id LIMIT $4`;

/**
 * In order of id, after `after`. The groups stay as they are until the transaction ends: their versions are to be moved.
 * They are read once they are locked, as whoever was waited for may have taken the member out.
 */
export async function memberOf(
  { session, directory }: Reading,
  { id, after, limit }: { id: string; after: string | undefined; limit: number },
): Promise<readonly GroupStanding[]> {
  const standings: GroupStanding[] = [];
  // Who adds members has the group and waits for the member. So this waits for groups before it has the member, as far as
  // they are known by then: those that are added meanwhile are few.
  const first = [directory, id, '', limit] as const;
  const locking =
    after === undefined ? [session.run(LOCK_GROUPS, ...first), session.run(LOCK_MEMBER, directory, id)] : [];
  for (;;) {
    const asked = [directory, id, standings.at(-1)?.id ?? after ?? '', limit - standings.length] as const;
    const [locked, found] = await Promise.all([
      session.rows(LOCK_GROUPS, ...asked),
      session.rows(MEMBER_OF_AFTER, ...asked),
      ...locking,
    ]);
    const own = new Set(locked.map(([group]) => group));
    const taken = found.filter(([, group]) => own.has(group as string));
    for (const [type, group, version, modified] of taken) {
      standings.push({ type, id: group, version, modified } as GroupStanding);
    }
    // Where one was left meanwhile, a later one took its place among those that were read.
    if (taken.length === found.length) return standings;
  }
}
