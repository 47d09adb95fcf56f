import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HttpServer, type Log, openLog, startHttpServer } from '../../../src/http/index.ts';
import type { Serve } from '../../../src/provisioning/index.ts';

/** Longer than a test may take: what waits for one of these does not end. */
const FOR_EVER = 60_000;
const GET = 'GET /scim/v2/Users HTTP/1.1\r\nHost: a\r\n\r\n';

let serve: Serve;
let folder: string;
let log: Log;
let closing: Promise<void> | undefined;

beforeEach(() => {
  serve = async () => ({ status: 200, headers: {}, body: 'done', note: { outcome: 'found' } });
  folder = mkdtempSync(join(tmpdir(), 'joinery-stop-'));
  log = openLog('info', join(folder, 'log'));
  closing = undefined;
});

afterEach(async () => {
  await closing;
  await log.end();
  rmSync(folder, { recursive: true, force: true });
});

describe('a server that stops', () => {
  test('ends connections on which nothing is asked cleanly, and at once', async () => {
    const server = await start();
    const [asked, silent] = [await open(server), await open(server)];
    asked.socket.write(GET);
    await asked.receives('done');
    closing = server.close();
    for (const { ended, errors } of [asked, silent]) {
      await ended;
      expect(errors).toEqual([]);
    }
    await closing;
  });

  test('answers the next request of a series, and says that it was the last', async () => {
    const server = await start();
    const client = await open(server);
    client.socket.write(GET);
    await client.receives('done');
    expect(client.text()).not.toContain('connection: close');
    closing = server.close();
    client.socket.write(GET);
    await client.ended;
    expect(client.errors).toEqual([]);
    expect(client.text().match(/done/g)).toHaveLength(2);
    expect(client.text()).toContain('connection: close');
    await closing;
  });

  test('does not wait on a connection whose reply was on its way and is done', async () => {
    const last = Promise.withResolvers<void>();
    async function* pieces(): AsyncGenerator<string> {
      yield 'first';
      await last.promise;
      yield 'last';
    }
    serve = async () => ({ status: 200, headers: {}, body: pieces(), note: { outcome: 'found' } });
    const server = await start();
    const client = await open(server);
    client.socket.write(GET);
    await client.receives('first');
    closing = server.close();
    last.resolve();
    await client.ended;
    expect(client.text()).toMatch(/last\r\n0\r\n\r\n$/);
    await closing;
  });

  test('gives half a request its time, and no more', async () => {
    serve = async ({ body }) => ({ status: 200, headers: {}, body: await body(1_000, 'd'), note: { outcome: 'made' } });
    const server = await start({ closeMs: 50 });
    const [upload, head] = [await open(server), await open(server)];
    upload.socket.write('POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{');
    head.socket.write('POST /scim/v2/Users HTTP/1.1\r\nHo');
    await new Promise((resolve) => setTimeout(resolve, 50));
    closing = server.close();
    await Promise.all([upload.ended, head.ended, closing]);
  });

  test('finishes a request that arrives whole in its time', async () => {
    serve = async ({ body }) => ({ status: 200, headers: {}, body: await body(1_000, 'd'), note: { outcome: 'made' } });
    const server = await start();
    const client = await open(server);
    client.socket.write('POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nbegun');
    await new Promise((resolve) => setTimeout(resolve, 50));
    closing = server.close();
    client.socket.write('end');
    await client.ended;
    expect(client.text()).toContain('begunend');
    expect(client.text()).toContain('connection: close');
  });
});

function start(limits: { closeMs?: number } = {}): Promise<HttpServer> {
  return startHttpServer({
    host: '127.0.0.1',
    port: 0,
    applications: [
      { name: 'app', basePath: '/scim/v2', hosts: [], base: (port) => `http://127.0.0.1:${port}/scim/v2` },
    ],
    serve: (call) => serve(call),
    health: async () => ({ ready: true, reason: undefined }),
    journal: () => undefined,
    log,
    limits: { closeMs: FOR_EVER, lingerMs: FOR_EVER, idleMs: FOR_EVER, ...limits },
  });
}

interface Client {
  readonly socket: Socket;
  readonly errors: Error[];
  /** Resolves when the server ends the connection. */
  readonly ended: Promise<void>;
  text(): string;
  receives(wanted: string): Promise<void>;
}

async function open({ port }: HttpServer): Promise<Client> {
  let text = '';
  let look = (): void => {};
  const errors: Error[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
    look();
  });
  socket.on('error', (error) => errors.push(error)).on('close', () => resolve());
  await new Promise((connected) => socket.once('connect', connected));
  return {
    socket,
    errors,
    ended,
    text: () => text,
    receives: (wanted) =>
      new Promise((received) => {
        look = () => text.includes(wanted) && received();
        look();
      }),
  };
}
