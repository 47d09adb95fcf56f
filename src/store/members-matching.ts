import type { MembersAsked } from '../directory/index.ts';
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
} from '../scim/index.ts';

/** Tests between two turns: some milliseconds of them. */
const MOST_AT_ONCE = 20_000;

/** Tests in all, of one request: a second of them, and as much again for what long names make of them. */
export const MOST_TESTS = 5_000_000;

/** Somebody whom filters on `members` are asked about. */
export interface Candidate {
  readonly id: string;
  readonly type: string;
  /** The folded label. */
  readonly key: string;
}

export interface Candidates {
  /** How many there may be. */
  readonly count: number;
  /** Each is read only when the one before it is done with. */
  readonly slices: Iterable<Iterable<Candidate>> | AsyncIterable<Iterable<Candidate>>;
  /** Lets others have their turn, where that is needed. */
  readonly turn: () => Promise<void> | undefined;
}

/**
 * For each filter on the elements of `members`, the ids that it matches and no later one does: of the group's members, and
 * of the ids named. In slices, so that in a transaction of its own it never holds the event loop for long. SQL does not ask
 * the filters, `matches` does: within a row no statement can be stopped, and a search in long text may be quadratic.
 *
 * @throws ScimError 413 when the filters ask too much of too many
 */
export async function matchMembers(
  { count, slices, turn }: Candidates,
  { filters, base }: Pick<MembersAsked, 'filters' | 'base'>,
): Promise<readonly (readonly string[])[]> {
  const chosen = filters.map((): string[] => []);
  const asked = filters.map((filter, index) => ({ filter, ids: chosen[index] as string[], ...sizeOf(filter) }));
  asked.reverse();
  const spend = createBudget(count * asked.reduce((sum, { tests }) => sum + tests, 0));
  for await (const slice of slices) {
    for (const { id, type, key } of slice) {
      const element: JsonObject = { value: id, type, display: key, $ref: `${base}/${type}s/${id}` };
      if (spend(Math.floor(key.length / 64))) await turn();
      for (const { filter, ids, tests, characters } of asked) {
        // The search for one text in another may take as many steps as both have characters, multiplied.
        if (spend(tests + Math.floor((key.length * characters) / 1024))) await turn();
        if (!matches(filter, element, keyOf)) continue;
        ids.push(id);
        break;
      }
    }
    await turn();
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
