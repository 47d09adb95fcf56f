import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  runCommand,
  type ScimClient,
  type ScimReply,
  scim,
  startServerProcess,
  temporaryDatabase,
} from '../harness/index.ts';
import { type Customer, openWorld, user, type World } from './world.ts';

const MiB = 1024 * 1024;
const open: Socket[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

describe('T-DOS-04 slow clients', () => {
  let world: World | undefined;
  afterEach(() => world?.close());

  test('1,000 that send slowly or nothing are ended, and others are answered meanwhile', async () => {
    world = await openWorld({ limits: { headMs: 2_000, requestMs: 4_000, lookMs: 100, idleMs: 2_000 } });
    const { acme } = world;
    const kinds: Readonly<Record<string, { start: string; drip: string }>> = {
      silent: { start: '', drip: '' },
      head: { start: 'GET /scim/v2/Users HTTP/1.1\r\nHost: a\r\nX-Slow: ', drip: 'a' },
      body: { start: `${headOf(acme, 'POST', '/Users')}Content-Length: 60000\r\n\r\n{`, drip: ' ' },
      idle: { start: `${headOf(acme, 'GET', '/Users?count=0')}\r\n`, drip: '' },
    };
    const alone = await ordinary(acme, 'alone');
    const slow = await Promise.all(
      Object.entries(kinds).flatMap(([kind, bytes]) =>
        Array.from({ length: 250 }, async () => ({ kind, client: await slowClient(acme, bytes) })),
      ),
    );
    const meanwhile = await ordinary(acme, 'meanwhile');
    // A thousand that hold something would show by far more; how busy the machine is shows too.
    expect(percentile(meanwhile, 0.5)).toBeLessThan(10 * percentile(alone, 0.5));
    expect(percentile(meanwhile, 0.99)).toBeLessThan(20 * percentile(alone, 0.99));
    // Each of them resolves only because the server ends the connection.
    const said = await Promise.all(slow.map(async ({ kind, client }) => [kind, answerOf(await client)] as const));
    const tally = Object.groupBy(said, ([kind, answer]) => `${kind} ${answer}`);
    expect(Object.fromEntries(Object.entries(tally).map(([name, of]) => [name, of?.length]))).toEqual({
      'silent 408 application/scim+json': 250,
      'head 408 application/scim+json': 250,
      'body 408 application/scim+json': 250,
      'idle 200 application/scim+json': 250,
    });
  });

  test.each([
    ['do not read their reply', { stalledMs: 1_000 }, undefined],
    ['read their reply a little at a time', { replyMs: 2_000 }, 100],
  ])('that %s are cut off', async (_, limits, every) => {
    world = await openWorld({ limits });
    const { acme } = world;
    const whole = await longReply(acme);
    // Otherwise the system's own buffers could hold it, and nobody would wait for the client.
    expect(whole).toBeGreaterThan(16 * MiB);
    const readers = Array.from({ length: 4 }, () => slowReader(acme, every));
    expect((await acme.get('/Users?count=1', { connection: 'close' })).status).toBe(200);
    for (const received of await Promise.all(readers)) {
      expect(received).toBeGreaterThan(0);
      expect(received).toBeLessThan(whole);
    }
  });
});

describe('T-DOS-04 uploads that are half sent', () => {
  const LARGE = 1_000_000;
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ limits: { bodyBytes: 5 * LARGE, directoryBodyBytes: 2 * LARGE } });
  });
  afterAll(() => world.close());

  test('take the room of one directory only; a small body has room always', async () => {
    const { acme, globex } = world;
    await fill(acme, 2);
    const refused = await refusal(acme);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toBe('application/scim+json');
    expect(refused.body).toMatchObject({ status: '503', detail: expect.stringContaining('This directory') });
    expect((await acme.post('/Users', user('small'))).status).toBe(201);
    expect((await acme.post('/Users', user('rather small', { title: 'x'.repeat(60_000) }))).status).not.toBe(503);
    // Read whole, and only then found wanting.
    expect((await globex.post('/Users', large())).status).toBe(400);
  });

  test('are refused by their Content-Length, before they are sent, or as soon as their chunks are too much', async () => {
    const { acme } = world;
    await fill(acme, 2);
    await refusal(acme);
    const announced = await send(acme, `Content-Length: ${LARGE}\r\nExpect: 100-continue\r\n\r\n`);
    expect(answerOf(announced)).toBe('503 application/scim+json');
    const chunk = `${(100_000).toString(16)}\r\n${' '.repeat(100_000)}\r\n`;
    const chunked = await send(acme, `Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`);
    expect(answerOf(chunked)).toBe('503 application/scim+json');
  });

  test('give back what they took, however they end', async () => {
    const { acme } = world;
    for (let turn = 0; turn < 3; turn += 1) {
      await fill(acme, 2);
      for (const socket of open.splice(0)) socket.destroy();
      // The server learns of it a moment later.
      while ((await acme.post('/Users', large())).status === 503) await pause(20);
      for (let index = 0; index < 5; index += 1) expect((await acme.post('/Users', large())).status).toBe(400);
    }
  });

  test('of many directories leave the others their small requests', async () => {
    const { acme, globex, server } = world;
    await fill(acme, 2);
    await fill(globex, 2);
    const third = await server.mint('third', { organization: 'initech' });
    const client = scim(third);
    await fill(third, 1);
    const refused = await refusal(client);
    expect(refused.body.detail).toContain('As many large requests');
    for (const one of [acme, globex, client]) expect((await one.post('/Users', user('still'))).status).toBe(201);
  });

  test('take no room by what they announce', async () => {
    const { acme } = world;
    await fill(acme, 10, '{');
    for (let index = 0; index < 3; index += 1) expect((await acme.post('/Users', large())).status).toBe(400);
  });

  /** What has been sent arrives a moment later. */
  async function refusal(client: ScimClient): Promise<ScimReply> {
    for (;;) {
      const reply = await client.post('/Users', large());
      if (reply.status === 503) return reply;
      await pause(20);
    }
  }

  function large(): string {
    return '['.padEnd(LARGE, ' ');
  }

  /** Uploads of which the server has all but the end, and that do not go on. */
  async function fill(customer: Sender, uploads: number, sent = '{'.padEnd(LARGE - 1)): Promise<void> {
    for (let begun = 0; begun < uploads; ) {
      const socket = connect(world.server.port, '127.0.0.1').setEncoding('latin1');
      open.push(socket);
      const said = new Promise<string>((resolve) => socket.once('data', resolve));
      socket.on('error', () => {});
      socket.write(`${headOf(customer, 'POST', '/Groups')}Content-Length: ${LARGE}\r\nExpect: 100-continue\r\n\r\n`);
      // The server learns a moment later that the uploads of the test before have gone.
      if ((await said).includes('100 Continue')) begun += 1;
      socket.write(sent);
    }
  }
});

describe('T-DOS-04 the memory that bodies take', () => {
  const database = temporaryDatabase();
  afterAll(() => database.remove());

  test.runIf(process.platform === 'linux')('is bounded, in half-sent uploads and in chunks of one byte', async () => {
    await runCommand(['organization', 'create', '--name', 'Acme'], database.env);
    const made = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'x', '--json'], database.env);
    const { token } = JSON.parse(made.stdout);
    const server = await startServerProcess(database.env);
    const peak = (): number =>
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) * 1024;
    const client = scim({ baseUrl: server.baseUrl, token });
    await client.get('/Users');

    const before = peak();
    const bytewise = '1\r\n \r\n'.repeat(300_000);
    const spaces = await send({ ...server, token }, `Transfer-Encoding: chunked\r\n\r\n${bytewise}0\r\n\r\n`);
    expect(answerOf(spaces)).toBe('400 application/scim+json');
    expect(peak() - before).toBeLessThan(64 * MiB);

    const uploads = Array.from({ length: 16 }, () =>
      send({ ...server, token }, `Content-Length: ${31 * MiB}\r\n\r\n${' '.repeat(30 * MiB)}`, true, '/Groups'),
    );
    const refused = await Promise.race([
      Promise.all(uploads.map((reply) => reply.then(answerOf))),
      firstOf(uploads, 13),
    ]);
    expect(new Set(refused)).toEqual(new Set(['503 application/scim+json']));
    expect((await client.post('/Users', user('meanwhile'))).status).toBe(201);
    expect(peak() - before).toBeLessThan(320 * MiB);
    for (const socket of open.splice(0)) socket.destroy();
    await server.stop();
  });
});

/** Creates and reads 50 users, each over a connection of its own; how long each took, in ms. */
async function ordinary(customer: Customer, name: string): Promise<number[]> {
  const took: number[] = [];
  for (let index = 0; index < 50; index += 1) {
    const began = performance.now();
    const made = await customer.post('/Users', user(`${name} ${index}`), { connection: 'close' });
    const read = await customer.get(`/Users/${made.body.id}`, { connection: 'close' });
    took.push(performance.now() - began);
    expect([made.status, read.status]).toEqual([201, 200]);
  }
  return took;
}

function percentile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? 0;
}

type Sender = Pick<Customer, 'baseUrl' | 'token'>;

function headOf({ token }: Sender, method: string, path: string): string {
  return `${method} /scim/v2${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/scim+json\r\n`;
}

/** Sends, and then a little more ten times a second, until the server ends the connection; gives what it said. */
async function slowClient(sender: Sender, { start, drip }: { start: string; drip: string }): Promise<string> {
  let text = '';
  const socket = connect(portOf(sender), '127.0.0.1').setEncoding('latin1');
  open.push(socket);
  socket
    .on('error', () => {})
    .on('data', (chunk) => {
      text += chunk;
    });
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(start);
  const dripping = setInterval(() => drip !== '' && socket.writable && socket.write(drip), 100);
  return closed.finally(() => clearInterval(dripping));
}

/** A request of which `rest` follows the first header fields; resolves when the connection ends, or as soon as it is answered. */
function send(sender: Sender, rest: string, untilAnswered = false, path = '/Users'): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(portOf(sender), '127.0.0.1').setEncoding('latin1');
    open.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk;
      if (!untilAnswered) return;
      socket.destroy();
      resolve(text);
    });
    socket.on('close', () => text !== '' && resolve(text));
    socket.write(`${headOf(sender, 'POST', path)}${untilAnswered ? '' : 'Connection: close\r\n'}${rest}`);
  });
}

/** The first `count` of them that are answered. */
function firstOf(replies: readonly Promise<string>[], count: number): Promise<string[]> {
  return new Promise((resolve) => {
    const answers: string[] = [];
    for (const reply of replies) {
      void reply.then((text) => {
        answers.push(answerOf(text));
        if (answers.length === count) resolve(answers);
      });
    }
  });
}

function answerOf(reply: string): string {
  return `${/^HTTP\/1\.1 (\d+)/.exec(reply)?.[1]} ${/content-type: ([^\r]+)/i.exec(reply)?.[1]}`;
}

/** Makes users enough for a page of some 20 MB, and gives its length. */
async function longReply(customer: Customer): Promise<number> {
  const emails = Array.from({ length: 10 }, (_, index) => ({ value: `${index}@${'x'.repeat(9_000)}.example.com` }));
  const numbers = Array.from({ length: 200 }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of numbers) {
      const { status, text } = await customer.post('/Users', user(`long ${index}`, { emails }));
      expect(status, text).toBe(201);
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return (await customer.get('/Users?count=200')).text.length;
}

/** Reads one piece of a reply each so many milliseconds, or none until long after the server has lost its patience. */
async function slowReader(customer: Customer, every: number | undefined): Promise<number> {
  let received = 0;
  const socket = connect(portOf(customer), '127.0.0.1').on('error', () => {});
  open.push(socket);
  socket.pause();
  socket.on('data', (chunk) => {
    received += chunk.length;
    if (!patient) socket.pause();
  });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  let patient = false;
  socket.write(`${headOf(customer, 'GET', '/Users?count=200')}\r\n`);
  const reading = setInterval(() => every !== undefined && socket.resume(), every ?? 1_000);
  await pause(4_000);
  clearInterval(reading);
  patient = true;
  socket.resume();
  await closed;
  return received;
}

function portOf({ baseUrl }: Pick<Sender, 'baseUrl'>): number {
  return Number(new URL(baseUrl).port);
}
