import type { Change, NewRecord } from '../../directory/index.ts';
import { columnsOf } from '../columns.ts';
import type { Row } from './pool.ts';
import { insertKeys, moveKeys } from './record-keys.ts';
import type { Writing } from './writing.ts';

const INSERT_RESOURCES = `INSERT INTO resources
  (directory, type, id, version, created, modified, active, member_count,
   name_key, twin, external_id, display_key, label, text, shape, owned)
  SELECT $1, v.type, v.id, v.version, v.created, v.modified, v.active = 1, 0,
    v.name_key, v.twin, v.external_id, v.display_key, v.label, v.text, v.shape::jsonb, v.owned = 1
  FROM unnest($2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::integer[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::integer[]) AS v
    (type, id, version, created, modified, active, name_key, twin, external_id, display_key, label, text, shape, owned)`;

/** In this order, which is then their order of creation. */
export function insertRecords(writing: Writing, records: readonly NewRecord[]): void {
  const columns = records.map(columnsOf);
  writing.sent.add(
    writing.session.run(
      INSERT_RESOURCES,
      writing.directory,
      records.map(({ type }) => type.name),
      records.map(({ id }) => id),
      records.map(({ version }) => version),
      records.map(({ created }) => created),
      records.map(({ modified }) => modified),
      columns.map(({ active }) => active),
      columns.map(({ nameKey }) => nameKey),
      columns.map(({ twin }) => twin),
      columns.map(({ externalId }) => externalId),
      columns.map(({ displayKey }) => displayKey),
      columns.map(({ label }) => label),
      records.map(({ text }) => text),
      columns.map(({ shape }) => shape),
      records.map(({ unowned }) => (unowned ? 0 : 1)),
    ),
    // Each is in many indexes.
    records.length * 10,
  );
  insertKeys(
    writing,
    records.map(({ type, id }, index) => ({ type, id, shape: columns[index]?.folded ?? {} })),
  );
}

/** The columns that are made of others are made again only where those are set: most updates set few. */
export const UPDATE_RESOURCE = `UPDATE resources
  SET version = $3, modified = $4, active = $5, text = $6, shape = $7::jsonb
  WHERE directory = $1 AND id = $2`;
export const RENAME_RESOURCE = `UPDATE resources
  SET version = $3, modified = $4, active = $5, text = $6, shape = $7::jsonb,
    name_key = $8, twin = $9, external_id = $10, display_key = $11, label = $12
  WHERE directory = $1 AND id = $2`;
const NAMES = ['userName', 'displayName', 'externalId'];

export function updateRecord(writing: Writing, { after, difference }: Extract<Change, { kind: 'updated' }>): void {
  const { session, directory, sent } = writing;
  const { shape, nameKey, twin, externalId, displayKey, label, ...columns } = columnsOf(after);
  const { id, version, modified, text } = after;
  const values = [directory, id, version, modified, columns.active === 1, text, shape];
  const altered = isRenamed(difference)
    ? session.run(RENAME_RESOURCE, ...values, nameKey, twin, externalId, displayKey, label)
    : session.run(UPDATE_RESOURCE, ...values);
  sent.check(mustAlter(altered, id), 10);
  moveKeys(writing, { after, difference });
}

/** Whether what it is found by in columns of its own is another. */
export function isRenamed({ after }: Extract<Change, { kind: 'updated' }>['difference']): boolean {
  return NAMES.some((name) => Object.hasOwn(after, name));
}

export async function mustAlter(altered: Promise<number>, id: string): Promise<void> {
  if ((await altered) === 0) throw new Error(`no record ${id} to update`);
}

export const SET_OWNED = 'UPDATE resources SET owned = $3 WHERE directory = $1 AND id = $2';

export function setOwned(
  { session, directory, sent }: Writing,
  { record: { id }, owned }: Extract<Change, { kind: 'owner' }>,
): void {
  sent.check(mustAlter(session.run(SET_OWNED, directory, id, owned), id));
}

/** A record that was removed, and the shape that it had: it says which keys were its own. */
export interface Gone {
  readonly type: string;
  readonly id: string;
  readonly shape: Promise<string>;
}

export const DELETE_RESOURCE = `WITH password AS (DELETE FROM passwords WHERE directory = $1 AND subject = $2)
  DELETE FROM resources WHERE directory = $1 AND id = $2 RETURNING shape`;
/** The memberships of a group go with it. Its own place in groups is the business of later changes. */
export const DROP_MEMBERSHIPS = 'DELETE FROM memberships WHERE directory = $1 AND group_id = $2';

export function removeRecord(
  { session, directory, sent }: Writing,
  { before: { type, id, memberCount } }: Extract<Change, { kind: 'removed' }>,
): Gone {
  const shape = shapeOf(session.rows(DELETE_RESOURCE, directory, id), id);
  sent.check(shape, 10);
  sent.add(session.run(DROP_MEMBERSHIPS, directory, id), memberCount);
  return { type, id, shape };
}

async function shapeOf(deleted: Promise<readonly Row[]>, id: string): Promise<string> {
  const [gone] = await deleted;
  if (gone === undefined) throw new Error(`no record ${id} to remove`);
  return gone[0] as string;
}
