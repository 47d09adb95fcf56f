import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, scim, startServer, startServerProcess, temporaryDatabase } from '../harness/index.ts';
import { isAlive, user } from './world.ts';

describe('T-UNI-06 the log', () => {
  test('CR, LF and escape sequences in every field make no line of their own', async () => {
    const server = await startServer();
    const client = scim(server);
    const forged = '\n{"level":"info","msg":"FORGED"}\r\n\u001b[2J\u009b31m\u2028FORGED';
    const encoded = encodeURIComponent(forged);
    const made = await client.post(
      '/Users',
      user('log', { title: forged, externalId: forged, name: { familyName: forged } }),
    );
    expect(made.status).toBe(201);
    const calls = [
      () => client.post('/Users', user(forged)),
      () => client.get(`/Users/${encoded}`),
      () => client.get(`/${encoded}`),
      () => client.get(`/Users?filter=${encodeURIComponent(`userName eq ${JSON.stringify(forged)}`)}`),
      () => client.get(`/Users?filter=${encoded}&attributes=${encoded}`),
      () => client.get('/Users', { 'user-agent': 'FORGED\u2028'.replace('\u2028', '?') }),
      () => client.patch(`/Users/${made.body.id}`, [{ op: 'replace', path: forged, value: forged }]),
      () => client.put(`/Users/${made.body.id}`, `{"schemas":["${forged.replaceAll(/[^\x20-\x7e]/g, '')}`),
      () => client.post('/Users', user('log-2'), { 'content-type': 'text/FORGED' }),
    ];
    for (const call of calls) expect((await call()).status).toBeLessThan(500);
    await isAlive(client);
    await server.close();
    const lines = server.logs().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(calls.length);
    for (const line of lines) {
      const entry = JSON.parse(line) as Record<string, unknown>;
      expect(entry.msg).not.toBe('FORGED');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });
});

describe('T-AUTH-08 the log has of a path only what is ours', () => {
  test('a token without its prefix, a name, an address: none of them is in it', async () => {
    const server = await startServer();
    const client = scim(server);
    const bare = server.token.slice(3);
    const made = await client.post('/Users', user('shown'));
    const secrets = [bare, bare.slice(0, 20), `x${server.token}x`, 'ann@example.com', 'hunter2'];
    for (const secret of secrets) {
      for (const path of [
        `/Users/${secret}`,
        `/Users/${secret}?filter=${secret}`,
        `/${secret}`,
        `/Groups/1/${secret}`,
      ]) {
        expect((await client.get(path)).status).toBeGreaterThanOrEqual(400);
      }
      await fetch(`${server.baseUrl.replace('/v2', '')}/${secret}`);
      await fetch(`${server.baseUrl.replace('/v2', '/v3')}/Users/${secret}`);
      await fetch(`${server.baseUrl.replace('/scim/v2', '')}/${secret}`);
    }
    expect((await client.get(`/Users/${made.body.id}`)).status).toBe(200);
    await server.close();
    for (const secret of secrets) expect(server.logs()).not.toContain(secret);
    expect(server.logs()).toContain('"path":"/scim/v2/Users/…"');
    expect(server.logs()).toContain(`"path":"/scim/v2/Users/${made.body.id}"`);
  });
});

describe('T-DOS-06 a log that cannot be written', () => {
  const database = temporaryDatabase();
  let token: string;

  beforeAll(async () => {
    await runCommand(['organization', 'create', '--name', 'Acme'], database.env);
    const made = await runCommand(
      ['token', 'create', '--organization', 'acme', '--name', 'log', '--json'],
      database.env,
    );
    token = JSON.parse(made.stdout).token;
  });

  afterAll(() => database.remove());

  test.runIf(process.platform === 'linux').each(['serve', 'start'])(
    'on a full disk: `%s` answers on, and ends when it is asked to',
    async (command) => {
      const { port, child, exited } = await startOnFullDisk(command, database.env);
      await answers({ baseUrl: `http://127.0.0.1:${port}/scim/v2`, token });
      expect(child.exitCode).toBeNull();
      child.kill();
      expect(await exited).toBe(0);
    },
  );

  test('in a pipe that nobody reads: it answers on, and ends when it is asked to', async () => {
    const server = await startServerProcess(database.env);
    server.child.stdout?.pause();
    await answers({ baseUrl: server.baseUrl, token });
    expect(await server.stop()).toBe(0);
  });
});

/** More lines than a pipe holds. */
async function answers(server: { readonly baseUrl: string; readonly token: string }): Promise<void> {
  const client = scim(server);
  const numbers = Array.from({ length: 1_200 }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const _ of numbers) expect((await client.get(`/Users/${randomBytes(8).toString('hex')}`)).status).toBe(404);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

interface Started {
  readonly port: number;
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
}

/** What it prints is lost, so its port has to be known beforehand: one that was free a moment ago. */
async function startOnFullDisk(command: string, env: Readonly<Record<string, string>>): Promise<Started> {
  const port = await freePort();
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['src/main.ts', command], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, ...env, PORT: String(port), LOG_LEVEL: 'info' },
    stdio: ['ignore', full, full],
  });
  closeSync(full);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for (let ready = false; !ready && child.exitCode === null; ) {
    ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 50)),
    );
  }
  return { port, child, exited };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
