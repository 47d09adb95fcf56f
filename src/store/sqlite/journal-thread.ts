import { parentPort, workerData } from 'node:worker_threads';
import { type JournalDatabase, openJournalDatabase } from './journal-database.ts';
import type { JournalReply, JournalRequest } from './journal-worker.ts';

/** The journal's thread, the whole of it. */
const { file } = workerData as { readonly file: string };
let database: JournalDatabase | undefined;

parentPort?.on('message', (request: JournalRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer(request: JournalRequest): JournalReply {
  try {
    database ??= openJournalDatabase(file);
    if (request.kind === 'keep') database.keep(request.values);
    else database.sweep(request);
    return {};
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
