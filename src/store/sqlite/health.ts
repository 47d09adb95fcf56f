import { performance } from 'node:perf_hooks';
import type { Health } from '../store.ts';
import { type Connection, row, run } from './connection.ts';
import type { Writer } from './writer.ts';

export interface HealthMeans {
  readonly reads: Connection;
  readonly writes: Connection;
  readonly writer: Writer;
}

const TRY_EVERY_MS = 1_000;

/** After a failed commit it asks the disk again: a server that gets no requests, as it is not ready, has no writes of its own. */
export function createHealth({ reads, writes, writer }: HealthMeans): () => Promise<Health> {
  let tried: Promise<void> = Promise.resolve();
  let triedAt = Number.NEGATIVE_INFINITY;

  return async () => {
    if (writer.failing() !== undefined) await tryAgain();
    const reason = writer.failing() ?? unreadable(reads);
    return { ready: reason === undefined, reason, writesWaiting: writer.waiting() };
  };

  function tryAgain(): Promise<void> {
    if (performance.now() - triedAt < TRY_EVERY_MS) return tried;
    triedAt = performance.now();
    // The writer knows the outcome.
    tried = writer.run(async () => rewriteHead(writes)).catch(() => undefined);
    return tried;
  }
}

/** The number that is there is written again, which nothing goes by: one page, and synced like all others. */
function rewriteHead(writes: Connection): void {
  const version = row(writes, 'PRAGMA user_version')?.[0] as number;
  run(writes, `PRAGMA user_version = ${version}`);
}

function unreadable(reads: Connection): string | undefined {
  try {
    row(reads, 'SELECT 1 FROM organizations LIMIT 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
