import { afterAll, beforeAll, expect, test } from 'vitest';
import { scim, sendRaw, startServer, type TestServer } from '../../harness/index.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({
    config: {
      applications: {
        app: {},
        pure: { basePath: '/pure/scim/v2', strict: true },
        hosted: { basePath: '/hosted/v2', hosts: ['hosted.example.com'] },
      },
    },
  });
});

afterAll(() => server.close());

const USER = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'a@example.com', externalId: 7 };

test('a strict application takes the pure standard only, the one beside it what providers send', async () => {
  const pure = await server.mint('pure', { application: 'pure' });
  expect((await scim(server).post('/Users', USER)).status).toBe(201);
  expect((await scim(pure).post('/Users', USER)).status).toBe(400);
});

test('each application has a directory of its own', async () => {
  const pure = await server.mint('pure', { application: 'pure' });
  await scim(server).post('/Users', { ...USER, userName: 'only@app.example.com' });
  expect((await scim(pure).get('/Users')).body.totalResults).toBe(0);
});

test('a token on another application’s base is as wrong as any', async () => {
  const pure = await server.mint('pure', { application: 'pure' });
  const wrong = await scim({ ...server, token: `jn-${'x'.repeat(43)}` }).get('/Users');
  const crossed = await scim({ ...server, token: pure.token }).get('/Users');
  expect(crossed.status).toBe(401);
  expect(crossed.text).toBe(wrong.text);
});

test('an application with hosts answers on them only, and its links name the first', async () => {
  const hosted = await server.mint('hosted', { application: 'hosted' });
  expect(hosted.baseUrl).toBe(`http://hosted.example.com:${server.port}/hosted/v2`);
  const get = (host: string): string =>
    `GET /hosted/v2/ServiceProviderConfig HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${hosted.token}\r\nConnection: close\r\n\r\n`;
  const [own] = await sendRaw(server, get('Hosted.Example.com:80'));
  expect(own?.status).toBe(200);
  expect(JSON.parse(own?.body ?? '').meta.location).toBe(`${hosted.baseUrl}/ServiceProviderConfig`);
  const [other] = await sendRaw(server, get('127.0.0.1'));
  expect(other?.status).toBe(404);
});
