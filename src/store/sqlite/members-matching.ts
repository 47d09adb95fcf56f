import type { MembersAsked } from '../../directory/index.ts';
import {
  type Attribute,
  type Filter,
  type JsonObject,
  type JsonValue,
  matches,
  ScimError,
  type Target,
  testsOf,
  type ValueKey,
  valueKey,
} from '../../scim/index.ts';
import type { Committing } from './commit.ts';
import { row, rows } from './connection.ts';
import { labelKey } from './where-scope.ts';

/** Rows between two turns of the event loop. */
const SLICE = 1000;

/** Tests between two turns: some milliseconds of them. */
const MOST_AT_ONCE = 20_000;

/** Tests in all, of one request: a second of them, and as much again for what long names make of them. */
export const MOST_TESTS = 5_000_000;

/**
 * For each filter on the elements of `members`, the ids that it matches and no later one does: of the group's members, and
 * of the ids named. In slices, so that in a transaction of its own it never holds the event loop for long. SQL does not ask
 * the filters, `matches` does: within a row no statement can be stopped, and SQLite's search in long text is quadratic.
 *
 * @throws ScimError 413 when the filters ask too much of too many
 */
export async function membersMatching(
  reading: Committing,
  { group, named, filters, base }: MembersAsked,
): Promise<readonly (readonly string[])[]> {
  const chosen = filters.map((): string[] => []);
  const asked = filters.map((filter, index) => ({ filter, ids: chosen[index] as string[], ...sizeOf(filter) }));
  asked.reverse();
  const spend = createBudget(countOf(reading, { group, named }) * asked.reduce((sum, { tests }) => sum + tests, 0));
  for (const slice of slices(reading, { group, named })) {
    for (const { id, type, key } of slice) {
      const element: JsonObject = { value: id, type, display: key, $ref: `${base}/${type}s/${id}` };
      if (spend(Math.floor(key.length / 64))) await reading.turn();
      for (const { filter, ids, tests, characters } of asked) {
        // The search for one text in another may take as many steps as both have characters, multiplied.
        if (spend(tests + Math.floor((key.length * characters) / 1024))) await reading.turn();
        if (!matches(filter, element, keyOf)) continue;
        ids.push(id);
        break;
      }
    }
    await reading.turn();
  }
  return chosen;
}

/** The label comes as its key. */
function keyOf(attribute: Attribute, value: JsonValue | undefined): ValueKey | undefined {
  return attribute.name === 'display' && typeof value === 'string' ? value : valueKey(attribute, value);
}

function sizeOf(filter: Filter<Target>): { tests: number; characters: number } {
  const tests = testsOf(filter);
  const characters = tests.reduce((sum, test) => sum + (test.kind === 'compare' ? String(test.key).length : 0), 0);
  return { tests: tests.length, characters };
}

/** Answers whether others should have their turn first. */
function createBudget(foreseen: number): (tests: number) => boolean {
  if (foreseen > MOST_TESTS) throw tooMuch();
  let left = 2 * MOST_TESTS;
  let sinceTurn = 0;
  return (tests) => {
    left -= tests;
    sinceTurn += tests;
    if (left < 0 || tests > MOST_AT_ONCE) throw tooMuch();
    if (sinceTurn <= MOST_AT_ONCE) return false;
    sinceTurn = tests;
    return true;
  };
}

function tooMuch(): ScimError {
  return ScimError.tooLarge(
    `The filters in the paths of members would be compared too often: at most ${MOST_TESTS} comparisons are made in one request, one for each member and each term of a filter, and more where names are long. Send the operations in several requests, or remove members by members[value eq "…"], which needs none.`,
  );
}

export const MEMBER_COUNT = 'SELECT member_count FROM resources WHERE directory = ? AND id = ?';

function countOf(
  { connection, directory }: Committing,
  { group, named }: Pick<MembersAsked, 'group' | 'named'>,
): number {
  return ((row(connection, MEMBER_COUNT, directory, group)?.[0] as number | undefined) ?? 0) + named.length;
}

interface Candidate {
  readonly id: string;
  readonly type: string;
  /** The folded label. */
  readonly key: string;
}

/** The key of a label where it is short: so that a thousand rows at once weigh a mebibyte at most. */
const SHORT_KEY = `CASE WHEN octet_length(${labelKey('t')}) <= 1024 THEN ${labelKey('t')} END`;

export const MEMBER_KEYS_AFTER = `SELECT m.member_id, m.type, ${SHORT_KEY}
  FROM memberships m CROSS JOIN resources t ON t.directory = m.directory AND t.id = m.member_id
  WHERE m.directory = ? AND m.group_id = ? AND m.member_id > ? ORDER BY m.member_id LIMIT ${SLICE}`;

export const KEYS_AMONG = `SELECT t.id, t.type, ${SHORT_KEY} FROM json_each(?1) wanted
  CROSS JOIN resources t ON t.directory = ?2 AND t.id = wanted.value WHERE t.type IN ('User', 'Group')`;

/** Each is read only when the one before it is done with. */
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
