import type { JournalAsked, JournalEntry, JournalRow, Note } from '../directory/index.ts';
import type { LogEvent } from './event.ts';

/** What was asked and answered, call by call (decision 29). It may forget its last second, and never fails a request. */
export interface Journal {
  readonly note: Note;
  /** Latest first; those that were noted a moment ago may be missing. */
  calls(directory: string, asked: JournalAsked): Promise<readonly JournalRow[]>;
  /** Writes what it holds, for a second at most. */
  close(): Promise<void>;
}

export interface JournalKept {
  /** 0: no journal. */
  readonly days: number;
  /** Of all directories together. */
  readonly bytes: number;
}

export const USUALLY_KEPT: JournalKept = { days: 30, bytes: 512 * 2 ** 20 };

/** The part that is a database's. */
export interface JournalMeans {
  /** On its way to the disk when this resolves. */
  keep(entries: readonly JournalEntry[]): Promise<void>;
  /** Deletes what is too old or too much, in slices. */
  sweep(kept: { readonly before: string; readonly bytes: number }): Promise<void>;
  calls(directory: string, asked: JournalAsked): Promise<readonly JournalRow[]>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly kept: JournalKept;
  readonly log: LogEvent;
  /** How often it is looked for what is too old, or too much. */
  readonly sweepMilliseconds: number;
  /** How long nothing is tried after a failure. */
  readonly restMilliseconds?: number;
}

const BATCH_MS = 250;
const MOST_IN_A_BATCH = 2_000;
/** In characters: where the disk is slower than the calls come, the newest are not noted. */
const MOST_HELD = 8 * 2 ** 20;
const REST_MS = 60_000;
/** So much more than it may keep is the most that it has: what comes fast is not left until the next look. */
const SURPLUS = 0.25;
const CLOSE_MS = 1_000;

/** Takes calls one by one, and writes them down together. */
export function createJournal(means: JournalMeans, options: JournalOptions): Journal {
  const { kept, log, sweepMilliseconds, restMilliseconds = REST_MS } = options;
  let waiting: JournalEntry[] = [];
  let held = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let restsUntil = 0;
  let sweptAt = Number.NEGATIVE_INFINITY;
  let keptSince = 0;
  let failing = false;
  let closed = false;
  let isLate = false;

  return {
    note(entry) {
      if (kept.days === 0 || closed) return;
      const size = sizeOf(entry);
      if (held + size > MOST_HELD || (failing && performance.now() < restsUntil)) {
        lost += 1;
        return;
      }
      waiting.push(entry);
      held += size;
      if (timer === undefined && working === undefined) timer = setTimeout(work, BATCH_MS).unref();
    },
    calls: (directory, asked) => means.calls(directory, asked),
    async close() {
      closed = true;
      clearTimeout(timer);
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MS);
      });
      await Promise.race([finish(), late]);
      isLate = true;
      clearTimeout(timer);
      await means.close();
    },
  };

  async function finish(): Promise<void> {
    await working;
    while (waiting.length > 0 && !isLate) await write();
  }

  function work(): void {
    timer = undefined;
    working = write().then(() => {
      working = undefined;
      if (waiting.length > 0 && !closed)
        timer = setTimeout(work, waiting.length < MOST_IN_A_BATCH ? BATCH_MS : 0).unref();
    });
  }

  async function write(): Promise<void> {
    const batch = waiting.length > MOST_IN_A_BATCH ? waiting.splice(0, MOST_IN_A_BATCH) : waiting;
    if (batch === waiting) waiting = [];
    const size = batch.reduce((sum, entry) => sum + sizeOf(entry), 0);
    held -= size;
    try {
      await means.keep(batch);
      keptSince += size;
      tellLost();
      failing = false;
    } catch (cause) {
      rest(batch.length, cause);
      return;
    }
    // What it kept is kept, whatever becomes of the sweep.
    await sweep().catch((cause) => rest(0, cause));
  }

  function tellLost(): void {
    if (lost > 0) log({ kind: 'journal-lost', calls: lost });
    lost = 0;
  }

  async function sweep(): Promise<void> {
    const isDue = performance.now() - sweptAt >= sweepMilliseconds || keptSince > kept.bytes * SURPLUS;
    if (closed || !isDue) return;
    sweptAt = performance.now();
    keptSince = 0;
    const before = new Date(Date.now() - kept.days * 86_400_000).toISOString();
    await means.sweep({ before, bytes: kept.bytes });
  }

  /** A disk that is full stays so for a while; one line tells of it, and one of what was lost when it has room again. */
  function rest(calls: number, cause: unknown): void {
    lost += calls + waiting.length;
    waiting = [];
    held = 0;
    restsUntil = performance.now() + restMilliseconds;
    // It was ended in the middle: nothing failed.
    if (isLate) {
      tellLost();
      return;
    }
    if (!failing) log({ kind: 'journal-failed', cause });
    failing = true;
  }
}

/** What a row needs beside its texts, roughly. */
const ROW = 300;

export function sizeOf({ path, sent, answered }: JournalEntry): number {
  return ROW + path.length + (sent?.length ?? 0) + (answered?.length ?? 0);
}

/**
 * How much each may keep, so that all together keep no more than `most`: those with the most give way first.
 *
 *     fairShare([10, 50, 100], 90) → 40
 */
export function fairShare(sizes: readonly number[], most: number): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  let left = most;
  for (const [index, size] of sorted.entries()) {
    const share = left / (sorted.length - index);
    if (size > share) return Math.floor(share);
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}
