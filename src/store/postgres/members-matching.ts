import { type MembersAsked, turn } from '../../directory/index.ts';
import { type Candidate, matchMembers } from '../members-matching.ts';
import { type Row, row } from './pool.ts';
import type { Reading } from './reading.ts';

/** Rows between two turns of the event loop. */
const SLICE = 1000;

/**
 * For each filter, the ids that it matches and no later one does.
 *
 * @throws ScimError 413 when the filters ask too much of too many
 */
export async function membersMatching(reading: Reading, asked: MembersAsked): Promise<readonly (readonly string[])[]> {
  const [count] = (await row(reading.session, MEMBER_COUNT, reading.directory, asked.group)) ?? [];
  const most = (typeof count === 'number' ? count : 0) + asked.named.length;
  return matchMembers({ count: most, slices: slices(reading, asked), turn }, asked);
}

export const MEMBER_COUNT = 'SELECT r.member_count FROM resources r WHERE r.directory = $1 AND r.id = $2';

/** The folded label of a row of `resources`: displayName, else userName. */
const LABEL_KEY = "coalesce(nullif(t.display_key, ''), t.name_key)";
/** The key of a label where it is short: so that a thousand rows at once weigh a mebibyte at most. */
const TARGET = `SELECT t.id, t.type, CASE WHEN octet_length(${LABEL_KEY}) <= 1024 THEN ${LABEL_KEY} END AS key FROM resources t`;

/** OFFSET 0 keeps the order of the joins, whatever old statistics say of the tables. */
export const MEMBER_KEYS_AFTER = `SELECT m.member_id, m.type, t.key FROM memberships m
  CROSS JOIN LATERAL (${TARGET} WHERE t.directory = $1 AND t.id = m.member_id OFFSET 0) t
  WHERE m.directory = $1 AND m.group_id = $2 AND m.member_id > $3 ORDER BY m.member_id LIMIT ${SLICE}`;

export const KEYS_AMONG = `${TARGET} WHERE t.directory = $1 AND t.id = ANY($2::text[])`;

async function* slices(
  { session, directory }: Reading,
  { group, named }: Pick<MembersAsked, 'group' | 'named'>,
): AsyncGenerator<Iterable<Candidate>> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const slice: readonly Row[] = await session.rows(MEMBER_KEYS_AFTER, directory, group, after);
    yield* candidates({ session, directory }, slice as readonly Read[]);
    after = slice.length < SLICE ? undefined : (slice.at(-1)?.[0] as string);
  }
  for (let from = 0; from < named.length; from += SLICE) {
    const slice = await session.rows(KEYS_AMONG, directory, named.slice(from, from + SLICE));
    const members = slice.filter(([, type]) => type === 'User' || type === 'Group');
    yield* candidates({ session, directory }, members as readonly Row[] as readonly Read[]);
  }
}

type Read = readonly [id: string, type: string, key: string | null];

const LABEL_KEY_OF = `SELECT ${LABEL_KEY} FROM resources t WHERE t.directory = $1 AND t.id = $2`;

/** Those whose names are long come one by one. */
async function* candidates(
  { session, directory }: Reading,
  slice: readonly Read[],
): AsyncGenerator<Iterable<Candidate>> {
  let short: Candidate[] = [];
  for (const [id, type, key] of slice) {
    if (key !== null) {
      short.push({ id, type, key });
      continue;
    }
    const found = await row(session, LABEL_KEY_OF, directory, id);
    if (found === undefined) continue;
    yield [...short, { id, type, key: found[0] as string }];
    short = [];
  }
  yield short;
}
