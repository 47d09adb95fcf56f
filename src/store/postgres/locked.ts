import type { StoredRecord } from '../../directory/index.ts';
import { RECORD_COLUMNS, recordOf } from '../record.ts';
import { atOf } from './at.ts';
import { type Row, row } from './pool.ts';
import type { Reading } from './reading.ts';

/**
 * The record's row stays as it is until the transaction ends; who alters it at this moment is waited for, and what they
 * made of it is what is found. KEY is left free: a membership may point at a record that is being altered. The groups of
 * a user are not in this row, which one has waited for: they are read when they are shown.
 */
const LOCKED = 'FOR NO KEY UPDATE OF r';

/** Does not ask for the type: in a young table, whose statistics say nothing, another index would seem to serve as well. */
export const LOCKED_BY_ID = `SELECT ${RECORD_COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.id = $2 ${LOCKED}`;
export const LOCKED_BY_NAME = `SELECT ${RECORD_COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.name_key_at = ${atOf('$3')} AND r.name_key = $3
  ORDER BY r.twin LIMIT 1 ${LOCKED}`;
export const LOCKED_BY_EXTERNAL_ID = `SELECT ${RECORD_COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.external_id_at = ${atOf('$3')} AND r.external_id = $3 ${LOCKED}`;

export async function lockedById(
  { session, directory }: Reading,
  { type, id }: { type: string; id: string },
): Promise<StoredRecord | undefined> {
  // No stored text has it, and PostgreSQL does not take it: `PATCH /Users/%00`.
  if (id.includes('\0')) return undefined;
  const found = optional(await row(session, LOCKED_BY_ID, directory, id));
  return found?.type === type ? found : undefined;
}

/** `key` is folded. */
export async function lockedByName(
  { session, directory }: Reading,
  { type, key }: { type: string; key: string },
): Promise<StoredRecord | undefined> {
  return optional(await row(session, LOCKED_BY_NAME, directory, type, key));
}

export async function lockedByExternalId(
  { session, directory }: Reading,
  { type, externalId }: { type: string; externalId: string },
): Promise<StoredRecord | undefined> {
  return optional(await row(session, LOCKED_BY_EXTERNAL_ID, directory, type, externalId));
}

function optional(row: Row | undefined): StoredRecord | undefined {
  return row === undefined ? undefined : recordOf(row);
}
