import { readFileSync } from 'node:fs';
import type { Position, Resource } from '../../../src/scim/index.ts';
import type { DatabaseName } from '../../harness/index.ts';
import { make, newId, put } from '../../unit/store/fixture.ts';
import { selectionsOf } from './ask.ts';
import { differenceOf } from './compare.ts';
import { openGround } from './ground.ts';
import { TYPES } from './types.ts';
import { shownOf } from './world.ts';

/** Users, and a query that SQL and memory once answered differently; in every order, by numbers and by cursors. */
export interface KeptQuery {
  readonly name: string;
  readonly users: readonly Resource[];
  readonly filter?: string;
  readonly sortBy?: string;
}

export function keptQueries(): readonly KeptQuery[] {
  return JSON.parse(readFileSync(new URL('../corpus/queries.json', import.meta.url), 'utf8')) as KeptQuery[];
}

export async function differencesOf(
  { users, filter, sortBy }: KeptQuery,
  database: DatabaseName,
): Promise<readonly string[]> {
  const { store, atOnce, end } = await openGround(database);
  try {
    const directory = newId();
    const all = users.map((user, index) => make(TYPES.PERSON, { userName: `user${index}`, ...user }));
    await put(store, directory, ...all);
    const resources = new Map([[TYPES.PERSON, await shownOf(store, directory, { type: TYPES.PERSON, all })]]);
    const differences: string[] = [];
    for (const sorted of sortBy === undefined ? [undefined] : (['ascending', 'descending'] as const)) {
      for (const paged of [{ startIndex: 1, count: 100 }, WALK]) {
        const asked = {
          text: '',
          selections: selectionsOf([TYPES.PERSON], filter, sortBy),
          query: { ...paged, ...(sorted === undefined ? {} : { sorted }) },
        };
        const difference = await differenceOf({ directory, resources, known: [] }, asked, atOnce(directory));
        if (difference !== undefined) differences.push(difference);
      }
    }
    return differences;
  } finally {
    await end();
  }
}

const WALK: { startIndex: number; count: number; after: Position } = { startIndex: 1, count: 1, after: [] };
