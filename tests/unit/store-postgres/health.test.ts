import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHealth } from '../../../src/store/postgres/health.ts';
import { openPool, type Pool } from '../../../src/store/postgres/pool.ts';
import { OWNER_SCHEMAS, REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { openDatabase, type TestDatabase } from '../../harness/index.ts';
import { openWay } from './frozen.ts';

let database: TestDatabase;
let requests: Pool;
let owner: Pool;
let heard: number | undefined;
beforeEach(async () => {
  database = await openDatabase('postgres');
  heard = 1;
  open();
});
afterEach(async () => {
  await Promise.all([requests.close(), owner.close()]);
  await database.remove();
});

function open(): void {
  const { DATABASE_URL, DATABASE_OWNER_URL = '' } = database.env;
  requests = openPool({ url: DATABASE_URL, size: 2, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  owner = openPool({ url: DATABASE_OWNER_URL, size: 2, schemas: OWNER_SCHEMAS, onLost: () => undefined });
}

const health = (now?: () => number) =>
  createHealth({ requests, owner, notices: { heard: () => heard }, ...(now === undefined ? {} : { now }) });
const reason = async (now?: () => number): Promise<string | undefined> => (await health(now)()).reason;

test('a database that is as it should be is ready; that nobody listens is only told', async () => {
  expect(await health()()).toEqual({ ready: true, reason: undefined, writesWaiting: 0, listening: true });
  heard = undefined;
  expect(await health()()).toMatchObject({ ready: true, listening: false });
});

test.each([
  [-31_000, /^the database's clock is 31 seconds ahead of the server's$/],
  [45_000, /^the database's clock is 45 seconds behind the server's$/],
  [29_000, undefined],
])('a clock of ours that is %i ms off', async (off, words) => {
  const found = await reason(() => Date.now() + off);
  if (words === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(words);
});

test('a database that takes no writes is not ready', async () => {
  const name = new URL(database.env.DATABASE_URL).pathname.slice(1);
  await database.run(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await Promise.all([requests.close(), owner.close()]);
  open();
  expect(await reason()).toBe('the database does not take writes (it is read-only, or a replica)');
});

test('a connection to a server that takes no writes is given up, however often it is used: the next may reach the primary', async () => {
  const name = new URL(database.env.DATABASE_URL).pathname.slice(1);
  await database.run(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await Promise.all([requests.close(), owner.close()]);
  open();
  const ask = health();
  expect((await ask()).ready).toBe(false);
  await database.run(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
  await sleep(1_050);
  expect(await ask()).toMatchObject({ ready: true });

  const [kept, write] = [
    "SELECT set_config('default_transaction_read_only', 'on', false)",
    'UPDATE joinery_operator.organizations SET name = name',
  ];
  const single = openPool({
    url: database.env.DATABASE_OWNER_URL ?? '',
    size: 1,
    schemas: OWNER_SCHEMAS,
    onLost: () => undefined,
  });
  await single.use(undefined, (session) => session.once(kept, []));
  await expect(single.transaction(undefined, (session) => session.run(write))).rejects.toThrow('does not take writes');
  await single.transaction(undefined, (session) => session.run(write));
  await single.close();
});

test('migrations that are missing, or newer than this version, are named', async () => {
  await database.run("INSERT INTO kysely_migration (name, timestamp) VALUES ('2099-01-01-later', '2099')");
  expect(await reason()).toBe('a newer version of joinery has altered the tables (2099-01-01-later)');
  await database.run("DELETE FROM kysely_migration WHERE name IN ('2099-01-01-later', '2026-11-22-directories')");
  expect(await reason()).toBe('the tables of 2026-11-22-directories are missing');
});

test('the role of requests must be let in too, and what is told holds no password', async () => {
  const url = new URL(database.env.DATABASE_URL);
  url.username = 'nobody_here';
  url.password = 'hunter2';
  await requests.close();
  requests = openPool({ url: url.href, size: 2, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  const found = await reason();
  expect(found).toContain('role "nobody_here" does not exist');
  expect(found).not.toContain('hunter2');
});

test('a database that hangs is told of within two seconds, by one connection, and found ready again afterwards', async () => {
  const ask = health();
  // A lock that every look needs to have.
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let held: () => void = () => undefined;
  const isHeld = new Promise<void>((resolve) => {
    held = resolve;
  });
  const holder = owner.transaction(undefined, async (session) => {
    await session.once('LOCK TABLE joinery_operator.kysely_migration', []);
    held();
    await released;
  });
  await isHeld;
  const answers = await Promise.all([ask(), ask(), ask(), ask()]);
  for (const { ready, reason } of answers) {
    expect({ ready, reason }).toEqual({ ready: false, reason: 'the database did not answer within 2 seconds' });
  }
  // None of them took a client that others need.
  expect(owner.waiting() + requests.waiting()).toBe(0);
  release();
  await holder;
  await vi.waitFor(async () => expect((await ask()).ready).toBe(true), { timeout: 10_000, interval: 50 });
});

test('a way to the database that carries nothing any more is told of within two seconds', async () => {
  const way = await openWay(database.env.DATABASE_OWNER_URL ?? '');
  const far = openPool({
    url: way.url,
    size: 2,
    schemas: OWNER_SCHEMAS,
    connectMilliseconds: 1_000,
    onLost: () => undefined,
  });
  const ask = createHealth({ requests, owner: far, notices: { heard: () => 1 } });
  expect((await ask()).ready).toBe(true);
  way.freeze();
  await sleep(1_050);
  expect(await ask()).toMatchObject({ ready: false, reason: 'the database did not answer within 2 seconds' });
  way.thaw();
  await vi.waitFor(async () => expect((await ask()).ready).toBe(true), { timeout: 10_000, interval: 50 });
  await far.close();
  await way.close();
});

test('it asks no more than once a second, whoever asks', async () => {
  let asked = 0;
  const counted: Pool = {
    ...owner,
    use: (directory, work) => {
      asked += 1;
      return owner.use(directory, work);
    },
  };
  const ask = createHealth({ requests, owner: counted, notices: { heard: () => 1 } });
  await Promise.all(Array.from({ length: 20 }, () => ask()));
  await ask();
  expect(asked).toBe(1);
  await sleep(1_050);
  await ask();
  expect(asked).toBe(2);
});
