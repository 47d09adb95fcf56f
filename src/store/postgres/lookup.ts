import type { StoredRecord } from '../../directory/index.ts';
import { FEW_OF_ONE, groupsWithRow } from '../few-groups.ts';
import { shortLabel } from '../label.ts';
import { RECORD_COLUMNS, RECORD_WIDTH, recordOf } from '../record.ts';
import { atOf } from './at.ts';
import { type Row, row } from './pool.ts';
import type { Reading } from './reading.ts';

/** OFFSET 0 keeps the order of the joins, whatever old statistics say of the tables: first the memberships, then each group. */
const GROUPS_OF_ROW = `SELECT m.group_id, g.label FROM memberships m CROSS JOIN LATERAL
  (SELECT ${shortLabel('g')} AS label FROM resources g WHERE g.directory = $1 AND g.id = m.group_id OFFSET 0) g
  WHERE m.directory = $1 AND m.member_id = r.id LIMIT ${FEW_OF_ONE + 1}`;

/** A user's groups come with the one row: a statement of their own would be another way to the database and back. */
const KEYED_COLUMNS = `${RECORD_COLUMNS},
  (SELECT json_agg(json_build_array(held.group_id, held.label)) FROM (${GROUPS_OF_ROW}) held)`;

/**
 * The statements that answer from one key. Each is one seek in one index, whatever the number of users. That of ids does not
 * ask for the type: in a young table, whose statistics say nothing, another index would seem to serve as well.
 */
export const RECORD_BY_ID = `SELECT ${KEYED_COLUMNS} FROM resources r WHERE r.directory = $1 AND r.id = $2`;
export const RECORD_BY_NAME = `SELECT ${KEYED_COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.name_key_at = ${atOf('$3')} AND r.name_key = $3 ORDER BY r.twin LIMIT 1`;
export const RECORD_BY_EXTERNAL_ID = `SELECT ${KEYED_COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.external_id_at = ${atOf('$3')} AND r.external_id = $3`;

export async function recordById(
  { session, directory }: Reading,
  { type, id }: { type: string; id: string },
): Promise<StoredRecord | undefined> {
  // No stored text has it, and PostgreSQL does not take it: `GET /Users/%00`.
  if (id.includes('\0')) return undefined;
  const found = optional(await row(session, RECORD_BY_ID, directory, id));
  return found?.type === type ? found : undefined;
}

export const TYPE_BY_ID = 'SELECT r.type FROM resources r WHERE r.directory = $1 AND r.id = $2';

export async function recordExists(
  { session, directory }: Reading,
  { type, id }: { type: string; id: string },
): Promise<boolean> {
  return (await row(session, TYPE_BY_ID, directory, id))?.[0] === type;
}

/** `key` is folded. */
export async function recordByName(
  { session, directory }: Reading,
  { type, key }: { type: string; key: string },
): Promise<StoredRecord | undefined> {
  return optional(await row(session, RECORD_BY_NAME, directory, type, key));
}

export async function recordByExternalId(
  { session, directory }: Reading,
  { type, externalId }: { type: string; externalId: string },
): Promise<StoredRecord | undefined> {
  return optional(await row(session, RECORD_BY_EXTERNAL_ID, directory, type, externalId));
}

function optional(row: Row | undefined): StoredRecord | undefined {
  if (row === undefined) return undefined;
  // Nothing is aggregated to NULL.
  const groups = groupsWithRow((row[RECORD_WIDTH] as string | null) ?? '[]');
  return groups === undefined ? recordOf(row) : { ...recordOf(row), groups };
}
