import { type Page, StoreUnavailable } from '../../directory/index.ts';
import { createLane as createLaneOf, type Lane as LaneOf } from '../lane.ts';
import { type ScanReply, startScanThread } from './scan-worker.ts';
import type { Search } from './search.ts';
import { translated } from './sqlite-error.ts';

export { MOST_OF_ONE_DIRECTORY } from '../lane.ts';

/** One thread that searches, and what waits for it. */
export interface Lane extends Pick<LaneOf<Search, Page | 'late'>, 'hold'> {
  /**
   * `late` when it had its time and did not come to an end.
   *
   * @throws StoreUnavailable when it did not get its time
   */
  scan(search: Search): Promise<Page | 'late'>;
  close(): Promise<void>;
}

export interface LaneOptions {
  readonly file: string;
  /** How long a search may run. */
  readonly milliseconds: number;
  /** How long it may wait for its turn. */
  readonly waitMilliseconds: number;
}

export function createLane({ file, milliseconds, waitMilliseconds }: LaneOptions): Lane {
  const thread = startScanThread(file);
  const lane = createLaneOf<Search, Page | 'late'>({
    run: async (search) => foundIn(await thread.ask({ search, milliseconds })),
    atOnce: 1,
    waitMilliseconds,
  });
  return {
    scan: (search) => lane.run(search.directory, search),
    hold: lane.hold,
    async close() {
      lane.close();
      await thread.stop();
    },
  };
}

function foundIn(reply: ScanReply): Page | 'late' {
  if (reply.kind === 'found') return reply.page;
  if (reply.kind === 'late') return 'late';
  if (reply.kind === 'ended') throw new StoreUnavailable(reply.reason);
  throw translated(Object.assign(new Error(reply.reason), { errcode: reply.errcode }));
}
