import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { JournalAsked } from '../../directory/index.ts';
import { fairShare } from '../journal.ts';
import { askedBy, JOURNAL_COLUMNS, type JournalValue, rowsOf } from '../journal-row.ts';

/** `joinery.db` → `joinery.journal.db`, beside it: what it holds may be thrown away. */
export function journalFileOf(databaseFile: string): string {
  return `${databaseFile.replace(/\.db$/, '')}.journal.db`;
}

/** The journal's file as its own thread has it. */
export interface JournalDatabase {
  /** As `valuesOf` gives them. */
  keep(values: readonly JournalValue[]): void;
  sweep(kept: { readonly before: string; readonly bytes: number }): void;
}

const TABLE = `CREATE TABLE IF NOT EXISTS calls (
  seq INTEGER PRIMARY KEY,
  directory TEXT NOT NULL,
  request_id TEXT NOT NULL,
  at TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  status INTEGER NOT NULL,
  ms REAL NOT NULL,
  outcome TEXT NOT NULL,
  credential TEXT,
  rewrites TEXT NOT NULL,
  ignored TEXT NOT NULL,
  failed INTEGER NOT NULL,
  aborted INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sent TEXT,
  answered TEXT
) STRICT`;
const INDEXES = [
  'CREATE INDEX IF NOT EXISTS calls_at ON calls (directory, at)',
  'CREATE INDEX IF NOT EXISTS calls_failed ON calls (directory, at) WHERE failed = 1',
  'CREATE INDEX IF NOT EXISTS calls_request ON calls (directory, request_id)',
];
const INSERT = `INSERT INTO calls (directory, ${JOURNAL_COLUMNS}) VALUES (${Array(16).fill('?').join(', ')})`;

/** The file is there: made for its owner alone. */
export function openJournalDatabase(file: string): JournalDatabase {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  // Before the first table. Rows with bodies fill small pages badly: a call takes a fifth less time with these.
  database.exec('PRAGMA page_size = 16384');
  // What was deleted is given back to the disk.
  database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  database.exec('PRAGMA journal_mode = WAL');
  // A power cut may take the last commits, and never what makes the file whole (decision 29).
  database.exec('PRAGMA synchronous = NORMAL');
  database.exec('PRAGMA journal_size_limit = 16777216');
  for (const sql of [TABLE, ...INDEXES]) database.exec(sql);
  const insert = database.prepare(INSERT);
  return {
    keep: (values) =>
      within(database, () => {
        for (const row of rowsOf(values)) insert.run(...row);
      }),
    sweep: (kept) => sweep(database, kept),
  };
}

const SLICE = 1_000;
const OLD = 'SELECT seq, at < ? AS old FROM calls ORDER BY seq LIMIT 1';
const DELETE_OLD = `DELETE FROM calls WHERE seq IN (SELECT seq FROM calls ORDER BY seq LIMIT ${SLICE}) AND at < ?`;
const SIZES = 'SELECT directory, sum(bytes) AS bytes FROM calls GROUP BY directory';
const OLDEST = `SELECT seq, bytes FROM calls WHERE directory = ? ORDER BY seq LIMIT ${SLICE}`;
const DELETE_UPTO = 'DELETE FROM calls WHERE directory = ? AND seq <= ?';

function sweep(database: DatabaseSync, { before, bytes }: { before: string; bytes: number }): void {
  const old = database.prepare(OLD);
  const deleteOld = database.prepare(DELETE_OLD);
  while (old.get(before)?.old === 1 && Number(deleteOld.run(before).changes) > 0);
  const sizes = database.prepare(SIZES).all() as { directory: string; bytes: number }[];
  const share = fairShare(
    sizes.map((one) => one.bytes),
    bytes,
  );
  const oldest = database.prepare(OLDEST);
  const deleteUpTo = database.prepare(DELETE_UPTO);
  for (const { directory, bytes: held } of sizes) {
    for (let surplus = held - share; surplus > 0; ) {
      const freed = deleteOldest({ directory, surplus }, { oldest, deleteUpTo });
      if (freed === 0) break;
      surplus -= freed;
    }
  }
  database.exec('PRAGMA incremental_vacuum');
}

/** Resolves to the bytes that this slice had. */
function deleteOldest(
  { directory, surplus }: { directory: string; surplus: number },
  { oldest, deleteUpTo }: { oldest: StatementSync; deleteUpTo: StatementSync },
): number {
  let freed = 0;
  let last: number | undefined;
  for (const { seq, bytes } of oldest.all(directory) as { seq: number; bytes: number }[]) {
    if (freed >= surplus) break;
    freed += bytes;
    last = seq;
  }
  if (last !== undefined) deleteUpTo.run(directory, last);
  return freed;
}

function within(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const HAS_TABLE = "SELECT 1 FROM sqlite_schema WHERE name = 'calls'";
const CALLS = `SELECT seq, ${JOURNAL_COLUMNS} FROM calls
  WHERE directory = ?1 AND at >= ?2 AND (at, seq) < (?3, ?4)`;
const LATEST = 'ORDER BY at DESC, seq DESC LIMIT ?5';
const ASKED = {
  all: `${CALLS} ${LATEST}`,
  failed: `${CALLS} AND failed = 1 ${LATEST}`,
  request: `${CALLS} AND request_id = ?6 ${LATEST}`,
};

/** Opened for this look alone: seldom asked, and not while calls are answered. */
export function readJournal(file: string, directory: string, asked: JournalAsked): readonly (readonly unknown[])[] {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 1_000 });
  try {
    // A moment after it was made the file is still empty.
    if (database.prepare(HAS_TABLE).get() === undefined) return [];
    const { which, values } = askedBy(asked);
    const statement = database.prepare(ASKED[which], { returnArrays: true });
    return statement.all(directory, ...values) as unknown as readonly unknown[][];
  } finally {
    database.close();
  }
}
