import type { StoredRecord } from '../../directory/index.ts';
import { FEW_OF_ONE, groupsWithRow } from '../few-groups.ts';
import { shortLabel } from '../label.ts';
import { PAGE_COLUMNS, pageRecordOf, RECORD_COLUMNS, RECORD_WIDTH, recordOf } from '../record.ts';
import { atOf } from './at.ts';
import { type Row, row } from './pool.ts';
import type { Reading } from './reading.ts';

/** OFFSET 0 keeps the order of the joins, whatever old statistics say of the tables: first the memberships, then each group. */
const GROUPS_OF_ROW = `SELECT m.group_id, g.label FROM memberships m CROSS JOIN LATERAL
  (SELECT ${shortLabel('g')} AS label FROM resources g WHERE g.directory = $1 AND g.id = m.group_id OFFSET 0) g
  WHERE m.directory = $1 AND m.member_id = r.id LIMIT ${FEW_OF_ONE + 1}`;

/** A user's groups come with the one row: a statement of their own would be another way to the database and back. */
const WITH_GROUPS = `(SELECT json_agg(json_build_array(held.group_id, held.label)) FROM (${GROUPS_OF_ROW}) held)`;
const KEYED_COLUMNS = `${RECORD_COLUMNS}, ${WITH_GROUPS}`;

/**
 * The statements that answer from one key. Each is one seek in one index, whatever the number of users. That of ids does not
 * ask for the type: in a young table, whose statistics say nothing, another index would seem to serve as well.
 */
export const RECORD_BY_ID = `SELECT ${KEYED_COLUMNS} FROM resources r WHERE r.directory = $1 AND r.id = $2`;
export const RECORD_BY_NAME = `SELECT ${KEYED_COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.name_key_at = ${atOf('$3')} AND r.name_key = $3 ORDER BY r.twin LIMIT 1`;
export const RECORD_BY_EXTERNAL_ID = `SELECT ${KEYED_COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.external_id_at = ${atOf('$3')} AND r.external_id = $3`;

/** What one record is found by; a name is folded. */
export interface RecordKey {
  readonly by: 'id' | 'name' | 'externalId';
  readonly type: string;
  readonly value: string;
}

export async function recordBy(
  { session, directory }: Reading,
  { by, type, value }: RecordKey,
): Promise<StoredRecord | undefined> {
  // No stored text has it, and PostgreSQL does not take it: `GET /Users/%00`.
  if (value.includes('\0')) return undefined;
  if (by === 'name') return optional(await row(session, RECORD_BY_NAME, directory, type, value));
  if (by === 'externalId') return optional(await row(session, RECORD_BY_EXTERNAL_ID, directory, type, value));
  const found = optional(await row(session, RECORD_BY_ID, directory, value));
  return found?.type === type ? found : undefined;
}

/** OFFSET 0 keeps the order of the joins, whatever old statistics say: first what is asked for, then each record. */
const ASKED = `(SELECT v.*, ${atOf('v.value')} AS at FROM unnest($2::text[], $3::text[]) WITH ORDINALITY v (type, value, place)
  OFFSET 0) asked`;
const eachOf = (one: string): string => `SELECT found.*, asked.place FROM ${ASKED} CROSS JOIN LATERAL
  (SELECT ${PAGE_COLUMNS}, ${WITH_GROUPS} FROM resources r WHERE r.directory = $1 AND ${one} OFFSET 0) found`;

/** The same for many keys: as many seeks, in one statement. */
export const RECORDS_BY: Readonly<Record<RecordKey['by'], string>> = {
  id: eachOf('r.id = asked.value'),
  name: eachOf('r.type = asked.type AND r.name_key_at = asked.at AND r.name_key = asked.value ORDER BY r.twin LIMIT 1'),
  externalId: eachOf('r.type = asked.type AND r.external_id_at = asked.at AND r.external_id = asked.value'),
};

/** In the order of the keys; undefined for each that nobody has; long texts are left unread. */
export async function recordsBy(
  { session, directory }: Reading,
  by: RecordKey['by'],
  keys: readonly Pick<RecordKey, 'type' | 'value'>[],
): Promise<readonly (StoredRecord | undefined)[]> {
  const types = keys.map(({ type }) => type);
  const values = keys.map(({ value }) => value);
  const records = new Array<StoredRecord | undefined>(keys.length);
  for (const row of await session.rows(RECORDS_BY[by], directory, types, values)) {
    const index = (row[RECORD_WIDTH + 1] as number) - 1;
    if (row[0] === types[index]) records[index] = withGroups(pageRecordOf(row), row);
  }
  return records;
}

export const TYPE_BY_ID = 'SELECT r.type FROM resources r WHERE r.directory = $1 AND r.id = $2';

export async function recordExists(
  { session, directory }: Reading,
  { type, id }: { type: string; id: string },
): Promise<boolean> {
  return (await row(session, TYPE_BY_ID, directory, id))?.[0] === type;
}

function optional(row: Row | undefined): StoredRecord | undefined {
  return row && withGroups(recordOf(row), row);
}

function withGroups(record: StoredRecord, row: Row): StoredRecord {
  // Nothing is aggregated to NULL.
  const groups = groupsWithRow((row[RECORD_WIDTH] as string | null) ?? '[]');
  return groups === undefined ? record : { ...record, groups };
}
