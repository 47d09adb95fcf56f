import { isObject, type JsonValue } from '../../scim/index.ts';
import { row } from './pool.ts';
import type { Reading } from './reading.ts';

/** Through an index of the removals alone, which no other row of history is in. */
export const REMOVED_BEFORE = `SELECT before FROM changes
  WHERE directory = $1 AND subject = $2 AND kind = 'removed' AND type = $3 LIMIT 1`;

/** The userName, or displayName, of a record that was removed, for as long as history remembers it. */
export async function removedName(
  { session, directory }: Reading,
  { type, id }: { type: string; id: string },
): Promise<string | undefined> {
  if (id.includes('\0')) return undefined;
  const [before] = (await row(session, REMOVED_BEFORE, directory, id, type)) ?? [];
  if (typeof before !== 'string') return undefined;
  const { resource } = JSON.parse(before) as { resource?: JsonValue };
  const name = isObject(resource) ? (resource.userName ?? resource.displayName) : undefined;
  return typeof name === 'string' ? name : undefined;
}
