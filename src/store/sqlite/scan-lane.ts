import { type Page, StoreUnavailable } from '../../directory/index.ts';
import { createFairQueue } from '../fair-queue.ts';
import { type ScanReply, startScanThread } from './scan-worker.ts';
import type { Search } from './search.ts';
import { translated } from './sqlite-error.ts';

/** One thread that searches, and what waits for it. */
export interface Lane {
  /**
   * `late` when it had its time and did not come to an end.
   *
   * @throws StoreUnavailable when it did not get its time
   */
  scan(search: Search): Promise<Page | 'late'>;
  /** Resolves when nothing runs; nothing begins until the function is called that it resolves with. */
  hold(): Promise<() => void>;
  close(): Promise<void>;
}

export interface LaneOptions {
  readonly file: string;
  /** How long a search may run. */
  readonly milliseconds: number;
  /** How long it may wait for its turn. */
  readonly waitMilliseconds: number;
}

export const MOST_OF_ONE_DIRECTORY = 200;
const MOST = 1_000;

interface Waiting {
  readonly search: Search;
  readonly resolve: (found: Page | 'late') => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export function createLane({ file, milliseconds, waitMilliseconds }: LaneOptions): Lane {
  const thread = startScanThread(file);
  const queue = createFairQueue<Waiting>({ mostOfOneDirectory: MOST_OF_ONE_DIRECTORY, most: MOST });
  let running: Promise<void> | undefined;
  let holds = 0;
  let closed = false;

  return {
    scan(search) {
      if (closed) return Promise.reject(new StoreUnavailable('the store is closing'));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => giveUp(waiting), waitMilliseconds);
        const waiting: Waiting = { search, resolve, reject, timer };
        if (queue.add(search.directory, waiting)) return startNext();
        clearTimeout(timer);
        reject(new StoreUnavailable('too many searches of one directory, or of all, are waiting'));
      });
    },
    async hold() {
      holds += 1;
      await running;
      return () => {
        holds -= 1;
        startNext();
      };
    },
    async close() {
      closed = true;
      for (const { timer, reject } of queue.clear()) {
        clearTimeout(timer);
        reject(new StoreUnavailable('the store is closing'));
      }
      await thread.stop();
    },
  };

  function startNext(): void {
    if (running !== undefined || holds > 0) return;
    const next = queue.next();
    if (next === undefined) return;
    clearTimeout(next.timer);
    running = thread.ask({ search: next.search, milliseconds }).then((reply) => {
      running = undefined;
      settle(next, reply);
      startNext();
    });
  }

  function giveUp(waiting: Waiting): void {
    queue.remove(waiting.search.directory, waiting);
    waiting.reject(new StoreUnavailable('the searches before it took too long'));
  }
}

function settle({ resolve, reject }: Waiting, reply: ScanReply): void {
  if (reply.kind === 'found') resolve(reply.page);
  else if (reply.kind === 'late') resolve('late');
  else if (reply.kind === 'ended') reject(new StoreUnavailable(reply.reason));
  else reject(translated(Object.assign(new Error(reply.reason), { errcode: reply.errcode })));
}
