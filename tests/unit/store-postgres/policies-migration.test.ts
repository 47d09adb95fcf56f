import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/store/index.ts';
import { MIGRATIONS } from '../../../src/store/postgres/migrations/index.ts';
import { openDatabase, type TestDatabase } from '../../harness/index.ts';
import { AT, DIRECTORY, OTHER, put, user } from '../store/fixture.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await openDatabase('postgres');
});
afterEach(() => database.remove());

test('a database of the version before has its inactive users counted, all of them owned, and nobody’s rules altered', async () => {
  await before();
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = database.env;
  const store = await openStore({ url, ownerUrl });
  // Some of what was done had not been numbered yet.
  expect(await store.userCounts(DIRECTORY)).toEqual({ total: 5, active: 3 });
  expect(await store.userCounts(OTHER)).toEqual({ total: 1, active: 0 });
  await database.numbered();
  expect(await store.userCounts(DIRECTORY)).toEqual({ total: 5, active: 3 });
  expect(await store.userCounts(OTHER)).toEqual({ total: 1, active: 0 });
  await put(store, DIRECTORY, user('new', { active: false }));
  expect(await store.userCounts(DIRECTORY)).toEqual({ total: 6, active: 3 });

  expect(await store.reader(DIRECTORY).record('User', 'u1')).toStrictEqual({
    ...{ type: 'User', id: 'u1', version: 1, created: AT, modified: AT, active: false, memberCount: 0, text: '{}' },
    groups: [],
  });
  expect(await store.organizationBySlug('acme')).toStrictEqual({ id: 'o1', slug: 'acme', name: 'Acme', created: AT });
  expect((await store.directoryById(DIRECTORY))?.directory).not.toHaveProperty('policy');
  await store.close();
});

/** As it was written before there were rules. */
async function before(): Promise<void> {
  const pool = new pg.Pool({
    connectionString: database.env.DATABASE_OWNER_URL,
    max: 1,
    options: '-c search_path=joinery,joinery_operator',
  });
  const made = await pool.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname LIKE 'joinery%'",
  );
  await pool.query(`DROP TABLE ${made.rows.map(({ name }) => name).join(', ')} CASCADE`);
  const counting = await pool.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences WHERE schemaname LIKE 'joinery%'",
  );
  await pool.query(`DROP SEQUENCE ${counting.rows.map(({ name }) => name).join(', ')}`);

  const older = Object.entries(MIGRATIONS).filter(([name]) => name < '2026-11-24');
  const loaded = await Promise.all(older.map(async ([name, load]) => [name, await load()] as const));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const provider = { getMigrations: async () => Object.fromEntries(loaded) };
  const { error } = await new Migrator({ db, provider, migrationTableSchema: 'joinery_operator' }).migrateToLatest();
  expect(error).toBeUndefined();

  await pool.query('INSERT INTO organizations VALUES ($1, $2, $3, $4)', ['o1', 'acme', 'Acme', AT]);
  for (const [directory, application, users, numbered] of [
    [DIRECTORY, 'app', 5, 3],
    [OTHER, 'board', 1, 0],
  ] as const) {
    await pool.query('INSERT INTO directories VALUES ($1, $2, $3, $4)', [directory, 'o1', application, AT]);
    await pool.query(
      `INSERT INTO resources (directory, type, id, version, created, modified, active, member_count, name_key, twin, label, text, shape)
       SELECT $1, 'User', 'u' || i, 1, $2, $2, i % 2 = 0 AND $3 > 1, 0, 'u' || i, '', 'x', '{}', '{}' FROM generate_series(0, $3 - 1) i`,
      [directory, AT, users],
    );
    await pool.query(
      `INSERT INTO changes (directory, set_number, place, seq, at, by_kind, by_id, by_name, request_id, kind, type, subject)
       SELECT $1, nextval('change_sets'), 0, CASE WHEN i < $4 THEN i + 1 END, $2, '', '', '', '', 'created', 'User', 'u' || i
       FROM generate_series(0, $3 - 1) i`,
      [directory, AT, users, numbered],
    );
    if (numbered === 0) continue;
    await pool.query("INSERT INTO totals VALUES ($1, 'User', $2)", [directory, numbered]);
    await pool.query('INSERT INTO histories VALUES ($1, $2)', [directory, numbered]);
  }
  await db.destroy();
}
