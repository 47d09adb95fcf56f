import { performance } from 'node:perf_hooks';
import type { FairQueue } from '../../directory/index.ts';
import type { Connection } from './connection.ts';
import { type Job, type Result, settle, UNFINISHED } from './job.ts';
import { isFailing } from './sqlite-error.ts';
import { guardAgainstStrays } from './stray.ts';

export interface BatchMeans {
  readonly connection: Connection;
  readonly queue: FairQueue<Job>;
  readonly onStray: () => void;
}

/** One commit holds the event loop no longer than this, fsync apart, and no more writes than this. */
const BATCH_MS = 5;
const MOST_IN_BATCH = 256;

/**
 * Runs the jobs whose turn it is inside the transaction that is open: strictly one after another, each but
 * the first in a savepoint, so that one which throws undoes only itself. Puts each into `results` as soon as it is off the queue.
 *
 * @throws what the database said, when the whole transaction is lost
 */
export async function runShared({ connection, queue, onStray }: BatchMeans, results: Result[]): Promise<void> {
  const until = performance.now() + BATCH_MS;
  const stray = guardAgainstStrays(onStray);
  try {
    while (results.length < MOST_IN_BATCH && queue.first()?.scope.alone === false) {
      const job = queue.next() as Job;
      const place = results.push({ job, done: UNFINISHED }) - 1;
      // Before the first there is nothing that it could undo beside itself, and a savepoint copies each page that is altered.
      const isFirst = place === 0;
      if (!isFirst) connection.statement('SAVEPOINT job').run();
      const done = await Promise.race([settle(job), stray.during(job)]);
      if (done.failed) throwIfLost(connection, done.error);
      if (done.failed && isFirst) {
        results[place] = { job, done };
        startAnew(connection);
        return;
      }
      if (done.failed) connection.statement('ROLLBACK TO job').run();
      if (!isFirst) connection.statement('RELEASE job').run();
      results[place] = { job, done };
      if (performance.now() > until) break;
    }
  } finally {
    stray.end();
  }
}

/** The job whose turn it is has the transaction for itself. When it throws, an empty one is left in its place. */
export async function runAlone({ connection, queue }: BatchMeans, results: Result[]): Promise<void> {
  const job = queue.next() as Job;
  results.push({ job, done: UNFINISHED });
  const done = await settle(job);
  if (done.failed) {
    throwIfLost(connection, done.error);
    startAnew(connection);
  }
  results[0] = { job, done };
}

/** Another process may have the lock by now, so that nothing more is to be written in this one. */
function startAnew(connection: Connection): void {
  connection.statement('ROLLBACK').run();
  connection.statement('BEGIN').run();
}

/** SQLite itself may have ended the transaction: then no neighbour's part is left either. */
function throwIfLost({ database }: Connection, error: unknown): void {
  if (isFailing(error) || !database.isTransaction) throw error;
}
