import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  runCommand,
  type ScimClient,
  type ServerProcess,
  scim,
  sendRaw,
  startServerProcess,
  temporaryDatabase,
} from '../harness/index.ts';

const MiB = 1024 * 1024;
const database = temporaryDatabase();
let server: ServerProcess;
let token: string;

beforeAll(async () => {
  token = await firstToken(database.env);
  server = await startServerProcess(database.env);
});

afterAll(async () => {
  await server.stop();
  database.remove();
});

async function firstToken(env: typeof database.env): Promise<string> {
  await runCommand(['organization', 'create', '--name', 'Acme'], env);
  const made = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'dos', '--json'], env);
  return JSON.parse(made.stdout).token;
}

const head = (path: string, headers: string, bearer = token): string =>
  `POST /scim/v2${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${bearer}\r\nContent-Type: application/scim+json\r\n${headers}\r\n`;

describe('T-DOS-01 a body over the limit is 413 while it streams, and memory stays flat', () => {
  const spaces = Buffer.alloc(MiB, ' ');
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), spaces, Buffer.from('\r\n')]);

  test.each([
    ['a Content-Length that is true', '/Users', `Content-Length: ${300 * MiB}\r\n`, spaces, 413],
    ['chunks without a length', '/Users', 'Transfer-Encoding: chunked\r\n', chunk, 413],
    ['chunks, for groups', '/Groups', 'Transfer-Encoding: chunked\r\n', chunk, 413],
    ['a length beyond all numbers', '/Users', 'Content-Length: 99999999999999999999\r\n', spaces, 400],
    // The body ends where its length says, and what follows is no request.
    ['a Content-Length that is far too small', '/Users', `Content-Length: 1024\r\n`, spaces, 400],
    ['no length at all', '/Users', '', spaces, 400],
  ] as const)('%s', async (_, path, headers, piece, status) => {
    const before = peakMemory(server);
    const { answer, sent } = await flood(head(path, headers), piece, 300);
    // A flood still fills the socket that is closed, so a reset may overtake the answer: it is read in peace below.
    expect([status, 'closed']).toContain(answer);
    expect(sent).toBeLessThan(300 * MiB);
    expect(peakMemory(server) - before).toBeLessThan(120 * MiB);
    const found = await scim({ baseUrl: server.baseUrl, token }).get('/Users?count=0');
    expect(found.body.totalResults).toBe(0);
  });

  test.each([
    ['chunks without a length', '/Users', 'Transfer-Encoding: chunked\r\n', 11, chunk, 413],
    ['chunks, for groups', '/Groups', 'Transfer-Encoding: chunked\r\n', 33, chunk, 413],
    ['a length beyond all numbers', '/Users', 'Content-Length: 99999999999999999999\r\n', 0, spaces, 400],
    ['no length at all', '/Users', 'Connection: close\r\n', 0, spaces, 400],
  ] as const)('one who stops sending reads why: %s', async (_, path, headers, count, piece, status) => {
    const replies = await sendRaw(server, head(path, headers), ...Array.from({ length: count }, () => piece));
    expect(replies).toMatchObject([{ status }]);
    expect(replies[0]?.headers.get('connection')).toBe('close');
    expect(JSON.parse(replies[0]?.body ?? '')).toMatchObject({ status: String(status) });
  });

  test('the refusal is SCIM JSON, says the limit, and closes the connection', async () => {
    const [reply] = await sendRaw(server, head('/Users', `Content-Length: ${11 * MiB}\r\n`));
    expect(reply?.status).toBe(413);
    expect(reply?.headers.get('connection')).toBe('close');
    expect(JSON.parse(reply?.body ?? '')).toMatchObject({ status: '413', detail: expect.stringContaining('10 MiB') });
  });

  test('a body of 11 MB is 413 for users; groups take 32 MiB, and not 33', async () => {
    const client = scim({ baseUrl: server.baseUrl, token });
    const body = (bytes: number): string => `{"schemas":[],"displayName":"x"${' '.repeat(bytes)}`;
    expect((await client.post('/Users', body(11_000_000))).status).toBe(413);
    expect((await client.post('/Groups', body(11_000_000))).status).toBe(400);
    expect((await client.post('/Groups', body(33 * MiB))).status).toBe(413);
  });

  test('without a token nothing of it is read', async () => {
    const [reply] = await sendRaw(
      server,
      `POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\nContent-Type: application/scim+json\r\nContent-Length: ${300 * MiB}\r\n\r\n`,
    );
    expect(reply?.status).toBe(401);
  });
});

describe('T-DOS-02 compressed bodies are 415, and never unpacked', () => {
  const bomb = Buffer.alloc(100 * MiB, ' ');
  const ownDatabase = temporaryDatabase();
  // The peak of a process never falls: what the floods above took of the other one would hide what is taken here.
  let own: ServerProcess;
  let ownToken: string;

  beforeAll(async () => {
    ownToken = await firstToken(ownDatabase.env);
    own = await startServerProcess(ownDatabase.env);
    const client = scim({ baseUrl: own.baseUrl, token: ownToken });
    for (let times = 0; times < 30; times += 1) await client.post('/Users', '{');
  });

  afterAll(async () => {
    await own.stop();
    ownDatabase.remove();
  });

  test.each([
    ['gzip', gzipSync(bomb)],
    ['br', brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['deflate', deflateSync(bomb)],
    ['GZIP', gzipSync(bomb)],
    ['gzip, identity', gzipSync(bomb)],
    ['x-gzip', gzipSync(bomb)],
    ['zstd', zstdCompressSync(bomb)],
  ])('%s', async (coding, body) => {
    const before = peakMemory(own);
    const headers = `Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n`;
    const [reply] = await sendRaw(own, head('/Users', headers, ownToken), body);
    expect(reply?.status).toBe(415);
    expect(JSON.parse(reply?.body ?? '')).toMatchObject({ status: '415' });
    expect(peakMemory(own) - before).toBeLessThan(32 * MiB);
  });

  test('long ones are thrown away as they come: 16 at once are never in memory', async () => {
    const body = Buffer.alloc(31 * MiB, 'x');
    const headers = `Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\nConnection: close\r\n`;
    const before = peakMemory(own);
    const replies = await Promise.all(
      Array.from({ length: 16 }, () => sendRaw(own, head('/Groups', headers, ownToken), body)),
    );
    // Who is still sending when it is cut off may miss the answer.
    for (const [reply] of replies) expect([415, undefined]).toContain(reply?.status);
    expect(peakMemory(own) - before).toBeLessThan(250 * MiB);
  });

  test('identity is no compression', async () => {
    const client = scim({ baseUrl: own.baseUrl, token: ownToken });
    expect((await client.post('/Users', '{', { 'content-encoding': 'identity' })).status).toBe(400);
  });
});

describe("T-DOS-05 one customer's slow filters", () => {
  const clientOf = async (slug: string): Promise<ScimClient> => {
    await runCommand(['organization', 'create', '--name', slug, '--slug', slug], database.env);
    const made = await runCommand(['token', 'create', '--organization', slug, '--name', 'dos', '--json'], database.env);
    return scim({ baseUrl: server.baseUrl, token: JSON.parse(made.stdout).token });
  };
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
  const filtered = (client: ScimClient, filter: string) => client.get(`/Users?filter=${encodeURIComponent(filter)}`);

  test("are told to come again when too many wait, and another's are answered meanwhile", async () => {
    const [busy, quiet] = [await clientOf('busy'), await clientOf('quiet')];
    const emails = Array.from({ length: 100 }, (_, index) => ({ value: `a${index}@example.com` }));
    for (let from = 0; from < 40; from += 10) {
      const some = Array.from({ length: 10 }, (_, index) => ({ schemas, userName: `u${from + index}`, emails }));
      await Promise.all(some.map((user) => busy.post('/Users', user)));
    }
    await quiet.post('/Users', { schemas, userName: 'x', title: 'x' });
    const heavy = Array.from({ length: 40 }, (_, index) => `emails.value co "nobody${index}"`).join(' or ');

    let answered = 0;
    const all = Array.from({ length: 260 }, async () => {
      const reply = await filtered(busy, heavy);
      answered += 1;
      return reply;
    });
    await Promise.race(all);
    const { status, body } = await filtered(quiet, 'title eq "x"');
    expect({ status, total: body.totalResults, all: answered === 260 }).toEqual({ status: 200, total: 1, all: false });

    const replies = await Promise.all(all);
    const refused = replies.filter((reply) => reply.status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const reply of refused) {
      expect(reply, reply.text).toMatchObject({ status: 503, body: { detail: expect.stringContaining('Try again') } });
      expect(reply.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
  });
});

/** Sends a head and then pieces, as fast as they are taken, until the server answers or closes. */
async function flood(
  start: string,
  piece: Buffer,
  pieces: number,
): Promise<{ answer: number | 'closed'; sent: number }> {
  const socket = connect(server.port, '127.0.0.1')
    .setEncoding('latin1')
    .on('error', () => {});
  let reply = '';
  const answered = Promise.withResolvers<'over'>();
  socket.on('data', (text) => {
    reply += text;
    answered.resolve('over');
  });
  socket.on('close', () => answered.resolve('over'));
  socket.write(start);
  let sent = 0;
  for (let index = 0; index < pieces; index += 1) {
    const taken = new Promise<'taken' | 'over'>((resolve) => {
      socket.write(piece, (error) => resolve(error ? 'over' : 'taken'));
    });
    if ((await Promise.race([answered.promise, taken])) === 'over') break;
    sent += piece.length;
  }
  await answered.promise;
  socket.destroy();
  return { answer: reply === '' ? 'closed' : Number(reply.split(' ')[1]), sent };
}

/** The most memory that the server ever held, in bytes (Linux tells; elsewhere the test only sees the replies). */
function peakMemory({ child }: ServerProcess): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
