import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'joinery-build-'));
const main = join(folder, 'dist', 'main.js');
const VERSION = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
const env = { ...process.env, DATABASE_URL: `sqlite:${join(folder, 'joinery.db')}`, PORT: '0' };

/** As npm would install it. */
beforeAll(async () => {
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, [join(root, 'scripts/build.mjs'), join(folder, 'dist')], { cwd: root });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the built package serves: its threads run, and a configuration may import it', async () => {
  writeFileSync(
    join(folder, 'joinery.config.ts'),
    "import { defineConfig } from 'joinery';\nexport default defineConfig({ applications: { board: {} } });\n",
  );
  const joinery = (...args: readonly string[]) => run(process.execPath, [main, ...args], { cwd: folder, env });
  await joinery('organization', 'create', '--name', 'Acme', '--slug', 'acme');
  const made = await joinery('token', 'create', '--organization', 'acme', '--name', 'okta', '--json');
  const { token, application } = JSON.parse(made.stdout) as { token: string; application: string };
  expect(application).toBe('board');
  expect((await joinery('--version')).stdout).toBe(`${VERSION}\n`);

  const server = spawn(process.execPath, [main, 'serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const piece of server.stdout) {
    said += piece;
    if (said.includes('"bases"')) break;
  }
  const base = /"bases":\["([^"]+)"/.exec(said)?.[1];
  const ask = (path: string) => fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask('/Users')).status).toBe(200);
  // By no index: a thread of its own looks.
  expect((await ask('/Users?filter=title%20co%20%22x%22')).status).toBe(200);
  expect((await fetch(new URL('/readyz', base))).status).toBe(200);
  // Another thread writes it.
  await expect
    .poll(async () => (await joinery('journal', 'list', '--organization', 'acme')).stdout)
    .toContain('/Users');
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
});

test('the built package is a few files, whose types stand beside', () => {
  const files = globSync('**/*.js', { cwd: join(folder, 'dist') });
  expect(files.length).toBeLessThan(60);
  expect(files).toEqual(files.filter((file) => !file.includes('/')));
  for (const file of ['index.js', 'index.d.ts', 'main.js'])
    expect(statSync(join(folder, 'dist', file)).isFile()).toBe(true);
  expect(statSync(main).mode & 0o111).toBe(0o111);
});
