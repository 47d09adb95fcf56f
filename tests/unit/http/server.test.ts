import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HttpOptions, type HttpServer, type Log, openLog, startHttpServer } from '../../../src/http/index.ts';
import type { Call, Reply, Serve } from '../../../src/provisioning/index.ts';
import { sendRaw } from '../../harness/raw.ts';

const LIMIT = 1_000;

/** Answers with what it was asked; POST reads the body. */
const echo: Serve = async (call) => ({
  status: 200,
  headers: { 'content-type': 'application/scim+json', etag: 'W/"1"' },
  body: JSON.stringify({ ...call, body: call.method === 'POST' ? await call.body(LIMIT, 'd1') : undefined }),
  note: { outcome: 'echoed', directory: 'd1', credential: 'c1', rewrites: ['boolean-as-string'] },
});

let serve: Serve;
let health: HttpOptions['health'];
let server: HttpServer;
let log: Log;
let folder: string;
let base: string;

beforeEach(async () => {
  serve = echo;
  health = async () => ({ ready: true, reason: undefined });
  folder = mkdtempSync(join(tmpdir(), 'joinery-http-'));
  log = openLog('info', join(folder, 'log'));
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    applications: [
      {
        name: 'app',
        basePath: '/scim/v2',
        hosts: [],
        base: (port) => `http://127.0.0.1:${port}/scim/v2`,
      },
    ],
    serve: (call) => serve(call),
    health: () => health(),
    journal: () => undefined,
    log,
  });
  base = `http://127.0.0.1:${server.port}`;
});

afterEach(async () => {
  await server.close();
  await log.end();
  rmSync(folder, { recursive: true, force: true });
});

describe('a call', () => {
  test('holds what the client sent, decoded once, and nothing of the socket', async () => {
    const reply = await fetch(`${base}/scim/v2//%55sers/1?filter=a%20eq%20%22b%22`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer x', 'if-match': 'W/"1"', accept: 'application/scim+json' },
    });
    const call = (await reply.json()) as Call;
    expect(call).toMatchObject({
      method: 'DELETE',
      segments: ['Users', '1'],
      query: 'filter=a%20eq%20%22b%22',
      headers: { authorization: 'Bearer x', ifMatch: 'W/"1"', accept: 'application/scim+json' },
      base: `${base}/scim/v2`,
      application: 'app',
    });
    expect(reply.headers.get('x-request-id')).toBe(call.requestId);
  });

  test('is answered with headers that keep people’s data out of caches', async () => {
    const { headers } = await fetch(`${base}/scim/v2/Users`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      etag: 'W/"1"',
    });
    expect(Number(headers.get('content-length'))).toBeGreaterThan(0);
  });

  test('with HEAD is answered as with GET, length included, without the body', async () => {
    const get = await fetch(`${base}/scim/v2/Users`);
    const head = await fetch(`${base}/scim/v2/Users`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
    expect(await head.text()).toBe('');
  });

  test('whose serve rejects is a 500 with the request id, and the cause is logged', async () => {
    serve = () => Promise.reject(new Error('the cause'));
    const reply = await fetch(`${base}/scim/v2/Users`);
    const body = (await reply.json()) as { status: string; detail: string };
    expect(reply.status).toBe(500);
    expect(body.status).toBe('500');
    expect(body.detail).toContain(reply.headers.get('x-request-id'));
    expect(body.detail).not.toContain('the cause');
    expect((await logged()).at(-1)).toMatchObject({ level: 'error', err: { message: 'the cause' } });
  });
});

describe('a body', () => {
  const post = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${base}/scim/v2/Users`, { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

  test('arrives as text, whole', async () => {
    const text = `é${'x'.repeat(LIMIT - 2)}`;
    expect(((await (await post(text)).json()) as { body: string }).body).toBe(text);
  });

  test('in chunks, cut inside a character, arrives whole', async () => {
    const [reply] = await sendRaw(
      server,
      'POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n',
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([0xc3]), Buffer.from('\r\n1\r\n'), Buffer.from([0xa9])]),
      '\r\n0\r\n\r\n',
    );
    const body = Buffer.from(reply?.body ?? '', 'latin1').toString('utf8');
    expect((JSON.parse(body) as { body: string }).body).toBe('é');
  });

  test('that is not UTF-8 is 400 invalidSyntax', async () => {
    const reply = await post(Buffer.from([0x7b, 0xff, 0x7d]));
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ scimType: 'invalidSyntax' });
  });

  test('keeps its byte order mark, so that the JSON parser can refuse it', async () => {
    const reply = await post(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]));
    expect(((await reply.json()) as { body: string }).body).toBe('\ufeff{}');
  });

  test('is waited for with 100 Continue only when it is asked for', async () => {
    const head = (method: string): string =>
      `${method} /scim/v2/Users HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`;
    const asked = await sendRaw(server, head('POST'), '{}');
    expect(asked.map(({ status }) => status)).toEqual([100, 200]);
    const unasked = await sendRaw(server, head('PUT'));
    expect(unasked.map(({ status }) => status)).toEqual([200]);
  });
});

describe('a long reply', () => {
  test('goes out in chunks as they come', async () => {
    serve = async () => inPieces(['{"a":', '1', '}']);
    const reply = await fetch(`${base}/scim/v2/Groups/1`);
    expect(reply.headers.get('transfer-encoding')).toBe('chunked');
    expect(await reply.json()).toEqual({ a: 1 });
  });

  test('waits for a client that reads slowly, and lets go when it leaves', async () => {
    let made = 0;
    const released = Promise.withResolvers<void>();
    async function* pieces(): AsyncGenerator<string> {
      try {
        for (;;) {
          made += 1;
          yield 'x'.repeat(100_000);
        }
      } finally {
        released.resolve();
      }
    }
    serve = async () => ({ status: 200, headers: {}, body: pieces(), note: { outcome: 'found' } });
    const reply = await fetch(`${base}/scim/v2/Groups/1`);
    const reader = reply.body?.getReader();
    await reader?.read();
    // Endless, so it must have stopped somewhere to have come here; and cancelling ends it.
    await reader?.cancel();
    await released.promise;
    expect(made).toBeGreaterThan(0);
  });

  test('is let go of when only its headers are asked for', async () => {
    const released = Promise.withResolvers<void>();
    async function* pieces(): AsyncGenerator<string> {
      try {
        yield '{}';
      } finally {
        released.resolve();
      }
    }
    serve = async () => ({ status: 200, headers: {}, body: pieces(), note: { outcome: 'found' } });
    expect((await fetch(`${base}/scim/v2/Groups/1`, { method: 'HEAD' })).status).toBe(200);
    await released.promise;
  });

  test('that breaks in the middle is cut off, so that the client can tell, and logged', async () => {
    async function* pieces(): AsyncGenerator<string> {
      yield '{"a":';
      throw new Error('snapshot lost');
    }
    serve = async () => ({ status: 200, headers: {}, body: pieces(), note: { outcome: 'found' } });
    await expect(fetch(`${base}/scim/v2/Groups/1`).then((reply) => reply.text())).rejects.toThrow();
    expect((await logged()).at(-1)).toMatchObject({ level: 'error', err: { message: 'snapshot lost' } });
  });
});

describe('beside SCIM', () => {
  test.each([
    ['/healthz', 200, { status: 'ok' }],
    ['/readyz', 200, { status: 'ready' }],
    ['/', 200, { name: 'joinery', description: 'A SCIM 2.0 provisioning server' }],
    ['/nothing', 404, { type: 'about:blank', title: 'Not Found', status: 404 }],
    ['//healthz/', 200, { status: 'ok' }],
  ])('%s is %i', async (path, status, body) => {
    const reply = await fetch(`${base}${path}`);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toEqual(body);
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  test('/readyz is 503 while the store cannot serve, /healthz is not', async () => {
    health = async () => ({ ready: false, reason: 'no database' });
    expect((await fetch(`${base}/readyz`)).status).toBe(503);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
  });
});

describe('stopping', () => {
  test('finishes what began, tells that it is not ready, and takes nothing new', async () => {
    const asked = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    serve = async () => {
      asked.resolve();
      await finish.promise;
      return { status: 200, headers: {}, body: 'done', note: { outcome: 'found' } };
    };
    const running = fetch(`${base}/scim/v2/Users`);
    await asked.promise;
    let closed = false;
    const closing = server.close().then(() => {
      closed = true;
    });
    await expect(fetch(`${base}/healthz`)).rejects.toThrow();
    expect(closed).toBe(false);
    finish.resolve();
    const reply = await running;
    expect(await reply.text()).toBe('done');
    expect(reply.headers.get('connection')).toBe('close');
    await closing;
  });
});

describe('the log', () => {
  test('has one line a request, without its query, its headers, its body', async () => {
    const secret = `jn-${'s'.repeat(43)}`;
    await fetch(`${base}/scim/v2/Users?filter=secretfilter`, {
      method: 'POST',
      body: 'secretbody',
      headers: { authorization: `Bearer ${secret}` },
    });
    await fetch(`${base}/scim/v2/Users/${secret}`);
    await fetch(`${base}/scim/v2/Users/a%E2%80%A8b`);
    const [posted, read, odd] = await logged();
    expect(posted).toEqual({
      level: 'info',
      time: expect.any(String),
      'request-id': expect.any(String),
      method: 'POST',
      path: '/scim/v2/Users',
      status: 200,
      ms: expect.any(Number),
      directory: 'd1',
      credential: 'c1',
      outcome: 'echoed',
      rewrites: ['boolean-as-string'],
    });
    expect(read?.path).toBe('/scim/v2/Users/[token]');
    expect(odd?.path).toBe('/scim/v2/Users/…');
    const text = readFileSync(join(folder, 'log'), 'utf8');
    expect(text).not.toMatch(/secretfilter|secretbody|ssssss/);
    expect(text.trimEnd().split('\n')).toHaveLength(3);
  });
});

function inPieces(pieces: readonly string[]): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/scim+json' },
    body: (async function* () {
      yield* pieces;
    })(),
    note: { outcome: 'found' },
  };
}

async function logged(): Promise<Record<string, unknown>[]> {
  await log.end();
  return readFileSync(join(folder, 'log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
