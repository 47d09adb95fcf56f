import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, superuser, type TestDatabase } from '../harness/index.ts';
import { breachesOf, columnsOf, undeclared } from './wall.ts';

let database: TestDatabase;
let requests: pg.Client;
let operator: pg.Client;
const [ACME, GLOBEX] = ['acme', 'globex'] as const;

beforeAll(async () => {
  database = await openDatabase('postgres');
  requests = await connected(database.env.DATABASE_URL);
  operator = await connected(database.superuserUrl ?? '');
  const { rows } = await operator.query<{ name: string }>(
    "SELECT 'joinery.' || tablename AS name FROM pg_tables WHERE schemaname = 'joinery' ORDER BY 1",
  );
  for (const { name } of rows) for (const directory of [ACME, GLOBEX]) await addRow(name, directory);
});

afterAll(async () => {
  await Promise.all([requests.end(), operator.end()]);
  await database.remove();
});

describe('T-TEN-08 the second wall: what a connection of requests is not set to, it does not have', () => {
  test('unset it sees and reaches no row; set to a directory only that one’s, and only as much as requests do', async () => {
    expect(await breachesOf(requests, [ACME, GLOBEX])).toEqual([]);
    expect(await breachesOf(requests, [GLOBEX, ACME])).toEqual([]);
  });

  test('every table is declared so, also one that comes later, and the roles are held to it', async () => {
    expect(await undeclared(operator)).toEqual([]);
  });

  test('history is added to, and neither altered nor taken away', async () => {
    await requests.query("SELECT set_config('joinery.directory', $1, false)", [ACME]);
    const columns = (await columnsOf(operator, 'joinery.changes')).filter((name) => name !== 'place').join(', ');
    const added = await requests.query(
      `INSERT INTO joinery.changes (place, ${columns}) SELECT place + 1, ${columns.replace('seq', 'NULL')} FROM joinery.changes`,
    );
    expect(added.rowCount).toBe(1);
    for (const sql of ["UPDATE joinery.changes SET subject = 'x'", 'DELETE FROM joinery.changes']) {
      expect((await requests.query(sql)).rowCount, sql).toBe(0);
    }
    await operator.query('DELETE FROM joinery.changes WHERE place <> 1');
    await requests.query("SELECT set_config('joinery.directory', '', false)");
  });

  test('the owner is held to a policy too, which is its own and shows it everything', async () => {
    const owner = await connected(database.env.DATABASE_OWNER_URL ?? '');
    try {
      expect((await owner.query('SELECT 1 FROM joinery.resources')).rowCount).toBe(2);
      await owner.query('BEGIN');
      await owner.query('DROP POLICY owner ON joinery.resources');
      expect((await owner.query('SELECT 1 FROM joinery.resources')).rowCount).toBe(0);
      await owner.query('ROLLBACK');
    } finally {
      await owner.end();
    }
  });
});

describe('T-TEN-08 and if the wall were not there, this would be seen', () => {
  const PLANTED: readonly (readonly [string, string, string])[] = [
    ['a policy is dropped', 'DROP POLICY own_directory ON joinery.resources', 'both'],
    ['row-level security is off', 'ALTER TABLE joinery.memberships DISABLE ROW LEVEL SECURITY', 'both'],
    ['it is not forced', 'ALTER TABLE joinery.keys NO FORCE ROW LEVEL SECURITY', 'declaration'],
    ['a policy shows everything', 'CREATE POLICY more ON joinery.failures FOR SELECT USING (true)', 'both'],
    [
      'a policy lets everything be written',
      "DROP POLICY own_directory ON joinery.keys; CREATE POLICY own_directory ON joinery.keys USING (directory = current_setting('joinery.directory', true)) WITH CHECK (true)",
      'both',
    ],
    [
      'history may be altered',
      "CREATE POLICY more ON joinery.changes FOR UPDATE USING (directory = current_setting('joinery.directory', true))",
      'breach',
    ],
    [
      'a table comes without',
      'CREATE TABLE joinery.later (directory text NOT NULL, x text); GRANT ALL ON joinery.later TO joinery',
      'both',
    ],
    [
      'a view looks past it',
      'CREATE VIEW joinery.people AS SELECT * FROM joinery.resources; GRANT ALL ON joinery.people TO joinery',
      'both',
    ],
    [
      'requests may read credentials',
      'GRANT USAGE ON SCHEMA joinery_operator TO joinery; GRANT SELECT ON joinery_operator.credentials TO joinery',
      'both',
    ],
  ];

  test.each(PLANTED)('%s', async (_, sql, shows) => {
    const own = await openDatabase('postgres');
    const [client, looking] = [await connected(own.env.DATABASE_URL), await connected(own.superuserUrl ?? '')];
    try {
      await copyRows(looking);
      expect(await breachesOf(client, [ACME, GLOBEX])).toEqual([]);
      await superuser(own.superuserUrl ?? '', sql);
      await copyRows(looking);
      const [breaches, declared] = [await breachesOf(client, [ACME, GLOBEX]), await undeclared(looking)];
      expect(breaches.length > 0, breaches.join('\n')).toBe(shows !== 'declaration');
      expect(declared.length > 0, declared.join('\n')).toBe(shows !== 'breach');
    } finally {
      await Promise.all([client.end(), looking.end()]);
      await own.remove();
    }
  });

  async function copyRows(looking: pg.Client): Promise<void> {
    const { rows } = await looking.query<{ name: string }>(
      "SELECT 'joinery.' || tablename AS name FROM pg_tables WHERE schemaname = 'joinery'",
    );
    for (const { name } of rows) {
      for (const directory of [ACME, GLOBEX]) await addRow(name, directory, looking);
    }
  }
});

/** A row, whatever the table's columns are; nothing where the directory has one. */
async function addRow(table: string, directory: string, client = operator): Promise<void> {
  const columns = await columnsOf(client, table);
  const values = columns.map((name) => (name === 'directory' ? `'${directory}'` : `'1'`));
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')}
    WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE directory = '${directory}')`;
  await client.query(sql);
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
