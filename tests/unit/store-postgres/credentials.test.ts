import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Credential, CredentialStore } from '../../../src/access/index.ts';
import type { OrganizationStore } from '../../../src/directory/index.ts';
import type { StoreEvent } from '../../../src/store/event.ts';
import { openCredentials } from '../../../src/store/postgres/credentials.ts';
import { listen, type Notices } from '../../../src/store/postgres/notices.ts';
import { operatorTables } from '../../../src/store/postgres/operator-tables.ts';
import { openOrganizations } from '../../../src/store/postgres/organizations.ts';
import { openPool, type Pool } from '../../../src/store/postgres/pool.ts';
import { OWNER_SCHEMAS, REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { openSecrets } from '../../../src/store/postgres/secrets.ts';
import { openDatabase, type TestDatabase } from '../../harness/index.ts';
import { AT, LATER } from '../store/fixture.ts';
import { openWay } from './frozen.ts';

/** What each process has of its own. */
interface Process {
  readonly owner: Pool;
  readonly notices: Notices;
  readonly store: CredentialStore & OrganizationStore;
  readonly events: StoreEvent[];
}

let database: TestDatabase;
let processes: Process[];
beforeEach(async () => {
  database = await openDatabase('postgres');
  processes = [];
});
afterEach(async () => {
  await Promise.all(processes.flatMap(({ owner, notices }) => [owner.close(), notices.close()]));
  await database.remove();
});

async function started(url = database.env.DATABASE_OWNER_URL ?? ''): Promise<Process> {
  const events: StoreEvent[] = [];
  const owner = openPool({ url, size: 2, schemas: OWNER_SCHEMAS, onLost: () => undefined });
  const notices = listen({ url, log: (event) => events.push(event) });
  await notices.begun;
  const tables = operatorTables(owner);
  const store = { ...openCredentials({ owner, tables, notices }), ...openOrganizations(owner, tables) };
  const made = { owner, notices, store, events };
  processes.push(made);
  return made;
}

const CREDENTIAL: Credential = {
  id: 'c1',
  directory: 'd1',
  name: 'Okta production',
  hash: 'hash of c1',
  scope: 'provision',
  created: AT,
  expires: undefined,
  revoked: undefined,
  lastUsed: undefined,
};

async function made({ store }: Process): Promise<void> {
  await store.createOrganization({ id: 'o1', slug: 'acme', name: 'Acme', created: AT }, [
    { id: 'd1', organization: 'o1', application: 'app', created: AT },
  ]);
  await store.insertCredential(CREDENTIAL);
}

/** Cuts the connections that listen, as a database that fails over does. */
const cut = async (): Promise<unknown> =>
  database.rows(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' OR application_name = 'joinery notices' AND datname = current_database()",
  );

test('T-DOS-07 tokens that nobody has are asked for a hundred at a time, and leave room for one that somebody has', async () => {
  const { owner, notices, store, events } = await started();
  await made({ owner, notices, store, events });
  let statements = 0;
  const counting: Pool = {
    ...owner,
    use: (directory, work) => {
      statements += 1;
      return owner.use(directory, work);
    },
  };
  const asking = openCredentials({ owner: counting, tables: operatorTables(owner), notices });
  const hashes = Array.from({ length: 249 }, (_, index) => (index === 120 ? CREDENTIAL.hash : `{"nobody's ${index}"}`));
  const found = await Promise.all([...hashes, CREDENTIAL.hash].map((hash) => asking.credentialByHash(hash)));
  expect(found.flatMap((one, index) => (one === undefined ? [] : [[index, one.id]]))).toEqual([
    [120, 'c1'],
    [249, 'c1'],
  ]);
  expect(statements).toBe(3);
});

test('what one process revokes all others hear of at once', async () => {
  const [one, two, three] = [await started(), await started(), await started()];
  await made(one);
  const before = [one, two, three].map(({ store }) => store.credentialEpoch());
  expect(await two.store.revokeCredential('o1', 'c1', LATER)).toBe(true);
  // Its own epoch has moved before anybody is told that it was revoked.
  expect(two.store.credentialEpoch()).not.toBe(before[1]);
  await vi.waitFor(() => {
    for (const [index, { store }] of [one, two, three].entries())
      expect(store.credentialEpoch()).not.toBe(before[index]);
  });
  expect(await three.store.credentialByHash(CREDENTIAL.hash)).toEqual({ ...CREDENTIAL, revoked: LATER });
});

test('so they do of rules and plans that were altered: where a credential leads is looked up again', async () => {
  const [one, two] = [await started(), await started()];
  await made(one);
  for (const alter of [
    () => one.store.setDirectoryPolicy('d1', '{"updates":"ignore"}'),
    () => one.store.alterOrganization('o1', { plan: 'premier', sso: true }),
  ]) {
    const [own, other] = [one.store.credentialEpoch(), two.store.credentialEpoch()];
    await alter();
    expect(one.store.credentialEpoch()).not.toBe(own);
    await vi.waitFor(() => expect(two.store.credentialEpoch()).not.toBe(other));
  }
  expect(await two.store.directoryById('d1')).toEqual({
    directory: { id: 'd1', organization: 'o1', application: 'app', created: AT, policy: '{"updates":"ignore"}' },
    organization: { id: 'o1', slug: 'acme', name: 'Acme', created: AT, plan: 'premier', sso: true },
  });
});

test('a new one, and a last use, are nothing that others need to hear of', async () => {
  const [one, two] = [await started(), await started()];
  const before = two.notices.heard() ?? Number.NaN;
  await made(one);
  await one.store.touchCredential('c1', LATER);
  expect(await two.store.credentialByHash(CREDENTIAL.hash)).toEqual({ ...CREDENTIAL, lastUsed: LATER });
  // What was said before this has been heard when this is.
  await one.store.revokeCredential('o1', 'c1', LATER);
  await vi.waitFor(() => expect(two.notices.heard()).toBe(before + 1));
});

test('while it hears nothing it says so, and what was said meanwhile counts when it hears again', async () => {
  const [one, two] = [await started(), await started()];
  await made(one);
  const before = two.store.credentialEpoch();
  await cut();
  await vi.waitFor(() => expect(two.store.credentialEpoch()).toBeUndefined(), { timeout: 5_000, interval: 1 });
  await vi.waitFor(() => expect(two.store.credentialEpoch()).toBeDefined(), 10_000);
  expect(two.store.credentialEpoch()).not.toBe(before);
  expect(two.events).toMatchObject([{ kind: 'listener-lost' }]);
  // It is one that hears.
  const again = two.store.credentialEpoch();
  await vi.waitFor(() => expect(one.notices.heard()).toBeDefined(), 10_000);
  await one.store.revokeCredential('o1', 'c1', LATER);
  await vi.waitFor(() => expect(two.store.credentialEpoch()).not.toBe(again));
});

test('a connection that is cut silently is noticed before anything that was remembered grows old', async () => {
  const way = await openWay(database.env.DATABASE_OWNER_URL ?? '');
  const one = await started(way.url);
  expect(one.store.credentialEpoch()).toBeDefined();
  way.freeze();
  await vi.waitFor(() => expect(one.store.credentialEpoch()).toBeUndefined(), { timeout: 5_000, interval: 10 });
  way.thaw();
  await vi.waitFor(() => expect(one.store.credentialEpoch()).toBeDefined(), { timeout: 20_000, interval: 10 });
  await way.close();
}, 60_000);

test('a database that cannot be reached keeps nobody from starting, or from stopping', async () => {
  const url = new URL(database.env.DATABASE_OWNER_URL ?? '');
  url.pathname = '/nowhere';
  url.password = 'hunter2';
  const events: StoreEvent[] = [];
  const notices = listen({ url: url.href, log: (event) => events.push(event) });
  await notices.begun;
  expect(notices.heard()).toBeUndefined();
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(1), 5_000);
  await notices.close();
  const told = events.map((event) => ('cause' in event ? String(event.cause) : ''));
  expect(told[0]).toContain('database "nowhere" does not exist');
  expect(told.join()).not.toContain('hunter2');
});

test('processes that ask for a secret first get one and the same', async () => {
  const [one, two] = [await started(), await started()];
  const secrets = await Promise.all(
    Array.from({ length: 8 }, (_, index) => openSecrets((index % 2 === 0 ? one : two).owner).secret('cursor')),
  );
  expect(secrets[0]).toHaveLength(32);
  expect(new Set(secrets.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(1);
});

test('the role that requests have sees none of it', async () => {
  await made(await started());
  const requests = openPool({
    url: database.env.DATABASE_URL,
    size: 1,
    schemas: REQUEST_SCHEMAS,
    onLost: () => undefined,
  });
  for (const table of ['credentials', 'organizations', 'directories', 'secrets', 'fills', 'kysely_migration']) {
    const asked = requests.use('d1', (session) => session.once(`SELECT * FROM joinery_operator.${table}`, []));
    await expect(asked).rejects.toThrow('permission denied');
  }
  await requests.close();
});
