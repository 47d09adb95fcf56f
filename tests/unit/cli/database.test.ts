import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandResult, runCommand, scim, startServerProcess } from '../../harness/index.ts';
import { openPostgres, type PostgresServer, superuser } from '../../harness/postgres.ts';

const ADMIN = 'not so secret';

let postgres: PostgresServer;
let named = 0;

beforeAll(async () => {
  // A server that is told a password keeps its MD5 hash: what else it keeps, it was given.
  postgres = await openPostgres({ settings: { password_encryption: 'md5' } });
  // Only the superuser comes in without a password, so that passwords are checked as they are elsewhere.
  writeFileSync(
    join(postgres.folder, 'data/pg_hba.conf'),
    'local all postgres trust\nlocal all nobody_comes_in reject\nlocal all all scram-sha-256\n',
  );
  await postgres.start();
  await superuser(
    postgres.url('postgres'),
    "SET password_encryption = 'scram-sha-256'",
    `CREATE ROLE admin LOGIN CREATEROLE PASSWORD '${ADMIN}'`,
    `CREATE ROLE nobody LOGIN PASSWORD '${ADMIN}'`,
  );
}, 60_000);
afterAll(() => postgres.remove());

describe('database prepare', () => {
  test('prints what it did and, at its end, the two lines for the environment, which let both roles in', async () => {
    const database = await makeDatabase();
    const { code, stdout, stderr } = await prepare(postgres.url(database), '--name', database);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`CREATE ROLE "${database}" LOGIN NOSUPERUSER NOBYPASSRLS`);
    expect(stdout).toContain(`CREATE ROLE "${database}_owner" LOGIN NOSUPERUSER NOBYPASSRLS`);
    expect(stdout).toContain(`GRANT USAGE ON SCHEMA joinery TO "${database}";`);
    expect(stdout).toMatch(/shown only\s+here; to run this again gives new passwords/);
    const [, databaseUrl = '', ownerUrl = ''] =
      /\n\nDATABASE_URL=(\S+)\nDATABASE_OWNER_URL=(\S+)\n$/.exec(stdout) ?? [];
    expect(await whoComesIn(databaseUrl)).toBe(database);
    expect(await whoComesIn(ownerUrl)).toBe(`${database}_owner`);
    for (const url of [databaseUrl, ownerUrl]) expect(stdout.split(new URL(url).password)).toHaveLength(2);
  });

  test('PostgreSQL is told no password, only what it checks one by', async () => {
    const database = await makeDatabase();
    await prepared(postgres.url(database), database);
    const [kept] = await superuser(
      postgres.url('postgres'),
      `SELECT rolpassword FROM pg_authid WHERE rolname IN ('${database}', '${database}_owner')`,
    );
    const verifier = expect.stringMatching(/^SCRAM-SHA-256\$4096:/);
    expect(kept?.rows).toEqual([{ rolpassword: verifier }, { rolpassword: verifier }]);
  });

  test('with --json it prints one object and nothing else', async () => {
    const database = await makeDatabase();
    const { code, stdout, stderr } = await prepare(postgres.url(database), '--name', database, '--json');
    expect({ code, stderr, lines: stdout.split('\n').length }).toEqual({ code: 0, stderr: '', lines: 2 });
    const printed = JSON.parse(stdout);
    expect(Object.keys(printed)).toEqual(['databaseUrl', 'ownerUrl', 'roles', 'statements']);
    expect(printed.roles).toEqual({ requests: database, owner: `${database}_owner` });
    expect(printed.statements).toContain('CREATE SCHEMA IF NOT EXISTS joinery');
    expect(await whoComesIn(printed.databaseUrl)).toBe(database);
    expect(await whoComesIn(printed.ownerUrl)).toBe(`${database}_owner`);
  });

  test('run again it gives new passwords, ends the old ones, and leaves what is stored', async () => {
    const database = await makeDatabase();
    const first = await prepared(postgres.url(database), database);
    await superuser(
      first.ownerUrl,
      'CREATE TABLE joinery.kept (directory text)',
      "INSERT INTO joinery.kept VALUES ('d')",
    );
    const second = await prepared(postgres.url(database), database);
    await expect(whoComesIn(first.databaseUrl)).rejects.toThrow('password authentication failed');
    await expect(whoComesIn(first.ownerUrl)).rejects.toThrow('password authentication failed');
    const [kept] = await superuser(second.databaseUrl, 'SELECT * FROM joinery.kept');
    expect(kept?.rows).toEqual([{ directory: 'd' }]);
  });

  test('an administrator who is no superuser needs CREATEROLE and the database, also the second time', async () => {
    const database = await makeDatabase('OWNER admin');
    for (const _ of ['once', 'twice']) {
      const urls = await prepared(asAdmin(database), database);
      expect(await whoComesIn(urls.databaseUrl)).toBe(database);
      expect(await whoComesIn(urls.ownerUrl)).toBe(`${database}_owner`);
    }
  });

  test('the password may come from PGPASSWORD, and stands in neither URL', async () => {
    const database = await makeDatabase('OWNER admin');
    const url = asAdmin(database).replace(`:${encodeURIComponent(ADMIN)}@`, '@');
    const { code, stdout } = await prepare(url, '--name', database);
    expect(code).toBe(1);
    const again = await runCommand(['database', 'prepare', '--owner', url, '--name', database], { PGPASSWORD: ADMIN });
    expect(again.code).toBe(0);
    expect(stdout + again.stdout).not.toContain(encodeURIComponent(ADMIN));
  });

  test('names may hold what SQL, a URL and a shell take for something else', async () => {
    const name = `it's "a" %41 (b)`;
    await superuser(postgres.url('postgres'), `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    const url = postgres.url(encodeURIComponent(name));
    const { databaseUrl, ownerUrl } = await prepared(url, 'Join-ery_1');
    expect(await whoComesIn(databaseUrl)).toBe('Join-ery_1');
    const [where] = await superuser(ownerUrl, 'SELECT current_database() AS name, current_user AS role');
    expect(where?.rows).toEqual([{ name, role: 'Join-ery_1_owner' }]);
  });

  test('keeps what else the URL says, and takes its user name and password from wherever they stand', async () => {
    const database = await makeDatabase('OWNER admin');
    const url = `postgres:///${database}?host=${postgres.folder}&application_name=a%20b&user=admin&password=${encodeURIComponent(ADMIN)}`;
    for (const printed of Object.values(await prepared(url, database))) {
      const { searchParams } = new URL(printed);
      expect([...searchParams.keys()]).toEqual(['host', 'application_name']);
      expect(searchParams.get('application_name')).toBe('a b');
    }
  });
});

describe('the roles that database prepare makes', () => {
  let urls: Urls;
  let database: string;
  beforeAll(async () => {
    database = await makeDatabase();
    urls = await prepared(postgres.url(database), database);
    await superuser(urls.ownerUrl, 'CREATE TABLE joinery.a ()', 'CREATE TABLE joinery_operator.b ()');
  });

  test.each([
    ['SELECT * FROM joinery_operator.b', 'permission denied for schema joinery_operator'],
    ['CREATE TABLE joinery.c ()', 'permission denied for schema joinery'],
    ['CREATE SCHEMA other', 'permission denied for database'],
    ['DROP TABLE joinery.a', 'must be owner of table a'],
    ['TRUNCATE joinery.a', 'permission denied for table a'],
    ['CREATE ROLE another', 'permission denied to create role'],
    ['SET ROLE postgres', 'permission denied to set role'],
    ['ALTER TABLE joinery.a DISABLE ROW LEVEL SECURITY', 'must be owner of table a'],
  ])('T-TEN-11 requests may not: %s', async (sql, refusal) => {
    await expect(superuser(urls.databaseUrl, sql)).rejects.toThrow(refusal);
  });

  test('requests read and write the tables of joinery, and may keep a temporary one', async () => {
    await superuser(urls.databaseUrl, 'SELECT * FROM a', 'DELETE FROM a', 'CREATE TEMPORARY TABLE t ()');
  });

  test('T-TEN-11 neither is a superuser, bypasses row-level security, or is a member of another', async () => {
    const [roles, members] = await superuser(
      postgres.url(database),
      `SELECT rolname FROM pg_roles WHERE rolname LIKE '${database}%' AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)`,
      `SELECT * FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname LIKE '${database}%'`,
    );
    expect(roles?.rowCount).toBe(2);
    expect(members?.rowCount).toBe(0);
  });

  test('have their settings from the database too, for connections that a pooler opens', async () => {
    const settingsOf = async (url: string): Promise<readonly unknown[]> => {
      const names = ['search_path', 'enable_seqscan', 'jit', 'statement_timeout', 'lock_timeout'];
      const shown = await superuser(url, ...names.map((name) => `SHOW ${name}`));
      return shown.map(({ rows }) => Object.values(rows[0])[0]);
    };
    expect(await settingsOf(urls.databaseUrl)).toEqual(['joinery', 'off', 'off', '30s', '5s']);
    expect(await settingsOf(urls.ownerUrl)).toEqual(['joinery, joinery_operator', 'off', 'off', '0', '0']);
  });
});

describe('on a prepared database', () => {
  test('organization, token and two servers work as they do on SQLite', async () => {
    const database = await makeDatabase('OWNER admin');
    const { databaseUrl, ownerUrl } = await prepared(asAdmin(database), database);
    const env = { DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: ownerUrl };
    const made = await runCommand(['organization', 'create', '--name', 'Acme'], env);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const token = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'x', '--json'], env);
    const [one, other] = await Promise.all([startServerProcess(env), startServerProcess(env)]);
    const clients = [one, other].map(({ baseUrl }) => scim({ baseUrl, token: JSON.parse(token.stdout).token }));
    const created = await clients[0]?.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ada@example.com',
    });
    expect(created?.status).toBe(201);
    expect((await clients[1]?.get('/Users'))?.body).toMatchObject({ totalResults: 1 });

    const listed = await runCommand(['token', 'list'], env);
    const [id = ''] = /^[0-9a-f-]{36}/m.exec(listed.stdout) ?? [];
    expect((await runCommand(['token', 'revoke', id], env)).code).toBe(0);
    expect(await one.stop()).toBe(0);
    expect(await other.stop()).toBe(0);
    const { password } = new URL(databaseUrl);
    for (const text of [made.stdout, listed.stdout, one.output(), other.output()]) expect(text).not.toContain(password);
  });

  test('start welcomes without a word of the password', async () => {
    const database = await makeDatabase();
    const { databaseUrl, ownerUrl } = await prepared(postgres.url(database), database);
    const said = await startedAndStopped({ DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: ownerUrl });
    expect(said).toContain(`  Database       postgres://localhost/${database}\n`);
    expect(said).toContain('simulate okta --base-url');
    for (const url of [databaseUrl, ownerUrl]) expect(said).not.toContain(new URL(url).password);
  });

  test('that was not prepared, or with one URL for both, serve says what to do', async () => {
    const database = await makeDatabase();
    const url = postgres.url(database);
    const other = url.replace('//postgres@', '//admin@');
    const unprepared = await runCommand(['serve'], { DATABASE_URL: url, DATABASE_OWNER_URL: other });
    expect(unprepared.code).toBe(1);
    expect(unprepared.stderr).toContain('database prepare --owner');
    const single = await runCommand(['serve'], { DATABASE_URL: url });
    expect(single).toMatchObject({ code: 2, stdout: '' });
    expect(single.stderr).toMatch(/^joinery: DATABASE_OWNER_URL is not set[^\n]+\n$/);
  });
});

describe('database prepare tells in a sentence, and does nothing', () => {
  test.each<[string, (database: string) => string, string]>([
    ['that nobody answers', () => 'postgres://admin@127.0.0.1:1/joinery', 'cannot be reached at 127.0.0.1:1 ('],
    [
      'that there is no socket',
      () => `postgres://admin@localhost/joinery?host=/tmp/no-such-folder`,
      'cannot be reached at /tmp/no-such-folder (',
    ],
    [
      'how to make the database that is missing',
      () => postgres.url('it%27s'),
      `There is no database "it's". Make it first: psql -h `,
    ],
    ['that the password is wrong', (database) => asAdmin(database, 'wrong'), 'did not let the role "admin" in'],
    ['that a password is asked for', (database) => asAdmin(database, ''), 'asks for the password of "admin"'],
    ['that it may not create roles', (database) => as('nobody', database), '"nobody" may not create roles'],
    [
      'that it may not give rights to the database',
      (database) => asAdmin(database),
      `"admin" may not let another one make schemas in the database "`,
    ],
    [
      'that there is no TLS',
      (database) => `${postgres.url(database)}&sslmode=no-verify`,
      'does not speak TLS, and the URL asks for it',
    ],
    [
      'that a file is missing',
      (database) => `${postgres.url(database)}&sslrootcert=/no/such/file`,
      "The URL cannot be read (ENOENT: no such file or directory, open '/no/such/file')",
    ],
  ])('%s', async (_, url, sentence) => {
    const database = await makeDatabase();
    const told = await prepare(url(database), '--name', database);
    expect(told).toMatchObject({ code: 1, stdout: '' });
    expect(told.stderr).toMatch(/^joinery: [^\n]+\n$/);
    expect(told.stderr).toContain(sentence);
    expect(told.stderr).not.toContain(ADMIN);
    expect(await rolesOf(database)).toEqual([]);
  });

  test('that the database is not in UTF8', async () => {
    const database = await makeDatabase("TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'");
    const told = await prepare(postgres.url(database), '--name', database);
    expect(told.stderr).toContain('The database is encoded in LATIN1: expected UTF8.');
    expect(await rolesOf(database)).toEqual([]);
  });

  test('the line that makes the missing database makes it', async () => {
    const { stderr } = await prepare(postgres.url('absent'));
    const [, sql = ''] = /-c '(CREATE DATABASE .*)'\n$/.exec(stderr) ?? [];
    await superuser(postgres.url('postgres'), sql);
    await prepared(postgres.url('absent'), 'absent');
  });

  test('that the roles serve another database, whose servers new passwords would lock out', async () => {
    const [first, second] = [await makeDatabase(), await makeDatabase()];
    const { databaseUrl } = await prepared(postgres.url(first), first);
    const { code, stderr } = await prepare(postgres.url(second), '--name', first);
    expect(code).toBe(1);
    expect(stderr).toContain(`serves the database "${first}"`);
    expect(await whoComesIn(databaseUrl)).toBe(first);
  });

  test('that the schemas belong to the roles of another name', async () => {
    const database = await makeDatabase();
    await prepared(postgres.url(database), database);
    const { stderr } = await prepare(postgres.url(database), '--name', `${database}_b`);
    expect(stderr).toContain(`a schema "joinery" already, which belongs to "${database}_owner"`);
    expect(await rolesOf(`${database}_b`)).toEqual([]);
  });

  test.each([
    ['CREATE ROLE x LOGIN BYPASSRLS', 'may do more than one of ours does'],
    ['CREATE ROLE x LOGIN CREATEROLE', 'may do more than one of ours does'],
    ['CREATE ROLE x_owner SUPERUSER', 'may do more than one of ours does'],
    ['CREATE ROLE x LOGIN; CREATE ROLE x_owner LOGIN; GRANT x_owner TO x', '"x" is a member of "x_owner"'],
    ['CREATE ROLE x LOGIN; GRANT postgres TO x', '"x" is a member of "postgres"'],
  ])('T-TEN-11 that row-level security would not hold: %s', async (sql, sentence) => {
    const name = `wall${++named}`;
    await superuser(postgres.url('postgres'), sql.replaceAll('x', name));
    const { code, stderr } = await prepare(postgres.url(await makeDatabase()), '--name', name);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence.replaceAll('x', name));
  });

  test('that the name is the one of who asks', async () => {
    const { stderr } = await prepare(asAdmin(await makeDatabase('OWNER admin')), '--name', 'admin');
    expect(stderr).toMatch(/There is a role "admin" already/);
  });
});

test('database prepare tells when the roles that it made may not log in', async () => {
  const database = await makeDatabase();
  const { code, stdout, stderr } = await prepare(postgres.url(database), '--name', 'nobody_comes_in');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('did not let the role "nobody_comes_in" in');
  expect(stderr).toContain('Both roles have new passwords by now, which nobody knows');
});

interface Urls {
  readonly databaseUrl: string;
  readonly ownerUrl: string;
}

function prepare(url: string, ...more: readonly string[]): Promise<CommandResult> {
  return runCommand(['database', 'prepare', '--owner', url, ...more], {});
}

async function prepared(url: string, name: string): Promise<Urls> {
  const { code, stdout, stderr } = await prepare(url, '--name', name, '--json');
  if (code !== 0) throw new Error(stderr);
  const { databaseUrl, ownerUrl } = JSON.parse(stdout);
  return { databaseUrl, ownerUrl };
}

/** What `start` said until it had said all. */
function startedAndStopped(env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['src/main.ts', 'start'], { env: { ...process.env, ...env, PORT: '0' } });
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk) => {
        said += chunk;
        if (/--token \S+\n/.test(said)) child.kill();
      });
    }
    child.on('exit', (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
  });
}

async function makeDatabase(how = ''): Promise<string> {
  named += 1;
  await superuser(postgres.url('postgres'), `CREATE DATABASE joinery${named} ${how}`);
  return `joinery${named}`;
}

function asAdmin(database: string, password = ADMIN): string {
  return as('admin', database, password);
}

function as(role: string, database: string, password = ADMIN): string {
  return postgres.url(database).replace('//postgres@', `//${role}:${encodeURIComponent(password)}@`);
}

async function whoComesIn(url: string): Promise<unknown> {
  const [result] = await superuser(url, 'SELECT current_user AS role');
  return result?.rows[0].role;
}

async function rolesOf(name: string): Promise<readonly unknown[]> {
  const [result] = await superuser(
    postgres.url('postgres'),
    `SELECT rolname FROM pg_roles WHERE rolname IN ('${name}', '${name}_owner')`,
  );
  return result?.rows ?? [];
}
