import { createFairQueue } from './fair-queue.ts';
import { TooMuchWaiting } from './ports.ts';

/**
 * Runs what costs threads, memory or connections when it is its turn.
 *
 * @throws TooMuchWaiting when there is no room for it
 */
export type InTurn = <T>(directory: string, work: () => Promise<T>) => Promise<T>;

export interface TurnsOptions {
  readonly atOnce: number;
  readonly mostOfOneDirectory: number;
  readonly most: number;
}

/** Node has four threads for such work, and for files and names too: a flood of passwords, 19 MiB each, is not to take them all. */
const OF_PASSWORDS: TurnsOptions = { atOnce: 2, mostOfOneDirectory: 200, most: 1000 };

/** At most so many at once; the directories take turns, and what finds no room is refused at once. */
export function createTurns({ atOnce, ...room }: TurnsOptions = OF_PASSWORDS): InTurn {
  const waiting = createFairQueue<() => void>(room);
  let running = 0;
  return async (directory, work) => {
    if (running >= atOnce) {
      const turn = Promise.withResolvers<void>();
      if (!waiting.add(directory, turn.resolve)) throw new TooMuchWaiting('too much of its kind waits for its turn');
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
