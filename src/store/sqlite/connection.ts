import { open } from 'node:fs/promises';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Deadline, registerDeadline } from './deadline.ts';

/** One connection to the file, with its statements prepared once for each SQL text. */
export interface Connection {
  readonly database: DatabaseSync;
  /** Rows come as arrays, in the order of the columns asked for: half the cost of objects. */
  statement(sql: string): StatementSync;
  readonly deadline: Deadline;
  /** Unlike every other connection's. */
  readonly number: number;
  /** After a statement was broken off: its next use would report the old failure. */
  forget(sql: string): void;
  close(): void;
}

export type SqlValue = null | number | string;
export type Row = readonly SqlValue[];

export interface ConnectionOptions {
  readonly readOnly: boolean;
}

/**
 * The milliseconds that SQLite itself waits for a lock, blocking the event loop. Beyond them the writer waits
 * asynchronously (`writer.ts`); reads meet a lock only while another process opens or closes the file.
 */
const BUSY_TIMEOUT_MS = 20;

/** While the store opens nothing else runs yet, so waiting for another process blocks nobody. */
const OPENING_TIMEOUT_MS = 10_000;

/** Kibibytes, negative as SQLite has them. */
const WRITER_CACHE = -16_384;
const SMALL_CACHE = -2048;

/**
 * What a long write alters goes to the log while it goes on, a page now and then, and not all at once when it commits:
 * that would hold the event loop for tens of milliseconds.
 */
export async function withSmallCache({ database }: Connection, work: () => Promise<void>): Promise<void> {
  database.exec(`PRAGMA cache_size = ${SMALL_CACHE}`);
  try {
    await work();
  } finally {
    database.exec(`PRAGMA cache_size = ${WRITER_CACHE}`);
  }
  await syncLog(`${database.location()}-wal`);
}

/** On another thread: the commit, which does it in any case, then finds little left to do. */
async function syncLog(file: string): Promise<void> {
  const log = await open(file, 'r').catch(() => undefined);
  await log?.datasync().catch(() => undefined);
  await log?.close();
}

/** Statements made from filters vary in shape: the oldest give way. */
const MOST_STATEMENTS = 500;

let opened = 0;

export function openConnection(file: string, { readOnly }: ConnectionOptions): Connection {
  const database = new DatabaseSync(file, { readOnly, timeout: OPENING_TIMEOUT_MS });
  if (!readOnly) database.exec('PRAGMA journal_mode = WAL');
  // A log that was longer once (`checkpoint.ts`) gives its room back when it begins again.
  if (!readOnly) database.exec('PRAGMA journal_size_limit = 67108864');
  // In WAL mode FULL is what makes a commit survive a power cut: one fsync of the log before COMMIT returns.
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA foreign_keys = ON');
  // The inner pages of every index of a million users, beside rows in use. Each commit looks through all that the writer
  // has: with 64 MiB it took 0.75 ms at 100,000 users, twice what it takes with 16.
  database.exec(`PRAGMA cache_size = ${readOnly ? -65536 : WRITER_CACHE}`);
  // Reads see the file itself instead of copies of its pages: a quarter faster at 100,000 users. Never the writer, whose
  // stray pointer would be in the file.
  if (readOnly) database.exec('PRAGMA mmap_size = 2147418112');
  database.exec('PRAGMA temp_store = MEMORY');
  // Checkpoints are a worker's (`checkpoint.ts`): on this thread they would stop every request.
  database.exec('PRAGMA wal_autocheckpoint = 0');
  // The first read takes the locks that recovery after a crash may need, while waiting is still allowed.
  database.prepare('SELECT count(*) FROM sqlite_schema').get();
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);

  const deadline = registerDeadline(database);
  const statements = new Map<string, StatementSync>();
  opened += 1;
  return {
    database,
    deadline,
    number: opened,
    statement(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = database.prepare(sql, { returnArrays: true });
      if (statements.size >= MOST_STATEMENTS) forgetOldest(statements);
      statements.set(sql, statement);
      return statement;
    },
    forget(sql) {
      statements.delete(sql);
    },
    close() {
      statements.clear();
      if (database.isOpen) database.close();
    },
  };
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

/** All rows; `node:sqlite`'s types do not know that this connection's statements answer with arrays. */
export function rows(connection: Connection, sql: string, ...parameters: readonly SqlValue[]): readonly Row[] {
  return connection.statement(sql).all(...parameters) as unknown as readonly Row[];
}

/** The first row, if there is one. */
export function row(connection: Connection, sql: string, ...parameters: readonly SqlValue[]): Row | undefined {
  return connection.statement(sql).get(...parameters) as unknown as Row | undefined;
}

/** How many rows a statement altered. */
export function run(connection: Connection, sql: string, ...parameters: readonly SqlValue[]): number {
  return connection.statement(sql).run(...parameters).changes as number;
}
