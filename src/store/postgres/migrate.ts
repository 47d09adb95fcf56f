import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { MIGRATIONS } from './migrations/index.ts';

/** All processes that start at once take this lock, one after another. */
const MIGRATING = 0x4a_6f_69_6e;

/**
 * Brings the tables up to date, once, however many processes start at the same time.
 *
 * @throws Error with a sentence for the operator, when the database was written by a newer version, or was not prepared
 */
export async function migrate(ownerUrl: string): Promise<void> {
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    max: 1,
    application_name: 'joinery migrations',
    options: '-c search_path=joinery_operator -c lock_timeout=60000',
  });
  // A connection that breaks is told by the statement that waits for it; between two, it ended the process.
  pool.on('error', () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const ran = await namesRun(pool);
    refuseNewer(ran);
    if (Object.keys(MIGRATIONS).every((name) => ran.has(name))) return;
    await pool.query(`SELECT pg_advisory_lock(${MIGRATING})`);
    const loaded = await Promise.all(
      Object.entries(MIGRATIONS).map(async ([name, load]) => [name, await load()] as const),
    );
    const provider = { getMigrations: async () => Object.fromEntries(loaded) };
    const { error } = await new Migrator({ db, provider, migrationTableSchema: 'joinery_operator' }).migrateToLatest();
    if (error !== undefined) throw error;
  } finally {
    // The lock goes with its connection.
    await db.destroy();
    // Kysely ends the pool only where it has used it, and an idle connection would keep a command waiting.
    if (!pool.ending) await pool.end();
  }
}

async function namesRun(pool: pg.Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ prepared: boolean; known: boolean }>(
    "SELECT to_regnamespace('joinery_operator') IS NOT NULL AS prepared, to_regclass('joinery_operator.kysely_migration') IS NOT NULL AS known",
  );
  if (rows[0]?.prepared !== true) {
    throw new Error(
      'The database has no schema for joinery yet: run "joinery database prepare --owner postgres://…" once, and use the two URLs that it prints.',
    );
  }
  if (!rows[0].known) return new Set();
  const ran = await pool.query<{ name: string }>('SELECT name FROM joinery_operator.kysely_migration');
  return new Set(ran.rows.map(({ name }) => name));
}

function refuseNewer(ran: ReadonlySet<string>): void {
  const newer = [...ran].filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (newer.length === 0) return;
  throw new Error(`The database was written by a newer version of joinery (it has ${newer.join(', ')}). Use that one.`);
}
