import { connect, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FailureShown } from '../../src/directory/index.ts';
import { DATABASES, type ScimReply, type TestServer } from '../harness/index.ts';
import { type Customer, expectRefusal, openWorld, user, type World } from './world.ts';

const PLACE = { organization: 'acme', application: 'app' };
/** Two are worked on, three wait. */
const BOUNDS = { atOnce: 2, waiting: 3 };

describe.each(DATABASES)('T-DOS-05 more than is taken at once, on %s', (database) => {
  let world: World;
  let goOn: () => Promise<void>;
  beforeEach(async () => {
    world = await openWorld({ database, bounds: BOUNDS });
    goOn = await holdWrites(world.server);
  });
  afterEach(async () => {
    await goOn();
    await world.close();
  });

  test('is 429 with whole seconds, for writes and reads; another directory is served meanwhile', async () => {
    const { acme, globex } = world;
    const { refused, held } = await flood(acme, 12);
    for (const reply of [...refused, await acme.get('/Users?count=1')]) {
      expectRefusal(reply, {
        status: 429,
        says: /3 requests waiting.+nothing of this one was done\. Send it again in \d/,
      });
      expect(reply.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
      expect(reply.headers.get('content-type')).toBe('application/scim+json');
    }
    expect(refused).toHaveLength(7);
    expect((await globex.get('/Users?count=1')).status).toBe(200);
    await goOn();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect((await acme.get('/Users?count=0')).body.totalResults).toBe(5);
  });

  test('is told before the body is sent, and the connection ends with it', async () => {
    const { acme, server } = world;
    const { held } = await flood(acme, 6);
    const said = await announce(acme, server.port);
    expect(said).toMatch(/^HTTP\/1\.1 429 /);
    expect(said).toMatch(/\r\nconnection: close\r\n/i);
    expect(said).not.toContain('100 Continue');
    await goOn();
    await Promise.all(held);
  });

  test('is in the journal as refused, and in the list of failures with what to do, until it works again', async () => {
    const { acme, server } = world;
    const { held } = await flood(acme, 12);
    for (let nth = 0; nth < 4; nth += 1) expect((await acme.get('/Users?count=1')).status).toBe(429);
    await goOn();
    await Promise.all(held);
    // The last one was a read; that writing works says nothing of reading.
    await expect
      .poll(() => failures(server), { timeout: 12_000 })
      .toMatchObject([{ type: 'Connection', reason: 'too-many-requests', operation: 'read', times: 11 }]);
    const [row] = await failures(server);
    for (const sentence of [row?.message, row?.doInOkta, row?.doInEntra]) expect(sentence).toMatch(/^[A-Z].+\.$/);
    expect((await acme.get('/Users?count=1')).status).toBe(200);
    await expect.poll(() => failures(server), { timeout: 12_000 }).toEqual([]);
    const journal = await server.app.journal(PLACE, { limit: 100 });
    if (journal.kind === 'refused') throw new Error(journal.detail);
    const refused = journal.calls.filter(({ status }) => status === 429);
    expect(refused.map(({ method }) => method).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'GET'),
      ...Array.from({ length: 7 }, () => 'POST'),
    ]);
    // Nothing of it was read.
    expect(new Set(refused.map(({ sent }) => sent))).toEqual(new Set([undefined]));
  });
});

test('T-DOS-04 who sends a body slowly takes no place: others of the directory are served', async () => {
  const world = await openWorld({ bounds: { atOnce: 1, waiting: 1 } });
  const { acme, server } = world;
  const sockets = await Promise.all(Array.from({ length: 50 }, () => halfSent(acme, server.port)));
  for (let nth = 0; nth < 20; nth += 1) {
    expect((await acme.post('/Users', user(`meanwhile ${nth}`))).status).toBe(201);
    expect((await acme.get('/Users?count=1')).status).toBe(200);
  }
  for (const socket of sockets) socket.destroy();
  await world.close();
});

/** Sends so many writes while none is committed: resolves when all that find no room are answered. */
async function flood(
  customer: Customer,
  count: number,
): Promise<{ readonly refused: readonly ScimReply[]; readonly held: readonly Promise<ScimReply>[] }> {
  const taken = BOUNDS.atOnce + BOUNDS.waiting;
  const refused: ScimReply[] = [];
  const all = Array.from({ length: count }, (_, nth) => customer.post('/Users', user(`flood ${nth}`)));
  const answered = new Set<Promise<ScimReply>>();
  await new Promise<void>((resolve, reject) => {
    for (const one of all) {
      one.then((reply) => {
        answered.add(one);
        refused.push(reply);
        if (refused.length === count - taken) resolve();
      }, reject);
    }
  });
  return { refused: [...refused], held: all.filter((one) => !answered.has(one)) };
}

/** Until the function is called that this resolves with, no write of the server is committed. */
async function holdWrites(server: TestServer): Promise<() => Promise<void>> {
  if (server.database === 'sqlite') {
    const other = new DatabaseSync(server.databasePath);
    other.exec('BEGIN IMMEDIATE');
    return async () => {
      if (other.isOpen) other.close();
    };
  }
  const other = new pg.Client({ connectionString: server.superuserUrl ?? '' });
  await other.connect();
  await other.query('BEGIN');
  await other.query('LOCK TABLE joinery.resources IN SHARE MODE');
  let isOver = false;
  return async () => {
    if (!isOver) await other.end();
    isOver = true;
  };
}

async function failures(server: TestServer): Promise<readonly FailureShown[]> {
  const listed = await server.app.failures.list(PLACE);
  if (listed.kind === 'refused') throw new Error(listed.detail);
  return listed.failures;
}

function headOf({ token }: Customer): string {
  return `POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/scim+json\r\n`;
}

/** Announces a body, and gives what is said until the connection ends. */
function announce(customer: Customer, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(port, '127.0.0.1').setEncoding('latin1').on('error', reject);
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('close', () => resolve(said));
    socket.write(`${headOf(customer)}Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n`);
  });
}

/** Resolves when the server waits for the rest of its body. */
function halfSent(customer: Customer, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').on('error', reject);
    socket.once('data', () => {
      socket.write('{');
      resolve(socket);
    });
    socket.write(`${headOf(customer)}Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n`);
  });
}
