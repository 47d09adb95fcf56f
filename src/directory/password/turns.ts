import { createFairQueue } from '../fair-queue.ts';
import { StoreUnavailable } from '../ports.ts';

/** Runs what costs threads and memory when it is its turn. */
export type InTurn = <T>(directory: string, work: () => Promise<T>) => Promise<T>;

export interface TurnsOptions {
  readonly atOnce: number;
  readonly mostOfOneDirectory: number;
  readonly most: number;
}

/** Node has four threads for such work, and for files and names too: a flood of passwords is not to take them all. */
const OPTIONS: TurnsOptions = { atOnce: 2, mostOfOneDirectory: 200, most: 1000 };

/**
 * At most so many at once, 19 MiB each; the directories take turns, and what finds no room is refused at once.
 *
 * @throws StoreUnavailable
 */
export function createTurns({ atOnce, ...room }: TurnsOptions = OPTIONS): InTurn {
  const waiting = createFairQueue<() => void>(room);
  let running = 0;
  return async (directory, work) => {
    if (running >= atOnce) {
      const turn = Promise.withResolvers<void>();
      if (!waiting.add(directory, turn.resolve)) throw new StoreUnavailable('too many passwords wait to be hashed');
      await turn.promise;
    } else running += 1;
    try {
      return await work();
    } finally {
      // Who is next takes over this one's place.
      const next = waiting.next();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
