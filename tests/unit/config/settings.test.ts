import { describe, expect, test } from 'vitest';
import { baseUrl, originOf, readSettings, SettingsError } from '../../../src/config.ts';

const POSTGRES = {
  DATABASE_URL: 'postgres://joinery:a@db.example.com/joinery',
  DATABASE_OWNER_URL: 'postgres://joinery_owner:b@db.example.com/joinery',
};
const DEFAULTS = { logLevel: 'info', insecure: false } as const;

function problemsOf(env: Record<string, string>, insecure = false): readonly string[] {
  try {
    readSettings(env, { ...DEFAULTS, insecure });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('readSettings', () => {
  test('has an answer for everything that is not set, or set to nothing', () => {
    const expected = {
      port: 3000,
      host: '127.0.0.1',
      publicUrl: undefined,
      databaseUrl: 'sqlite:./data/joinery.db',
      databaseOwnerUrl: undefined,
      databaseConnections: 10,
      drainSeconds: 0,
      historyDays: 400,
      journalDays: 30,
      journalMebibytes: 512,
      logLevel: 'info',
      configFile: undefined,
    };
    expect(readSettings({}, DEFAULTS)).toEqual(expected);
    expect(readSettings({ PORT: '', HOST: '', PUBLIC_URL: '', DATABASE_URL: '', LOG_LEVEL: '' }, DEFAULTS)).toEqual(
      expected,
    );
  });

  test.each([
    [{ PORT: 'http' }, 'PORT is "http": expected a number from 0 to 65535'],
    [{ PORT: '65536' }, 'PORT is "65536"'],
    [{ PORT: '-1' }, 'PORT is "-1"'],
    [{ HISTORY_DAYS: '0' }, 'HISTORY_DAYS is "0": expected a whole number from 1 to 36500'],
    [{ JOURNAL_DAYS: '30d' }, 'JOURNAL_DAYS is "30d": expected a whole number from 0 to 3650'],
    [{ JOURNAL_MIB: '0' }, 'JOURNAL_MIB is "0": expected a whole number from 1 to 1048576'],
    [{ PORT: '0x10' }, 'PORT is "0x10"'],
    [{ HOST: 'a b' }, 'HOST is "a b"'],
    [{ HOST: '0.0.0.0' }, 'HOST is 0.0.0.0, which others can reach, and PUBLIC_URL is not set'],
    [{ HOST: '[::]', PUBLIC_URL: 'http://scim.example.com' }, 'PUBLIC_URL is not https'],
    [{ PUBLIC_URL: 'scim.example.com' }, 'expected an http or https URL'],
    [{ PUBLIC_URL: 'ftp://scim.example.com' }, 'expected an http or https URL'],
    [{ PUBLIC_URL: 'https://scim_eu.example.com' }, 'which Okta refuses'],
    [{ PUBLIC_URL: 'https://example.com/my_scim' }, 'which Okta refuses'],
    [{ PUBLIC_URL: 'https://example.com/?a' }, 'without "?"'],
    [{ PUBLIC_URL: 'https://example.com/#a' }, 'without "?" and "#"'],
    [{ PUBLIC_URL: 'https://a:b@example.com' }, 'without a user name'],
    [{ PUBLIC_URL: 'https://@example.com' }, 'without a user name'],
    [{ PUBLIC_URL: 'https://example.com/?' }, 'without "?"'],
    [{ PUBLIC_URL: 'https://example.com?' }, 'without "?"'],
    [{ PUBLIC_URL: 'https://example.com/#' }, 'without "?" and "#"'],
    [{ PUBLIC_URL: 'https://example.com/my%5fscim' }, 'which Okta refuses'],
    [{ PUBLIC_URL: 'https://example.com/my%5Fscim' }, 'which Okta refuses'],
    [{ PUBLIC_URL: 'https://scim%5feu.example.com' }, 'which Okta refuses'],
    [{ PUBLIC_URL: 'https://example.com/my%255fscim' }, 'a path of letters'],
    [{ PUBLIC_URL: 'https://example.com/a%2fb' }, 'a path of letters'],
    [{ PUBLIC_URL: 'https://example.com/a;b' }, 'a path of letters'],
    [{ PUBLIC_URL: 'https://example.com/a//b' }, 'a path of letters'],
    [{ PUBLIC_URL: 'https://example.com/a b' }, 'a path of letters'],
    [{ DATABASE_URL: 'data.db' }, 'DATABASE_URL has no scheme'],
    [{ DATABASE_URL: 'sqlite:' }, 'expected sqlite: and a file'],
    [{ DATABASE_URL: 'mysql://a@b/c' }, 'DATABASE_URL begins with "mysql:": expected sqlite: and a file'],
    [{ DATABASE_URL: 'postgres:joinery' }, 'DATABASE_URL begins with "postgres:"'],
    [{ DATABASE_URL: 'postgres://a@b/c' }, 'run "joinery database prepare --owner postgres://…" once'],
    [
      { ...POSTGRES, DATABASE_OWNER_URL: 'sqlite:./a.db' },
      'DATABASE_OWNER_URL begins with "sqlite:": expected a postgres',
    ],
    [{ ...POSTGRES, DATABASE_OWNER_URL: 'postgres://o:a/b@c/d' }, 'DATABASE_OWNER_URL cannot be read as a URL'],
    [{ ...POSTGRES, DATABASE_OWNER_URL: 'postgres://o@c' }, 'DATABASE_OWNER_URL names no database'],
    [{ ...POSTGRES, DATABASE_URL: 'postgres://r@c/' }, 'DATABASE_URL names no database'],
    [{ ...POSTGRES, DATABASE_OWNER_URL: POSTGRES.DATABASE_URL }, 'have the same user name'],
    [{ ...POSTGRES, DATABASE_OWNER_URL: 'postgres://c/d?user=joinery' }, 'have the same user name'],
    [{ ...POSTGRES, DATABASE_CONNECTIONS: '0' }, 'DATABASE_CONNECTIONS is "0": expected a number from 1 to 1000'],
    [{ DATABASE_CONNECTIONS: '1001' }, 'DATABASE_CONNECTIONS is "1001"'],
    [{ DATABASE_CONNECTIONS: 'many' }, 'DATABASE_CONNECTIONS is "many"'],
    [{ DRAIN_SECONDS: '0.5' }, 'DRAIN_SECONDS is "0.5": expected whole seconds from 0 to 300'],
    [{ DRAIN_SECONDS: '301' }, 'DRAIN_SECONDS is "301"'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud": expected one of trace'],
  ])('%j is told in one sentence', (env, sentence) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(sentence);
    expect(problems[0]).toMatch(/\.$/);
  });

  test('tells all that is wrong at once', () => {
    expect(problemsOf({ PORT: 'x', HOST: 'a b', LOG_LEVEL: 'x' })).toHaveLength(3);
  });

  test.each([
    'postgres://secret:secret@secret/db',
    'postgres://secret:sec/ret@secret/db',
    'postgres:secret:secret@secret/db',
    'mysql://secret:secret@secret/db',
    'secret:secret@secret/db',
    'secret',
    '//secret:secret@secret/db',
    'postgres://secret@secret',
  ])('never repeats more than the scheme of a database URL: %j', (url) => {
    const owner = { ...POSTGRES, DATABASE_OWNER_URL: url };
    for (const env of [{ DATABASE_URL: url }, owner]) expect(problemsOf(env).join()).not.toContain('secret');
  });

  test.each([
    'postgres://joinery:p%40ss@db.example.com/joinery',
    'postgresql://joinery@db.example.com:5433/joinery?sslmode=verify-full&sslrootcert=/etc/ca.pem',
    'postgres://joinery@/joinery?host=/run/postgresql',
    'postgres:///joinery?host=/run/postgresql&user=joinery',
    'postgres://joinery@%2Frun%2Fpostgresql/joinery',
  ])('a PostgreSQL URL is handed on as it is: %s', (url) => {
    const env = { ...POSTGRES, DATABASE_URL: url, DATABASE_CONNECTIONS: '40' };
    expect(readSettings(env, DEFAULTS)).toMatchObject({
      databaseUrl: url,
      databaseOwnerUrl: POSTGRES.DATABASE_OWNER_URL,
      databaseConnections: 40,
    });
  });

  test.each([
    [{}, 0],
    [{ PUBLIC_URL: 'http://scim.example.com' }, 0],
    [{ PUBLIC_URL: 'https://scim.example.com' }, 5],
    [{ PUBLIC_URL: 'https://scim.example.com', DRAIN_SECONDS: '0' }, 0],
    [{ DRAIN_SECONDS: '20' }, 20],
  ])('%j drains for %i seconds', (env, seconds) => {
    expect(readSettings(env, DEFAULTS).drainSeconds).toBe(seconds);
  });

  test.each([
    'https://user:secret@example.com',
    'https://user:secret@example.com/?a',
    'https://user:p@ss@secret@example.com',
    'https://secret@example.com/',
    'https://user:se#cret/secret?x@example.com',
    'ftp://user:secret@example.com',
    'user:secret@example.com',
    'https://user:secret @exa mple.com',
    'https://user:secret@example.com\n@x',
    'https://example.com/?token=secret',
    'https://example.com/#secret',
    'https//example.com/?secret',
  ])('never repeats the password of a PUBLIC_URL: %j', (url) => {
    const [problem, ...others] = problemsOf({ PUBLIC_URL: url });
    expect(problem).toContain('PUBLIC_URL');
    expect(problem).not.toContain('secret');
    expect(others).toEqual([]);
  });

  test.each([
    [{ HOST: '127.0.0.1' }],
    [{ HOST: '127.8.8.8' }],
    [{ HOST: '::1' }],
    [{ HOST: 'localhost' }],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://scim.example.com' }],
    [{ HOST: '127.0.0.1', PUBLIC_URL: 'http://scim.example.com' }],
  ])('%j exposes no token', (env) => {
    expect(problemsOf(env)).toEqual([]);
  });

  test('--insecure lets others in without https', () => {
    expect(problemsOf({ HOST: '0.0.0.0' }, true)).toEqual([]);
  });
});

describe('the base URL', () => {
  const application = (basePath: string, ...hosts: string[]) => ({
    basePath,
    hosts,
  });

  test.each([
    [originOf('127.0.0.1', 3000), application('/scim/v2'), 'http://127.0.0.1:3000/scim/v2'],
    [originOf('::1', 3000), application('/scim/v2'), 'http://[::1]:3000/scim/v2'],
    ['https://example.com', application('/board/scim/v2'), 'https://example.com/board/scim/v2'],
    ['https://example.com/my-app.1', application('/scim/v2'), 'https://example.com/my-app.1/scim/v2'],
    ['https://example.com/joinery', application('/scim/v2'), 'https://example.com/joinery/scim/v2'],
    [
      'https://example.com:8443',
      application('/v2', 'board.example.com', 'b.example.com'),
      'https://board.example.com:8443/v2',
    ],
    ['https://example.com', application('/v2', 'board.example.com'), 'https://board.example.com/v2'],
    ['https://example.com:8443', application('/v2', '*.b.example.com'), 'https://*.b.example.com:8443/v2'],
  ])('from %s', (origin, one, expected) => {
    expect(baseUrl(origin, one)).toBe(expected);
  });

  test('has no slash at its end, whatever PUBLIC_URL has', () => {
    const { publicUrl } = readSettings({ PUBLIC_URL: 'https://example.com//' }, DEFAULTS);
    expect(baseUrl(publicUrl ?? '', application('/scim/v2'))).toBe('https://example.com/scim/v2');
  });
});
