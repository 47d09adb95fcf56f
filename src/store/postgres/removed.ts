import { isObject, type JsonValue } from '../../scim/index.ts';
import { row } from './pool.ts';
import type { Reading } from './reading.ts';

/** A removal is the last that becomes of a record, unless an undo brings it back: only its latest changes are looked at. */
const LATEST = 100;

export const REMOVED_BEFORE = `SELECT c.before FROM
  (SELECT h.kind, h.type, h.before FROM changes h WHERE h.directory = $1 AND h.subject = $2
    ORDER BY h.seq DESC LIMIT ${LATEST}) c
  WHERE c.kind = 'removed' AND c.type = $3 LIMIT 1`;

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
