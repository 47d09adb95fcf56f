import type { Member, StoredRecord } from '../../directory/index.ts';
import { FEW_OF_ONE, groupsWithRow } from '../few-groups.ts';
import { shortLabel } from '../label.ts';
import { RECORD_COLUMNS, RECORD_WIDTH, recordOf } from '../record.ts';
import { type Connection, type Row, row, rows } from './connection.ts';
import { pieceOf } from './label.ts';
import { limitTo } from './limit.ts';

/** A user's groups come with the one row: a statement of their own would cost half of what the row does. */
const KEYED_COLUMNS = `${RECORD_COLUMNS}, (SELECT json_group_array(json_array(group_id, label)) FROM
  (SELECT m.group_id, ${shortLabel('g')} AS label
  FROM memberships m CROSS JOIN resources g ON g.directory = m.directory AND g.id = m.group_id
  WHERE m.directory = r.directory AND m.member_id = r.id LIMIT ${FEW_OF_ONE + 1}))`;

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

const RECORD_EXISTS = 'SELECT 1 FROM resources r WHERE r.directory = ? AND r.id = ? AND r.type = ?';

export function recordExists(
  connection: Connection,
  directory: string,
  { type, id }: { type: string; id: string },
): boolean {
  return row(connection, RECORD_EXISTS, directory, id, type) !== undefined;
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
  if (row === undefined) return undefined;
  const groups = groupsWithRow(row[RECORD_WIDTH] as string);
  return groups === undefined ? recordOf(row) : { ...recordOf(row), groups };
}

export const MEMBERS_AFTER = `SELECT m.member_id, m.type, ${shortLabel('r')}
  FROM memberships m CROSS JOIN resources r ON r.directory = m.directory AND r.id = m.member_id
  WHERE m.directory = ? AND m.group_id = ? AND m.member_id > ? ORDER BY m.member_id ${limitTo()}`;

/** In order of id, after `after`. */
export function membersAfter(
  connection: Connection,
  directory: string,
  { group, after, limit }: { group: string; after: string | undefined; limit: number },
): readonly Member[] {
  const found = rows(connection, MEMBERS_AFTER, directory, group, after ?? '', limit);
  const taken = pieceOf(connection, directory, found);
  return taken.map(({ row: [value, type], label }) => ({
    value: value as string,
    type: type as string,
    display: label,
  }));
}
