import type { ChangeSet, StoredRecord } from '../../directory/index.ts';
import type { Committing, GroupsMoved } from './commit.ts';
import { rows, run } from './connection.ts';

/** Fewer edits than this are one statement each; more are one statement over a list. */
const FEW = 8;

const ADD_ONE = 'INSERT OR IGNORE INTO memberships (directory, group_id, member_id, type) VALUES (?, ?, ?, ?)';
const ADD_MANY = `INSERT OR IGNORE INTO memberships (directory, group_id, member_id, type)
  SELECT ?, ?, value ->> 'value', value ->> 'type' FROM json_each(?)`;

/** How many were not there before. */
export function addMemberships(
  { connection, directory }: Committing,
  { group, members }: { group: string; members: readonly { readonly value: string; readonly type: string }[] },
): number {
  if (members.length > FEW) return run(connection, ADD_MANY, directory, group, JSON.stringify(members));
  let added = 0;
  for (const { value, type } of members) added += run(connection, ADD_ONE, directory, group, value, type);
  return added;
}

const REMOVE_ONE = 'DELETE FROM memberships WHERE directory = ? AND group_id = ? AND member_id = ?';
const REMOVE_MANY = `DELETE FROM memberships
  WHERE directory = ? AND group_id = ? AND member_id IN (SELECT value FROM json_each(?))`;

/** How many were there. */
export function removeMemberships(
  { connection, directory }: Committing,
  { group, ids }: { group: string; ids: readonly string[] },
): number {
  if (ids.length > FEW) return run(connection, REMOVE_MANY, directory, group, JSON.stringify(ids));
  let removed = 0;
  for (const id of ids) removed += run(connection, REMOVE_ONE, directory, group, id);
  return removed;
}

/** Only small columns differ, but SQLite writes the row anew: a group's text is short, its members are elsewhere. */
export const SETTLE_GROUP = `UPDATE resources SET version = ?, modified = ?, member_count = member_count + ?
  WHERE directory = ? AND id = ?`;

/** Some milliseconds of them: each is in several indexes. */
const GROUPS_A_TURN = 100;

/** A group that the set removed has no row any more, and needs none. */
export async function settleGroups(
  { connection, directory, turn }: Committing,
  { groups, at }: { groups: GroupsMoved; at: string },
): Promise<void> {
  let settled = 0;
  for (const [group, { version, members }] of groups) {
    settled += 1;
    if (settled % GROUPS_A_TURN === 0) await turn();
    run(connection, SETTLE_GROUP, version, at, members, directory, group);
  }
}

const SLICE = 1000;
const REMOVE_SLICE_OF_GROUP = `DELETE FROM memberships WHERE directory = ?1 AND group_id = ?2 AND member_id IN
  (SELECT member_id FROM memberships WHERE directory = ?1 AND group_id = ?2 LIMIT ${SLICE})`;

/** The memberships of a group that is removed go with it. Its own place in groups is the business of later changes. */
export async function dropMemberships(committing: Committing, before: StoredRecord): Promise<void> {
  const { connection, directory, turn } = committing;
  while (run(connection, REMOVE_SLICE_OF_GROUP, directory, before.id) === SLICE) await turn();
}

export const GROUPS_WITH = 'SELECT group_id FROM memberships WHERE directory = ? AND member_id = ?';
const UNCOUNT_MEMBER = 'UPDATE resources SET member_count = member_count - 1 WHERE directory = ? AND id = ?';

/** T-RACE-04: no membership outlives its member, whether or not a change of the set named it. */
export function removeDangling(committing: Committing, { changes }: ChangeSet): void {
  const { connection, directory } = committing;
  for (const change of changes) {
    if (change.kind !== 'removed') continue;
    for (const [group] of rows(connection, GROUPS_WITH, directory, change.before.id)) {
      removeMemberships(committing, { group: group as string, ids: [change.before.id] });
      run(connection, UNCOUNT_MEMBER, directory, group as string);
    }
  }
}
