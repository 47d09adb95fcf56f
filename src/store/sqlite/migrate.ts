import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { openKysely } from './kysely.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { isBusy } from './sqlite-error.ts';

/**
 * Brings the tables up to date, once, however many processes start at the same time: the migrations run inside one
 * transaction that was taken for writing before anyone looked at what has run.
 *
 * @throws Error with a sentence for the operator, when the file was written by a newer version
 */
export async function migrate(writer: Connection): Promise<void> {
  if (isCurrent(writer)) return;
  await beginAlone(writer);
  try {
    if (!isCurrent(writer)) await runMigrations(writer);
    writer.database.exec('COMMIT');
  } catch (error) {
    if (writer.database.isTransaction) writer.database.exec('ROLLBACK');
    throw error;
  }
}

function isCurrent({ database }: Connection): boolean {
  const known = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'kysely_migration'")
    .get();
  if (known === undefined) return false;
  const ran = ranIn(database);
  return Object.keys(MIGRATIONS).every((name) => ran.has(name));
}

/**
 * The migrations that a database has had.
 *
 * @throws Error with a sentence for the operator, when it was written by a newer version
 */
export function ranIn(database: DatabaseSync): ReadonlySet<string> {
  const ran = new Set(
    database
      .prepare('SELECT name FROM kysely_migration')
      .all()
      .map(({ name }) => String(name)),
  );
  const newer = [...ran].filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (newer.length > 0) {
    throw new Error(
      `The database was written by a newer version of joinery (it has ${newer.join(', ')}). Use that one.`,
    );
  }
  return ran;
}

const WAIT_MS = 30_000;
const RETRY_MS = 25;

async function beginAlone({ database }: Connection): Promise<void> {
  for (const since = Date.now(); ; ) {
    try {
      database.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() - since > WAIT_MS) throw error;
      await sleep(RETRY_MS);
    }
  }
}

async function runMigrations({ database }: Connection): Promise<void> {
  const { Migrator } = await import('kysely/migration');
  const db = await openKysely(database);
  const loaded = await Promise.all(
    Object.entries(MIGRATIONS).map(async ([name, load]) => [name, await load()] as const),
  );
  const provider = { getMigrations: async () => Object.fromEntries(loaded) };
  // `SqliteDialect` begins no transaction for a migration, so everything runs in ours.
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}
