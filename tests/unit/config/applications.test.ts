import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkConfig, defineConfig, loadApplications, SettingsError } from '../../../src/config.ts';
import { runCommand } from '../../harness/index.ts';

const problemsOf = async (checked: Promise<unknown>): Promise<readonly string[]> => {
  const error = await checked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SettingsError) return error.problems;
  throw error ?? new Error('nothing was wrong');
};

const USUAL = {
  hosts: [],
  strict: false,
  extensions: [],
  entitlements: [],
  policy: {},
  overridable: ['seats', 'protect', 'guard'],
  features: { import: true, pushGroups: true, syncPassword: false },
  requires: {},
};

describe('a configuration', () => {
  test('has /scim/v2 on every host, where nothing else is said', async () => {
    expect(await checkConfig(defineConfig({ applications: { app: {} } }), 'x')).toEqual([
      { ...USUAL, name: 'app', basePath: '/scim/v2' },
    ]);
  });

  test.each([
    [{ app: {}, board: { basePath: '/board/scim/v2' } }],
    [{ app: { hosts: ['a.example.com'] }, board: { hosts: ['b.example.com'] } }],
    [{ app: { basePath: '/v2' }, board: { basePath: '/v20' } }],
    [{ app: { hosts: ['*.example.com'] }, board: { hosts: ['b.example.com'] } }],
    [{ app: { hosts: ['*.example.com'] }, board: { hosts: ['*.b.example.com', 'example.com'] } }],
  ])('%j tells its applications apart', async (applications) => {
    expect(await checkConfig({ applications }, 'x')).toHaveLength(2);
  });

  test.each([
    [undefined, 'expected a default export made by defineConfig'],
    [{}, 'applications: expected an object of applications'],
    [{ apps: {}, applications: { app: {} } }, 'unknown key "apps"; expected applications'],
    [{ applications: [] }, 'applications: expected an object of applications'],
    [{ applications: {} }, 'applications: expected at least one'],
    [{ applications: { App: {} } }, 'applications.App: expected a name of lower-case letters'],
    [{ applications: { my_app: {} } }, 'applications.my_app: expected a name'],
    [{ applications: { app: 3 } }, 'applications.app: expected an object'],
    [
      { applications: { app: { basepath: '/a' } } },
      'applications.app: unknown key "basepath"; expected basePath, hosts, strict',
    ],
    [{ applications: { app: { basePath: 3 } } }, 'applications.app.basePath: expected a path'],
    [{ applications: { app: { basePath: 'scim/v2' } } }, 'applications.app.basePath: expected a path'],
    [{ applications: { app: { basePath: '/' } } }, 'applications.app.basePath: expected a path'],
    [{ applications: { app: { basePath: '/scim/v2/' } } }, 'applications.app.basePath: expected a path'],
    [{ applications: { app: { basePath: '/a/../b' } } }, 'applications.app.basePath: expected a path'],
    [{ applications: { app: { basePath: '/my_app/v2' } } }, 'no "_", which Okta refuses'],
    [{ applications: { app: { strict: 'yes' } } }, 'applications.app.strict: expected true or false'],
    [{ applications: { app: { hosts: 'example.com' } } }, 'applications.app.hosts: expected a list'],
    [{ applications: { app: { hosts: ['Example.com'] } } }, 'applications.app.hosts.0: expected a host name'],
    [{ applications: { app: { hosts: ['example.com:80'] } } }, 'applications.app.hosts.0: expected a host name'],
    [{ applications: { app: { hosts: ['*'] } } }, 'applications.app.hosts.0: expected a host name'],
    [{ applications: { app: { hosts: ['*.com'] } } }, 'applications.app.hosts.0: expected a host name'],
    [{ applications: { app: { hosts: ['*.*.example.com'] } } }, 'applications.app.hosts.0: expected a host name'],
    [{ applications: { app: { hosts: ['a*.example.com'] } } }, 'applications.app.hosts.0: expected a host name'],
    [{ applications: { app: { hosts: ['a.*.example.com'] } } }, 'applications.app.hosts.0: expected a host name'],
    [
      { applications: { app: { hosts: ['*.example.com'] }, board: { hosts: ['a.b', '*.example.com'] } } },
      'both answer *.example.com under "/scim/v2"',
    ],
    [{ applications: { app: {}, board: {} } }, 'both answer every host under "/scim/v2"'],
    [{ applications: { app: {}, board: { basePath: '/scim/v2/board' } } }, 'both answer every host under "/scim/v2"'],
    [{ applications: { app: {}, board: { hosts: ['b.example.com'] } } }, 'both answer b.example.com'],
  ])('%j is told with its file, its key and what was expected', async (config, sentence) => {
    const problems = await problemsOf(checkConfig(config, 'joinery.config.ts'));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^joinery\.config\.ts: .+[^.]\.$/);
    expect(problems[0]).toContain(sentence);
  });
});

describe('a configuration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  test('is TypeScript as it stands', async () => {
    const file = written(
      'good.ts',
      'const path: string = "/a/v2"; export default { applications: { app: { basePath: path } } };',
    );
    expect(await loadApplications(file)).toEqual([{ ...USUAL, name: 'app', basePath: '/a/v2' }]);
  });

  test('that cannot be read is told with its name', async () => {
    const file = written('broken.ts', 'export default {');
    // In a process of its own: here another loader reads it, whose errors have no line.
    const { code, stderr } = await runCommand(['organization', 'list'], { JOINERY_CONFIG: file });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`${file}:1 cannot be read: `) });
  });

  test('that is wrong is told with its line', async () => {
    const file = written(
      'wrong.ts',
      'export default {\n  applications: {\n    app: {\n      basepath: 3,\n      hosts: ["*"] },\n  },\n};',
    );
    const problems = await problemsOf(loadApplications(file));
    expect(problems.map((problem) => problem.slice(0, file.length + 3))).toEqual([`${file}:5:`, `${file}:4:`]);
  });

  test('that is not there is told', async () => {
    expect(await problemsOf(loadApplications('/nowhere/joinery.config.ts'))).toEqual([
      'JOINERY_CONFIG: there is no file /nowhere/joinery.config.ts.',
    ]);
  });

  test('is not needed', async () => {
    expect(await loadApplications(undefined)).toEqual([{ ...USUAL, name: 'app', basePath: '/scim/v2' }]);
  });
});
