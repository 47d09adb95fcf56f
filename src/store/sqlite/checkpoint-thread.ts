import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointReply, CheckpointRequest } from './checkpoint-worker.ts';

/** The checkpointer's thread, the whole of it. Writes stand still while it waits for reads to move on. */
const WAIT_MS = 250;

const database = new DatabaseSync((workerData as { file: string }).file, { timeout: WAIT_MS });
database.exec('PRAGMA synchronous = FULL');
database.exec('PRAGMA wal_autocheckpoint = 0');
const pageSize = Number(database.prepare('PRAGMA page_size').get()?.page_size);
const statements = {
  passive: database.prepare('PRAGMA wal_checkpoint(PASSIVE)'),
  restart: database.prepare('PRAGMA wal_checkpoint(RESTART)'),
};

parentPort?.on('message', (request: CheckpointRequest) => {
  parentPort?.postMessage(checkpoint(request));
});

function checkpoint(request: CheckpointRequest): CheckpointReply {
  try {
    const { busy, log, checkpointed } = statements[request].get() as {
      busy: number;
      log: number;
      checkpointed: number;
    };
    const bytes = Math.max(log, 0) * pageSize;
    const left = Math.max(log - checkpointed, 0) * pageSize;
    return { bytes, left: busy === 0 ? left : Math.max(left, 1) };
  } catch (error) {
    return { bytes: 0, left: 0, error: error instanceof Error ? error.message : String(error) };
  }
}
