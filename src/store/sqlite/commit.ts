import type { Change, ChangeSet, NewRecord } from '../../directory/index.ts';
import { indexShape, type JsonObject } from '../../scim/index.ts';
import { columnsOf } from '../columns.ts';
import { anyKeysOf, hasKeys, type Key, keysOf, keysWithout } from '../keys.ts';
import { type Connection, run } from './connection.ts';
import { writeHistory } from './history.ts';
import { addMemberships, dropMemberships, removeDangling, removeMemberships, settleGroups } from './memberships.ts';
import { dropPassword, keepPassword } from './passwords.ts';
import { countInactive, countOut, nextSeq } from './tally.ts';

export interface Committing {
  readonly connection: Connection;
  readonly directory: string;
  /** Between two changes of a long set: lets other requests have their turn, when the write has a transaction alone. */
  readonly turn: () => Promise<void> | undefined;
}

/**
 * Stores a change set inside the transaction that is open: the records with what they are found by, the memberships,
 * the counts, and a row of history for each change.
 */
export async function commit(committing: Committing, set: ChangeSet): Promise<void> {
  const groups: GroupsMoved = new Map();
  for (const change of set.changes) {
    await apply(committing, { change, groups, at: set.at });
    await committing.turn();
  }
  await settleGroups(committing, { groups, at: set.at });
  removeDangling(committing, set);
  await writeHistory(committing, set);
}

/** By group: the version it gets, and how many members more it has. */
export type GroupsMoved = Map<string, { version: number; members: number }>;

async function apply(
  committing: Committing,
  { change, groups, at }: { change: Change; groups: GroupsMoved; at: string },
): Promise<void> {
  switch (change.kind) {
    case 'created':
      return insert(committing, change.after);
    case 'updated':
      return update(committing, change);
    case 'removed':
      return remove(committing, change);
    case 'owner':
      return own(committing, change);
    case 'password': {
      const { connection, directory } = committing;
      return keepPassword(connection, directory, { subject: change.record.id, hash: change.hash, at });
    }
    case 'members': {
      const moved = groups.get(change.group.id) ?? { version: change.version, members: 0 };
      moved.version = change.version;
      moved.members -= removeMemberships(committing, { group: change.group.id, ids: change.removed });
      moved.members += addMemberships(committing, { group: change.group.id, members: change.added });
      groups.set(change.group.id, moved);
    }
  }
}

const INSERT_RESOURCE = `INSERT INTO resources
  (directory, type, id, seq, version, created, modified, active, member_count,
   name_key, twin, external_id, display_key, label, text, shape, owned)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)`;

function insert({ connection, directory }: Committing, after: NewRecord): void {
  const columns = columnsOf(after);
  const type = after.type.name;
  run(
    connection,
    INSERT_RESOURCE,
    directory,
    type,
    after.id,
    nextSeq(connection, directory, { type, inactive: 1 - columns.active }),
    after.version,
    after.created,
    after.modified,
    columns.active,
    columns.nameKey,
    columns.twin,
    columns.externalId,
    columns.displayKey,
    columns.label,
    after.text,
    columns.shape,
    after.unowned ? 0 : 1,
  );
  for (const { name, value } of keysOf(after.type, columns.folded)) {
    run(connection, INSERT_KEY, directory, type, name, value, after.id);
  }
}

export const INSERT_KEY =
  'INSERT OR IGNORE INTO keys (directory, type, attribute, value, subject) VALUES (?, ?, ?, ?, ?)';
const DELETE_KEY = 'DELETE FROM keys WHERE directory = ? AND type = ? AND attribute = ? AND value = ? AND subject = ?';

/** SQLite rewrites the entries of every index that a column of SET is in, altered or not: most updates set few. */
export const UPDATE_RESOURCE = `UPDATE resources
  SET version = ?, modified = ?, active = ?, text = ?, shape = ?
  WHERE directory = ? AND id = ?`;
export const RENAME_RESOURCE = `UPDATE resources
  SET name_key = ?, twin = ?, external_id = ?, display_key = ?, label = ?
  WHERE directory = ? AND id = ?`;
const NAMES = ['userName', 'displayName', 'externalId'];

function update(
  { connection, directory }: Committing,
  { before, after, difference }: Extract<Change, { kind: 'updated' }>,
): void {
  const { active, shape, ...names } = columnsOf(after);
  const { id, version, modified, text } = after;
  const altered = run(connection, UPDATE_RESOURCE, version, modified, active, text, shape, directory, id);
  if (altered === 0) throw new Error(`no record ${id} to update`);
  const by = Number(before.active) - active;
  if (by !== 0) countInactive(connection, directory, { type: after.type.name, by });
  if (NAMES.some((name) => Object.hasOwn(difference.after, name))) {
    const { nameKey, twin, externalId, displayKey, label } = names;
    run(connection, RENAME_RESOURCE, nameKey, twin, externalId, displayKey, label, directory, id);
  }
  if (hasKeys(after.type, difference.after)) updateKeys({ connection, directory }, { after, difference });
}

function updateKeys(
  { connection, directory }: Pick<Committing, 'connection' | 'directory'>,
  { after: { type, id }, difference }: Pick<Extract<Change, { kind: 'updated' }>, 'after' | 'difference'>,
): void {
  const were = keysOf(type, indexShape(type, difference.before));
  const are = keysOf(type, indexShape(type, difference.after));
  const alter = (sql: string, { name, value }: Key) => run(connection, sql, directory, type.name, name, value, id);
  for (const key of keysWithout(were, are)) alter(DELETE_KEY, key);
  for (const key of keysWithout(are, were)) alter(INSERT_KEY, key);
}

export const DELETE_RESOURCE = 'DELETE FROM resources WHERE directory = ? AND id = ? RETURNING seq, shape, active';

async function remove(committing: Committing, { before }: Extract<Change, { kind: 'removed' }>): Promise<void> {
  const { connection, directory } = committing;
  const [gone] = connection.statement(DELETE_RESOURCE).all(directory, before.id) as unknown as Gone[];
  if (gone === undefined) throw new Error(`no record ${before.id} to remove`);
  const [seq, shape, active] = gone;
  countOut(connection, directory, { type: before.type, seq, inactive: 1 - active });
  for (const { name, value } of anyKeysOf(JSON.parse(shape) as JsonObject)) {
    run(connection, DELETE_KEY, directory, before.type, name, value, before.id);
  }
  if (before.type === 'User') dropPassword(connection, directory, before.id);
  await dropMemberships(committing, before);
}

type Gone = readonly [seq: number, shape: string, active: number];

export const OWN = 'UPDATE resources SET owned = ? WHERE directory = ? AND id = ?';

function own({ connection, directory }: Committing, { record, owned }: Extract<Change, { kind: 'owner' }>): void {
  const altered = run(connection, OWN, owned ? 1 : 0, directory, record.id);
  if (altered === 0) throw new Error(`no record ${record.id} to own`);
}
