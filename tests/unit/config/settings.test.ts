import { describe, expect, test } from 'vitest';
import { baseUrl, originOf, readSettings, SettingsError } from '../../../src/config.ts';

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

  test('never repeats what may hold a password', () => {
    expect(problemsOf({ DATABASE_URL: 'postgres://user:secret@host/db' }).join()).not.toContain('secret');
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
    name: 'app',
    basePath,
    hosts,
    strict: false,
    extensions: [],
    entitlements: [],
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
  ])('from %s', (origin, one, expected) => {
    expect(baseUrl(origin, one)).toBe(expected);
  });

  test('has no slash at its end, whatever PUBLIC_URL has', () => {
    const { publicUrl } = readSettings({ PUBLIC_URL: 'https://example.com//' }, DEFAULTS);
    expect(baseUrl(publicUrl ?? '', application('/scim/v2'))).toBe('https://example.com/scim/v2');
  });
});
