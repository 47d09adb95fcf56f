import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareDatabase } from '../../src/store/postgres/prepare.ts';
import { type ScimClient, scim, startServer, type TestServer } from '../harness/index.ts';
import { openPostgres, type PostgresServer, superuser } from '../harness/postgres.ts';
import { type PostgresProxy, startPostgresProxy } from './postgres-proxy.ts';

let postgres: PostgresServer;
let proxy: PostgresProxy;
let server: TestServer;
let client: ScimClient;

beforeAll(async () => {
  postgres = await openPostgres({ durable: true });
  await postgres.start();
  await superuser(postgres.url('postgres'), 'CREATE DATABASE joinery');
  proxy = await startPostgresProxy(postgres.folder);
  const roles = { requests: 'joinery', owner: 'joinery_owner' };
  const { databaseUrl, ownerUrl } = await prepareDatabase(postgres.url('joinery'), roles);
  server = await startServer({
    env: { DATABASE_URL: throughProxy(databaseUrl), DATABASE_OWNER_URL: throughProxy(ownerUrl) },
  });
  client = scim(server);
}, 60_000);

afterAll(async () => {
  await server?.close();
  await proxy?.close();
  await postgres?.remove();
});

function throughProxy(url: string): string {
  const changed = new URL(url);
  changed.searchParams.delete('host');
  changed.host = `127.0.0.1:${proxy.port}`;
  return changed.href;
}

const user = (userName: string) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName });

async function countOf(userName: string): Promise<number> {
  const found = await client.get(`/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
  expect(found.status, found.text).toBe(200);
  return found.body.totalResults;
}

describe('T-OPS-01 the database goes away in the middle of a write', () => {
  test('after COMMIT was sent: 503 and no false success; the retry finds the same state', async () => {
    proxy.loseNext({ text: 'COMMIT\0', of: 'committed@example.com', when: 'after' });
    const first = await client.post('/Users', user('committed@example.com'));
    expect(proxy.lost()).toBe(1);
    expect(first.status, first.text).toBe(503);
    expect(first.headers.get('retry-after')).toMatch(/^\d+$/);
    const second = await client.post('/Users', user('committed@example.com'));
    expect(second.status, second.text).toBe(409);
    expect(await countOf('committed@example.com')).toBe(1);
  });

  // The row of a create goes out together with its COMMIT: of neither is it known here what became of it.
  test.each(['COMMIT\0', 'INSERT INTO'])('before %j was heard: 503, and nothing of it is there', async (statement) => {
    const userName = `unheard-${statement.slice(0, 6).toLowerCase()}@example.com`;
    const before = proxy.lost();
    await withNewConnections();
    proxy.loseNext({ text: statement, of: userName, when: 'before' });
    const first = await client.post('/Users', user(userName));
    expect(proxy.lost()).toBe(before + 1);
    expect(first.status, first.text).toBe(503);
    expect(await countOf(userName)).toBe(0);
    const second = await client.post('/Users', user(userName));
    expect(second.status, second.text).toBe(201);
  });

  test('when BEGIN is lost, nothing was kept: it is made again, once', async () => {
    const before = proxy.lost();
    await withNewConnections();
    proxy.loseNext({ text: 'BEGIN', of: 'begin@example.com', when: 'before' });
    const first = await client.post('/Users', user('begin@example.com'));
    expect(proxy.lost()).toBe(before + 1);
    expect(first.status, first.text).toBe(201);
    expect(await countOf('begin@example.com')).toBe(1);
  });

  test('when UPDATE is lost, which is answered before COMMIT is sent: it is made again, once', async () => {
    const { id } = (await client.post('/Users', user('update@example.com'))).body;
    const before = proxy.lost();
    await withNewConnections();
    proxy.loseNext({ text: 'UPDATE resources', of: id, when: 'before' });
    const patched = await client.patch(`/Users/${id}`, [{ op: 'replace', path: 'title', value: 'x' }]);
    expect(proxy.lost()).toBe(before + 1);
    expect(patched.status, patched.text).toBe(200);
    expect(patched.body).toMatchObject({ title: 'x', meta: { version: 'W/"2"' } });
  });
});

/** A statement that was prepared before is sent by its name: a connection that is new has it to send. */
async function withNewConnections(): Promise<void> {
  await superuser(postgres.url('postgres'), CUT);
  await pause(50);
}

const CUT = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'joinery%'`;

describe('T-OPS-01 restart and failover', () => {
  test('while it is down every call says so, and /readyz too; when it is back, all goes on without a restart', async () => {
    const made = await client.post('/Users', user('before@example.com'));
    await postgres.stop('SIGKILL');
    const read = await client.get(`/Users/${made.body.id}`);
    expect([read.status, read.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect((await client.post('/Users', user('meanwhile@example.com'))).status).toBe(503);
    expect(await ready()).toBe(503);
    await postgres.start();
    expect(await within(10_000, async () => (await ready()) === 200)).toBe(true);
    expect((await client.get(`/Users/${made.body.id}`)).status).toBe(200);
    expect((await client.post('/Users', user('meanwhile@example.com'))).status).toBe(201);
  }, 60_000);

  test('connections that are cut while nobody uses them are not noticed', async () => {
    await superuser(postgres.url('postgres'), CUT);
    await pause(50);
    expect((await client.post('/Users', user('after-cut@example.com'))).status).toBe(201);
  });

  test('a database that became a read-only one takes no write, answers reads, and is not ready', async () => {
    await superuser(postgres.url('postgres'), 'ALTER DATABASE joinery SET default_transaction_read_only = on', CUT);
    try {
      await pause(50);
      expect((await client.post('/Users', user('read-only@example.com'))).status).toBe(503);
      expect(await countOf('before@example.com')).toBe(1);
      expect(await within(5_000, async () => (await ready()) === 503)).toBe(true);
    } finally {
      await superuser(postgres.url('postgres'), 'ALTER DATABASE joinery RESET default_transaction_read_only', CUT);
    }
    expect(await within(10_000, async () => (await ready()) === 200)).toBe(true);
    expect((await client.post('/Users', user('read-only@example.com'))).status).toBe(201);
  }, 60_000);
});

async function ready(): Promise<number> {
  return (await fetch(`http://127.0.0.1:${server.port}/readyz`)).status;
}

async function within(milliseconds: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const since = performance.now(); performance.now() - since < milliseconds; await pause(50)) {
    if (await holds()) return true;
  }
  return false;
}
