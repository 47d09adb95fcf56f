import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEvent } from '../event.ts';
import { DIRECTORIES_LEFT, type Numbered, numberNext } from './number.ts';
import type { Pool } from './pool.ts';
import { told } from './told.ts';

/** Gives the changes of every directory their places in its history, after their commits (decision 14). */
export interface Sequencer {
  /** Something was committed: it is numbered soon, after the reply. */
  dirty(directory: string): void;
  /** Numbers what is committed at this moment, at least until `until` has been given; whoever is at it is waited for. */
  settle(directory: string, until?: number): Promise<void>;
  /** Numbers what is dirty, in bounded time. What is left is found by the next server, or by another one. */
  close(): Promise<void>;
}

export interface SequencerMeans {
  /** The owner's, which sees all directories. */
  readonly pool: Pool;
  readonly log: LogEvent;
  readonly onNumbered: (changes: number) => void;
  /** How many changes a transaction takes. */
  readonly size?: number;
  /** How often directories are looked for that a process left behind which was killed. */
  readonly sweepMilliseconds?: number;
}

/**
 * What is committed meanwhile is numbered together. Where the database is busy it rests for longer: what a round costs is
 * taken from those who write.
 */
const REST_MS = 20;
const RESTS_A_ROUND = 4;
const LONGEST_REST_MS = 250;
const SWEEP_MS = 5_000;
const LANES = 2;
/** Then the other directories have their turn. */
const BATCHES_A_TURN = 20;
const CLOSE_MS = 5_000;

export function createSequencer(means: SequencerMeans): Sequencer {
  const { pool, log, onNumbered, size, sweepMilliseconds = SWEEP_MS } = means;
  const waiting = new Set<string>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  let working = false;
  let rest = REST_MS;
  const sweeping = sweepOften();

  return {
    dirty(directory) {
      waiting.add(directory);
      wake();
    },
    async settle(directory, until = Number.POSITIVE_INFINITY) {
      for (;;) {
        const done = await numberOnce(directory, true);
        if (done === undefined || !done.more || (done.lastSeq ?? 0) >= until) return;
      }
    },
    async close() {
      stopping.abort();
      clearTimeout(timer);
      await sweeping;
      await round;
      for (const since = performance.now(); waiting.size > 0 && performance.now() - since < CLOSE_MS; ) {
        await numberAll();
        if (waiting.size > 0) await sleep(REST_MS);
      }
    },
  };

  function wake(): void {
    if (timer !== undefined || working || stopping.signal.aborted) return;
    timer = setTimeout(() => {
      timer = undefined;
      working = true;
      const began = performance.now();
      round = numberAll().finally(() => {
        rest = Math.min(Math.max(REST_MS, (performance.now() - began) * RESTS_A_ROUND), LONGEST_REST_MS);
        working = false;
        if (waiting.size > 0) wake();
      });
    }, rest);
    timer.unref();
  }

  /** Each directory that waits has its turn, a few at a time. */
  async function numberAll(): Promise<void> {
    const turns = [...waiting];
    waiting.clear();
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (let directory = turns.shift(); directory !== undefined; directory = turns.shift()) await number(directory);
      }),
    );
  }

  async function number(directory: string): Promise<void> {
    try {
      for (let batch = 0; batch < BATCHES_A_TURN; batch += 1) {
        const done = await numberOnce(directory, false);
        if (done?.more === false) return;
        // Another process is at it, which may have begun before our commit.
        if (done === undefined) break;
      }
      waiting.add(directory);
    } catch (error) {
      // The next sweep finds it again.
      log({ kind: 'sequencing-failed', cause: told(error) });
    }
  }

  async function numberOnce(directory: string, wait: boolean): Promise<Numbered | undefined> {
    const done = await pool.transaction(undefined, (session) =>
      numberNext(session, directory, { wait, ...(size === undefined ? {} : { size }) }),
    );
    if (done !== undefined && done.changes > 0) onNumbered(done.changes);
    return done;
  }

  async function sweepOften(): Promise<void> {
    for (;;) {
      await sweep();
      // Several servers do not look in step.
      await sleep(sweepMilliseconds * (0.75 + Math.random() / 2), undefined, {
        signal: stopping.signal,
        ref: false,
      }).catch(() => undefined);
      if (stopping.signal.aborted) return;
    }
  }

  async function sweep(): Promise<void> {
    try {
      const found = await pool.use(undefined, (session) => session.rows(DIRECTORIES_LEFT));
      for (const [directory] of found) waiting.add(directory as string);
      if (found.length > 0) wake();
    } catch (error) {
      log({ kind: 'sequencing-failed', cause: told(error) });
    }
  }
}
