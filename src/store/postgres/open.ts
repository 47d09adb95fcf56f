import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from '../../directory/index.ts';
import { directoryId } from '../directory-id.ts';
import { createFiller } from '../filler.ts';
import { createRetention } from '../history-retention.ts';
import { createJournal, USUALLY_KEPT } from '../journal.ts';
import { createLane } from '../lane.ts';
import type { Store, StoreOptions } from '../store.ts';
import { createWalks } from '../walk.ts';
import { checkDatabase, PREPARE } from './check.ts';
import { openCredentials } from './credentials.ts';
import { failurePage, failuresOf } from './failures.ts';
import { fillsOf } from './fill.ts';
import { guardState, setGuardState } from './guards.ts';
import { createHealth } from './health.ts';
import { allDirectories, forgetHistory } from './history-forget.ts';
import { changesAfter } from './history-read.ts';
import { historyReader } from './history-reader.ts';
import { holdById, holds } from './holds.ts';
import { journalOf } from './journal.ts';
import { migrate } from './migrate.ts';
import { listen } from './notices.ts';
import { operatorTables } from './operator-tables.ts';
import { openOrganizations } from './organizations.ts';
import type { PageMeans } from './page.ts';
import { passwordOf } from './passwords.ts';
import { openPool, type Session } from './pool.ts';
import { OWNER_SCHEMAS, REQUEST_SCHEMAS } from './prepare.ts';
import { PostgresReader } from './reader.ts';
import type { Reading } from './reading.ts';
import { refreshOften } from './refresh.ts';
import { createScanner, SCAN_MS } from './scan.ts';
import { openSecrets } from './secrets.ts';
import { createSequencer } from './sequencer.ts';
import { createSharedLookups } from './shared-lookups.ts';
import { createSnapshots, MOST_OPEN, SNAPSHOT_MS } from './snapshots.ts';
import { createStatistics } from './statistics.ts';
import { told } from './told.ts';
import { transact } from './transaction.ts';
import { userCounts } from './user-counts.ts';

/** What requests wait for of the owner's: a token that is not remembered. */
const OWNER_CLIENTS = 4;
/** The sequencer's lanes, and one for statistics and fills: no request waits for what happens behind its back. */
const BACKGROUND_CLIENTS = 3;
const REQUEST_CLIENTS = 10;
/** The share of the requests' clients that no write has. */
const FOR_READS = 0.2;
const WRITES_WAITING = { mostOfOneDirectory: 2_000, most: 10_000 };
const WRITE_WAIT_MS = 10_000;
/** Directory by directory. */
const SWEEP_MS = 60 * 60_000;
/** A database that is gone answers to no farewell. */
const FAREWELL_MS = 3_000;

/** @throws Error with a sentence for the operator, when the database cannot be opened, or is not what it should be */
export async function openPostgres(options: StoreOptions): Promise<Store> {
  const { url, ownerUrl, connections = REQUEST_CLIENTS, lockMilliseconds, log = () => undefined } = options;
  const { scanMilliseconds = SCAN_MS, snapshotMilliseconds = SNAPSHOT_MS } = options;
  if (ownerUrl === undefined)
    throw new Error(`PostgreSQL takes two URLs, and DATABASE_OWNER_URL is missing. ${PREPARE}`);
  await checkDatabase({ url, ownerUrl }, () => migrate(ownerUrl));

  const onLost = (cause: unknown): void => log({ kind: 'connection-lost', cause: told(cause) });
  const ofRequests = { url, schemas: REQUEST_SCHEMAS, onLost };
  const ofOwner = { url: ownerUrl, schemas: OWNER_SCHEMAS, onLost };
  const locks = lockMilliseconds === undefined ? {} : { lockMilliseconds };
  const requests = openPool({ ...ofRequests, ...locks, size: connections });
  const reading = openPool({ ...ofRequests, size: MOST_OPEN });
  const owner = openPool({ ...ofOwner, size: OWNER_CLIENTS });
  const background = openPool({ ...ofOwner, size: BACKGROUND_CLIENTS });
  // Whether we are ready is not a question of how much there is to do.
  const asking = openPool({ ...ofOwner, size: 1 });

  const notices = listen({ url: ownerUrl, log });
  const statistics = createStatistics({ pool: background, log });
  const sequencer = createSequencer({ pool: background, log, onNumbered: statistics.numbered });
  const filler = createFiller({ ...fillsOf(background), log });
  let endRefreshing: (() => Promise<void>) | undefined;
  const scanner = createScanner({ pool: requests, milliseconds: scanMilliseconds, log });
  const walks = createWalks(() => performance.now());
  const lookUp = createSharedLookups(requests);
  const means = { walks, scanner, ready: (keyName: string) => filler.ready()(keyName) };
  // A snapshot goes on with what was filled in at its moment; everything else with what is now.
  const ofSnapshots = {
    walks,
    scanner,
    get ready() {
      return filler.ready();
    },
  };
  const snapshots = createSnapshots({ pool: reading, means: ofSnapshots, lifeMilliseconds: snapshotMilliseconds });
  const health = createHealth({ requests, owner: asking, notices });
  const writers = createLane<() => Promise<unknown>, unknown>({
    run: (write) => write(),
    // A write holds its client while it waits for a lock. Reads never wait for all of them, nor one directory for another's.
    atOnce: Math.max(1, connections - Math.ceil(connections * FOR_READS)),
    atOnceOfOneDirectory: Math.max(1, Math.floor(connections / 2)),
    waiting: WRITES_WAITING,
    waitMilliseconds: WRITE_WAIT_MS,
  });
  const tables = operatorTables(owner);
  const kept = options.journal ?? USUALLY_KEPT;
  const journal = createJournal(journalOf({ background, requests }), { kept, log, sweepMilliseconds: SWEEP_MS });
  const retention = createRetention({
    directories: () => background.use(undefined, allDirectories),
    forget: (directory, before) =>
      background.transaction(undefined, (session) => forgetHistory(session, directory, before)),
    log,
  });
  let closing: Promise<void> | undefined;
  await notices.begun;

  return {
    ...openOrganizations(owner, tables),
    ...openCredentials({ owner, tables, notices }),
    ...openSecrets(owner),
    reader: (directory) => readerOf(directoryId(directory)),
    async write<T>(directory: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
      const id = directoryId(directory);
      const reader = (session: Session) => readerIn(session, id);
      const written = await writers.run(id, () => transact(requests, { directory: id, reader, work }));
      sequencer.dirty(id);
      return written as T;
    },
    async snapshot(directory) {
      return snapshots.take(directoryId(directory));
    },
    // As many servers as want to may serve one database.
    claimServing: () => undefined,
    async declare(applications) {
      await filler.declare(applications);
      endRefreshing ??= refreshOften(filler, log);
    },
    health,
    keepHistory: (days) => retention.begin(days),
    history: (directory) => historyReader({ pool: requests, sequencer }, directoryId(directory)),
    async changesAfter(directory, seq, limit) {
      return changesAfter({ pool: requests, sequencer }, directoryId(directory), { seq, limit });
    },
    failures: (directory) => on(directory, failuresOf),
    failurePage: (directory, asked) => on(directory, (reading) => failurePage(reading, asked)),
    journal,
    userCounts: (directory) => on(directory, userCounts),
    passwordOf: (directory, subject) => on(directory, (reading) => passwordOf(reading, subject)),
    guardState: (directory) => on(directory, guardState),
    async setGuardState(directory, alter) {
      const id = directoryId(directory);
      await requests.transaction(id, (session) => setGuardState({ session, directory: id }, alter));
    },
    holds: (directory, asked) => on(directory, (reading) => holds(reading, asked)),
    holdById: (id) => owner.use(undefined, (session) => holdById(session, id)),
    close() {
      closing ??= close();
      return closing;
    },
  };

  async function on<T>(directory: string, read: (reading: Reading) => Promise<T>): Promise<T> {
    const id = directoryId(directory);
    return requests.use(id, (session) => read({ session, directory: id }));
  }

  function readerOf(directory: string): PostgresReader {
    const read: PageMeans['read'] = (work) => requests.use(directory, (session) => work({ session, directory }));
    return new PostgresReader({ ...means, lookUp, read }, directory);
  }

  /** In a transaction everything is read on its client. */
  function readerIn(session: Session, directory: string): PostgresReader {
    return new PostgresReader({ ready: means.ready, read: (work) => work({ session, directory }) }, directory);
  }

  async function close(): Promise<void> {
    await Promise.all([endRefreshing?.(), retention.close(), filler.close(), journal.close()]);
    await writers.idle();
    writers.close();
    await sequencer.close();
    await Promise.all([statistics.close(), scanner.close(), notices.close()]);
    snapshots.close();
    const closed = Promise.all([requests, reading, owner, background, asking].map((pool) => pool.close()));
    await Promise.race([closed, sleep(FAREWELL_MS, undefined, { ref: false })]);
  }
}
