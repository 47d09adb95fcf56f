import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFairQueue, StoreUnavailable, TooMuchWaiting } from '../../directory/index.ts';
import type { LogEvent } from '../event.ts';
import { runAlone, runShared } from './batch.ts';
import type { Connection } from './connection.ts';
import { type Job, type Result, type Scope, UNFINISHED } from './job.ts';
import { isBusy, translated, unavailable } from './sqlite-error.ts';

/** The one place that writes: takes writes in, and shares a durable commit among those that wait at the same time. */
export interface Writer {
  /**
   * Runs `work` inside a transaction; settles when that is on disk, or has been undone. The writes of one directory run in
   * the order they came in; the directories take turns.
   *
   * @throws StoreUnavailable; TooMuchWaiting when there is no room for it
   */
  run<T>(work: (scope: Scope) => Promise<T>, options?: WriteOptions): Promise<T>;
  /** The next transaction begins when this has settled. */
  pause(until: Promise<void>): void;
  waiting(): number;
  /** Why the last commit failed, until one succeeds. */
  failing(): string | undefined;
  /** Takes no more writes; resolves when those it has are on disk. */
  drain(): Promise<void>;
}

export interface WriteOptions {
  /** Absent: the instance's own. */
  readonly directory?: string;
  readonly alone?: boolean;
}

export interface WriterOptions {
  readonly log: LogEvent;
  readonly onCommitted: () => void;
  /** How long a write waits for another process to let go of the lock. */
  readonly lockMilliseconds: number;
}

const WAITING = { mostOfOneDirectory: 2_000, most: 10_000 };
const LONGEST_PAUSE_MS = 50;

export function createWriter(connection: Connection, options: WriterOptions): Writer {
  const { log, onCommitted, lockMilliseconds } = options;
  const { database } = connection;
  const queue = createFairQueue<Job>(WAITING);
  const means = { connection, queue, onStray: () => log({ kind: 'write-strayed' }) };
  let working = false;
  let closed = false;
  let paused: Promise<void> | undefined;
  let failing: string | undefined;
  let onDrained: (() => void) | undefined;

  return {
    run: <T>(work: (scope: Scope) => Promise<T>, { directory = '', alone = false }: WriteOptions = {}) => {
      if (closed) return Promise.reject(new StoreUnavailable('the store is closing'));
      return new Promise<T>((resolve, reject) => {
        const scope = { live: false, alone };
        const job = { work, scope, since: performance.now(), resolve: resolve as Job['resolve'], reject };
        if (queue.add(directory, job)) start();
        else reject(new TooMuchWaiting('too many writes are waiting'));
      });
    },
    pause(until) {
      paused = until;
    },
    waiting: () => queue.size,
    failing: () => failing,
    drain() {
      closed = true;
      return new Promise((resolve) => {
        if (working) onDrained = resolve;
        else resolve();
      });
    },
  };

  function start(): void {
    if (working) return;
    working = true;
    // After this turn's reads from the network: the writes that came in with it share the commit.
    setImmediate(() => void takeTurn());
  }

  async function takeTurn(): Promise<void> {
    await paused;
    paused = undefined;
    try {
      if (await beginImmediate()) await runAndCommit();
    } catch (error) {
      // Not even undone: the next BEGIN says so again, and nothing is written until the process starts anew.
      log({ kind: 'commit-failed', writes: 0, cause: error });
    }
    working = false;
    if (queue.size > 0) start();
    else onDrained?.();
  }

  /** False when nothing is left to write, because the lock could not be had in time. */
  async function beginImmediate(): Promise<boolean> {
    const since = performance.now();
    for (let tries = 0; queue.size > 0; tries += 1) {
      try {
        connection.statement('BEGIN IMMEDIATE').run();
        if (tries > 0) log({ kind: 'write-waited', milliseconds: performance.now() - since });
        return true;
      } catch (error) {
        if (!isBusy(error)) {
          giveUp(
            queue.clear().map((job) => ({ job, done: UNFINISHED })),
            error,
          );
          return false;
        }
      }
      // Before that they have waited for others of this process, if for anything.
      if (performance.now() - since > lockMilliseconds) refuseOverdue();
      await sleep(Math.min(2 ** tries, LONGEST_PAUSE_MS));
    }
    return false;
  }

  function refuseOverdue(): void {
    const oldest = performance.now() - lockMilliseconds;
    for (const { reject } of queue.removeWhile(({ since }) => since < oldest)) {
      reject(new StoreUnavailable('another process has been writing for too long'));
    }
  }

  /** Only after the commit is anyone told anything, a refusal too: it may rest on a neighbour's row. */
  async function runAndCommit(): Promise<void> {
    const results: Result[] = [];
    try {
      await (queue.first()?.scope.alone ? runAlone : runShared)(means, results);
      connection.statement('COMMIT').run();
    } catch (error) {
      giveUp(results, error);
      if (database.isTransaction) connection.statement('ROLLBACK').run();
      return;
    }
    failing = undefined;
    for (const { job, done } of results) {
      if (done.failed) job.reject(translated(done.error));
      else job.resolve(done.value);
    }
    onCommitted();
  }

  function giveUp(results: readonly Result[], error: unknown): void {
    const answer = unavailable(error);
    failing = answer.message;
    log({ kind: 'commit-failed', writes: results.length, cause: error });
    for (const { job } of results) job.reject(answer);
  }
}
