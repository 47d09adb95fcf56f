import { createFairQueue, type FairQueueOptions, StoreUnavailable, TooMuchWaiting } from '../directory/index.ts';

/** What runs only a few at once, and what waits for it: the directories take turns. */
export interface Lane<Asked, Found> {
  /**
   * What `run` says.
   *
   * @throws TooMuchWaiting when there is no room for it; StoreUnavailable when it did not get its time
   */
  run(directory: string, asked: Asked): Promise<Found>;
  /** Resolves when nothing runs; nothing begins until the function is called that it resolves with. */
  hold(): Promise<() => void>;
  /** Refuses what waits. */
  close(): void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

export interface LaneOptions<Asked, Found> {
  readonly run: (asked: Asked) => Promise<Found>;
  readonly atOnce: number;
  /** Of one directory; as many as of all when absent. */
  readonly atOnceOfOneDirectory?: number;
  /** How many may wait; `MOST_OF_ONE_DIRECTORY` and 1,000 when absent. */
  readonly waiting?: FairQueueOptions;
  /** How long something may wait for its turn. */
  readonly waitMilliseconds: number;
}

export const MOST_OF_ONE_DIRECTORY = 200;
const WAITING: FairQueueOptions = { mostOfOneDirectory: MOST_OF_ONE_DIRECTORY, most: 1_000 };

interface Waiting<Asked, Found> {
  readonly directory: string;
  readonly asked: Asked;
  readonly resolve: (found: Promise<Found>) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export function createLane<Asked, Found>(options: LaneOptions<Asked, Found>): Lane<Asked, Found> {
  const { run, atOnce, atOnceOfOneDirectory = atOnce, waitMilliseconds, waiting: room = WAITING } = options;
  const queue = createFairQueue<Waiting<Asked, Found>>(room);
  const running = new Set<Promise<unknown>>();
  const ofOne = new Map<string, number>();
  const mayBegin = (directory: string): boolean => (ofOne.get(directory) ?? 0) < atOnceOfOneDirectory;
  let holds = 0;
  let closed = false;

  return {
    run(directory, asked) {
      if (closed) return Promise.reject(new StoreUnavailable('the store is closing'));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => giveUp(directory, waiting), waitMilliseconds);
        const waiting = { directory, asked, resolve, reject, timer };
        if (queue.add(directory, waiting)) return startNext();
        clearTimeout(timer);
        reject(new TooMuchWaiting('too much of one directory, or of all, is waiting'));
      });
    },
    async hold() {
      holds += 1;
      await idle();
      return () => {
        holds -= 1;
        startNext();
      };
    },
    close() {
      closed = true;
      for (const { timer, reject } of queue.clear()) {
        clearTimeout(timer);
        reject(new StoreUnavailable('the store is closing'));
      }
    },
    idle,
  };

  async function idle(): Promise<void> {
    await Promise.allSettled(running);
  }

  function startNext(): void {
    while (running.size < atOnce && holds === 0) {
      const next = queue.next(mayBegin);
      if (next === undefined) return;
      clearTimeout(next.timer);
      const { directory } = next;
      ofOne.set(directory, (ofOne.get(directory) ?? 0) + 1);
      const found = run(next.asked);
      next.resolve(found);
      const ended = found.then(
        () => undefined,
        () => undefined,
      );
      running.add(ended);
      ended.then(() => {
        running.delete(ended);
        const left = (ofOne.get(directory) ?? 1) - 1;
        if (left === 0) ofOne.delete(directory);
        else ofOne.set(directory, left);
        startNext();
      });
    }
  }

  function giveUp(directory: string, waiting: Waiting<Asked, Found>): void {
    queue.remove(directory, waiting);
    waiting.reject(new StoreUnavailable('what was before it took too long'));
  }
}
