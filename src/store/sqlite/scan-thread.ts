import { parentPort, workerData } from 'node:worker_threads';
import { openConnection } from './connection.ts';
import type { ScanReply, ScanRequest } from './scan-worker.ts';
import { atOneMoment, search } from './search.ts';

/** A read worker (decision 11): the whole of its thread. */
const connection = openConnection((workerData as { file: string }).file, { readOnly: true });
// What is sorted here may be every value of an attribute, of everyone: past the cache it goes to a file that has no name.
connection.database.exec('PRAGMA temp_store = FILE');

parentPort?.on('message', (request: ScanRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer({ search: asked, milliseconds }: ScanRequest): ScanReply {
  connection.deadline.allow(milliseconds);
  try {
    return { kind: 'found', page: atOneMoment(connection, () => search(connection, asked)) };
  } catch (error) {
    if (connection.deadline.passed()) return { kind: 'late' };
    const { errcode } = error as { errcode?: number };
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error), errcode };
  }
}
