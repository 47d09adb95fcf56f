import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '../../../src/store/index.ts';
import { fileOf } from '../../../src/store/url.ts';
import { DIRECTORY, put, user } from './fixture.ts';

let folder: string;
let url: string;
const stores: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-open-'));
  url = `sqlite:${join(folder, 'deep', 'er', 'joinery.db')}`;
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<Store> {
  const store = await openStore({ url });
  stores.push(store);
  return store;
}

test('a URL names a file, relative to the working directory', () => {
  expect(fileOf('sqlite:./data/joinery.db')).toBe(join(process.cwd(), 'data', 'joinery.db'));
  expect(fileOf('sqlite:/srv/joinery.db')).toBe('/srv/joinery.db');
});

test.each([
  ['mysql://joinery:hunter2@db/joinery', 'mysql:…'],
  ['./data/joinery.db', 'begins with neither sqlite: nor postgres:'],
  ['sqlite:', 'names no file'],
  ['sqlite::memory:', 'cannot be in memory'],
  ['sqlite:file::memory:?cache=shared', 'cannot be in memory'],
  ['sqlite://data/joinery.db', 'without //'],
])('%s is refused in words, and repeats no password', async (wrong, words) => {
  const refused = openStore({ url: wrong });
  await expect(refused).rejects.toThrow(words);
  await expect(refused).rejects.not.toThrow('hunter2');
});

test('the folder is made, and what was stored is there when it is opened again', async () => {
  const one = user('a');
  const first = await openStore({ url });
  await put(first, DIRECTORY, one);
  await first.close();
  expect(existsSync(`${fileOf(url)}-wal`)).toBe(false);
  expect(await (await open()).reader(DIRECTORY).record('User', one.id)).toMatchObject(one.record);
});

test('where nothing can be made, the operator is told so: it does not try for ever', async () => {
  const where = process.platform === 'linux' ? '/proc/nope/deep/joinery.db' : join(folder, 'file.db', 'joinery.db');
  if (process.platform !== 'linux') await (await openStore({ url: `sqlite:${join(folder, 'file.db')}` })).close();
  // In a process of its own, which can be ended when it never comes back.
  const child = run('open-and-close.ts', `sqlite:${where}`, 'told');
  let said = '';
  child.stdout?.on('data', (data) => {
    said += String(data);
  });
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = await once(child, 'close');
  clearTimeout(late);
  expect(code).toBe(3);
  expect(said).toMatch(
    /^The database file .*joinery\.db cannot be made \(E[A-Z]+\)\. Give DATABASE_URL a folder .*\.\n$/,
  );
});

test('a folder that stands where the file should be is told in words', async () => {
  mkdirSync(join(folder, 'joinery.db'));
  const refused = openStore({ url: `sqlite:${join(folder, 'joinery.db')}` });
  await expect(refused).rejects.toThrow(/^The database file .*joinery\.db cannot be opened: unable to open/);
});

test.skipIf(process.platform === 'win32')(
  'what it makes is for this user alone, and what was there stays as it was',
  async () => {
    const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    mkdirSync(join(folder, 'deep'), { mode: 0o755 });
    const store = await open();
    store.claimServing();
    await put(store, DIRECTORY, user('a'));
    const made = dirname(fileOf(url));
    const files = readdirSync(made).sort();
    const expected = ['joinery.db', 'joinery.db-serving', 'joinery.db-shm', 'joinery.db-wal'];
    expect(files).toEqual(expect.arrayContaining(expected));
    expect(files.filter((name) => modeOf(join(made, name)) !== '600')).toEqual([]);
    expect([modeOf(made), modeOf(dirname(made))]).toEqual(['700', '755']);
  },
);

test('several processes that start on one new file make its tables once', async () => {
  const children = Array.from({ length: 4 }, () => run('open-and-close.ts', url));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  const store = await open();
  expect((await store.health()).ready).toBe(true);
});

test('a file that a newer version wrote is left alone', async () => {
  await (await openStore({ url })).close();
  const database = new DatabaseSync(fileOf(url));
  database.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('2099-01-01-later', '2099')");
  database.close();
  await expect(openStore({ url })).rejects.toThrow('newer version');
});

test('a file that is no database is said to be none', async () => {
  const file = join(folder, 'text.db');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(file, 'This is a letter, and not a database at all. '.repeat(100));
  await expect(openStore({ url: `sqlite:${file}` })).rejects.toThrow('not a database');
});

test('one server has the database, also against another process; commands may use it all the same', async () => {
  const [server, command] = [await open(), await open()];
  server.claimServing();
  server.claimServing();
  expect(() => command.claimServing()).toThrow(/Another joinery server is running on .*joinery\.db/);
  await put(command, DIRECTORY, user('a'));
  const child = run('claim.ts', url);
  expect((await once(child, 'exit'))[0]).toBe(3);
  await server.close();
  command.claimServing();
});

test.skipIf(process.platform === 'win32')(
  'a link to the database, or to its folder, is the same database',
  async () => {
    const server = await open();
    server.claimServing();
    symlinkSync(fileOf(url), join(folder, 'link.db'));
    symlinkSync(dirname(fileOf(url)), join(folder, 'link'));
    for (const path of ['link.db', join('link', 'joinery.db')]) {
      const other = await openStore({ url: `sqlite:${join(folder, path)}` });
      stores.push(other);
      expect(() => other.claimServing()).toThrow('Another joinery server');
    }
  },
);

test('the claim of a server that is killed ends with it', async () => {
  await open();
  const child = run('claim.ts', url, 'stay');
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  const here = await open();
  expect(() => here.claimServing()).toThrow('Another joinery server');
  child.kill('SIGKILL');
  await once(child, 'exit');
  here.claimServing();
});

function run(script: string, ...args: readonly string[]) {
  const file = fileURLToPath(new URL(`./processes/${script}`, import.meta.url));
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}
