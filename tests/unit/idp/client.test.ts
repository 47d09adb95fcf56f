import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Encoding, Exchange, ScimClient } from '../../../src/idp/client.ts';
import { authorizationHeader } from '../../../src/idp/okta/authorization.ts';
import { createOktaClient } from '../../../src/idp/okta/client.ts';
import { problemOf } from '../../../src/idp/okta/problem.ts';
import { nextWait } from '../../../src/idp/okta/retry.ts';
import { retryAfterSeconds } from '../../../src/idp/retry-after.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Seen {
  readonly line: string;
  readonly raw: readonly string[];
  readonly body: string;
}

type Reply = (response: ServerResponse, nth: number) => void;

async function connect(reply: Reply, options: { encoding?: Encoding; patienceMs?: number; timeoutMs?: number } = {}) {
  const seen: Seen[] = [];
  const observed: Exchange[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ line: `${request.method} ${request.url} HTTP/${request.httpVersion}`, raw: request.rawHeaders, body });
    reply(response, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client: ScimClient = createOktaClient({
    baseUrl: `http://127.0.0.1:${port}/scim/v2/`,
    authorization: 'Bearer t',
    userAgent: 'Okta SCIM Client 1.0.0',
    encoding: 'percent',
    patienceMs: 1,
    timeoutMs: 60_000,
    observe: (exchange) => observed.push(exchange),
    ...options,
  });
  closing.push(client.close, () => server.close().closeAllConnections());
  return { client, seen, observed, port };
}

const ok: Reply = (response) => response.end('{}');

describe('what goes over the wire', () => {
  test('a GET carries the headers of §1.2, no Content-Type, and a filter with %20', async () => {
    const { client, seen, port } = await connect(ok);
    const filter = 'userName eq "a+b@example.com"';
    await client.call({
      operation: 'find',
      method: 'GET',
      path: '/Users',
      query: { filter, startIndex: 1, count: 100 },
    });
    const query = 'filter=userName%20eq%20%22a%2Bb%40example.com%22&startIndex=1&count=100';
    expect(seen[0]?.line).toBe(`GET /scim/v2/Users?${query} HTTP/1.1`);
    expect(pairs(seen[0]?.raw)).toEqual({
      Accept: 'application/scim+json',
      'Accept-Charset': 'utf-8',
      'User-Agent': 'Okta SCIM Client 1.0.0',
      Authorization: 'Bearer t',
      Connection: 'Keep-Alive',
      'Accept-Encoding': 'gzip,deflate',
      Host: `127.0.0.1:${port}`,
    });
  });

  test('a space may be a plus, and a plus is always %2B', async () => {
    const { client, seen } = await connect(ok, { encoding: 'plus' });
    await client.call({ operation: 'find', method: 'GET', path: '/Users', query: { filter: `userName eq "a+b'c"` } });
    expect(seen[0]?.line).toBe('GET /scim/v2/Users?filter=userName+eq+%22a%2Bb%27c%22 HTTP/1.1');
  });

  test('a body says its length in bytes, not in letters', async () => {
    const { client, seen } = await connect(ok);
    await client.call({ operation: 'create', method: 'POST', path: '/Users', body: { displayName: '山田 🚀' } });
    expect(pairs(seen[0]?.raw)).toMatchObject({
      'Content-Type': 'application/scim+json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength('{"displayName":"山田 🚀"}')),
    });
    expect(seen[0]?.body).toBe('{"displayName":"山田 🚀"}');
  });

  test('a DELETE has a Content-Type and no body', async () => {
    const { client, seen } = await connect((response) => response.writeHead(204).end());
    const { problem } = await client.call({ operation: 'delete', method: 'DELETE', path: '/Groups/1' });
    expect(problem).toBeUndefined();
    expect(pairs(seen[0]?.raw)).toHaveProperty('Content-Type');
    expect(seen[0]?.body).toBe('');
  });

  test.each([
    ['bearer', 'Bearer secret'],
    ['raw-header', 'secret'],
    ['basic', `Basic ${Buffer.from('okta:secret').toString('base64')}`],
  ] as const)('the %s mode writes Authorization as its administrator set it up', (mode, header) => {
    expect(authorizationHeader('secret', mode)).toBe(header);
  });

  test('a base URL with an underscore is refused, as in Okta', async () => {
    const options = { authorization: '', userAgent: '', encoding: 'percent', patienceMs: 0, timeoutMs: 1 } as const;
    const make = (baseUrl: string) => () => createOktaClient({ ...options, baseUrl, observe: () => {} });
    expect(make('http://127.0.0.1/my_scim')).toThrow(/underscore/);
    expect(make('ftp://127.0.0.1/scim')).toThrow(/not an http/);
  });
});

describe('what comes back', () => {
  test('a broken connection and a slow server are problems in words, not crashes', async () => {
    const cut = await connect((response) => response.destroy());
    const ask = { operation: 'get', method: 'GET', path: '/Users' } as const;
    expect(await cut.client.call(ask)).toMatchObject({
      status: 0,
      problem: expect.stringMatching(/socket|connection/i),
    });
    const slow = await connect(() => {}, { timeoutMs: 30 });
    expect(await slow.client.call(ask)).toMatchObject({ status: 0, problem: 'Read timed out' });
  });

  test.each([
    [200, '{"id":"1"}', undefined],
    [204, '', undefined],
    [409, '{"detail":"userName is taken"}', 'Conflict. Errors reported by remote server: userName is taken'],
    [500, '{}', 'Internal Server Error. Errors reported by remote server: none'],
    [502, 'error code: 502', "Invalid JSON: Unrecognized token 'error' at line: 1, column: 6"],
    [502, '<html>', "Invalid JSON: Unexpected character ('<') at line: 1, column: 1"],
    [200, 'Unsupported', "Invalid JSON: Unrecognized token 'Unsupported' at line: 1, column: 12"],
  ])('%i %s is told as Okta tells it', (status, text, problem) => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {}
    expect(problemOf(status, text, json as never)).toBe(problem);
  });
});

describe('429', () => {
  test('waits as long as whole seconds say, five minutes otherwise, and doubles from there', () => {
    expect(nextWait(0, '7')).toBe(7);
    expect(nextWait(0, undefined)).toBe(300);
    expect(nextWait(0, 'Sat, 21 Nov 2026 23:51:16 GMT')).toBe(300);
    expect(nextWait(0, '1.5')).toBe(300);
    expect(nextWait(300, '7')).toBe(600);
    expect(retryAfterSeconds('-1')).toBeUndefined();
  });

  test('is tried again until it is through, each try observed', async () => {
    const { client, observed } = await connect((response, nth) => {
      if (nth < 3) response.writeHead(429, { 'retry-after': '0' }).end('{}');
      else response.end('{}');
    });
    expect((await client.call({ operation: 'get', method: 'GET', path: '/Users' })).status).toBe(200);
    expect(observed.map(({ status }) => status)).toEqual([429, 429, 200]);
  });

  test('is given up after ten tries', async () => {
    const { client, seen } = await connect((response) => response.writeHead(429, { 'retry-after': '0' }).end('{}'));
    const { problem } = await client.call({ operation: 'get', method: 'GET', path: '/Users' });
    expect(seen).toHaveLength(10);
    expect(problem).toMatch(/^Too Many Requests/);
  });
});

function pairs(raw: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : [])));
}
