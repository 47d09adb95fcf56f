import { describe, expect, test } from 'vitest';
import { userBody, userName } from '../../bench/people.ts';
import { type Seeded, seededId, seedUsers } from '../../bench/seed.ts';
import { part } from '../../bench/world.ts';
import { DATABASES, openDatabase, scim, startServer, type TestDatabase, type TestServer } from '../harness/index.ts';

const USERS = 300;

describe.each(DATABASES)('on %s', (name) => {
  test('a seeded database has, table by table, what one has that was filled through the API', async () => {
    const [posted, seeded] = await Promise.all([openDatabase(name), openDatabase(name)]);
    try {
      await on(posted, fill);
      await on(seeded, async () => undefined);
      await seedUsers({ environment: seeded.env }, USERS);
      const tables = await contents(posted);
      expect(tables.get('resources')).toHaveLength(USERS + 153);
      expect(tables.get('changes')).toHaveLength(USERS + 2 * 153);
      expect(await contents(seeded)).toEqual(tables);
    } finally {
      await Promise.all([posted.remove(), seeded.remove()]);
    }
  });

  test('its counts are what a look at every row would count, and a server goes on from there', async () => {
    const database = await openDatabase(name);
    try {
      await on(database, async () => undefined);
      const seeded = await seedUsers({ environment: database.env }, 2_500, { groupsEach: 3 });
      await expectCounted(database);
      await on(database, (server) => useIt(server, seeded));
      await expectCounted(database);
    } finally {
      await database.remove();
    }
  });
});

async function on(database: TestDatabase, work: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startServer({ database });
  try {
    await work(server);
    await server.numbered();
  } finally {
    await server.close();
  }
}

/** One after another, in the order in which `seedUsers` has them. */
async function fill(server: TestServer): Promise<void> {
  const client = scim(server);
  const ids: string[] = [];
  const post = async (endpoint: string, body: object): Promise<string> => {
    const { status, body: made, text } = await client.post(endpoint, body);
    if (status !== 201) throw new Error(`${status} ${text}`);
    return made.id;
  };
  const group = (displayName: string, members: readonly string[]) =>
    post('/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName,
      members: members.map((value) => ({ value })),
    });
  for (let index = 0; index < USERS; index += 1) ids.push(await post('/Users', userBody(index)));
  const joiners = part(USERS, 0.6, 0.8);
  for (let index = 0; index < USERS / 2; index += 1) {
    const members = [...Array(10).keys()].map((nth) => ids[joiners.first + ((index * 10 + nth) % joiners.count)] ?? '');
    await group(`Team ${index}`, members);
  }
  for (let index = 0; index < 3; index += 1) await group(`Region ${index}`, ids.slice(USERS * 0.8, USERS * 0.9));
}

/** What is of the installation, and not of the directory. The journal is no part of what a seeded database has. */
const OTHER_TABLES = /^(?:sqlite_|kysely_|organizations$|directories$|credentials$|secrets$|fills$|journal$)/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d{2}-\d{2}T[\d:.]+Z/g;

/** All rows of all tables: ids told by whose they are, or by when they are first met; no times. */
async function contents(database: TestDatabase): Promise<Map<string, readonly string[]>> {
  const names = new Map<string, string>();
  for (const { id, name_key } of await database.rows('SELECT id, name_key FROM resources')) {
    names.set(String(id), String(name_key));
  }
  const named = (uuid: string): string => {
    const name = names.get(uuid) ?? `#${names.size}`;
    names.set(uuid, name);
    return name;
  };
  const tables = new Map<string, readonly string[]>();
  for (const table of await tablesOf(database)) {
    const order = table === 'changes' ? ' ORDER BY seq' : '';
    const rows = (await database.rows(`SELECT * FROM ${table}${order}`)).map((row) =>
      JSON.stringify(row).replace(UUID, named).replace(TIME, '…'),
    );
    tables.set(table, order === '' ? rows.sort() : rows);
  }
  return tables;
}

async function tablesOf({ name, rows }: TestDatabase): Promise<readonly string[]> {
  const all =
    name === 'sqlite'
      ? await rows(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
      : await rows(`SELECT tablename::text AS name FROM pg_tables WHERE schemaname LIKE 'joinery%' ORDER BY tablename`);
  return all.map(({ name }) => String(name)).filter((table) => !OTHER_TABLES.test(table));
}

async function expectCounted(database: TestDatabase): Promise<void> {
  const counted = await database.rows('SELECT type, count(*) AS total FROM resources GROUP BY type ORDER BY type');
  expect(await database.rows('SELECT type, total FROM totals ORDER BY type')).toEqual(counted);
  const inactive = await database.rows('SELECT sum(inactive) AS n FROM totals');
  expect(inactive.map(({ n }) => Number(n))).toEqual([0]);
  const members = `SELECT group_id, count(*) AS members FROM memberships GROUP BY group_id ORDER BY group_id`;
  const kept = `SELECT id AS group_id, member_count AS members FROM resources WHERE type = 'Group' ORDER BY id`;
  expect(await database.rows(kept)).toEqual(await database.rows(members));
  const last = await database.rows('SELECT count(*) AS last_seq FROM changes');
  expect(await database.rows('SELECT last_seq FROM histories')).toEqual(last);
  if (database.name !== 'sqlite') return;
  const blocks = 'SELECT type, seq / 1000 AS block, count(*) AS total FROM resources GROUP BY 1, 2 ORDER BY 1, 2';
  expect(await database.rows('SELECT type, block, total FROM blocks ORDER BY 1, 2')).toEqual(
    await database.rows(blocks),
  );
}

async function useIt(server: TestServer, { smallGroups, bigGroups }: Seeded): Promise<void> {
  const client = scim(server);
  const { body: page } = await client.get('/Users?startIndex=2001&count=100');
  expect(page.totalResults).toBe(2_500);
  expect(page.Resources[99].id).toBe(seededId(2_099));
  expect(page.Resources[99].groups).toHaveLength(6);
  const { body: found } = await client.get(`/Users?filter=${encodeURIComponent(`userName eq "${userName(1_234)}"`)}`);
  expect(found.Resources[0].id).toBe(seededId(1_234));
  expect((await client.get(`/Groups/${smallGroups[7]}`)).body.members).toHaveLength(10);
  expect((await client.get(`/Groups/${bigGroups[2]}`)).body.members).toHaveLength(250);
  expect((await client.post('/Users', userBody(1))).status).toBe(409);
  expect((await client.post('/Users', userBody(2_500))).status).toBe(201);
  expect((await client.delete(`/Users/${seededId(2_100)}`)).status).toBe(204);
  const { body: last } = await client.get('/Users?startIndex=2500&count=1');
  expect(last.Resources[0].userName).toBe(userName(2_500));
}
