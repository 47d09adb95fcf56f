import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, scim, startServerProcess, temporaryDatabase } from '../../harness/index.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TOKEN = /jn-[A-Za-z0-9_-]{43}/;

const database = temporaryDatabase();
const joinery = (...args: string[]) => runCommand(args, database.env);

beforeAll(async () => {
  expect((await joinery('organization', 'create', '--name', 'Acme', '--slug', 'acme')).code).toBe(0);
});
afterAll(() => database.remove());

describe('usage', () => {
  test.each([
    [['--help'], 0],
    [['serve', '--help'], 0],
    [['start', '--help'], 0],
    [['organization', 'create', '--help'], 0],
    [['organization', 'set', '--help'], 0],
    [['organization', 'list', '--help'], 0],
    [['policy', 'show', '--help'], 0],
    [['policy', 'set', '--help'], 0],
    [['policy', 'reset', '--help'], 0],
    [['users', 'import', '--help'], 0],
    [['users', 'show', '--help'], 0],
    [['users', 'verify-password', '--help'], 0],
    [['seats', 'show', '--help'], 0],
    [['seats', 'set', '--help'], 0],
    [['token', 'create', '--help'], 0],
    [['token', 'list', '--help'], 0],
    [['token', 'revoke', '--help'], 0],
    [['failures', 'list', '--help'], 0],
    [['failures', 'show', '--help'], 0],
    [['failures', 'export', '--help'], 0],
    [['journal', 'list', '--help'], 0],
    [['journal', 'show', '--help'], 0],
    [['database', 'prepare', '--help'], 0],
    [['simulate', 'okta', '--help'], 0],
    [['simulate', 'entra', '--help'], 0],
  ])('%j is told on standard output, with an example', async (args, code) => {
    const told = await joinery(...args);
    expect(told).toMatchObject({ code, stderr: '' });
    if (args.length > 1)
      expect(told.stdout).toContain(`Example:\n  npm run -s joinery -- ${args.slice(0, -1).join(' ')}`);
  });

  test.each([
    [[]],
    [['nonsense']],
    [['simulate', 'okta', '--base-url', 'ftp://a', '--token', 'x']],
    [['simulate', 'okta', '--base-url', 'http://127.0.0.1:1', '--token', 'x', '--users', '3']],
    [['token']],
    [['token', 'create']],
    [['token', 'create', '--organization', 'acme']],
    [['token', 'create', '--organization', 'acme', '--name', 'x', '--scope', 'everything']],
    [['token', 'create', '--organization', 'acme', '--name', 'x', '--expires', 'soon']],
    [['token', 'create', '--organization', 'acme', '--name', 'x', '--expires', '2026-02-30T']],
    [['token', 'revoke']],
    [['database']],
    [['database', 'prepare']],
    [['database', 'prepare', '--owner', 'mysql://admin:secret@localhost/joinery']],
    [['database', 'prepare', '--owner', 'postgres://admin:secret/b@localhost/joinery']],
    [['database', 'prepare', '--owner', 'postgres://admin@localhost']],
    [['database', 'prepare', '--owner', 'postgres://admin@localhost/joinery', '--name', 'pg_joinery']],
    [['database', 'prepare', '--owner', 'postgres://admin@localhost/joinery', '--name', 'a"b']],
    [['simulate', 'okta']],
    [['simulate', 'entra']],
    [['simulate', 'entra', '--base-url', 'http://127.0.0.1:1', '--token', 'x', '--users', '3']],
    [['simulate', 'entra', '--base-url', 'http://127.0.0.1:1', '--token', 'x', '--flavour', 'oin-put']],
    [['simulate', 'okta', '--base-url', 'http://127.0.0.1:1', '--token', 'x', '--users', 'many']],
    [['serve', '--port', '1']],
  ])('%j is 2, and told on standard error', async (args) => {
    const { code, stdout, stderr } = await joinery(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr).not.toContain('secret');
  });

  test('--version is the version; verbose, those of Node.js, SQLite and the client of PostgreSQL too', async () => {
    expect((await joinery('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await joinery('--version', '--verbose')).stdout).toMatch(
      /^joinery \d+\.\d+\.\d+\nNode\.js 26\.\d+\.\d+\nSQLite {2}3\.\d+\.\d+\npg {6}8\.\d+\.\d+\n$/,
    );
  });
});

describe('settings', () => {
  test('that are wrong are one sentence each on standard error, and 2', async () => {
    const { code, stdout, stderr } = await runCommand(['serve'], { ...database.env, PORT: 'x', LOG_LEVEL: 'loud' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^joinery: PORT is "x": [^\n]+\njoinery: LOG_LEVEL is "loud": [^\n]+\n$/);
  });

  test('of a configuration file that is wrong are told with its name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'joinery-config-'));
    const file = join(folder, 'joinery.config.ts');
    writeFileSync(file, 'export default { applications: { app: { basePath: "/my_app" } } }');
    const { code, stdout, stderr } = await runCommand(['serve'], { ...database.env, JOINERY_CONFIG: file });
    rmSync(folder, { recursive: true });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^joinery: [^\n]+joinery\.config\.ts:1: applications\.app\.basePath: expected [^\n]+\n$/);
  });

  test('the base URL is made of PUBLIC_URL, the host of an application, and its base path', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'joinery-config-'));
    const file = join(folder, 'joinery.config.ts');
    writeFileSync(
      file,
      `import { defineConfig } from 'joinery';
       export default defineConfig({ applications: { app: {}, board: { basePath: '/v2', hosts: ['board.example.com'] } } });`,
    );
    const env = { ...database.env, JOINERY_CONFIG: file, PUBLIC_URL: 'https://scim.example.com:8443/' };
    const create = (application: string) =>
      runCommand(
        ['token', 'create', '--organization', 'acme', '--name', 'x', '--application', application, '--json'],
        env,
      );
    const [app, board, unsaid] = [
      await create('app'),
      await create('board'),
      await runCommand(['token', 'create', '--organization', 'acme', '--name', 'x'], env),
    ];
    rmSync(folder, { recursive: true });
    expect(JSON.parse(app.stdout).baseUrl).toBe('https://scim.example.com:8443/scim/v2');
    expect(JSON.parse(board.stdout).baseUrl).toBe('https://board.example.com:8443/v2');
    expect(unsaid).toMatchObject({ code: 1, stdout: '' });
    expect(unsaid.stderr).toContain('app, board');
  });
});

describe('organization', () => {
  test('create tells how to let its identity provider in; list names them all', async () => {
    const { stdout } = await joinery('organization', 'create', '--name', 'Böb & Co.');
    expect(stdout).toContain('token create --organization bob-co --name okta');
    expect((await joinery('organization', 'list')).stdout).toMatch(
      /^SLUG {4}NAME {7}PLAN {2}SSO {2}CREATED\n(.*\n)*bob-co {2}Böb & Co\. {2}- {5}- {4}\d{4}-/m,
    );
  });

  test('a slug that is taken is 1, with a sentence', async () => {
    expect(await joinery('organization', 'create', '--name', 'Acme', '--slug', 'acme')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'joinery: There is an organization with the slug "acme" already.\n',
    });
  });
});

describe('token', () => {
  test('create --json prints one object and nothing else', async () => {
    const { code, stdout, stderr } = await joinery(
      'token',
      'create',
      '--organization',
      'acme',
      '--name',
      'ci',
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.endsWith('\n')).toBe(true);
    expect(Object.keys(JSON.parse(stdout))).toEqual(['token', 'baseUrl', 'organization', 'application', 'name']);
    expect(JSON.parse(stdout)).toMatchObject({
      token: expect.stringMatching(new RegExp(`^${TOKEN.source}$`)),
      baseUrl: 'http://127.0.0.1:3000/scim/v2',
      organization: 'acme',
      application: 'app',
      name: 'ci',
    });
  });

  test('list shows names, scopes and times, never a token; revoke ends one by its id', async () => {
    const made = await joinery(
      ...[
        'token',
        'create',
        '--organization',
        'acme',
        '--name',
        'Okta production',
        '--scope',
        'read',
        '--expires',
        '90d',
      ],
    );
    const token = TOKEN.exec(made.stdout)?.[0] ?? '';
    expect(made.stdout).toContain('only reads');
    const listed = await joinery('token', 'list', '--organization', 'acme');
    expect(listed.stdout).not.toContain(token);
    const line = listed.stdout.split('\n').find((one) => one.includes('Okta production')) ?? '';
    expect(line).toMatch(
      /^[0-9a-f-]{36} {2}acme .* read .*\d{4}-\d\d-\d\d \d\d:\d\dZ {2}\d{4}-\d\d-\d\d \d\d:\d\dZ {2}- +-$/,
    );
    const id = line.split(' ')[0] ?? '';
    expect((await joinery('token', 'revoke', id)).code).toBe(0);
    expect(await joinery('token', 'revoke', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('before') });
  });

  test('create for nobody is 1', async () => {
    expect(await joinery('token', 'create', '--organization', 'nobody', '--name', 'x')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'joinery: There is no organization with the slug "nobody".\n',
    });
  });

  test('works beside a running server: a new one opens at once, a revoked one stops', async () => {
    const server = await startServerProcess(database.env);
    const made = await joinery('token', 'create', '--organization', 'acme', '--name', 'beside', '--json');
    const client = scim({ baseUrl: server.baseUrl, token: JSON.parse(made.stdout).token });
    expect((await client.get('/Users')).status).toBe(200);
    const listed = await joinery('token', 'list');
    const id =
      listed.stdout
        .split('\n')
        .find((line) => line.includes('beside'))
        ?.split(' ')[0] ?? '';
    expect((await joinery('token', 'revoke', id)).code).toBe(0);
    expect((await client.get('/Users')).status).toBe(401);
    expect(await server.stop()).toBe(0);
    expect(server.output()).not.toMatch(TOKEN);
  });

  test('T-AUTH-08 no token is in the database, its log, or what the server says', async () => {
    const fresh = temporaryDatabase();
    await runCommand(['organization', 'create', '--name', 'Acme'], fresh.env);
    const made = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'x', '--json'], fresh.env);
    const { token } = JSON.parse(made.stdout);
    const server = await startServerProcess(fresh.env);
    const client = scim({ baseUrl: server.baseUrl, token });
    // RFC 7644 §7.5.2: a token in a URL is refused.
    expect((await client.get(`/Users?filter=userName%20eq%20%22${token}%22`)).status).toBe(403);
    expect((await client.get(`/Users/${token}`)).status).toBe(404);
    expect((await client.post(`/Users/${token}`, token)).status).toBe(405);
    const files = readdirSync(fresh.folder).map((name) => readFileSync(join(fresh.folder, name), 'latin1'));
    expect(files.length).toBeGreaterThan(1);
    await server.stop();
    for (const text of [...files, server.output()]) expect(text).not.toContain(token);
    expect(server.output()).toContain('/Users/[token]');
    fresh.remove();
  });
});

describe('serve and start', () => {
  test('start on an empty database prints the token once, in a line that works; later never again', async () => {
    const fresh = temporaryDatabase();
    const first = await start(fresh.env);
    const [line = '', ...others] = first.split('\n').filter((one) => TOKEN.test(one));
    expect(others).toEqual([]);
    expect(line).toMatch(
      /^ {2}npm run -s joinery -- simulate okta --base-url http:\/\/127\.0\.0\.1:\d+\/scim\/v2 --token jn-/,
    );
    const second = await start(fresh.env);
    expect(second).not.toMatch(TOKEN);
    expect(second).toContain('npm run -s joinery -- token create --organization acme --name');
    fresh.remove();
  });

  test('SIGTERM ends it with 0, having finished', async () => {
    const fresh = temporaryDatabase();
    const server = await startServerProcess(fresh.env);
    expect((await fetch(server.baseUrl.replace('/scim/v2', '/readyz'))).status).toBe(200);
    expect(await server.stop()).toBe(0);
    fresh.remove();
  });

  test('a port that is taken is 1, with a sentence', async () => {
    const fresh = temporaryDatabase();
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const { code, stdout, stderr } = await runCommand(['start'], { ...fresh.env, PORT: String(port) });
    other.close();
    fresh.remove();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^joinery: port ${port} of 127\\.0\\.0\\.1 is taken[^\\n]+\\n$`));
  });

  test('a second server on the same database is 1, with a sentence', async () => {
    const server = await startServerProcess(database.env);
    const { code, stderr } = await runCommand(['serve'], { ...database.env, PORT: '0' });
    await server.stop();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^joinery: Another joinery server [^\n]+\n$/);
  });
});

/** Runs `start` until it has said all, stops it, and gives what it said. */
function start(env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['src/main.ts', 'start'], {
      cwd: ROOT,
      env: { ...process.env, ...env, PORT: '0' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (/--token \S+\n|token create .*\n/.test(output)) child.kill();
    });
    child.on('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
  });
}
