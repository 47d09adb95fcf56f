import type { MembersAsked } from '../../directory/index.ts';
import { type Candidate, matchMembers } from '../members-matching.ts';
import { labelKey } from '../resource-scope.ts';
import type { Committing } from './commit.ts';
import { row, rows } from './connection.ts';

/** Rows between two turns of the event loop. */
const SLICE = 1000;

/**
 * For each filter, the ids that it matches and no later one does.
 *
 * @throws ScimError 413 when the filters ask too much of too many
 */
export async function membersMatching(
  reading: Committing,
  asked: MembersAsked,
): Promise<readonly (readonly string[])[]> {
  const { turn } = reading;
  return matchMembers({ count: countOf(reading, asked), slices: slices(reading, asked), turn }, asked);
}

export const MEMBER_COUNT = 'SELECT member_count FROM resources WHERE directory = ? AND id = ?';

function countOf({ connection, directory }: Committing, { group, named }: MembersAsked): number {
  return ((row(connection, MEMBER_COUNT, directory, group)?.[0] as number | undefined) ?? 0) + named.length;
}

/** The key of a label where it is short: so that a thousand rows at once weigh a mebibyte at most. */
const SHORT_KEY = `CASE WHEN octet_length(${labelKey('t')}) <= 1024 THEN ${labelKey('t')} END`;

export const MEMBER_KEYS_AFTER = `SELECT m.member_id, m.type, ${SHORT_KEY}
  FROM memberships m CROSS JOIN resources t ON t.directory = m.directory AND t.id = m.member_id
  WHERE m.directory = ? AND m.group_id = ? AND m.member_id > ? ORDER BY m.member_id LIMIT ${SLICE}`;

export const KEYS_AMONG = `SELECT t.id, t.type, ${SHORT_KEY} FROM json_each(?1) wanted
  CROSS JOIN resources t ON t.directory = ?2 AND t.id = wanted.value WHERE t.type IN ('User', 'Group')`;

function* slices(
  reading: Committing,
  { group, named }: Pick<MembersAsked, 'group' | 'named'>,
): Generator<Iterable<Candidate>> {
  const { connection, directory } = reading;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const slice = rows(connection, MEMBER_KEYS_AFTER, directory, group, after) as readonly Read[];
    yield candidates(reading, slice);
    after = slice.length < SLICE ? undefined : slice.at(-1)?.[0];
  }
  for (let from = 0; from < named.length; from += SLICE) {
    const slice = JSON.stringify(named.slice(from, from + SLICE));
    yield candidates(reading, rows(connection, KEYS_AMONG, slice, directory) as readonly Read[]);
  }
}

type Read = readonly [id: string, type: string, key: string | null];

export const LABEL_KEY = `SELECT ${labelKey('t')} FROM resources t WHERE t.directory = ? AND t.id = ?`;

function* candidates({ connection, directory }: Committing, slice: readonly Read[]): Generator<Candidate> {
  for (const [id, type, short] of slice) {
    yield { id, type, key: short ?? (row(connection, LABEL_KEY, directory, id)?.[0] as string) };
  }
}
