import { type FairQueueOptions, StoreUnavailable } from '../directory/index.ts';
import { createWaitingLine } from './waiting-line.ts';

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

export function createLane<Asked, Found>(options: LaneOptions<Asked, Found>): Lane<Asked, Found> {
  const { run, atOnce, atOnceOfOneDirectory = atOnce, waitMilliseconds, waiting: room = WAITING } = options;
  const line = createWaitingLine({
    room,
    milliseconds: waitMilliseconds,
    full: 'too much of one directory, or of all, is waiting',
    late: 'what was before it took too long',
  });
  const running = new Set<Promise<unknown>>();
  const ofOne = new Map<string, number>();
  const mayBegin = (directory: string): boolean => (ofOne.get(directory) ?? 0) < atOnceOfOneDirectory;
  let holds = 0;
  let closed = false;

  return {
    run(directory, asked) {
      if (closed) return Promise.reject(new StoreUnavailable('the store is closing'));
      return new Promise((resolve, reject) => {
        line.wait(directory, () => resolve(begin(directory, asked)), reject);
        startNext();
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
      line.close(new StoreUnavailable('the store is closing'));
    },
    idle,
  };

  async function idle(): Promise<void> {
    await Promise.allSettled(running);
  }

  function startNext(): void {
    while (running.size < atOnce && holds === 0 && line.letNext(mayBegin));
  }

  function begin(directory: string, asked: Asked): Promise<Found> {
    ofOne.set(directory, (ofOne.get(directory) ?? 0) + 1);
    const found = run(asked);
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
    return found;
  }
}
