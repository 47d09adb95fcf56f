import { createFairQueue, type FairQueueOptions, StoreUnavailable, TooMuchWaiting } from '../directory/index.ts';

/** What waits for its turn, and no longer than so long; the directories take turns. */
export interface WaitingLine {
  /** Calls `go` when it is its turn, or `refuse` when there is no room for it or its turn did not come in time. */
  wait(directory: string, go: () => void, refuse: (why: StoreUnavailable) => void): void;
  /** Lets the next one go whose directory may begin; false when none waits that may. */
  letNext(mayBegin?: (directory: string) => boolean): boolean;
  /** Refuses all that waits. */
  close(why: StoreUnavailable): void;
  /** How many wait. */
  readonly size: number;
}

export interface WaitingLineOptions {
  readonly room: FairQueueOptions;
  readonly milliseconds: number;
  /** What the log says of one that found no room. */
  readonly full: string;
  /** What the log says of one whose turn did not come in time. */
  readonly late: string;
}

interface Waiting {
  readonly go: () => void;
  readonly refuse: (why: StoreUnavailable) => void;
  readonly timer: NodeJS.Timeout;
}

export function createWaitingLine({ room, milliseconds, full, late }: WaitingLineOptions): WaitingLine {
  const queue = createFairQueue<Waiting>(room);
  return {
    wait(directory, go, refuse) {
      const giveUp = (): void => {
        queue.remove(directory, one);
        refuse(new StoreUnavailable(late));
      };
      const one: Waiting = { go, refuse, timer: setTimeout(giveUp, milliseconds) };
      if (queue.add(directory, one)) return;
      clearTimeout(one.timer);
      refuse(new TooMuchWaiting(full));
    },
    letNext(mayBegin) {
      const next = queue.next(mayBegin);
      if (next === undefined) return false;
      clearTimeout(next.timer);
      next.go();
      return true;
    },
    close(why) {
      for (const { timer, refuse } of queue.clear()) {
        clearTimeout(timer);
        refuse(why);
      }
    },
    get size() {
      return queue.size;
    },
  };
}
