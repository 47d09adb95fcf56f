import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { page } from '../../../src/store/sqlite/page.ts';
import { seededRandom } from '../../soak/random.ts';
import { CONTEXT, openTemporary } from '../../unit/store/fixture.ts';
import { queriesOf } from './ask.ts';
import { type AskPage, differenceOf } from './compare.ts';
import { faulty } from './faults.ts';
import { makeWorld, type World } from './world.ts';

export interface QueryRun {
  readonly cases: number;
  readonly seed: number;
  /** How many queries a world is asked. */
  readonly aWorld?: number;
  /** What becomes of a statement on its way to SQLite: a fault that the comparison has to find. */
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

/** Of twenty queries one is asked as a request asks it, with threads for what no index serves; the others at once. */
const AS_A_REQUEST = 0.05;

/** Asks random worlds random queries, and compares what SQL finds with what memory finds. */
export async function runQueries({ cases, seed, aWorld = 400, planted, most = 5, onWorld }: QueryRun) {
  const temporary = await openTemporary();
  const connection = openConnection(temporary.file, { readOnly: true });
  const asked = planted === undefined ? connection : faulty(connection, planted);
  const differences: Difference[] = [];
  let done = 0;
  try {
    for (let number = 0; done < cases && differences.length < most; number += 1) {
      const own = seed + number;
      const random = seededRandom(own);
      const world = await makeWorld(temporary.store, random);
      const { directory } = world;
      const atOnce: AskPage = (selections, query) =>
        page({ connection: asked, ready: () => true }, { directory, selections, query, context: CONTEXT });
      const asARequest: AskPage = (selections, query) =>
        temporary.store.reader(directory).page(selections, query, CONTEXT);
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
    connection.close();
    await temporary.end();
  }
  return { done, differences };
}
