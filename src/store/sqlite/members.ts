import type { MemberDifference, NetMemberEdit } from '../../directory/index.ts';
import type { Committing } from './commit.ts';
import { rows } from './connection.ts';

/** Rows between two turns of the event loop. */
const SLICE = 1000;

/**
 * What an edit would alter. Worked out in slices, so that in a transaction of its own it never holds the event loop for
 * long. The wanted ids are in memory already (they came in one body); the current ones pass through it, a slice at a time.
 */
export async function memberDifference(
  reading: Committing,
  group: string,
  { replaces, add, remove }: NetMemberEdit,
): Promise<MemberDifference> {
  const missing = new Set(add.map(({ value }) => value));
  if (replaces) return { removed: await leaving(reading, group, missing), ...(await joining(reading, missing)) };
  for (const id of await presentAmong(reading, group, [...missing])) missing.delete(id);
  return { removed: await presentAmong(reading, group, remove), ...(await joining(reading, missing)) };
}

export const MEMBER_IDS_AFTER = `SELECT member_id FROM memberships
  WHERE directory = ? AND group_id = ? AND member_id > ? ORDER BY member_id LIMIT ${SLICE}`;

/** The members that are not wanted; those that are, are taken out of `wanted`. */
async function leaving(
  { connection, directory, turn }: Committing,
  group: string,
  wanted: Set<string>,
): Promise<string[]> {
  const left: string[] = [];
  let after = '';
  for (;;) {
    const slice = rows(connection, MEMBER_IDS_AFTER, directory, group, after) as readonly (readonly [string])[];
    for (const [id] of slice) if (!wanted.delete(id)) left.push(id);
    if (slice.length < SLICE) return left;
    after = slice.at(-1)?.[0] as string;
    await turn();
  }
}

export const PRESENT_AMONG = `SELECT m.member_id FROM json_each(?1) wanted
  CROSS JOIN memberships m ON m.directory = ?2 AND m.group_id = ?3 AND m.member_id = wanted.value`;

async function presentAmong(
  { connection, directory, turn }: Committing,
  group: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const present: string[] = [];
  for (let from = 0; from < ids.length; from += SLICE) {
    if (from > 0) await turn();
    const slice = JSON.stringify(ids.slice(from, from + SLICE));
    for (const [id] of rows(connection, PRESENT_AMONG, slice, directory, group)) present.push(id as string);
  }
  return present;
}

export const TYPES_AMONG = `SELECT r.id, r.type FROM json_each(?1) wanted
  CROSS JOIN resources r ON r.directory = ?2 AND r.id = wanted.value WHERE r.type IN ('User', 'Group')`;

async function joining(
  { connection, directory, turn }: Committing,
  missing: ReadonlySet<string>,
): Promise<Pick<MemberDifference, 'added' | 'unknown'>> {
  const ids = [...missing];
  const added: { value: string; type: string }[] = [];
  const unknown = new Set(missing);
  for (let from = 0; from < ids.length; from += SLICE) {
    if (from > 0) await turn();
    const slice = JSON.stringify(ids.slice(from, from + SLICE));
    for (const [value, type] of rows(connection, TYPES_AMONG, slice, directory) as readonly (readonly [
      string,
      string,
    ])[]) {
      if (unknown.delete(value)) added.push({ value, type });
    }
  }
  return { added, unknown: [...unknown] };
}
