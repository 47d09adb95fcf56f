import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../directory/index.ts';
import type { LogEvent } from './event.ts';

/** Forgets history that is older than so many days: always the oldest, so that what is left has no gaps. */
export interface Retention {
  /** Begins, and goes on until it is closed. */
  begin(days: number): void;
  /** Resolves when nothing more is done. */
  close(): Promise<void>;
}

export interface RetentionMeans {
  /** All of them. */
  directories(): Promise<readonly string[]>;
  /** Forgets a little of what was done before a moment; false when nothing of it is left. */
  forget(directory: string, before: string): Promise<boolean>;
  readonly log: LogEvent;
  readonly clock?: () => number;
  readonly everyMilliseconds?: number;
}

/** Changes that are forgotten at once: a few milliseconds of them. */
export const FORGOTTEN_AT_ONCE = 200;
const DAY_MS = 86_400_000;
const EVERY_MS = 60 * 60_000;
/** Others have the writer for longer than this has it. */
const REST_MS = 20;
const AFTER_FAILURE_MS = 5_000;

export function createRetention(means: RetentionMeans): Retention {
  const { directories, forget, log, clock = Date.now, everyMilliseconds = EVERY_MS } = means;
  const stopping = new AbortController();
  let working: Promise<void> = Promise.resolve();

  return {
    begin(days) {
      working = sweepOften(days);
    },
    close() {
      stopping.abort();
      return working;
    },
  };

  async function sweepOften(days: number): Promise<void> {
    while (!stopping.signal.aborted) {
      const before = new Date(clock() - days * DAY_MS).toISOString();
      try {
        await sweep(before);
      } catch (error) {
        // What the writer could not write it has said itself; the next sweep tries again.
        if (!(error instanceof StoreUnavailable)) log({ kind: 'forgetting-failed', cause: error });
        await rest(AFTER_FAILURE_MS);
      }
      await rest(everyMilliseconds);
    }
  }

  async function sweep(before: string): Promise<void> {
    for (const directory of await directories()) {
      for (let more = true; more && !stopping.signal.aborted; ) {
        more = await forget(directory, before);
        await rest(REST_MS);
      }
      if (stopping.signal.aborted) return;
    }
  }

  function rest(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  }
}

/** Of the oldest changes those that come before any that is to be kept: up to which seq, if there is one. */
export function forgottenUpTo(oldest: readonly (readonly [number, string])[], before: string): number | undefined {
  const kept = oldest.findIndex(([, at]) => at >= before);
  return oldest[(kept === -1 ? oldest.length : kept) - 1]?.[0];
}
