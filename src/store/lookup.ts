import type { GroupReference, Member, StoredRecord } from '../directory/index.ts';
import { type Connection, type Row, row, rows } from './connection.ts';
import { RECORD_COLUMNS, recordOf } from './record.ts';

/** A user's groups come with the one row: a statement of their own would cost half of what the row does. */
const KEYED_COLUMNS = `${RECORD_COLUMNS}, (SELECT json_group_array(json_array(m.group_id, g.label))
  FROM memberships m CROSS JOIN resources g ON g.directory = m.directory AND g.id = m.group_id
  WHERE m.directory = r.directory AND m.member_id = r.id)`;

/** The statements that answer from one key. Each is one seek in one index, whatever the number of users. */
export const RECORD_BY_ID = `SELECT ${KEYED_COLUMNS} FROM resources r WHERE r.directory = ? AND r.id = ? AND r.type = ?`;
export const RECORD_BY_NAME = `SELECT ${KEYED_COLUMNS} FROM resources r
  WHERE r.directory = ? AND r.type = ? AND r.name_key = ? ORDER BY r.twin LIMIT 1`;
export const RECORD_BY_EXTERNAL_ID = `SELECT ${KEYED_COLUMNS} FROM resources r
  WHERE r.directory = ? AND r.type = ? AND r.external_id = ?`;

export function recordById(
  connection: Connection,
  directory: string,
  { type, id }: { type: string; id: string },
): StoredRecord | undefined {
  return optional(row(connection, RECORD_BY_ID, directory, id, type));
}

/** `key` is folded. */
export function recordByName(
  connection: Connection,
  directory: string,
  { type, key }: { type: string; key: string },
): StoredRecord | undefined {
  return optional(row(connection, RECORD_BY_NAME, directory, type, key));
}

export function recordByExternalId(
  connection: Connection,
  directory: string,
  { type, externalId }: { type: string; externalId: string },
): StoredRecord | undefined {
  return optional(row(connection, RECORD_BY_EXTERNAL_ID, directory, type, externalId));
}

function optional(row: Row | undefined): StoredRecord | undefined {
  return row === undefined ? undefined : { ...recordOf(row), groups: groupsIn(row[8] as string) };
}

/** In order of id. */
function groupsIn(text: string): readonly GroupReference[] {
  if (text === '[]') return NO_GROUPS;
  const groups = (JSON.parse(text) as [string, string][]).map(groupReference);
  return groups.sort((one, other) => (one.value < other.value ? -1 : 1));
}

const NO_GROUPS: readonly GroupReference[] = [];

export const GROUPS_OF_ONE = `SELECT m.group_id, g.label
  FROM memberships m CROSS JOIN resources g ON g.directory = m.directory AND g.id = m.group_id
  WHERE m.directory = ? AND m.member_id = ? ORDER BY m.group_id`;
/** CROSS JOIN keeps the order of the joins: the other way round SQLite reads the whole table (decision 7). */
export const MEMBERSHIPS_OF_MANY = `SELECT m.member_id, m.group_id FROM json_each(?1) wanted
  CROSS JOIN memberships m ON m.directory = ?2 AND m.member_id = wanted.value`;
export const LABELS_OF_MANY = `SELECT r.id, r.label FROM json_each(?1) wanted
  CROSS JOIN resources r ON r.directory = ?2 AND r.id = wanted.value`;

/** By user; the groups in order of id. */
export function groupsOf(
  connection: Connection,
  directory: string,
  ids: readonly string[],
): ReadonlyMap<string, readonly GroupReference[]> {
  const groups = new Map<string, GroupReference[]>();
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) {
    const found = rows(connection, GROUPS_OF_ONE, directory, only);
    if (found.length > 0) groups.set(only, found.map(groupReference));
    return groups;
  }
  const memberships = rows(connection, MEMBERSHIPS_OF_MANY, JSON.stringify(ids), directory) as readonly [
    string,
    string,
  ][];
  if (memberships.length === 0) return groups;
  // People of one page are mostly in the same groups: each is looked up once.
  const distinct = JSON.stringify([...new Set(memberships.map(([, group]) => group))]);
  const labels = new Map(rows(connection, LABELS_OF_MANY, distinct, directory) as readonly [string, string][]);
  for (const [id, value] of memberships) {
    const display = labels.get(value);
    if (display === undefined) continue;
    const known = groups.get(id);
    if (known === undefined) groups.set(id, [{ value, display }]);
    else known.push({ value, display });
  }
  return groups;
}

function groupReference([value, display]: Row): GroupReference {
  return { value: value as string, display: display as string };
}

export const MEMBERS_AFTER = `SELECT m.member_id, m.type, r.label
  FROM memberships m CROSS JOIN resources r ON r.directory = m.directory AND r.id = m.member_id
  WHERE m.directory = ? AND m.group_id = ? AND m.member_id > ? ORDER BY m.member_id LIMIT ?`;

/** In order of id, after `after`. */
export function membersAfter(
  connection: Connection,
  directory: string,
  { group, after, limit }: { group: string; after: string | undefined; limit: number },
): readonly Member[] {
  return rows(connection, MEMBERS_AFTER, directory, group, after ?? '', limit).map(([value, type, display]) => ({
    value: value as string,
    type: type as string,
    display: display as string,
  }));
}
