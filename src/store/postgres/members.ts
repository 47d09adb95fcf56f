import type { MemberDifference, NetMemberEdit } from '../../directory/index.ts';
import type { Reading } from './reading.ts';

/** Ids of one statement: some milliseconds of them, here and in the database. */
const SLICE = 1000;
/** Ids that are only read, in their order. */
const READ_SLICE = 5000;

/**
 * What an edit would alter. The group's row is locked, so its memberships stay as they are; so are, until the transaction
 * ends, the users and groups that are to be added (T-RACE-04). The wanted ids are in memory already (they came in one
 * body); the current ones pass through it, a slice at a time.
 */
export async function memberDifference(
  reading: Reading,
  group: string,
  { replaces, add, remove }: NetMemberEdit,
): Promise<MemberDifference> {
  const missing = new Set<string>();
  for (const { value } of add) missing.add(value);
  if (replaces) {
    const removed = await leaving(reading, group, missing);
    return { removed, ...(await joining(reading, group, [...missing])) };
  }
  const joins = joining(reading, group, [...missing]);
  const [removed, joined] = await Promise.all([presentAmong(reading, group, remove), joins]);
  if (joined.unknown.length === 0) return { removed, ...joined };
  // Those who are members already were not looked for.
  const present = new Set(await presentAmong(reading, group, joined.unknown));
  return { removed, added: joined.added, unknown: joined.unknown.filter((id) => !present.has(id)) };
}

export const MEMBER_IDS_AFTER = `SELECT member_id FROM memberships
  WHERE directory = $1 AND group_id = $2 AND member_id > $3 ORDER BY member_id LIMIT ${READ_SLICE}`;

/** The members that are not wanted; those that are, are taken out of `wanted`. */
async function leaving({ session, directory }: Reading, group: string, wanted: Set<string>): Promise<string[]> {
  const left: string[] = [];
  if (group === '') return left;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const slice = (await session.rows(MEMBER_IDS_AFTER, directory, group, after)) as readonly (readonly [string])[];
    for (const [id] of slice) if (!wanted.delete(id)) left.push(id);
    after = slice.length < READ_SLICE ? undefined : slice.at(-1)?.[0];
  }
  return left;
}

export const PRESENT_AMONG = `SELECT member_id FROM memberships
  WHERE directory = $1 AND group_id = $2 AND member_id = ANY($3::text[])`;

/** In the order in which they are asked for. */
async function presentAmong(
  { session, directory }: Reading,
  group: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (group === '') return [];
  const present: string[] = [];
  for (const slice of slicesOf(ids)) {
    const found = new Set((await session.rows(PRESENT_AMONG, directory, group, slice)).map(([id]) => id));
    for (const id of slice) if (found.has(id)) present.push(id);
  }
  return present;
}

/**
 * Of these ids, the users and groups that are not members. They cannot be removed before the transaction ends; whoever
 * removes one at this moment is waited for, and then it is not found. Only those are locked: somebody who removes a member
 * waits for the group, and must not be waited for by who has it. The subquery is asked of each row, as no join would be for
 * certain.
 */
export const LOCK_JOINING = `SELECT r.id, r.type FROM resources r
  WHERE r.directory = $1 AND r.id = ANY($3::text[]) AND
    (SELECT m.member_id FROM memberships m WHERE m.directory = $1 AND m.group_id = $2 AND m.member_id = r.id) IS NULL
  ORDER BY r.id FOR KEY SHARE OF r`;

const MEMBER_TYPES: ReadonlySet<string> = new Set(['User', 'Group']);

/** In the order in which they are asked for. `unknown`: nobody, or a member already. */
async function joining(
  { session, directory }: Reading,
  group: string,
  ids: readonly string[],
): Promise<Pick<MemberDifference, 'added' | 'unknown'>> {
  const added: { value: string; type: string }[] = [];
  const unknown: string[] = [];
  for (const slice of slicesOf(ids)) {
    const types = new Map((await session.rows(LOCK_JOINING, directory, group, slice)) as [string, string][]);
    for (const value of slice) {
      const type = types.get(value);
      if (type === undefined || !MEMBER_TYPES.has(type)) unknown.push(value);
      else added.push({ value, type });
    }
  }
  return { added, unknown };
}

function* slicesOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < ids.length; from += SLICE) yield ids.slice(from, from + SLICE);
}
