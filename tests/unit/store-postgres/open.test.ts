import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStore, type Store, type StoreEvent } from '../../../src/store/index.ts';
import { checkServer } from '../../../src/store/postgres/check.ts';
import { prepareDatabase } from '../../../src/store/postgres/prepare.ts';
import { cluster } from '../../harness/cluster.ts';
import { openDatabase, type TestDatabase } from '../../harness/index.ts';
import { superuser } from '../../harness/postgres.ts';
import { AT, DIRECTORY, make, OTHER, put, set, user } from '../store/fixture.ts';
import { openWay } from './frozen.ts';

let database: TestDatabase;
let admin: string;
let url: string;
let ownerUrl: string;
const stores: Store[] = [];
const events: StoreEvent[] = [];
/** Of the cluster, so they outlive the database of a test. */
let roles: string[];
let databases: string[];
beforeEach(async () => {
  database = await openDatabase('postgres');
  admin = (await cluster()).superuserUrl;
  url = withPassword(database.env.DATABASE_URL);
  ownerUrl = withPassword(database.env.DATABASE_OWNER_URL ?? '');
  roles = [];
  databases = [];
  events.length = 0;
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await database.remove();
  for (const name of databases) await superuser(admin, `DROP DATABASE ${name} WITH (FORCE)`);
  for (const name of roles) await superuser(admin, `DROP ROLE ${name}`);
});

const PASSWORD = 'hunter2 with a space';
const withPassword = (of: string): string =>
  Object.assign(new URL(of), { password: encodeURIComponent(PASSWORD) }).href;
const within = (of: string, name: string): string => Object.assign(new URL(of), { pathname: `/${name}` }).href;
const as = (role: string, of = url): string => Object.assign(new URL(of), { username: role }).href;

async function open(given: { url?: string; ownerUrl?: string | undefined } = {}): Promise<Store> {
  const store = await openStore({ url, ownerUrl, log: (event) => events.push(event), ...given });
  stores.push(store);
  return store;
}

async function refusal(given: { url?: string; ownerUrl?: string | undefined } = {}): Promise<string> {
  const error: unknown = await open(given).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  // As a log prints it, with all that hangs on it.
  const printed = inspect(error, { depth: 20, showHidden: true });
  for (const secret of ['hunter2', encodeURIComponent(PASSWORD)]) expect(printed).not.toContain(secret);
  return (error as Error).message;
}

async function role(attributes: string, ...statements: readonly string[]): Promise<string> {
  const name = `joinery_test_${randomBytes(6).toString('hex')}`;
  await superuser(admin, `CREATE ROLE ${name} LOGIN ${attributes}`);
  roles.unshift(name);
  for (const statement of statements) await superuser(admin, statement.replaceAll('ROLE_NAME', name));
  return name;
}

async function anotherDatabase(options = ''): Promise<string> {
  const name = `joinery_test_${randomBytes(6).toString('hex')}`;
  await superuser(admin, `CREATE DATABASE ${name} ${options}`);
  databases.push(name);
  return name;
}

const PREPARE = 'Run "joinery database prepare --owner postgres://…" once';

test("without the owner's URL the operator is told what makes one", async () => {
  const words = await refusal({ ownerUrl: undefined });
  expect(words).toContain('DATABASE_OWNER_URL is missing');
  expect(words).toContain(PREPARE);
});

test('T-TEN-11 requests never have a role that row-level security does not hold', async () => {
  expect(await refusal({ url: as('postgres') })).toMatch(
    /^The role "postgres" of DATABASE_URL is a superuser, so it would see all directories\. Run "joinery database prepare/,
  );
  const mighty = await role('BYPASSRLS');
  expect(await refusal({ url: as(mighty) })).toContain(
    `"${mighty}" of DATABASE_URL is allowed to bypass row-level security`,
  );
  const member = await role('', `GRANT ${mighty} TO ROLE_NAME`);
  expect(await refusal({ url: as(member) })).toContain(
    `"${member}" of DATABASE_URL may act as "${mighty}", which is allowed to bypass row-level security`,
  );
  expect(await refusal({ url: ownerUrl })).toContain('"joinery_owner" of DATABASE_URL owns the table joinery.changes');
  const second = await role('', 'GRANT joinery_owner TO ROLE_NAME');
  expect(await refusal({ url: as(second) })).toContain(`"${second}" of DATABASE_URL owns the table`);
});

test('T-TEN-11 tables whose row-level security was switched off are not served', async () => {
  await database.run('ALTER TABLE joinery.memberships DISABLE ROW LEVEL SECURITY');
  expect(await refusal()).toContain('Row-level security is off for the table joinery.memberships');
  await database.run('ALTER TABLE joinery.memberships ENABLE ROW LEVEL SECURITY');
  await database.run('ALTER TABLE joinery.keys NO FORCE ROW LEVEL SECURITY');
  expect(await refusal()).toContain('Row-level security is off for the table joinery.keys');
});

test('two URLs that name different databases are refused before anything is made in either', async () => {
  const other = await anotherDatabase();
  expect(await refusal({ ownerUrl: within(ownerUrl, other) })).toBe(
    'DATABASE_URL and DATABASE_OWNER_URL name different databases.',
  );
  expect(await refusal({ url: within(url, other) })).toBe(
    'DATABASE_URL and DATABASE_OWNER_URL name different databases.',
  );
});

test('two URLs in the place of each other, and an owner that is none, are told in a sentence', async () => {
  const words = await refusal({ url: ownerUrl, ownerUrl: url });
  expect(words).toContain(
    'The role "joinery" of DATABASE_OWNER_URL does not own the tables; the two URLs may have been',
  );
  expect(words).toContain(PREPARE);
  const stranger = await role('');
  expect(await refusal({ ownerUrl: as(stranger, ownerUrl) })).toContain(`The role "${stranger}" of DATABASE_OWNER_URL`);
});

test('a database that was not prepared, and a role that was not, are told what prepares them', async () => {
  const other = await anotherDatabase();
  expect(await refusal({ url: within(url, other), ownerUrl: within(ownerUrl, other) })).toContain(
    'run "joinery database prepare --owner postgres://…" once',
  );
  const stranger = await role('');
  const words = await refusal({ url: as(stranger) });
  expect(words).toContain(`The role "${stranger}" of DATABASE_URL may not read and write joinery.changes`);
  expect(words).toContain(PREPARE);
});

test('a database that is not UTF8, and a server older than 14, are refused', async () => {
  const name = await anotherDatabase("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
  expect(await refusal({ url: within(url, name), ownerUrl: within(ownerUrl, name) })).toContain(
    'encoded in SQL_ASCII: expected UTF8',
  );
  expect(() => checkServer({ version: 13, shown: '13.22', encoding: 'UTF8' })).toThrow(
    'PostgreSQL 13.22 is too old: expected 14 or newer.',
  );
  checkServer({ version: 14, shown: '14.0', encoding: 'UTF8' });
});

test('a database that a newer version wrote is left alone', async () => {
  await database.run("INSERT INTO kysely_migration (name, timestamp) VALUES ('2099-01-01-later', '2099')");
  expect(await refusal()).toContain('newer version of joinery (it has 2099-01-01-later)');
});

test.each([
  ['postgres://joinery:hunter2@[nowhere/joinery', /^DATABASE_URL is no URL that could be read/],
  ['postgres://joinery:hunter2@127.0.0.1:1/joinery', /^The database of DATABASE_URL cannot be reached: .*ECONNREFUSED/],
  [
    'postgres://joinery:hunter2@localhost/joinery?host=/nowhere',
    /^The database of DATABASE_URL cannot be reached: .*ENOENT/,
  ],
])('%s is refused in words, and no password is repeated', async (wrong, words) => {
  expect(await refusal({ url: wrong })).toMatch(words);
  expect(await refusal({ ownerUrl: wrong })).toMatch(
    new RegExp(words.source.replace('DATABASE_URL', 'DATABASE_OWNER_URL')),
  );
});

test('what is written is read by every process, and counted and numbered', async () => {
  const [one, two] = [await open(), await open()];
  for (const store of [one, two]) store.claimServing();
  const [alice, bob] = [user('alice'), user('bob')];
  await put(one, DIRECTORY, alice);
  await put(two, DIRECTORY, bob);
  await put(two, OTHER, user('carol'));
  expect(await two.reader(DIRECTORY).record('User', alice.id)).toMatchObject(alice.record);
  expect(await one.reader(OTHER).record('User', alice.id)).toBeUndefined();
  expect(await two.changesAfter(DIRECTORY, 0, 10)).toMatchObject([
    { seq: 1, set: 1, kind: 'created', subject: alice.id, after: alice.record.text },
    { seq: 2, set: 2, kind: 'created', subject: bob.id },
  ]);
  expect(await one.health()).toEqual({ ready: true, reason: undefined, writesWaiting: 0, listening: true });
  const snapshot = await one.snapshot(DIRECTORY);
  await put(two, DIRECTORY, user('dave'));
  expect((await two.changesAfter(DIRECTORY, 2, 10)).map(({ seq }) => seq)).toEqual([3]);
  snapshot.release();
  await database.numbered();
  expect(await database.rows('SELECT total FROM totals WHERE directory = ?', DIRECTORY)).toEqual([{ total: 3 }]);
  for (const handle of ['', undefined as unknown as string]) {
    expect(() => one.reader(handle)).toThrow(TypeError);
    await expect(one.write(handle, async () => undefined)).rejects.toThrow(TypeError);
    await expect(one.snapshot(handle)).rejects.toThrow(TypeError);
    await expect(one.changesAfter(handle, 0, 1)).rejects.toThrow(TypeError);
    await expect(one.failures(handle)).rejects.toThrow(TypeError);
  }
});

test('a store that is closed finishes its writes, and numbers them', async () => {
  const store = await openStore({ url, ownerUrl });
  const { change } = make(user('a').change.after.type, { userName: 'slow' }, { at: AT });
  const written = store.write(DIRECTORY, async (transaction) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await transaction.commit(set(change));
  });
  await store.close();
  await store.close();
  await written;
  expect(await database.rows('SELECT seq FROM changes')).toEqual([{ seq: 1 }]);
  // Nothing of it is connected any more.
  await vi.waitFor(async () =>
    expect(
      await database.rows(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND usename LIKE 'joinery%'",
      ),
    ).toEqual([]),
  );
});

test('several processes that start on a new database make its tables once', async () => {
  const name = await anotherDatabase();
  const made = { requests: `${name}_requests`, owner: `${name}_owner` };
  const prepared = await prepareDatabase(within(admin, name), made);
  roles.push(made.requests, made.owner);
  const given = { url: prepared.databaseUrl, ownerUrl: prepared.ownerUrl };
  const opened = await Promise.all(Array.from({ length: 6 }, () => open(given)));
  await Promise.all(opened.map((store, index) => put(store, DIRECTORY, user(`user ${index}`))));
  expect(await opened[0]?.changesAfter(DIRECTORY, 0, 100)).toHaveLength(6);
});

test('a database that goes away is told of in words, without its passwords', async () => {
  const [way, ownerWay] = [await openWay(url), await openWay(ownerUrl)];
  const store = await open({ url: way.url, ownerUrl: ownerWay.url });
  await put(store, DIRECTORY, user('a'));
  await Promise.all([way.close(), ownerWay.close()]);
  const error: unknown = await put(store, DIRECTORY, user('b')).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: expect.stringMatching(/^(StoreUnavailable|TransactionConflict)$/) });
  await vi.waitFor(() => expect(events.map(({ kind }) => kind)).toContain('listener-lost'));
  expect((await store.health()).ready).toBe(false);
  const printed = inspect([error, events, await store.health()], { depth: 20, showHidden: true });
  for (const secret of ['hunter2', encodeURIComponent(PASSWORD)]) expect(printed).not.toContain(secret);
});

test("neither database's client is read for the other one", async () => {
  const script = fileURLToPath(new URL('./loaded.ts', import.meta.url));
  const sqlite = await openDatabase('sqlite');
  const loaded = async (env: NodeJS.ProcessEnv): Promise<unknown> =>
    JSON.parse((await promisify(execFile)(process.execPath, [script], { env: { ...process.env, ...env } })).stdout);
  // Kysely brings the tables up to date.
  await loaded(sqlite.env);
  expect(await loaded(sqlite.env)).toEqual(['sqlite']);
  expect(await loaded(database.env)).not.toContain('sqlite');
  await sqlite.remove();
});
