import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, createApp, loadApplications, readSettings } from '../../src/app.ts';
import { DATABASES, openDatabase, type TestDatabase } from '../harness/index.ts';
import { superuser } from '../harness/postgres.ts';
import { runCommand, type ServerProcess, startServerProcess } from '../harness/process.ts';
import { contradictions } from '../soak/rows.ts';

type Env = Readonly<Record<string, string>>;

let folder: string;
let servers: ServerProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-backup-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe.each(DATABASES)('T-OPS-04 a backup is restored, on %s', (name) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openDatabase(name);
  });
  afterEach(() => database.remove());

  test('a token that was revoked after it stays revoked, and what it lets in is what it let in', async () => {
    const [kept, early, late] = await tokens(database.env, 'kept', 'early', 'late');
    await revoke(database.env, 'early');
    const before = await serve(database.env);
    expect(await create(before, kept, 'first')).toBe(201);
    await before.stop();
    const backup = await backUp(database, join(folder, 'backup.db'));

    await revoke(database.env, 'late');
    const [after] = await tokens(database.env, 'after');
    const meanwhile = await serve(database.env);
    expect(await create(meanwhile, after, 'second')).toBe(201);
    expect(await status(meanwhile, late)).toBe(401);
    await meanwhile.stop();

    const restored = await restore(database, backup);
    try {
      const server = await serve(restored);
      expect(await status(server, kept)).toBe(200);
      expect(await status(server, early)).toBe(401);
      expect(await status(server, late)).toBe(401);
      // Nobody knows it any more: it was made after the backup.
      expect(await status(server, after)).toBe(401);
      expect(await userNames(server, kept)).toEqual(['first']);
      await server.stop();
    } finally {
      await backup.remove();
    }
  });

  test('nothing is told twice: there are no webhooks yet, and the history ends where the backup does', async () => {
    const [kept] = await tokens(database.env, 'kept');
    const server = await serve(database.env);
    for (const userName of ['a', 'b', 'c']) expect(await create(server, kept, userName)).toBe(201);
    await server.stop();
    const backup = await backUp(database, join(folder, 'backup.db'));
    try {
      const restored = await restore(database, backup);
      const again = await serve(restored);
      // What comes now is behind it, and what came before is there once.
      expect(await create(again, kept, 'd')).toBe(201);
      const told = await succeed(['history', '--organization', 'acme', '--json'], restored);
      const changes = told
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { kind: string; subject: string });
      expect(changes.map(({ kind }) => kind)).toEqual(Array(4).fill('created'));
      expect(new Set(changes.map(({ subject }) => subject)).size).toBe(4);
      await again.stop();
    } finally {
      await backup.remove();
    }
  });

  test('where the database that was is lost, one command ends all tokens', async () => {
    const all = await tokens(database.env, 'one', 'two');
    const server = await serve(database.env);
    for (const one of all) expect(await status(server, one)).toBe(200);
    expect(await succeed(['token', 'revoke', '--all'], database.env)).toContain('2 of 2 tokens are revoked');
    await expect.poll(() => Promise.all(all.map((one) => status(server, one)))).toEqual([401, 401]);
    await server.stop();
  });

  test('a list that is none revokes nothing', async () => {
    await tokens(database.env, 'one');
    const told = await Promise.all(
      ['{}', '[{"id":1}]', '[{"id":"x"}]', 'no JSON'].map((text) =>
        runCommand(['token', 'revoke', '--as-in', '-'], database.env, text),
      ),
    );
    for (const one of told) {
      expect(one).toMatchObject({ code: 1, stdout: '' });
      expect(one.stderr).toContain('Standard input');
    }
    // Of one organization, or made before the token was: what it does not tell of is told.
    expect((await runCommand(['token', 'revoke', '--as-in', '-'], database.env, '[]')).stdout).toBe(
      '0 of 1 tokens are revoked. Servers that run refuse them within five seconds.\nThe list does not tell of 1 of them: see in `token list` whether they were made after it.\n',
    );
    expect((await runCommand(['token', 'revoke'], database.env)).code).toBe(2);
    expect((await runCommand(['token', 'revoke', '--all', '--as-in', 'x'], database.env)).code).toBe(2);
    expect(JSON.parse(await succeed(['token', 'list', '--json'], database.env))[0]).not.toHaveProperty('revoked');
  });
});

describe('T-OPS-04 backups of a SQLite', () => {
  let database: TestDatabase;
  let key: string;
  beforeEach(async () => {
    database = await openDatabase('sqlite');
    [key] = await tokens(database.env, 'okta');
  });
  afterEach(() => database.remove());

  test('one that is made while the server writes is of one moment, whole, and for its owner alone', async () => {
    const server = await serve(database.env);
    let working = true;
    let made = 0;
    const writing = Array.from({ length: 4 }, async (_, lane) => {
      for (let n = 0; working; n += 1) {
        expect(await create(server, key, `u${lane}-${n}`)).toBe(201);
        made += 1;
      }
    });
    await expect.poll(() => made).toBeGreaterThan(100);
    const acknowledged = made;
    const file = join(folder, 'backup.db');
    await succeed(['backup', file], database.env);
    const sent = made + writing.length;
    working = false;
    await Promise.all(writing);
    await server.stop();

    expect(contradictions(file)).toEqual([]);
    const backup = new DatabaseSync(file, { readOnly: true });
    const users = Number(backup.prepare("SELECT count(*) AS n FROM resources WHERE type = 'User'").get()?.n);
    backup.close();
    expect(users).toBeGreaterThanOrEqual(acknowledged);
    expect(users).toBeLessThanOrEqual(sent);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['backup.db']);
  });

  test('is never written over a file, nor restored under a server or from what is none', async () => {
    const file = join(folder, 'backup.db');
    await succeed(['backup', file], database.env);
    expect((await runCommand(['backup', file], database.env)).stderr).toContain('There is a file');
    const server = await serve(database.env);
    expect((await runCommand(['restore', file], database.env)).stderr).toContain('Another joinery server is running');
    expect(await status(server, key)).toBe(200);
    await server.stop();
    writeFileSync(join(folder, 'cut.db'), 'SQLite format 3\0 and then nothing');
    expect((await runCommand(['restore', join(folder, 'cut.db')], database.env)).stderr).toContain(
      'is not a whole database',
    );
    expect((await runCommand(['restore', join(folder, 'none.db')], database.env)).stderr).toContain(
      'There is no backup',
    );
    const again = await serve(database.env);
    expect(await status(again, key)).toBe(200);
    await again.stop();
  });

  test.each([
    ['there is none', undefined],
    ['it is broken', 'not a database at all, for whatever happened to the disk'],
  ])('where the database cannot be asked, since %s, who restores must say what becomes of tokens', async (_, left) => {
    const file = join(folder, 'backup.db');
    await succeed(['backup', file], database.env);
    const lost = join(folder, 'new', 'joinery.db');
    const env = { DATABASE_URL: `sqlite:${lost}` };
    if (left !== undefined) {
      await tokens(env, 'lost');
      rmSync(`${lost}-wal`, { force: true });
      writeFileSync(lost, left);
    } else {
      // The log of what is gone would be taken for that of what comes.
      mkdirSync(join(folder, 'new'));
      copyFileSync(`${database.file}`, `${lost}-wal`);
    }
    const refused = await runCommand(['restore', file], env);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('--tokens revoke');
    expect(existsSync(lost)).toBe(left !== undefined);

    await succeed(['restore', file, '--tokens', 'keep'], env);
    const server = await serve(env);
    expect(await status(server, key)).toBe(200);
    await server.stop();
    expect(existsSync(`${lost}-wal`)).toBe(false);
    expect(await succeed(['restore', file, '--tokens', 'revoke'], env)).toContain('1 of the backup are revoked');
    const strict = await serve(env);
    expect(await status(strict, key)).toBe(401);
    await strict.stop();
  });

  test('the database that was stays beside, with all that was committed to it', async () => {
    const file = join(folder, 'backup.db');
    await succeed(['backup', file], database.env);
    const server = await serve(database.env);
    expect(await create(server, key, 'late')).toBe(201);
    await server.stop('SIGKILL');
    // As the snapshot of a disk has it: what was acknowledged last stands in its log.
    const snapshot = join(folder, 'snapshot.db');
    for (const end of ['', '-wal']) copyFileSync(`${database.file}${end}`, `${snapshot}${end}`);
    const told = await succeed(['restore', file], database.env);
    const aside = /database that was there is (\S+) now/.exec(told)?.[1] ?? '';
    expect(contradictions(aside)).toEqual([]);
    expect(existsSync(`${aside}-journal`)).toBe(false);
    const again = await serve({ DATABASE_URL: `sqlite:${aside}` });
    expect(await userNames(again, key)).toEqual(['late']);
    await again.stop();
    const restored = await serve(database.env);
    expect(await userNames(restored, key)).toEqual([]);
    await restored.stop();

    await succeed(['restore', snapshot], database.env);
    const brought = await serve(database.env);
    expect(await userNames(brought, key)).toEqual(['late']);
    await brought.stop();
  });

  test('where the database that is there began anew, who restores must say it too', async () => {
    const file = join(folder, 'backup.db');
    await succeed(['backup', file], database.env);
    await revoke(database.env, 'okta');
    // The disk is lost, and `npm start` made another one before somebody thought of the backup.
    const anew = { DATABASE_URL: `sqlite:${join(folder, 'anew', 'joinery.db')}` };
    const [other] = await tokens(anew, 'okta');
    const refused = await runCommand(['restore', file], anew);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('does not know 1 of those that the backup lets in. Say --tokens revoke');
    expect(readdirSync(join(folder, 'anew')).sort()).toEqual(['joinery.db', 'joinery.db-serving']);
    const untouched = await serve(anew);
    expect(await status(untouched, other)).toBe(200);
    await untouched.stop();
    await succeed(['restore', file, '--tokens', 'revoke'], anew);
    const server = await serve(anew);
    expect(await status(server, key)).toBe(401);
    await server.stop();
  });

  test('what cannot be restored leaves the database as it is, and nothing beside it', async () => {
    const file = join(folder, 'backup.db');
    await succeed(['backup', file], database.env);
    const beside = () => readdirSync(dirname(database.file ?? '')).filter((name) => !/-(serving|shm|wal)$/.test(name));
    const kept = beside();
    const newer = new DatabaseSync(file);
    newer.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('2999-01-01-more', '2999')");
    newer.close();
    const refusals = [
      [file, 'newer version of joinery (it has 2999-01-01-more)'],
      [database.file ?? '', 'is the database itself'],
      [folder, 'is not a whole database of joinery'],
    ] as const;
    for (const [source, sentence] of refusals) {
      const refused = await runCommand(['restore', source], database.env);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain(sentence);
    }
    expect(beside()).toEqual(kept);
  });

  test('what another backup writes, or one that was broken off, is not written over', async () => {
    const file = join(folder, 'backup.db');
    writeFileSync(`${file}.part`, 'of another');
    expect((await runCommand(['backup', file], database.env)).stderr).toContain(`There is a file ${file}.part`);
    expect(readFileSync(`${file}.part`, 'utf8')).toBe('of another');
    const nowhere = await runCommand(['backup', join(`${file}.part`, 'backup.db')], database.env);
    expect(nowhere.stderr).toMatch(/^joinery: The backup cannot be written: .* \(ENOTDIR\)\.\n$/);
  });

  test('the log of a database that is gone is not taken for that of the restored one', async () => {
    const file = join(folder, 'backup.db');
    await succeed(['backup', file], database.env);
    const gone = join(folder, 'gone.db');
    const writing = new DatabaseSync(gone);
    const many = 'WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 20000)';
    writing.exec(`PRAGMA cache_size = 1; CREATE TABLE gone AS ${many} SELECT 'gone' AS it FROM n`);
    writing.exec("BEGIN; UPDATE gone SET it = 'lost'");
    const lost = join(folder, 'lost.db');
    copyFileSync(`${gone}-journal`, `${lost}-journal`);
    writing.close();
    await succeed(['restore', file, '--tokens', 'keep'], { DATABASE_URL: `sqlite:${lost}` });
    const server = await serve({ DATABASE_URL: `sqlite:${lost}` });
    expect(await status(server, key)).toBe(200);
    await server.stop();
    expect(contradictions(lost)).toEqual([]);
  });

  // Only root may give a file to somebody else.
  test.runIf(process.getuid?.() === 0)('root restores for the user whose database it was', async () => {
    const file = join(folder, 'backup.db');
    await succeed(['backup', file], database.env);
    chownSync(database.file ?? '', 4242, 4243);
    await succeed(['restore', file], database.env);
    expect(statSync(database.file ?? '')).toMatchObject({ uid: 4242, gid: 4243 });
    expect(statSync(database.file ?? '').mode & 0o777).toBe(0o600);
  });
});

test('T-OPS-04 PostgreSQL is backed up by its own means', async () => {
  const told = await runCommand(['backup', join(folder, 'x.db')], {
    DATABASE_URL: 'postgres://a:b@127.0.0.1/none',
    DATABASE_OWNER_URL: 'postgres://c:d@127.0.0.1/none',
  });
  expect(told).toMatchObject({ code: 1, stdout: '' });
  expect(told.stderr).toContain('PostgreSQL has backups of its own');
});

interface Backup {
  /** A file, or the name of a database. */
  readonly place: string;
  remove(): Promise<void>;
}

/** As an operator makes one; a database that is made after another is what PostgreSQL's own tools would bring back. */
async function backUp({ env, superuserUrl }: TestDatabase, file: string): Promise<Backup> {
  if (superuserUrl === undefined) {
    await succeed(['backup', file], env);
    return { place: file, remove: async () => undefined };
  }
  const { pathname } = new URL(superuserUrl);
  const [name, copy] = [pathname.slice(1), `${pathname.slice(1)}_backup`];
  const other = Object.assign(new URL(superuserUrl), { pathname: '/postgres' }).href;
  await superuser(
    other,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    `CREATE DATABASE ${copy} TEMPLATE ${name} STRATEGY FILE_COPY`,
  );
  return { place: copy, remove: async () => void (await superuser(other, `DROP DATABASE ${copy} WITH (FORCE)`)) };
}

/** By the steps of docs/guide/backup.md; resolves to the environment of who uses what is restored. */
async function restore({ env, file }: TestDatabase, { place }: Backup): Promise<Env> {
  if (file !== undefined) {
    await succeed(['restore', place], env);
    return env;
  }
  const revoked = await succeed(['token', 'list', '--json'], env);
  const restored = Object.fromEntries(
    Object.entries(env).map(([key, url]) => [key, Object.assign(new URL(url), { pathname: `/${place}` }).href]),
  );
  await succeed(['token', 'revoke', '--as-in', '-'], restored, revoked);
  return restored;
}

/** Of `acme`, which is made when it is not there; by what the commands call. */
async function tokens<const Names extends readonly string[]>(
  env: Env,
  ...names: Names
): Promise<{ [at in keyof Names]: string }> {
  return withApp(env, async (app) => {
    const known = await app.organizations.list();
    if (known.length === 0) await app.organizations.create({ slug: 'acme', name: 'Acme' });
    const made = await Promise.all(names.map((name) => app.credentials.create({ ...OF_ACME, name })));
    return made.map((one) => (one.kind === 'made' ? one.token : one.detail)) as { [at in keyof Names]: string };
  });
}

async function revoke(env: Env, name: string): Promise<void> {
  await withApp(env, async (app) => {
    const listed = await app.credentials.list();
    const found = listed.kind === 'listed' ? listed.credentials.find((one) => one.name === name) : undefined;
    expect(await app.credentials.revoke(found?.id ?? '')).toMatchObject({ kind: 'revoked' });
  });
}

async function withApp<T>(env: Env, work: (app: App) => Promise<T>): Promise<T> {
  const settings = readSettings(env, { logLevel: 'warn', insecure: true });
  const app = await createApp({ settings, applications: await loadApplications(undefined) });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

const OF_ACME = { organization: 'acme', application: 'app', scope: 'provision', expires: undefined } as const;

async function serve(env: Env): Promise<ServerProcess> {
  const server = await startServerProcess(env);
  servers.push(server);
  return server;
}

async function succeed(args: readonly string[], env: Env, input?: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(args, env, input);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

async function create({ baseUrl }: ServerProcess, token: string, userName: string): Promise<number> {
  const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const reply = await fetch(`${baseUrl}/Users`, { method: 'POST', headers, body });
  await reply.arrayBuffer();
  return reply.status;
}

async function status(server: ServerProcess, token: string): Promise<number> {
  return (await list(server, token)).status;
}

async function userNames(server: ServerProcess, token: string): Promise<readonly string[]> {
  const { Resources = [] } = (await (await list(server, token)).json()) as { Resources?: { userName: string }[] };
  return Resources.map(({ userName }) => userName);
}

function list({ baseUrl }: ServerProcess, token: string): Promise<Response> {
  return fetch(`${baseUrl}/Users`, { headers: { authorization: `Bearer ${token}` } });
}
