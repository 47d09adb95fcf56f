import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { cluster, TEMPLATE } from './cluster.ts';
import { superuser } from './postgres.ts';

/** What runs on one runs on the other: `describe.each(DATABASES)('on %s', (database) => …)`. */
export const DATABASES = ['sqlite', 'postgres'] as const;
export type DatabaseName = (typeof DATABASES)[number];

export type SqlRow = Readonly<Record<string, string | number | bigint | boolean | null>>;

/** A database of a test's own, whose tables are empty. */
export interface TestDatabase {
  readonly name: DatabaseName;
  /** What a server or a command on it has in its environment. */
  readonly env: Readonly<Record<'DATABASE_URL', string> & Partial<Record<'DATABASE_OWNER_URL', string>>>;
  /** The file of a SQLite. */
  readonly file: string | undefined;
  /** Of a PostgreSQL, for whom there is no row-level security. */
  readonly superuserUrl: string | undefined;
  /** What is committed, whoever's it is. Values stand as `?`. */
  rows(sql: string, ...values: readonly (string | number)[]): Promise<SqlRow[]>;
  /** Alters what is stored, behind the store's back. */
  run(sql: string, ...values: readonly (string | number)[]): Promise<void>;
  /** All that it has on the disk, and in memory of it, by name: its log too. */
  kept(): Promise<ReadonlyMap<string, Buffer>>;
  /** Resolves when all history that is committed has its numbers: PostgreSQL's sequencer gives them after the commit. */
  numbered(): Promise<void>;
  remove(): Promise<void>;
}

export async function openDatabase(name: DatabaseName): Promise<TestDatabase> {
  return name === 'sqlite' ? sqliteDatabase() : postgresDatabase();
}

function sqliteDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-'));
  const file = join(folder, 'joinery.db');
  return {
    name: 'sqlite',
    env: { DATABASE_URL: `sqlite:${file}` },
    file,
    superuserUrl: undefined,
    rows: async (sql, ...values) => inFile(file, { readOnly: true }, sql, values),
    run: async (sql, ...values) => void inFile(file, { timeout: 5_000 }, sql, values),
    kept: async () => filesIn(folder),
    numbered: async () => undefined,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function inFile(
  file: string,
  options: DatabaseSyncOptions,
  sql: string,
  values: readonly (string | number)[],
): SqlRow[] {
  const database = new DatabaseSync(file, options);
  try {
    return database.prepare(sql).all(...values) as SqlRow[];
  } finally {
    database.close();
  }
}

function filesIn(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    try {
      files.set(entry.name, readFileSync(join(folder, entry.name)));
    } catch (error) {
      // PostgreSQL makes and removes files of its own meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return files;
}

/** Copied in some 15 ms. */
async function postgresDatabase(): Promise<TestDatabase> {
  const { superuserUrl, databaseUrl, ownerUrl } = await cluster();
  const name = `joinery_${randomBytes(8).toString('hex')}`;
  await superuser(superuserUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
  const within = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const looking = new pg.Pool({
    connectionString: within(superuserUrl),
    max: 1,
    options: '-c search_path=joinery,joinery_operator',
    types: { getTypeParser: (oid: number) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, 'text')) },
  } as pg.PoolConfig);
  // Its connection is cut when the database is dropped, or restarted.
  looking.on('error', () => undefined);
  const rows: TestDatabase['rows'] = async (sql, ...values) => {
    let place = 0;
    const text = sql.replaceAll('?', () => `$${++place}`);
    return (await looking.query<Record<string, SqlRow[string]>>(text, [...values])).rows;
  };
  return {
    name: 'postgres',
    env: { DATABASE_URL: within(databaseUrl), DATABASE_OWNER_URL: within(ownerUrl) },
    file: undefined,
    superuserUrl: within(superuserUrl),
    rows,
    run: async (sql, ...values) => void (await rows(sql, ...values)),
    async kept() {
      await rows('CHECKPOINT');
      const [place] = await rows(
        "SELECT current_setting('data_directory') AS data, oid FROM pg_database WHERE datname = current_database()",
      );
      // Long values are compressed there.
      const tables = await rows(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname LIKE 'joinery%'",
      );
      const texts = await Promise.all(
        tables.map(async ({ name }): Promise<[string, Buffer]> => {
          const all = await rows(`SELECT each::text AS text FROM ${name} each`);
          return [String(name), Buffer.from(all.map(({ text }) => text).join('\n'))];
        }),
      );
      const folders = [join(String(place?.data), 'base', String(place?.oid)), join(String(place?.data), 'pg_wal')];
      return new Map([...folders.flatMap((folder) => [...filesIn(folder)]), ...texts]);
    },
    async numbered() {
      for (const since = performance.now(); ; await pause(5)) {
        const [left] = await rows('SELECT count(*) AS changes FROM changes WHERE seq IS NULL');
        if (left?.changes === 0) return;
        if (performance.now() - since > NUMBERED_WITHIN) throw new Error(`${left?.changes} changes have no number`);
      }
    },
    async remove() {
      await looking.end();
      await superuser(superuserUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

const INT8 = 20;
const NUMBERED_WITHIN = 15_000;
