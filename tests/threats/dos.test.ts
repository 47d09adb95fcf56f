import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  runCommand,
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
  await runCommand(['organization', 'create', '--name', 'Acme'], database.env);
  const made = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'dos', '--json'], database.env);
  token = JSON.parse(made.stdout).token;
  server = await startServerProcess(database.env);
});

afterAll(async () => {
  await server.stop();
  database.remove();
});

const head = (path: string, headers: string): string =>
  `POST /scim/v2${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/scim+json\r\n${headers}\r\n`;

describe('T-DOS-01 a body over the limit is 413 while it streams, and memory stays flat', () => {
  const spaces = Buffer.alloc(MiB, ' ');
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), spaces, Buffer.from('\r\n')]);

  test.each([
    ['a Content-Length that is true', '/Users', `Content-Length: ${300 * MiB}\r\n`, spaces, [413]],
    ['chunks without a length', '/Users', 'Transfer-Encoding: chunked\r\n', chunk, [413]],
    ['chunks, for groups', '/Groups', 'Transfer-Encoding: chunked\r\n', chunk, [413]],
    ['a length beyond all numbers', '/Users', 'Content-Length: 99999999999999999999\r\n', spaces, [400, 413]],
    // The body ends where its length says; what follows is no request, and ends the connection with or without an answer.
    ['a Content-Length that is far too small', '/Users', `Content-Length: 1024\r\n`, spaces, [400, 'closed']],
    ['no length at all', '/Users', '', spaces, [400, 'closed']],
    // Broken HTTP is answered on a socket that the flood still fills: the kernel's reset can overtake the answer, so it may be asked again.
  ] as const)('%s', { retry: 2 }, async (_, path, headers, piece, expected) => {
    const before = peakMemory();
    const { answer, sent } = await flood(head(path, headers), piece, 300);
    expect(expected).toContain(answer);
    expect(sent).toBeLessThan(300 * MiB);
    expect(peakMemory() - before).toBeLessThan(120 * MiB);
    const found = await scim({ baseUrl: server.baseUrl, token }).get('/Users?count=0');
    expect(found.body.totalResults).toBe(0);
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
  const bomb = Buffer.alloc(20 * MiB, ' ');

  test.each([
    ['gzip', gzipSync(bomb)],
    ['br', brotliCompressSync(bomb)],
    ['deflate', deflateSync(bomb)],
    ['GZIP', gzipSync(bomb)],
    ['gzip, identity', gzipSync(bomb)],
    ['x-gzip', gzipSync(bomb)],
    ['zstd', Buffer.from('anything')],
  ])('%s', async (coding, body) => {
    const before = peakMemory();
    const [reply] = await sendRaw(
      server,
      head('/Users', `Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n`),
      body,
    );
    expect(reply?.status).toBe(415);
    expect(JSON.parse(reply?.body ?? '')).toMatchObject({ status: '415' });
    expect(peakMemory() - before).toBeLessThan(16 * MiB);
  });

  test('identity is no compression', async () => {
    const { status } = await scim({ baseUrl: server.baseUrl, token }).post('/Users', '{', {
      'content-encoding': 'identity',
    });
    expect(status).toBe(400);
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
function peakMemory(): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
