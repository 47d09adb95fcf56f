import type { Change, ChangeSet } from '../../directory/index.ts';
import type { Writing } from './writing.ts';

type Members = Extract<Change, { kind: 'members' }>;

/**
 * The group's version, and how many members it has, move with the same statement: its row is locked, so what is counted
 * is what there is. A group that the set removed has no row any more, and needs none.
 */
const MOVE_GROUP = (by: string): string => `UPDATE resources
  SET version = $3, modified = $4, member_count = member_count + (${by})::integer
  WHERE directory = $1 AND id = $2`;

export const ADD_MEMBERS = `WITH added AS
  (INSERT INTO memberships (directory, group_id, member_id, type)
    SELECT $1, $2, v.id, v.type FROM unnest($5::text[], $6::text[]) AS v (id, type)
    ON CONFLICT DO NOTHING RETURNING 1)
  ${MOVE_GROUP('SELECT count(*) FROM added')}`;
export const REMOVE_MEMBERS = `WITH removed AS
  (DELETE FROM memberships WHERE directory = $1 AND group_id = $2 AND member_id = ANY($5::text[]) RETURNING 1)
  ${MOVE_GROUP('SELECT -count(*) FROM removed')}`;

/** What is there already, or not there, counts for nothing. */
export function editMembers(
  { session, directory, sent }: Writing,
  { change: { group, version, added, removed }, at }: { change: Members; at: string },
): void {
  const moved = [directory, group.id, version, at] as const;
  if (removed.length > 0) sent.add(session.run(REMOVE_MEMBERS, ...moved, removed), removed.length);
  if (removed.length > 0 && added.length === 0) return;
  const ids = added.map(({ value }) => value);
  const types = added.map(({ type }) => type);
  sent.add(session.run(ADD_MEMBERS, ...moved, ids, types), added.length);
}

/** Arrays in the conditions, and no joins: each is looked up by the whole key, whatever old statistics say of the tables. */
export const LEAVE_GROUPS = `WITH gone AS
  (DELETE FROM memberships WHERE directory = $1 AND member_id = $2 AND group_id = ANY($3::text[]) RETURNING group_id)
  UPDATE resources g SET version = ($4::integer[])[array_position($3::text[], g.id)], modified = $5,
    member_count = g.member_count - (g.id IN (SELECT group_id FROM gone))::integer
  WHERE g.directory = $1 AND g.id = ANY($3::text[])`;

/** One member leaves groups, each of them another one. */
export function leaveGroups(
  { session, directory, sent }: Writing,
  { member, changes, at }: { member: string; changes: readonly Members[]; at: string },
): void {
  const groups = changes.map(({ group }) => group.id);
  const versions = changes.map(({ version }) => version);
  sent.add(session.run(LEAVE_GROUPS, directory, member, groups, versions, at), groups.length);
}

export const REMOVE_DANGLING = `WITH gone AS
  (DELETE FROM memberships WHERE directory = $1 AND member_id = $2 RETURNING group_id)
  UPDATE resources g SET member_count = g.member_count - 1
  WHERE g.directory = $1 AND g.id = ANY(ARRAY(SELECT group_id FROM gone))`;

/** T-RACE-04: no membership outlives its member, whether or not a change of the set named it. */
export async function removeDangling(
  { session, directory, sent }: Writing,
  { changes }: Pick<ChangeSet, 'changes'>,
): Promise<void> {
  for (const change of changes) {
    if (change.kind !== 'removed') continue;
    sent.add(session.run(REMOVE_DANGLING, directory, change.before.id));
    await sent.room();
  }
}
