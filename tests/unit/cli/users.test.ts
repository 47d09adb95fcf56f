import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, scim, startServerProcess, temporaryDatabase } from '../../harness/index.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

const database = temporaryDatabase();
const env = { ...database.env, JOINERY_CONFIG: join(database.folder, 'joinery.config.ts') };
const joinery = (...args: string[]) => runCommand([...args, '--organization', 'acme'], env);
const fileOf = (name: string, text: string): string => {
  const file = join(database.folder, name);
  writeFileSync(file, text);
  return file;
};

beforeAll(async () => {
  fileOf('joinery.config.ts', 'export default { applications: { app: { features: { syncPassword: true } } } };');
  expect((await runCommand(['organization', 'create', '--name', 'Acme', '--slug', 'acme'], env)).code).toBe(0);
});
afterAll(() => database.remove());

describe('users import', () => {
  test('says by line what is wrong, takes the rest, and how to take it back; again it alters nothing', async () => {
    const file = fileOf('people.csv', 'userName,title\nann,Guide\n,x\nbob,\n');
    const dry = await joinery('users', 'import', file, '--dry-run', '--json');
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, counts: { created: 2, refused: 1 }, ended: 'done' });
    const done = await joinery('users', 'import', file);
    expect(done).toMatchObject({ code: 1, stdout: expect.stringMatching(/^2 created, 0 changed, 0 unchanged/) });
    expect(done.stderr).toMatch(
      /^line 3: userName is required.*\n\nTo take this back: .*--request [\da-f-]{36} --dry-run\njoinery: 1 line was not taken\.\n$/,
    );
    expect(done.stdout).toContain('line 4: bob');
    const again = await joinery('users', 'import', file, '--max-errors', '1');
    expect(again).toMatchObject({ code: 1, stdout: expect.stringContaining('0 created, 0 changed, 1 unchanged') });
    expect(again.stderr).toContain('--from-line 4');
    const rest = await joinery('users', 'import', file, '--from-line', '4');
    expect(rest).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('1 unchanged') });
  });

  test('what cannot be read, or is of no known format, is told in a sentence', async () => {
    const none = await joinery('users', 'import', join(database.folder, 'none.csv'));
    expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/none\.csv cannot be read \(ENOENT\)/) });
    const folder = await joinery('users', 'import', database.folder, '--format', 'csv');
    expect(folder).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is no file\. For what a command writes, give -/),
    });
    const odd = await joinery('users', 'import', fileOf('people.txt', 'userName\n'));
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('--format csv or --format jsonl') });
    const broken = await joinery('users', 'import', fileOf('broken.csv', 'userName,shoe\na,b\n'));
    expect(broken).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/could not be read to its end\. No line was done/),
    });
  });
});

test('an import that waits for its input is ended by Ctrl-C, and says how to go on', async () => {
  const args = ['users', 'import', '-', '--format', 'jsonl', '--organization', 'acme', '--from-line', '7'];
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
  let told = '';
  child.stderr.on('data', (text) => {
    told += text;
  });
  // It listens to signals before it tells of a line.
  const isWaiting = new Promise((resolve) => child.stderr.once('data', resolve));
  child.stdin.write(`${'\n'.repeat(6)}${'nope\n'.repeat(100)}`);
  await isWaiting;
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(1);
  expect(told).toMatch(
    /interrupted after line 106\. .* users import - --format jsonl --organization acme --from-line 107\n$/,
  );
});

test('beside a server that runs: it shows who came in, and a password that it set is verified', async () => {
  const server = await startServerProcess(env);
  try {
    const minted = await joinery('token', 'create', '--name', 'okta', '--json');
    const client = scim({ baseUrl: server.baseUrl, token: JSON.parse(minted.stdout).token });
    const rows = Array.from({ length: 300 }, (_, index) => `{"userName":"beside${index}"}`).join('\n');
    const importing = joinery('users', 'import', fileOf('beside.jsonl', rows));
    const made = await client.post('/Users', { schemas: [USER], userName: 'carl', password: 'correct horse' });
    expect(made.status).toBe(201);
    expect(await importing).toMatchObject({ code: 0, stdout: expect.stringMatching(/^300 created/) });
    const found = await client.get(`/Users?filter=${encodeURIComponent('userName eq "beside299"')}`);
    expect(found.body.totalResults).toBe(1);

    const shown = await joinery('users', 'show', '--user', 'CARL');
    expect(shown.stdout).toMatch(
      /^user +carl\nid +[\da-f-]{36}\nactive +yes\nmanaged by +the identity provider\nroles +none\n/,
    );
    expect(shown.stdout).not.toContain('correct horse');
    const own = await joinery('users', 'show', '--user', 'beside1', '--json');
    expect(JSON.parse(own.stdout)).toMatchObject({
      owner: 'application',
      resource: { userName: 'beside1' },
      hold: null,
    });

    expect(await verify('carl', 'correct horse\n')).toMatchObject({ code: 0, stdout: 'Yes: this is the password.\n' });
    expect(await verify('carl', 'wrong')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^joinery: No: /) });
    expect(await verify('nobody', 'correct horse')).toMatchObject({ code: 1 });
  } finally {
    await server.stop();
  }
});

function verify(user: string, password: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const args = [MAIN, 'users', 'verify-password', '--organization', 'acme', '--user', user];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  const told = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    told.stdout += text;
  });
  child.stderr.on('data', (text) => {
    told.stderr += text;
  });
  child.stdin.end(password);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...told })));
}
