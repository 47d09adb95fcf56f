import { performance } from 'node:perf_hooks';
import type { Page } from '../../directory/index.ts';
import type { LogEvent } from '../event.ts';
import { tooMany } from '../too-many.ts';
import { type Allowance, createAllowance } from './allowance.ts';
import { createLane, type LaneOptions } from './scan-lane.ts';
import type { Search } from './search.ts';

/** Searches that no index serves run in threads of their own, on connections of their own (decision 11). */
export interface Scanner {
  /**
   * @throws ScimError tooMany when it had its time and did not come to an end
   * @throws StoreUnavailable when it did not get its time, as too many others wait, or for too long
   */
  scan(search: Search): Promise<Page>;
  /** What the others may try where requests are answered, before they come here. */
  readonly allowance: Allowance;
  /** Resolves when nothing is read; nothing begins to be until the function is called that it resolves with. */
  hold(): Promise<() => void>;
  close(): Promise<void>;
}

export interface ScannerOptions {
  readonly file: string;
  /** How long a search may run. */
  readonly milliseconds: number;
  readonly log: LogEvent;
  /** How long it may wait for others'. */
  readonly waitMilliseconds?: number;
}

/**
 * Nobody's quick search waits for a slow one: what takes longer than this begins again in the other thread. Each of
 * 100,000 users is looked at in half of it.
 */
const QUICK_MS = 500;
/** How long a search may run, unless who opens the store says otherwise. */
export const SCAN_MS = 5_000;
export const WAIT_MS = 10_000;

/** Each thread starts with the first search that it gets, and takes them one by one, by turns of the directories. */
export function createScanner({ file, milliseconds, log, waitMilliseconds = WAIT_MS }: ScannerOptions): Scanner {
  const lane = (options: Pick<LaneOptions, 'milliseconds'>) => createLane({ file, waitMilliseconds, ...options });
  const quick = lane({ milliseconds: Math.min(QUICK_MS, milliseconds) });
  const slow = lane({ milliseconds });

  return {
    async scan(search) {
      const since = performance.now();
      const soon = await quick.scan(search);
      const found = soon === 'late' ? await slow.scan(search) : soon;
      if (found !== 'late') return found;
      log({ kind: 'scan-stopped', milliseconds: performance.now() - since });
      throw tooMany({ filtered: search.filtered, sorted: search.sorted !== undefined });
    },
    allowance: createAllowance(() => performance.now()),
    async hold() {
      const resumes = await Promise.all([quick.hold(), slow.hold()]);
      return () => {
        for (const resume of resumes) resume();
      };
    },
    async close() {
      await Promise.all([quick.close(), slow.close()]);
    },
  };
}
