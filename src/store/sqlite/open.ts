import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { directoryId } from '../directory-id.ts';
import { createFiller } from '../filler.ts';
import { createRetention } from '../history-retention.ts';
import { createJournal, USUALLY_KEPT } from '../journal.ts';
import type { Store, StoreOptions } from '../store.ts';
import { fileOf } from '../url.ts';
import { createWalks } from '../walk.ts';
import { createCheckpointer } from './checkpoint.ts';
import { claimServing } from './claim.ts';
import { type Connection, openConnection } from './connection.ts';
import { openCredentials } from './credentials.ts';
import { createEpoch } from './epoch.ts';
import { failurePage, failuresOf } from './failures.ts';
import { makeDatabaseFile } from './file.ts';
import { fillSlice } from './fill.ts';
import { keepFill, storedFills } from './fills.ts';
import { guardState, setGuardState } from './guards.ts';
import { createHealth } from './health.ts';
import { changesAfter } from './history.ts';
import { allDirectories, forgetHistory } from './history-forget.ts';
import { historyReader } from './history-read.ts';
import { openHolds } from './holds.ts';
import { journalOf } from './journal.ts';
import { openKysely } from './kysely.ts';
import { migrate } from './migrate.ts';
import { createMoment } from './moment.ts';
import { openOrganizations } from './organizations.ts';
import { passwordOf } from './passwords.ts';
import { SqliteReader } from './reader.ts';
import { createScanner, SCAN_MS } from './scan.ts';
import { openSecrets } from './secrets.ts';
import { createSnapshots, SNAPSHOT_MS } from './snapshots.ts';
import { isBusy } from './sqlite-error.ts';
import { userCounts } from './tally.ts';
import { SqliteTransaction } from './transaction.ts';
import { createWriter } from './writer.ts';

/** In its own thread. */
const SWEEP_MS = 10 * 60_000;

/** @throws Error with a sentence for the operator, when the file cannot be opened */
export async function openSqlite(options: StoreOptions): Promise<Store> {
  const { url, log = () => undefined, lockMilliseconds = 5_000 } = options;
  const { scanMilliseconds = SCAN_MS, snapshotMilliseconds = SNAPSHOT_MS } = options;
  const file = fileOf(url);
  makeDatabaseFile(file);
  const writes = await openWriting(file);
  await migrate(writes);
  const reads = openConnection(file, { readOnly: true });

  const moment = createMoment(reads);
  const walks = createWalks(() => performance.now());
  const scanner = createScanner({ file, milliseconds: scanMilliseconds, log });
  const writer = createWriter(writes, { log, lockMilliseconds, onCommitted });
  const filler = createFiller({
    stored: async (application) => storedFills(reads, application),
    keep: (fills) =>
      writer.run(async () => {
        for (const fill of fills) keepFill(writes, fill);
      }),
    slice: (fill, type) => writer.run(async () => fillSlice(writes, fill, type)),
    log,
  });
  // A snapshot goes on with what was filled in at its moment; everything else with what is now.
  const ofSnapshots = {
    walks,
    scanner,
    get ready() {
      return filler.ready();
    },
  };
  const snapshots = createSnapshots({ file, means: ofSnapshots, log, lifeMilliseconds: snapshotMilliseconds });
  const checkpointer = createCheckpointer({ file, log, pause: writer.pause, holdReads });
  const health = createHealth({ reads, writes, writer });
  const means = { connection: reads, walks, scanner, moment, ready: (keyName: string) => filler.ready()(keyName) };
  const epoch = createEpoch(writes);
  const seldom = { reads, writes, writer, moment, epoch, readTables: lazily(reads), writeTables: lazily(writes) };
  const kept = options.journal ?? USUALLY_KEPT;
  const journal = createJournal(journalOf(file), { kept, log, sweepMilliseconds: SWEEP_MS });
  const retention = createRetention({
    directories: async () => allDirectories(reads),
    forget: (directory, before) => writer.run(async () => forgetHistory(writes, directory, before)),
    log,
  });
  let letGo: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  return {
    ...openOrganizations(seldom),
    ...openCredentials(seldom),
    ...openSecrets({ writes, writer }),
    ...openHolds(seldom),
    reader: (directory) => new SqliteReader(means, directoryId(directory)),
    async write(directory, work, options) {
      const id = directoryId(directory);
      return writer.run((scope) => work(new SqliteTransaction(writes, id, scope)), { ...options, directory: id });
    },
    async snapshot(directory) {
      return snapshots.take(directoryId(directory));
    },
    claimServing() {
      letGo ??= claimServing(file);
    },
    declare: (applications) => filler.declare(applications),
    health,
    keepHistory: (days) => retention.begin(days),
    history: (directory) => historyReader(reads, directoryId(directory)),
    async changesAfter(directory, seq, limit) {
      return changesAfter(reads, directoryId(directory), { seq, limit });
    },
    async failures(directory) {
      return failuresOf(reads, directoryId(directory));
    },
    async failurePage(directory, asked) {
      return failurePage(reads, directoryId(directory), asked);
    },
    journal,
    async userCounts(directory) {
      return userCounts(reads, directoryId(directory));
    },
    async passwordOf(directory, subject) {
      return passwordOf(reads, directoryId(directory), subject);
    },
    async guardState(directory) {
      return guardState(reads, directoryId(directory));
    },
    async setGuardState(directory, alter) {
      const id = directoryId(directory);
      await writer.run(async () => setGuardState(writes, id, alter), { directory: id });
    },
    close() {
      closing ??= close();
      return closing;
    },
  };

  function onCommitted(): void {
    moment.end();
    checkpointer.committed();
  }

  /** For the checkpointer: whatever stays on one moment for longer than a turn. */
  async function holdReads(): Promise<() => void> {
    const resumes = await Promise.all([snapshots.hold(), scanner.hold()]);
    return () => {
      for (const resume of resumes) resume();
    };
  }

  async function close(): Promise<void> {
    await Promise.all([filler.close(), retention.close(), journal.close()]);
    await writer.drain();
    moment.end();
    await Promise.all([scanner.close(), checkpointer.close()]);
    snapshots.close();
    reads.close();
    writes.close();
    letGo?.();
  }
}

const WAIT_MS = 10_000;
const RETRY_MS = 20;

/** Two processes that open a new file at once: the second waits while the first turns it to WAL. */
async function openWriting(file: string): Promise<Connection> {
  for (const since = performance.now(); ; ) {
    try {
      return openConnection(file, { readOnly: false });
    } catch (error) {
      if (!isBusy(error) || performance.now() - since > WAIT_MS) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`The database file ${file} cannot be opened: ${reason}.`, { cause: error });
      }
      await sleep(RETRY_MS);
    }
  }
}

function lazily({ database }: Connection): () => ReturnType<typeof openKysely> {
  let opened: ReturnType<typeof openKysely> | undefined;
  return () => {
    opened ??= openKysely(database);
    return opened;
  };
}
