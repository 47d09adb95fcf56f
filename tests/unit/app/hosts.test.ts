import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRaw, startServer, type TestServer } from '../../harness/index.ts';

let server: TestServer;
let regional: string;
let other: string;

const BASE = '/api/v1/users/scim/v2';

beforeAll(async () => {
  server = await startServer({
    config: {
      applications: {
        app: { basePath: BASE, hosts: ['*.api.example.com', 'api.example.com'] },
        eu: { basePath: BASE, hosts: ['api.eu.example.com', 'eu.api.example.com'] },
      },
    },
  });
  regional = (await server.mint('eu', { application: 'eu' })).token;
  other = (await server.mint('other', { organization: 'globex' })).token;
});

afterAll(() => server.close());

async function ask(host: string, token: string, path = '/Users', body = ''): Promise<{ status: number; text: string }> {
  const lines = [
    `${body === '' ? 'GET' : 'POST'} ${BASE}${path} HTTP/1.1`,
    `Host: ${host}`,
    ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === '' ? [] : ['Content-Type: application/scim+json', `Content-Length: ${body.length}`]),
    'Connection: close',
  ];
  const [reply] = await sendRaw(server, `${lines.join('\r\n')}\r\n\r\n${body}`);
  return { status: reply?.status ?? 0, text: reply?.body ?? '' };
}

test('the base URL has the organization’s slug where the host has a *', () => {
  expect(server.baseUrl).toBe(`http://acme.api.example.com:${server.port}${BASE}`);
  expect(server.app.baseUrl('eu', 'acme')).toBe(`http://api.eu.example.com:${server.port}${BASE}`);
});

test.each([
  ['acme.api.example.com', 200],
  ['ACME.api.example.com:443', 200],
  ['api.example.com', 200],
  ['globex.api.example.com', 401],
  ['eu.api.example.com', 401],
  ['api.eu.example.com', 401],
  ['x.acme.api.example.com', 404],
  ['.api.example.com', 404],
  ['acme.api.example.com.evil.example', 404],
  ['127.0.0.1', 404],
])('a token of acme at %s is answered with %i', async (host, status) => {
  expect((await ask(host, server.token)).status).toBe(status);
});

test('a host of an application’s own comes before one with a *', async () => {
  expect((await ask('eu.api.example.com', regional)).status).toBe(200);
  expect((await ask('acme.api.example.com', regional)).status).toBe(401);
});

test('at the host of another organization a token is as wrong as any', async () => {
  const crossed = await ask('globex.api.example.com', server.token);
  const wrong = await ask('globex.api.example.com', `jn-${'x'.repeat(43)}`);
  expect(crossed.text).toBe(wrong.text);
  expect((await ask('globex.api.example.com', other)).status).toBe(200);
});

test('links have the slug of who asks, whatever host was asked', async () => {
  const user = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ann' });
  for (const host of ['acme.api.example.com', 'api.example.com']) {
    const { status, text } = await ask(host, server.token, '/Users', user.replace('ann', host));
    expect(status).toBe(201);
    expect(JSON.parse(text).meta.location).toMatch(new RegExp(`^http://acme\\.api\\.example\\.com:\\d+${BASE}/Users/`));
  }
  const types = await ask('api.example.com', other, '/ResourceTypes/User');
  expect(JSON.parse(types.text).meta.location).toContain('//globex.api.example.com:');
});

test('before anybody has said who asks, a place is told without a host', async () => {
  const { status, text } = await ask('acme.api.example.com', '', '/ServiceProviderConfig');
  expect(status).toBe(200);
  expect(JSON.parse(text).meta.location).toBe(`${BASE}/ServiceProviderConfig`);
  const eu = await ask('api.eu.example.com', '', '/ServiceProviderConfig');
  expect(JSON.parse(eu.text).meta.location).toBe(
    `http://api.eu.example.com:${server.port}${BASE}/ServiceProviderConfig`,
  );
});

test('no organization can have a slug that leads to another application', async () => {
  expect(await server.app.organizations.create({ name: 'EU', slug: 'eu' })).toMatchObject({ kind: 'refused' });
});
