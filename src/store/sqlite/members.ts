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
  const wanted = new Set<string>();
  for (const { value } of add) {
    wanted.add(value);
    if (wanted.size % IN_MEMORY === 0) await reading.turn();
  }
  if (replaces) return { removed: await leaving(reading, group, wanted), ...(await joining(reading, wanted)) };
  const joins = await absentAmong(reading, group, wanted);
  return { removed: await presentAmong(reading, group, remove), ...(await joining(reading, joins)) };
}

/** Ids that are put together here, between two turns. */
const IN_MEMORY = 10_000;

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
  ids: Iterable<string>,
): Promise<readonly string[]> {
  const present: string[] = [];
  for (const slice of slicesOf(ids)) {
    for (const [id] of rows(connection, PRESENT_AMONG, JSON.stringify(slice), directory, group)) {
      present.push(id as string);
    }
    if (slice.length === SLICE) await turn();
  }
  return present;
}

async function absentAmong(
  { connection, directory, turn }: Committing,
  group: string,
  ids: Iterable<string>,
): Promise<readonly string[]> {
  const absent: string[] = [];
  for (const slice of slicesOf(ids)) {
    const present = new Set<unknown>();
    for (const [id] of rows(connection, PRESENT_AMONG, JSON.stringify(slice), directory, group)) present.add(id);
    for (const id of slice) if (!present.has(id)) absent.push(id);
    if (slice.length === SLICE) await turn();
  }
  return absent;
}

export const TYPES_AMONG = `SELECT r.id, r.type FROM json_each(?1) wanted
  CROSS JOIN resources r ON r.directory = ?2 AND r.id = wanted.value WHERE r.type IN ('User', 'Group')`;

async function joining(
  { connection, directory, turn }: Committing,
  missing: Iterable<string>,
): Promise<Pick<MemberDifference, 'added' | 'unknown'>> {
  const added: { value: string; type: string }[] = [];
  const unknown: string[] = [];
  for (const slice of slicesOf(missing)) {
    const found = new Set<string>();
    for (const [id, type] of rows(connection, TYPES_AMONG, JSON.stringify(slice), directory)) {
      found.add(id as string);
      added.push({ value: id as string, type: type as string });
    }
    if (found.size < slice.length) for (const id of slice) if (!found.has(id)) unknown.push(id);
    if (slice.length === SLICE) await turn();
  }
  return { added, unknown };
}

function* slicesOf(ids: Iterable<string>): Generator<readonly string[]> {
  let slice: string[] = [];
  for (const id of ids) {
    slice.push(id);
    if (slice.length < SLICE) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
