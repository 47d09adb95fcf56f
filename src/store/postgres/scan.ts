import { performance } from 'node:perf_hooks';
import type { LogEvent } from '../event.ts';
import { createLane } from '../lane.ts';
import { tooMany, type Unfinished } from '../too-many.ts';
import type { Statement } from './plan.ts';
import type { Pool, Row } from './pool.ts';
import { isOverdue } from './postgres-error.ts';

/** Searches that no index serves: few at once, and none for long, so that they leave the clients to the others. */
export interface Scanner {
  /**
   * @throws ScimError tooMany when it had its time and did not come to an end
   * @throws StoreUnavailable when it did not get its time, as too many others wait, or for too long
   */
  scan(directory: string, asked: Statement & Unfinished): Promise<readonly Row[]>;
  /** At once, for what should be quick: `late` when it was not. */
  briefly(directory: string, statement: Statement): Promise<readonly Row[] | 'late'>;
  close(): Promise<void>;
}

export interface ScannerOptions {
  /** Whose clients they have, one each. */
  readonly pool: Pool;
  /** How long a search may run. */
  readonly milliseconds: number;
  readonly log: LogEvent;
  /** How long it may wait for others'. */
  readonly waitMilliseconds?: number;
}

/** How long a search may run, unless who opens the store says otherwise. */
export const SCAN_MS = 5_000;
const WAIT_MS = 10_000;
const AT_ONCE = 2;
/** A thousand rows are looked at in a tenth of it. */
const BRIEF_MS = 250;

export function createScanner({ pool, milliseconds, log, waitMilliseconds = WAIT_MS }: ScannerOptions): Scanner {
  const lane = createLane<{ readonly directory: string; readonly statement: Statement }, Found>({
    run: ({ directory, statement }) => inTime(pool, { directory, statement, milliseconds }),
    atOnce: AT_ONCE,
    waitMilliseconds,
  });
  return {
    async scan(directory, asked) {
      const since = performance.now();
      const found = await lane.run(directory, { directory, statement: asked });
      if (found !== 'late') return found;
      log({ kind: 'scan-stopped', milliseconds: performance.now() - since });
      throw tooMany(asked);
    },
    briefly: (directory, statement) =>
      inTime(pool, { directory, statement, milliseconds: Math.min(BRIEF_MS, milliseconds) }),
    async close() {
      lane.close();
      await lane.idle();
    },
  };
}

type Found = readonly Row[] | 'late';

/** All of it is sent at once: one way to the database and back. */
async function inTime(
  pool: Pool,
  { directory, statement, milliseconds }: { directory: string; statement: Statement; milliseconds: number },
): Promise<Found> {
  return pool.use(directory, async (session) => {
    const [begun, limited, found, ended] = await Promise.allSettled([
      session.once('BEGIN READ ONLY', []),
      session.once(`SET LOCAL statement_timeout = ${Math.max(1, Math.round(milliseconds))}`, []),
      session.once(statement.sql, statement.values),
      session.once('COMMIT', []),
    ]);
    if (found.status === 'rejected' && isOverdue(found.reason)) return 'late';
    for (const outcome of [begun, limited, found, ended]) {
      if (outcome.status === 'rejected') throw outcome.reason;
    }
    return (found as PromiseFulfilledResult<readonly Row[]>).value;
  });
}
