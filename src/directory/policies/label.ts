import { type JsonObject, shorten } from '../../scim/index.ts';
import { nameOf } from '../name-of.ts';
import type { StoredRecord } from '../record.ts';

/** What an administrator knows it by: the userName, or the displayName. */
export function labelOf(record: StoredRecord): string {
  const name = nameOf(record.type, JSON.parse(record.text) as JsonObject);
  return name === '' ? record.id : shorten(name);
}
