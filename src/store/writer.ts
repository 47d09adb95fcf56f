import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../directory/index.ts';
import type { Connection } from './connection.ts';
import type { LogEvent } from './event.ts';
import { isBusy, isFailing, translated, unavailable } from './sqlite-error.ts';

/** The one place that writes: takes writes in, and shares a durable commit among those that wait at the same time. */
export interface Writer {
  /**
   * Runs `work` inside a transaction; resolves when that is on disk. Alone, it has the transaction for itself and may
   * take several turns of the event loop.
   *
   * @throws StoreUnavailable
   */
  run<T>(work: (scope: Scope) => Promise<T>, options?: { readonly alone?: boolean }): Promise<T>;
  /** The next transaction begins when this has settled. */
  pause(until: Promise<void>): void;
  waiting(): number;
  /** Why the last commit failed, until one succeeds. */
  failing(): string | undefined;
  /** Takes no more writes; resolves when those it has are on disk. */
  drain(): Promise<void>;
}

/** Handed to a write: `live` until its result is known, so that nothing writes into a neighbour's part. */
export interface Scope {
  live: boolean;
  readonly alone: boolean;
}

interface Job {
  readonly work: (scope: Scope) => Promise<unknown>;
  readonly scope: Scope;
  readonly since: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface WriterOptions {
  readonly log: LogEvent;
  /** Before a commit, and after one. */
  readonly onCommitted: () => void;
}

const MOST_WAITING = 10_000;
/** One commit holds the event loop no longer than this, fsync apart, and no more writes than this. */
const BATCH_MS = 5;
const MOST_IN_BATCH = 256;
/** How long a write waits for another process to let go of the lock. */
const MOST_WAIT_MS = 5_000;

export function createWriter(connection: Connection, { log, onCommitted }: WriterOptions): Writer {
  const { database } = connection;
  const begin = connection.statement('BEGIN IMMEDIATE');
  const commit = connection.statement('COMMIT');
  const rollback = connection.statement('ROLLBACK');
  const savepoint = connection.statement('SAVEPOINT job');
  const release = connection.statement('RELEASE job');
  const rollbackTo = connection.statement('ROLLBACK TO job');
  const queue: Job[] = [];
  let working = false;
  let closed = false;
  let paused: Promise<void> | undefined;
  let failing: string | undefined;
  let drained: (() => void) | undefined;

  return {
    run: <T>(work: (scope: Scope) => Promise<T>, options?: { readonly alone?: boolean }) =>
      new Promise<T>((resolve, reject) => {
        const refusal = closed
          ? 'the store is closing'
          : queue.length >= MOST_WAITING
            ? 'too many writes are waiting'
            : undefined;
        if (refusal !== undefined) {
          reject(new StoreUnavailable(refusal));
          return;
        }
        const scope = { live: false, alone: options?.alone === true };
        queue.push({ work, scope, since: performance.now(), resolve: resolve as (value: unknown) => void, reject });
        start();
      }),
    pause(until) {
      paused = until;
    },
    waiting: () => queue.length,
    failing: () => failing,
    drain() {
      closed = true;
      return new Promise((resolve) => {
        if (!working) resolve();
        else drained = resolve;
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
    if (await beginImmediate()) {
      const results: Result[] = [];
      try {
        if (queue[0]?.scope.alone) await runAlone(results);
        else await runShared(results);
        commit.run();
        failing = undefined;
        onCommitted();
        for (const result of results) tell(result);
      } catch (error) {
        if (database.isTransaction) rollback.run();
        giveUp(results, error);
      }
    }
    working = false;
    if (queue.length > 0) start();
    else drained?.();
  }

  /** False when nothing is left to write, because the lock could not be had in time. */
  async function beginImmediate(): Promise<boolean> {
    const since = performance.now();
    for (let tries = 0; queue.length > 0; tries += 1) {
      try {
        begin.run();
        if (tries > 0) log({ kind: 'write-waited', milliseconds: performance.now() - since });
        return true;
      } catch (error) {
        if (!isBusy(error)) {
          giveUp(
            queue.splice(0).map((job) => ({ job, done: UNTOLD })),
            error,
          );
          return false;
        }
      }
      refuseOverdue();
      await sleep(Math.min(2 ** tries, 50));
    }
    return false;
  }

  function refuseOverdue(): void {
    const oldest = performance.now() - MOST_WAIT_MS;
    while (queue[0] !== undefined && queue[0].since < oldest) {
      queue.shift()?.reject(new StoreUnavailable('another process has been writing for too long'));
    }
  }

  async function runAlone(results: Result[]): Promise<void> {
    const job = queue.shift() as Job;
    results.push({ job, done: UNTOLD });
    const done = await settle(job);
    if (done.failed) refuseIfLost(done.error);
    results[0] = { job, done };
    // Nothing of it is kept: what follows commits an empty transaction.
    if (done.failed) {
      rollback.run();
      begin.run();
    }
  }

  /**
   * The batch: strictly one after another, each in a savepoint. A write only awaits the store, and the store answers in
   * microtasks, so no other write, and no other request, runs before the batch has ended.
   */
  async function runShared(results: Result[]): Promise<void> {
    const until = performance.now() + BATCH_MS;
    const stray = createStrayGuard();
    try {
      while (queue[0] !== undefined && !queue[0].scope.alone && results.length < MOST_IN_BATCH) {
        const job = queue.shift() as Job;
        const place = results.push({ job, done: UNTOLD }) - 1;
        savepoint.run();
        const done = await Promise.race([settle(job), stray.during(job)]);
        if (done.failed) {
          refuseIfLost(done.error);
          rollbackTo.run();
        }
        release.run();
        results[place] = { job, done };
        if (performance.now() > until) break;
      }
    } finally {
      stray.end();
    }
  }

  function refuseIfLost(error: unknown): void {
    if (isFailing(error) || !database.isTransaction) throw error;
  }

  /** Only after the commit is anyone told anything, a refusal too: it may rest on a neighbour's row. */
  function tell({ job, done }: Result): void {
    if (done.failed) job.reject(translated(done.error));
    else job.resolve(done.value);
  }

  function giveUp(results: readonly Result[], error: unknown): void {
    const answer = unavailable(error);
    failing = answer.message;
    log({ kind: 'commit-failed', writes: results.length, cause: error });
    for (const { job } of results) job.reject(answer);
  }

  /** A turn of the event loop during a batch means that a write awaited something else: it alone is undone. */
  function createStrayGuard(): { during(job: Job): Promise<Done>; end(): void } {
    let current: { job: Job; resolve: (done: Done) => void } | undefined;
    let timer: NodeJS.Immediate;
    const watch = (): void => {
      timer = setImmediate(() => {
        watch();
        if (current === undefined) return;
        current.job.scope.live = false;
        log({ kind: 'write-strayed' });
        current.resolve({ failed: true, error: new Error('a write awaited something that is not the store') });
      });
    };
    watch();
    return {
      during: (job) =>
        new Promise((resolve) => {
          current = { job, resolve };
        }),
      end: () => clearImmediate(timer),
    };
  }
}

type Done = { readonly failed: false; readonly value: unknown } | { readonly failed: true; readonly error: unknown };

interface Result {
  readonly job: Job;
  readonly done: Done;
}

const UNTOLD: Done = { failed: true, error: new StoreUnavailable('the write was not finished') };

async function settle({ work, scope }: Job): Promise<Done> {
  scope.live = true;
  try {
    return { failed: false, value: await work(scope) };
  } catch (error) {
    return { failed: true, error };
  } finally {
    scope.live = false;
  }
}
