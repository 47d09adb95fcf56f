import { createFairQueue, StoreUnavailable, TooMuchWaiting } from '../../directory/index.ts';

/** Who may have one of a pool's clients: the directories take turns. */
export interface ClientsInTurn {
  /**
   * Resolves when there is a client for it; undefined when there is one now.
   *
   * @throws StoreUnavailable when there was none in time; TooMuchWaiting when there is no room to wait
   */
  take(directory: string): Promise<void> | undefined;
  /** The client has come back, whatever became of it. */
  giveBack(): void;
  waiting(): number;
}

export interface ClientsOptions {
  readonly size: number;
  readonly waitMilliseconds: number;
}

const WAITING = { mostOfOneDirectory: 2_000, most: 10_000 };

interface Waiting {
  readonly go: () => void;
  readonly timer: NodeJS.Timeout;
}

export function createClientsInTurn({ size, waitMilliseconds }: ClientsOptions): ClientsInTurn {
  const queue = createFairQueue<Waiting>(WAITING);
  let out = 0;

  return {
    take(directory) {
      if (out < size) {
        out += 1;
        return undefined;
      }
      return new Promise((resolve, reject) => {
        const giveUp = (): void => {
          queue.remove(directory, one);
          reject(new StoreUnavailable('no connection to the database was free in time'));
        };
        const one: Waiting = { go: resolve, timer: setTimeout(giveUp, waitMilliseconds) };
        if (queue.add(directory, one)) return;
        clearTimeout(one.timer);
        reject(new TooMuchWaiting('too much waits for a connection to the database'));
      });
    },
    giveBack() {
      // Who is next has this one's.
      const next = queue.next();
      if (next === undefined) {
        out -= 1;
        return;
      }
      clearTimeout(next.timer);
      next.go();
    },
    waiting: () => queue.size,
  };
}
