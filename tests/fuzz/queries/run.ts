import type { DatabaseName } from '../../harness/index.ts';
import { seededRandom } from '../../soak/random.ts';
import { CONTEXT } from '../../unit/store/fixture.ts';
import { queriesOf } from './ask.ts';
import { type AskPage, differenceOf } from './compare.ts';
import { openGround } from './ground.ts';
import { makeWorld, type World } from './world.ts';

export interface QueryRun {
  readonly cases: number;
  readonly seed: number;
  readonly database: DatabaseName;
  /** How many queries a world is asked. */
  readonly aWorld?: number;
  /** What becomes of a statement on its way to the database: a fault that the comparison has to find. */
  readonly planted?: (sql: string) => string;
  /** Ends after this many differences. */
  readonly most?: number;
  readonly onWorld?: (casesDone: number) => void;
}

export interface Difference {
  readonly seed: number;
  readonly query: string;
  readonly difference: string;
  readonly world: World;
}

/** Of twenty queries one is asked as a request asks it, in the place where what no index serves is searched for; the others at once. */
const AS_A_REQUEST = 0.05;

/** Asks random worlds random queries, and compares what SQL finds with what memory finds. */
export async function runQueries({ cases, seed, database, aWorld = 400, planted, most = 5, onWorld }: QueryRun) {
  const ground = await openGround(database, planted);
  const differences: Difference[] = [];
  let done = 0;
  try {
    for (let number = 0; done < cases && differences.length < most; number += 1) {
      const own = seed + number;
      const random = seededRandom(own);
      const world = await makeWorld(ground.store, random);
      const { directory } = world;
      const atOnce = ground.atOnce(directory);
      const asARequest: AskPage = (selections, query) =>
        ground.store.reader(directory).page(selections, query, CONTEXT);
      for (const query of queriesOf(world, random, Math.min(aWorld, cases - done))) {
        const difference = await differenceOf(
          world,
          query,
          planted === undefined && random.chance(AS_A_REQUEST) ? asARequest : atOnce,
        );
        done += 1;
        if (difference === undefined) continue;
        differences.push({ seed: own, query: query.text, difference, world });
        if (differences.length === most) break;
      }
      onWorld?.(done);
    }
  } finally {
    await ground.end();
  }
  return { done, differences };
}
