import { randomBytes, randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { runCommand, type ScimReply, scim, sendRaw } from '../harness/index.ts';
import { worldOfFile } from './file-world.ts';
import { expectRefusal, isAlive, leavesNoTrace, query, user } from './world.ts';

const world = await worldOfFile();
const { acme } = world;
const target = await acme.user('auth');
const group = await acme.group('auth', [target.id]);

const bare = (headers: Record<string, string> = {}) => {
  const client = scim({ baseUrl: acme.baseUrl, token: '' });
  return (method: string, path: string, body?: unknown): Promise<ScimReply> =>
    client.request(method, path, { headers, ...(body === undefined ? {} : { body }) });
};

describe('T-AUTH-01 every route without credentials', () => {
  const paths = () => [
    '',
    '/',
    '/Users',
    `/Users/${target.id}`,
    '/Groups',
    `/Groups/${group.id}`,
    '/Schemas',
    '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
    '/ResourceTypes',
    '/ResourceTypes/User',
    '/ServiceProviderConfig',
    '/ServiceProviderConfig/x',
    '/Bulk',
    '/.search',
    '/Users/.search',
    '/Me',
    '/Nope',
    `/Users/${target.id}/x`,
    '//Users',
    '/%55sers',
    '/Users/',
  ];

  test('is 401 with a challenge, for every method; only ServiceProviderConfig is read without', async () => {
    const open: string[] = [];
    await leavesNoTrace(world, async () => {
      for (const path of paths()) {
        for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
          const body = method === 'POST' || method === 'PUT' || method === 'PATCH' ? user('anonymous') : undefined;
          const reply = await bare()(method, path, body);
          if (reply.status === 200) {
            open.push(`${method} ${path}`);
            continue;
          }
          expect(reply.status, `${method} ${path}`).toBe(401);
          expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer realm="[^"]+"$/);
          if (method !== 'HEAD') expectRefusal(reply, { status: 401, says: /token/ });
        }
      }
    });
    expect(open).toEqual(['GET /ServiceProviderConfig', 'HEAD /ServiceProviderConfig']);
    const config = await bare()('GET', '/ServiceProviderConfig');
    expect(config.text).not.toMatch(/acme|globex|auth"/);
  });

  test('a body is not read, nor a filter, before the token is', async () => {
    const deep = `${'('.repeat(2000)}userName pr`;
    expectRefusal(await bare()('GET', `/Users?filter=${deep}`), { status: 401 });
    expectRefusal(await bare()('POST', '/Users', '['.repeat(100_000)), { status: 401 });
    expectRefusal(await bare({ 'content-type': 'text/plain' })('POST', '/Users', 'x'), { status: 401 });
  });

  test('health says nothing of anybody, and nothing else stands beside the base', async () => {
    const origin = new URL(acme.baseUrl).origin;
    const statuses: Record<string, number> = {};
    for (const path of [
      '/healthz',
      '/readyz',
      '/',
      '/metrics',
      '/debug',
      '/admin',
      '/api',
      '/scim',
      '/scim/Users',
      '/token',
      '/.env',
      '/docs',
    ]) {
      const reply = await fetch(`${origin}${path}`);
      statuses[path] = reply.status;
      expect(await reply.text()).not.toMatch(/acme|globex|auth"|sqlite|\/tmp\//);
    }
    const open = ['/', '/healthz', '/readyz'];
    for (const [path, status] of Object.entries(statuses)) expect(status, path).toBe(open.includes(path) ? 200 : 404);
  });
});

describe('T-AUTH-02 headers that present no token', () => {
  const nothing = [
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer null',
    'Bearer undefined',
    'Bearer 0',
    'null',
    'undefined',
    'Basic',
    'Basic Og==',
    'Basic !',
  ];
  const near = (token: string) => [
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, 3)}${token.slice(4)}${token[3]}`,
    `Bearer ${token.toUpperCase()}`,
    `Bearer ${token.replace('jn-', 'jN-')}`,
    `Bearer ${token.slice(3)}`,
    `Bearer jn-${randomBytes(32).toString('base64url')}`,
    `Bearer jn-${'A'.repeat(43)}`,
    `Bearer "${token}"`,
    `Bearer ${token} ${token}`,
    `Bearer ${token},${token}`,
    `Bearer ${Buffer.from(token).toString('base64')}`,
    `Bearer ${encodeURIComponent(`${token} `)}`,
    `Digest ${token}`,
    `Token ${token}`,
    `Basic ${Buffer.from(`${token}:`).toString('base64')}`,
    `Basic ${Buffer.from(token).toString('base64')}`,
  ];

  test('are 401, and so are tokens that are nearly one', async () => {
    await leavesNoTrace(world, async () => {
      const { hash } =
        query(world.server.databasePath, 'SELECT hash FROM credentials WHERE id = ?', acme.credential)[0] ?? {};
      for (const authorization of [
        ...nothing,
        ...near(acme.token),
        `Bearer ${hash}`,
        `Bearer jn-${hash}`,
        `${acme.credential}`,
        'Bearer %',
        "Bearer ' OR 1=1 --",
      ]) {
        const [reply] = await sendRaw(
          world.server,
          `GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
        );
        expect(reply?.status, authorization).toBe(401);
        expect(reply?.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
        expect(reply?.body).not.toContain(acme.token.slice(3));
      }
    });
  });

  test('four forms are one token', async () => {
    const { token } = acme;
    for (const authorization of [
      `Bearer ${token}`,
      `bearer ${token}`,
      token,
      `Basic ${btoa(`anyone:${token}`)}`,
      `Bearer Bearer ${token}`,
    ]) {
      expect((await bare({ authorization })('GET', '/Users')).status, authorization.slice(0, 8)).toBe(200);
    }
  });
});

describe('T-AUTH-05 tokens that have ended', () => {
  test('revoked from the command line, by another process: 401 within five seconds', async () => {
    const minted = await world.server.mint('to be revoked');
    const client = scim(minted);
    const env = { DATABASE_URL: `sqlite:${world.server.databasePath}` };
    // In use all the while, so that the server remembers it.
    expect((await client.get('/Users')).status).toBe(200);
    const revoked = await runCommand(['token', 'revoke', minted.id], env);
    expect(revoked, revoked.stderr).toMatchObject({ code: 0 });
    const since = Date.now();
    let reply = await client.get('/Users');
    while (reply.status === 200 && Date.now() - since < 5_000) {
      await pause(50);
      reply = await client.get('/Users');
    }
    expectRefusal(reply, { status: 401, says: /revoked/ });
    expectRefusal(await client.post('/Users', user('after the end')), { status: 401 });
    expectRefusal(await client.delete(`/Users/${target.id}`), { status: 401 });
    // Twice is told so, and an id of nobody too.
    expect((await runCommand(['token', 'revoke', minted.id], env)).code).not.toBe(0);
    expect((await runCommand(['token', 'revoke', randomUUID()], env)).code).not.toBe(0);
    await isAlive(acme);
    expect(revoked.stdout + revoked.stderr).not.toContain(minted.token);
  });

  test('a token that another process makes works at once', async () => {
    const made = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'from elsewhere', '--json'], {
      DATABASE_URL: `sqlite:${world.server.databasePath}`,
    });
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const { token } = JSON.parse(made.stdout) as { token: string };
    const reply = await scim({ baseUrl: acme.baseUrl, token }).get(`/Users/${target.id}`);
    expect(reply.status).toBe(200);
    expect(made.stderr).not.toContain(token);
  });

  test('expired: 401 from that moment on, without anybody doing anything', async () => {
    const minted = await world.server.mint('short', { expires: new Date(Date.now() + 1_500).toISOString() });
    const client = scim(minted);
    expect((await client.get('/Users')).status).toBe(200);
    await pause(1_600);
    expectRefusal(await client.get('/Users'), { status: 401, says: /expired/ });
    expectRefusal(await client.post('/Users', user('after the end')), { status: 401, says: /expired/ });
  });
});

describe('T-AUTH-07 a credential of no directory', () => {
  test('opens nothing', async () => {
    const orphan = await world.server.mint('orphan');
    const database = new DatabaseSync(world.server.databasePath, {
      enableForeignKeyConstraints: false,
      timeout: 5_000,
    });
    database.prepare('UPDATE credentials SET directory = ? WHERE id = ?').run(randomUUID(), orphan.id);
    database.prepare("UPDATE credentials SET directory = '' WHERE id = ?").run((await world.server.mint('empty')).id);
    database.close();
    expectRefusal(await scim(orphan).get('/Users'), { status: 401 });
    expectRefusal(await scim(orphan).post('/Users', user('orphan')), { status: 401 });
    await isAlive(acme);
  });
});

describe('T-AUTH-10 a token where none is looked for', () => {
  test('in the URL, a cookie, the body, another header: 401', async () => {
    const { token } = acme;
    await leavesNoTrace(world, async () => {
      for (const query of [
        `access_token=${token}`,
        `token=${token}`,
        `authorization=Bearer%20${token}`,
        `api_key=${token}`,
      ]) {
        expectRefusal(await bare()('GET', `/Users?${query}`), { status: 401 });
      }
      for (const headers of [
        { cookie: `authorization=Bearer ${token}; token=${token}` },
        { 'x-authorization': `Bearer ${token}` },
        { 'x-api-key': token },
        { 'proxy-authorization': `Bearer ${token}` },
        { 'x-forwarded-authorization': `Bearer ${token}` },
      ]) {
        expectRefusal(await bare(headers)('GET', '/Users'), { status: 401 });
      }
      const form = bare({ 'content-type': 'application/x-www-form-urlencoded' });
      expectRefusal(await form('POST', '/Users', `access_token=${token}`), { status: 401 });
      expectRefusal(await bare()('POST', '/Users', { ...user('x'), access_token: token, authorization: token }), {
        status: 401,
      });
    });
  });

  test('two Authorization headers: 400, whichever is the good one', async () => {
    await leavesNoTrace(world, async () => {
      for (const [one, other] of [
        [acme.token, acme.token],
        [acme.token, 'x'],
        ['x', acme.token],
        ['', acme.token],
        [acme.token, world.globex.token],
      ]) {
        for (const name of ['Authorization', 'AUTHORIZATION']) {
          const replies = await sendRaw(
            world.server,
            `GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${one}\r\n${name}: Bearer ${other}\r\nConnection: close\r\n\r\n`,
          );
          expect(replies).toMatchObject([{ status: 400 }]);
          expect(replies[0]?.body).not.toContain('auth"');
        }
      }
    });
  });

  test('before the base, in its path, or as user and password of the URL: nothing', async () => {
    const { token } = acme;
    const { host } = new URL(acme.baseUrl);
    for (const line of [
      `GET /${token}/scim/v2/Users HTTP/1.1`,
      `GET /scim/v2/${token}/Users HTTP/1.1`,
      `GET http://${token}@${host}/scim/v2/Users HTTP/1.1`,
    ]) {
      const [reply] = await sendRaw(world.server, `${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect([400, 401, 404], line).toContain(reply?.status);
    }
  });
});
