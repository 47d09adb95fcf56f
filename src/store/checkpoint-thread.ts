import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointReply, CheckpointRequest } from './checkpoint.ts';

/** The checkpointer's thread. A checkpoint that empties the log waits this long for reads to move on. */
const WAIT_MS = 1_000;

const database = new DatabaseSync((workerData as { file: string }).file, { timeout: WAIT_MS });
database.exec('PRAGMA synchronous = FULL');
database.exec('PRAGMA wal_autocheckpoint = 0');
const pageSize = Number(database.prepare('PRAGMA page_size').get()?.page_size);
const statements = {
  passive: database.prepare('PRAGMA wal_checkpoint(PASSIVE)'),
  truncate: database.prepare('PRAGMA wal_checkpoint(TRUNCATE)'),
};

parentPort?.on('message', (request: CheckpointRequest) => {
  parentPort?.postMessage(checkpoint(request));
});

function checkpoint(request: CheckpointRequest): CheckpointReply {
  try {
    const pages = Number(statements[request].get()?.log);
    return { bytes: Math.max(pages, 0) * pageSize };
  } catch (error) {
    return { bytes: 0, error: error instanceof Error ? error.message : String(error) };
  }
}
