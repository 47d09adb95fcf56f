import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RawReply, scim, sendRaw, startServer, type TestServer } from '../harness/index.ts';

const USER = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'first@example.com' };

let server: TestServer;
let userId: string;

beforeAll(async () => {
  server = await startServer();
  const created = await scim(server).post('/Users', USER);
  expect(created.status).toBe(201);
  userId = created.body.id;
});

afterAll(() => server.close());

const authorized = (): string => `Host: 127.0.0.1\r\nAuthorization: Bearer ${server.token}\r\n`;

async function raw(...pieces: readonly (string | Buffer)[]): Promise<RawReply> {
  const replies = await sendRaw(server, ...pieces);
  expect(replies).toHaveLength(1);
  return replies[0] as RawReply;
}

function expectScimError({ status, headers, body }: RawReply, expected: number): void {
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toBe('application/scim+json');
  expect(JSON.parse(body)).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(expected),
    detail: expect.any(String),
  });
}

describe('T-HTTP-01 one canonical decision about every path', () => {
  const FORMS = [
    ['/scim/v2/Users', 200],
    ['/scim/v2/%55sers', 200],
    ['/scim/v2/%55%73%65%72%73', 200],
    ['/%73cim/v2/Users', 200],
    ['/scim/v2//Users', 200],
    ['//scim//v2//Users//', 200],
    ['/scim/v2/Users/', 200],
    ['/scim/v2/Users?', 200],
    ['http://127.0.0.1/scim/v2/Users', 200],
    ['http://other.example.com/scim/v2/Users', 200],
    ['/scim/v2/./Users', 404],
    ['/scim/v2/x/../Users', 404],
    ['/scim/v2/x/..;/Users', 404],
    ['/scim/v2/;/Users', 404],
    ['/scim/v2/Users;jsessionid=1', 404],
    ['/scim/v2/%2e/Users', 404],
    ['/scim/v2/x/%2e%2e/Users', 404],
    ['/scim/v2%2FUsers', 404],
    ['/scim%2fv2%2fUsers', 404],
    ['/scim/v2/Users%00', 404],
    ['/scim/v2/Users%2500', 404],
    ['/scim/v2/%2555sers', 404],
    ['/scim/v2\\Users', 404],
    ['/scim/v2/Users%5c', 404],
    ['/scim/v2/users', 200],
    ['/scim/v2/USERS', 200],
    ['/scim/v2/Users%20', 404],
    ['/scim/v2/Users%c0%af', 404],
    ['/scim/v2/Users%', 404],
    ['/scim/v2/Users#x', 404],
    ['/SCIM/v2/Users', 404],
    ['/scim/v1/Users', 400],
    ['/scim/v3/Users', 400],
    ['/scim/V2/Users', 400],
    ['/scim/Users', 404],
    ['/Users', 404],
  ] as const;

  test.each(FORMS)('%s with a token is %i', async (target, status) => {
    const reply = await raw(`GET ${target} HTTP/1.1\r\n${authorized()}Connection: close\r\n\r\n`);
    expect(reply.status).toBe(status);
    if (status === 200) expect(JSON.parse(reply.body).totalResults).toBe(1);
    else expect(reply.body).not.toContain('first@example.com');
  });

  test.each(FORMS)('%s without a token is never 200', async (target) => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const reply = await raw(`${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
      expect([400, 401, 404, 405]).toContain(reply.status);
      expect(reply.body).not.toContain('first@example.com');
    }
  });

  test.each(['/scim/v1/Users', '/scim/v3', '/scim/v2.1/Users'])('%s is invalidVers', async (path) => {
    const reply = await raw(`GET ${path} HTTP/1.1\r\n${authorized()}Connection: close\r\n\r\n`);
    expectScimError(reply, 400);
    expect(JSON.parse(reply.body).scimType).toBe('invalidVers');
  });
});

describe('T-HTTP-02 what two parsers could read differently is refused, and the connection closed', () => {
  const body = JSON.stringify({ ...USER, userName: 'smuggled@example.com' });
  const post = (headers: string, rest: string): string =>
    `POST /scim/v2/Users HTTP/1.1\r\n${authorized()}Content-Type: application/scim+json\r\n${headers}\r\n${rest}`;
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

  test.each([
    ['Content-Length beside chunks', () => post(`Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`, chunked)],
    ['chunks beside Content-Length', () => post(`Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`, chunked)],
    ['an unknown transfer coding', () => post('Transfer-Encoding: xchunked\r\n', chunked)],
    ['a transfer coding after chunked', () => post('Transfer-Encoding: chunked, identity\r\n', chunked)],
    ['two Transfer-Encodings', () => post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', chunked)],
    ['two Content-Lengths', () => post(`Content-Length: ${body.length}\r\nContent-Length: 1\r\n`, body)],
    [
      'two equal Content-Lengths',
      () => post(`Content-Length: ${body.length}\r\nContent-Length: ${body.length}\r\n`, body),
    ],
    ['a signed Content-Length', () => post(`Content-Length: +${body.length}\r\n`, body)],
    ['a Content-Length that is a list', () => post(`Content-Length: ${body.length}, ${body.length}\r\n`, body)],
    ['a space before the colon', () => post(`Content-Length : ${body.length}\r\n`, body)],
    ['a folded header', () => post(`X-Folded: a\r\n b\r\nContent-Length: ${body.length}\r\n`, body)],
    ['a bare line feed', () => post(`X-Bare: a\nContent-Length: ${body.length}\r\n`, body)],
    ['a bare carriage return', () => post(`X-Bare: a\rX-More: b\r\nContent-Length: ${body.length}\r\n`, body)],
    ['a NUL in a header', () => post(`X-Nul: a\0b\r\nContent-Length: ${body.length}\r\n`, body)],
    ['a chunk size that is none', () => post('Transfer-Encoding: chunked\r\n', `zz\r\n${body}\r\n0\r\n\r\n`)],
    ['a header without a name', () => post(`: x\r\nContent-Length: ${body.length}\r\n`, body)],
    ['a header without a colon', () => post(`nothing\r\nContent-Length: ${body.length}\r\n`, body)],
    ['no Host', () => 'GET /scim/v2/Users HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two Hosts', () => 'GET /scim/v2/Users HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
    ['another protocol', () => 'SSH-2.0-client\r\n\r\n'],
    ['an unknown method', () => 'BREW /scim/v2/Users HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a space in the target', () => 'GET /scim/v2/Us ers HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['HTTP/3.0', () => 'GET /scim/v2/Users HTTP/3.0\r\nHost: a\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    expectScimError(await raw(bytes()), 400);
    const found = await scim(server).get('/Users?filter=userName%20eq%20%22smuggled%40example.com%22');
    expect(found.body.totalResults).toBe(0);
  });

  test('what follows a good request on its connection is not answered as part of it', async () => {
    const replies = await sendRaw(
      server,
      `GET /scim/v2/Users/${userId} HTTP/1.1\r\n${authorized()}\r\nGET /scim/v2/Users BAD\r\n\r\n`,
    );
    // Either the good one is answered first, or neither is; the refusal is never the good one's answer.
    expect(replies.map(({ status }) => status)).not.toEqual([400]);
  });
});

describe('T-HTTP-03 lengths that lie, and bodies where none belongs', () => {
  test('a body on GET changes nothing about the reply', async () => {
    const reply = await raw(
      `GET /scim/v2/Users/${userId} HTTP/1.1\r\n${authorized()}Content-Length: 2\r\nConnection: close\r\n\r\n{}`,
    );
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body).id).toBe(userId);
  });

  test('a body on DELETE of a whole endpoint is 405, as without', async () => {
    const reply = await raw(
      `DELETE /scim/v2/Users HTTP/1.1\r\n${authorized()}Content-Type: application/scim+json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    );
    expectScimError(reply, 405);
  });

  test('more bytes than Content-Length says are not part of the body', async () => {
    const body = JSON.stringify({ ...USER, userName: 'long@example.com' });
    const replies = await sendRaw(
      server,
      `POST /scim/v2/Users HTTP/1.1\r\n${authorized()}Content-Type: application/scim+json\r\nContent-Length: ${body.length}\r\n\r\n${body}trailing`,
    );
    for (const { status } of replies) expect([201, 400]).toContain(status);
    const found = await scim(server).get('/Users?filter=userName%20eq%20%22long%40example.com%22');
    expect(found.body.totalResults).toBe(replies.some(({ status }) => status === 201) ? 1 : found.body.totalResults);
  });

  test('fewer bytes than Content-Length says, and then none, create nothing', async () => {
    const body = JSON.stringify({ ...USER, userName: 'short@example.com' });
    await sendAndHangUp(
      `POST /scim/v2/Users HTTP/1.1\r\n${authorized()}Content-Type: application/scim+json\r\nContent-Length: ${body.length + 10}\r\n\r\n${body}`,
    );
    const found = await scim(server).get('/Users?filter=userName%20eq%20%22short%40example.com%22');
    expect(found.body.totalResults).toBe(0);
  });
});

describe('T-HTTP-04 headers', () => {
  const get = (headers: string): string =>
    `GET /scim/v2/Users HTTP/1.1\r\n${authorized()}${headers}Connection: close\r\n\r\n`;

  test.each([
    ['one named __proto__', '__proto__: {"isAdmin":true}\r\n', 400],
    ['one of 100 KB', `X-Long: ${'a'.repeat(100_000)}\r\n`, 431],
    ['10,000 of them', Array.from({ length: 10_000 }, (_, index) => `X-${index}: a\r\n`).join(''), 431],
    ['300 of them', Array.from({ length: 300 }, (_, index) => `X-${index}: a\r\n`).join(''), 431],
    ['2,500 that hide a second Authorization', `${'a:\r\n'.repeat(2_500)}Authorization: Bearer other\r\n`, 431],
    ['a second Authorization', 'Authorization: Bearer other\r\n', 400],
    ['a second Authorization that is equal', 'AUTHORIZATION: Basic eDp5\r\n', 400],
    ['a value that is not ASCII', 'If-Match: W/"é"\r\n', 400],
  ])('%s', async (_, headers, status) => {
    expectScimError(await raw(get(headers)), status);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test('a line break in a value splits nothing', async () => {
    const reply = await raw(get('X-Request-Id: a\r\nSet-Cookie: b=c\r\n'));
    expect(reply.status).toBe(200);
    expect(reply.headers.has('set-cookie')).toBe(false);
    expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ['a GET', `GET /scim/v2/Users HTTP/1.1\r\n`, ''],
    ['a body that comes', `POST /scim/v2/Users HTTP/1.1\r\nContent-Length: 2\r\n`, '{}'],
    ['a body that is waited with', `POST /scim/v2/Users HTTP/1.1\r\nContent-Length: 2\r\n`, ''],
  ])('an expectation that nobody knows, with %s', async (_, start, body) => {
    const reply = await raw(`${start}${authorized()}Expect: banana\r\nConnection: close\r\n\r\n${body}`);
    expectScimError(reply, 417);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('an expectation that nobody knows beside SCIM is problem JSON', async () => {
    const reply = await raw('GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: banana\r\nConnection: close\r\n\r\n');
    expect(reply.status).toBe(417);
    expect(JSON.parse(reply.body)).toMatchObject({ status: 417, title: 'Expectation Failed' });
  });

  // RFC 9110 §10.1.1
  test('an expectation in HTTP/1.0 is passed over', async () => {
    expect((await raw(`GET /scim/v2/Users HTTP/1.0\r\n${authorized()}Expect: banana\r\n\r\n`)).status).toBe(200);
  });

  test('a body that is refused for its length is not asked for', async () => {
    const reply = await raw(
      `POST /scim/v2/Users HTTP/1.1\r\n${authorized()}Expect: 100-continue\r\nContent-Length: 99000000\r\nConnection: close\r\n\r\n`,
    );
    expectScimError(reply, 413);
  });

  test('a URL that is longer than any of ours', async () => {
    expectScimError(
      await raw(`GET /scim/v2/Users?filter=${'a'.repeat(20_000)} HTTP/1.1\r\n${authorized()}Connection: close\r\n\r\n`),
      414,
    );
  });

  test('a proxy’s own header may hold what it likes', async () => {
    expect((await raw(get('X-City: S\xe3o Paulo\r\n'))).status).toBe(200);
  });
});

describe('T-HTTP-05 media types that are not SCIM are never parsed', () => {
  const body = JSON.stringify({ ...USER, userName: 'typed@example.com' });

  test.each([
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/jsonp',
    'application/scim+jsonx',
    'text/plain; x=application/scim+json',
    'text/plain, application/scim+json',
    'application/scim+json, text/plain',
    'application/json\ttext',
    'application/json text/plain',
    '',
    'json',
  ])('%j is 415', async (type) => {
    const reply = await raw(
      `POST /scim/v2/Users HTTP/1.1\r\n${authorized()}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect([400, 415]).toContain(reply.status);
    const found = await scim(server).get('/Users?filter=userName%20eq%20%22typed%40example.com%22');
    expect(found.body.totalResults).toBe(0);
  });

  test.each([
    ['APPLICATION/SCIM+JSON'],
    ['application/json'],
    ['  application/scim+json ; charset="utf-8"'],
    ['application/scim+json;charset=utf-8'],
  ])('%j is read, and checked like any other', async (type) => {
    const bad = JSON.stringify({ ...USER, userName: {} });
    const reply = await raw(
      `POST /scim/v2/Users HTTP/1.1\r\n${authorized()}Content-Type: ${type}\r\nContent-Length: ${bad.length}\r\nConnection: close\r\n\r\n${bad}`,
    );
    expectScimError(reply, 400);
  });
});

describe('T-HTTP-06 links come from the settings', () => {
  test.each([
    'Host: evil.example.com\r\n',
    'Host: 127.0.0.1\r\nX-Forwarded-Host: evil.example.com\r\nX-Forwarded-Proto: https\r\n',
    'Host: 127.0.0.1\r\nForwarded: host=evil.example.com;proto=https\r\n',
    'Host: 127.0.0.1\r\nX-Original-Url: /scim/v2/evil.example.com\r\nX-Rewrite-Url: /evil.example.com\r\n',
  ])('%j', async (headers) => {
    const reply = await raw(
      `GET /scim/v2/Users/${userId} HTTP/1.1\r\n${headers}Authorization: Bearer ${server.token}\r\nConnection: close\r\n\r\n`,
    );
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body).meta.location).toBe(`${server.baseUrl}/Users/${userId}`);
    expect(JSON.stringify([...reply.headers]) + reply.body).not.toContain('evil');
  });
});

describe('T-HTTP-07 no other way in', () => {
  test.each(['https://evil.example.com', 'null'])('a page of %s may read nothing', async (origin) => {
    const get = await scim(server).get('/Users', { origin });
    const preflight = await scim(server).request('OPTIONS', '/Users', {
      headers: { origin, 'access-control-request-method': 'GET' },
    });
    for (const { headers } of [get, preflight]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test.each(['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method'])('%s changes no method', async (name) => {
    const { status } = await scim(server).get(`/Users/${userId}`, { [name]: 'DELETE' });
    expect(status).toBe(200);
    expect((await scim(server).get(`/Users/${userId}?_method=DELETE`)).status).toBe(200);
    expect((await scim(server).get(`/Users/${userId}`)).status).toBe(200);
  });

  test('TRACE is 405, and echoes nothing', async () => {
    const reply = await raw(`TRACE /scim/v2/Users HTTP/1.1\r\n${authorized()}Connection: close\r\n\r\n`);
    expectScimError(reply, 405);
    expect(reply.headers.get('allow')).toContain('GET');
    expect(reply.body).not.toContain(server.token);
  });

  test('CONNECT is 405', async () => {
    expectScimError(await raw('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'), 405);
  });

  test('Upgrade is not followed', async () => {
    const reply = await raw(
      `GET /scim/v2/Users HTTP/1.1\r\n${authorized()}Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n`,
    );
    expect(reply.status).toBe(200);
  });
});

describe('T-HTTP-08 caches keep nothing, and are not deceived', () => {
  test('every reply says no-store, whatever its status', async () => {
    const client = scim(server);
    const replies = await Promise.all([
      client.get('/Users'),
      client.get(`/Users/${userId}`),
      client.get('/ServiceProviderConfig'),
      client.get('/Schemas'),
      client.get('/Users/none'),
      client.request('DELETE', '/Users'),
      client.post('/Users', '{'),
      scim({ ...server, token: '' }).get('/Users'),
    ]);
    for (const { headers } of replies) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test.each(['/Users/x.css', '/Users.css', '/Users/.css', '/Users/x.js?a', '/Groups/logo.png'])(
    '%s is 404',
    async (path) => {
      expect((await scim(server).get(path)).status).toBe(404);
    },
  );

  test('a user under a name that a cache would keep is 404', async () => {
    expect((await scim(server).get(`/Users/${userId}/x.css`)).status).toBe(404);
    expect((await scim(server).get(`/Users/${userId}.css`)).status).toBe(404);
  });
});

function sendAndHangUp(bytes: string): Promise<void> {
  return import('node:net').then(
    ({ connect }) =>
      new Promise((resolve) => {
        const socket = connect(server.port, '127.0.0.1', () => {
          socket.write(bytes, () => socket.destroy());
        });
        socket.on('close', () => resolve());
      }),
  );
}
