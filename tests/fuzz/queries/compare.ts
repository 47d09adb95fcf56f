import type { Page } from '../../../src/directory/index.ts';
import type { Position, Query, Selection } from '../../../src/scim/index.ts';
import { reduce } from '../../../src/store/reduce.ts';
import { answerOf } from './answer.ts';
import type { Asked } from './ask.ts';
import type { World } from './world.ts';

/** How the store is asked for one page. */
export type AskPage = (selections: readonly Selection[], query: Query) => Promise<Page> | Page;

/** Where the store says something else than memory; undefined when it does not. */
export async function differenceOf(world: World, asked: Asked, askPage: AskPage): Promise<string | undefined> {
  const expected = answerOf(world, asked);
  const { query } = asked;
  if (query.after !== undefined) return differenceOfWalk(asked, expected, askPage);
  const { total, next, records } = await askPage(asked.selections, query);
  const found = { total, next, ids: records.map(({ id }) => id) };
  const ids = expected.slice(query.startIndex - 1, query.startIndex - 1 + query.count);
  return unlike(found, { total: expected.length, next: undefined, ids });
}

async function differenceOfWalk(
  { selections, query }: Asked,
  expected: readonly string[],
  askPage: AskPage,
): Promise<string | undefined> {
  const whole = selections.every(({ filter }) => typeof (filter === undefined || reduce(filter)) === 'boolean');
  let after: Position | undefined = [];
  for (let seen = 0; after !== undefined; seen += query.count) {
    const { total, next, records }: Page = await askPage(selections, { ...query, after });
    const ids = expected.slice(seen, seen + query.count);
    const isLast = seen + query.count >= expected.length;
    const difference = unlike(
      { total, isLast: next === undefined, ids: records.map(({ id }) => id) },
      // What has no filter is always counted; what has one, where that costs nothing.
      { total: whole || total !== undefined ? expected.length : undefined, isLast, ids },
    );
    if (difference !== undefined) return `after ${JSON.stringify(after)}: ${difference}`;
    // As a cursor carries it.
    after = next === undefined ? undefined : (JSON.parse(JSON.stringify(next)) as Position);
  }
  return undefined;
}

function unlike(found: object, expected: object): string | undefined {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  return one === other ? undefined : `the store says ${one}, memory ${other}`;
}
