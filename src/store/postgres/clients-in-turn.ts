import { createWaitingLine } from '../waiting-line.ts';

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

export function createClientsInTurn({ size, waitMilliseconds }: ClientsOptions): ClientsInTurn {
  const line = createWaitingLine({
    room: WAITING,
    milliseconds: waitMilliseconds,
    full: 'too much waits for a connection to the database',
    late: 'no connection to the database was free in time',
  });
  let out = 0;

  return {
    take(directory) {
      if (out >= size) return new Promise((resolve, reject) => line.wait(directory, resolve, reject));
      out += 1;
      return undefined;
    },
    giveBack() {
      // Who is next has this one's.
      if (!line.letNext()) out -= 1;
    },
    waiting: () => line.size,
  };
}
