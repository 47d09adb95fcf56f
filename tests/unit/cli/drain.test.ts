import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand, type ServerProcess, startServerProcess, temporaryDatabase } from '../../harness/index.ts';

let database: ReturnType<typeof temporaryDatabase>;
let server: ServerProcess | undefined;

beforeEach(() => {
  database = temporaryDatabase();
});
afterEach(async () => {
  if (server?.child.exitCode === null) await server.stop('SIGKILL');
  server = undefined;
  database.remove();
});

test('asked to stop, it says no at /readyz first, serves meanwhile, finishes what began, and ends', async () => {
  const token = await makeToken();
  const { baseUrl, child, ...rest } = await start('300');
  expect(await readiness(baseUrl)).toEqual([200, 'ready']);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await until(async () => (await readiness(baseUrl))[0] === 503);
  expect(await readiness(baseUrl)).toEqual([503, 'draining']);

  const created = await post(baseUrl, token, user('during@example.com'));
  expect(created.status).toBe(201);
  // Who asks on a connection that is kept is told to take another one, which the balancer opens elsewhere.
  expect(created.headers.get('connection')).toBe('close');

  // The request begins now, and the second signal comes before it is whole.
  const body = user('across@example.com');
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1').setEncoding('utf8');
  let reply = '';
  socket.on('data', (chunk) => {
    reply += chunk;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const head = [
    'POST /scim/v2/Users HTTP/1.1',
    'Host: a',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/scim+json',
    `Content-Length: ${body.length}`,
  ];
  await new Promise<void>((resolve) => {
    socket.write(`${head.join('\r\n')}\r\nExpect: 100-continue\r\n\r\n`);
    socket.once('data', () => resolve());
  });
  expect(reply).toContain('100 Continue');
  child.kill('SIGTERM');
  await until(() =>
    readiness(baseUrl).then(
      () => false,
      () => true,
    ),
  );
  socket.write(body);
  await closed;
  expect(reply).toContain('HTTP/1.1 201 Created');
  expect(await ended).toBe(0);
  expect(rest.output()).toContain('"draining"');
});

test('it does not wait longer than DRAIN_SECONDS', async () => {
  const { baseUrl, stop } = await start('1');
  const ended = stop();
  await until(async () => (await readiness(baseUrl))[0] === 503);
  expect(await ended).toBe(0);
});

test('a third signal does not wait for what began', async () => {
  const { baseUrl, child } = await start('300');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\n');
  child.kill('SIGTERM');
  await until(async () => (await readiness(baseUrl))[0] === 503);
  child.kill('SIGTERM');
  await until(() =>
    readiness(baseUrl).then(
      () => false,
      () => true,
    ),
  );
  child.kill('SIGTERM');
  expect(await ended).toBe(130);
  socket.destroy();
});

async function start(drainSeconds: string): Promise<ServerProcess> {
  const started = await startServerProcess({ ...database.env, DRAIN_SECONDS: drainSeconds });
  server = started;
  return started;
}

function user(userName: string): string {
  return JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName });
}

async function makeToken(): Promise<string> {
  await runCommand(['organization', 'create', '--name', 'Acme'], database.env);
  const args = ['token', 'create', '--organization', 'acme', '--name', 'x', '--json'];
  return JSON.parse((await runCommand(args, database.env)).stdout).token;
}

async function readiness(baseUrl: string): Promise<[number, string]> {
  const reply = await fetch(baseUrl.replace('/scim/v2', '/readyz'));
  const { status } = (await reply.json()) as { status: string };
  return [reply.status, status];
}

function post(baseUrl: string, token: string, body: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  return fetch(`${baseUrl}/Users`, { method: 'POST', headers, body });
}

/** Asks until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
