import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  DATABASES,
  openDatabase,
  runCommand,
  type ScimClient,
  type SqlRow,
  scim,
  startServer,
  type TestDatabase,
  type TestServer,
} from '../harness/index.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const MiB = 2 ** 20;
const WITHIN = { timeout: 10_000, interval: 200 };

describe.each(DATABASES)('what fails of a whole connection, on %s', (name) => {
  let database: TestDatabase;
  let server: TestServer;
  let client: ScimClient;

  beforeEach(async () => {
    database = await openDatabase(name);
    await start();
  });
  afterEach(async () => {
    await server.close();
    await database.remove();
  });

  async function start(): Promise<void> {
    // Beyond 64 KiB no body has room in a directory.
    server = await startServer({ database, limits: { directoryBodyBytes: 1 } });
    client = scim(server);
  }

  const rows = (): Promise<SqlRow[]> =>
    server.rows(
      "SELECT reason, label, operation, times, request_id FROM failures WHERE type = 'Connection' ORDER BY reason",
    );

  /** What is noted comes a moment after the reply. */
  async function become(expected: readonly Partial<Record<string, unknown>>[]): Promise<SqlRow[]> {
    for (const since = performance.now(); ; await pause(50)) {
      const found = await rows();
      const isIt = found.length === expected.length && expected.every((each, index) => matches(found[index], each));
      if (isIt || performance.now() - since > 12_000) {
        expect(found).toMatchObject(expected);
        return found;
      }
    }
  }

  test('an expired and a revoked token: a row each, however many calls come with them', async () => {
    const old = await server.mint('old Okta', { expires: new Date(Date.now() + 1_000).toISOString() });
    const gone = await server.mint('gone');
    await server.revoke(gone.id);
    await pause(1_050);
    const call = (minted: typeof old) => async () => expect((await scim(minted).get('/Users')).status).toBe(401);
    await Promise.all(Array.from({ length: 40 }, call(old)));
    await Promise.all(Array.from({ length: 3 }, call(gone)));
    // That another token works says nothing of those that are still in use.
    expect((await client.get('/Users')).status).toBe(200);
    await become([
      { reason: 'key-expired', label: 'old Okta', operation: 'read', times: 40 },
      { reason: 'key-revoked', label: 'gone', times: 3 },
    ]);
  });

  test('a wrong token is nobody’s', async () => {
    expect((await scim({ baseUrl: server.baseUrl, token: `jn-${'x'.repeat(43)}` }).get('/Users')).status).toBe(401);
    expect((await client.get('/Users')).status).toBe(200);
    await pause(600);
    expect(await rows()).toEqual([]);
  });

  test('a request that is too large, and one that there is no room for: until the next write succeeds', async () => {
    const large = { schemas: [USER], userName: 'large', title: 'x'.repeat(11 * MiB) };
    expect((await client.post('/Users', large)).status).toBe(413);
    expect((await client.post('/Users', { ...large, title: 'x'.repeat(MiB) })).status).toBe(503);
    // Reading says nothing of writing, nor does another credential.
    expect((await client.get('/Users')).status).toBe(200);
    const other = scim(await server.mint('other'));
    expect((await other.post('/Users', { schemas: [USER], userName: 'theirs' })).status).toBe(201);
    await become([
      { reason: 'too-large', label: 'test', operation: 'write', times: 1 },
      { reason: 'unavailable', label: 'test', operation: 'write', times: 1 },
    ]);
    expect((await client.post('/Users', { schemas: [USER], userName: 'small' })).status).toBe(201);
    await become([]);
  });

  test('a connection that was closed in the middle of a request: also when the server began anew before it works', async () => {
    await aborted(server);
    const [row] = await become([{ reason: 'aborted', label: 'test', operation: 'write', times: 1 }]);
    expect(row?.request_id).toMatch(/^[\da-f-]{36}$/);
    await server.close();
    await start();
    const known = scim({ baseUrl: server.baseUrl, token: tokenOfRow });
    expect((await known.get('/Users')).status).toBe(200);
    await pause(600);
    await become([{ reason: 'aborted' }]);
    expect((await known.post('/Users', { schemas: [USER], userName: 'after' })).status).toBe(201);
    await become([]);
  });

  test('a plan that does not include provisioning, and SSO that is off: until the next call that is let in', async () => {
    await server.close();
    const organization = async (...args: string[]): Promise<void> => {
      const done = await runCommand(['organization', 'set', 'acme', ...args], database.env);
      expect(done, done.stderr).toMatchObject({ code: 0 });
    };
    await organization('--plan', 'premier', '--sso');
    const requires = { plans: ['premier'], sso: true };
    const own = await startServer({ database, config: { applications: { app: { requires } } } });
    const okta = scim(own);
    expect((await okta.get('/Users')).status).toBe(200);
    await organization('--no-sso');
    // Servers follow within five seconds.
    await expect.poll(async () => (await okta.get('/Users')).status, WITHIN).toBe(403);
    await become([{ reason: 'sso', label: 'test' }]);
    await organization('--plan', 'free');
    await expect.poll(async () => (await okta.get('/Users')).text, WITHIN).toContain('The plan of the organization');
    await become([
      { reason: 'plan', label: 'test' },
      { reason: 'sso', label: 'test' },
    ]);
    await organization('--plan', 'premier');
    await organization('--sso');
    await expect.poll(async () => (await okta.get('/Users')).status, WITHIN).toBe(200);
    await become([]);
    await own.close();
  });

  test('a refusal of one person is none of the connection’s, and a user’s row is ended by no connection', async () => {
    expect((await client.post('/Users', { schemas: [USER], userName: 'ann' })).status).toBe(201);
    expect((await client.post('/Users', { schemas: [USER], userName: 'ann' })).status).toBe(409);
    expect((await client.get('/Users')).status).toBe(200);
    expect((await client.post('/Users', { schemas: [USER], userName: 'bob' })).status).toBe(201);
    await pause(600);
    expect(await server.rows('SELECT type, label, reason FROM failures')).toEqual([
      { type: 'User', label: 'ann', reason: 'name-taken' },
    ]);
  });

  test('T-DOS-06 of a flood none is left out, though the server stops behind it', async () => {
    const gone = await server.mint('gone');
    await server.revoke(gone.id);
    const calls = Array.from({ length: 1_000 }, (_, index) => index).values();
    const flood = async (): Promise<void> => {
      for (const _ of calls) expect((await scim(gone).get('/Users')).status).toBe(401);
    };
    await Promise.all(Array.from({ length: 16 }, flood));
    await server.close();
    await start();
    expect(await rows()).toMatchObject([{ reason: 'key-revoked', times: 1_000 }]);
  });

  let tokenOfRow = '';

  /** Leaves with half of a body sent. */
  async function aborted({ baseUrl, token }: TestServer): Promise<void> {
    tokenOfRow = token;
    const sending = request(`${baseUrl}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', 'content-length': '1000' },
    });
    sending.on('error', () => undefined);
    sending.write('{"schemas":');
    await pause(300);
    sending.destroy();
  }
});

function matches(row: SqlRow | undefined, expected: Partial<Record<string, unknown>>): boolean {
  return Object.entries(expected).every(([name, value]) => row?.[name] === value);
}
