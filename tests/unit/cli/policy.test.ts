import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAssignment } from '../../../src/cli/policy.ts';
import { runCommand, temporaryDatabase } from '../../harness/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'joinery-policy-'));
const config = join(folder, 'joinery.config.ts');
writeFileSync(
  config,
  `export default { applications: { app: {
    hosts: ['*.api.example.com'],
    requires: { plans: ['premier'], sso: true },
    policy: { seats: { limit: 3 }, guard: { users: 7 } },
  } } };`,
);
const database = temporaryDatabase();
const joinery = (...args: string[]) => runCommand(args, { ...database.env, JOINERY_CONFIG: config });

beforeAll(async () => {
  expect((await joinery('organization', 'create', '--name', 'Acme', '--plan', 'free')).code).toBe(0);
});
afterAll(() => {
  database.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('what an organization has', () => {
  test('decides whether it gets a token, and the token’s base URL is its own', async () => {
    const token = () => joinery('token', 'create', '--organization', 'acme', '--name', 'okta', '--json');
    const refused = await token();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('organization set acme --plan');
    expect((await joinery('organization', 'set', 'acme', '--plan', 'premier')).stdout).toBe(
      'Acme (acme) is on the plan premier, without SSO.\n',
    );
    expect((await token()).stderr).toContain('organization set acme --sso');
    expect((await joinery('organization', 'set', 'acme', '--sso')).stdout).toContain('with SSO');
    expect(JSON.parse((await token()).stdout).baseUrl).toBe('http://acme.api.example.com:3000/scim/v2');
    expect((await joinery('organization', 'list')).stdout).toMatch(/PLAN +SSO.*\nacme +Acme +premier +yes /s);
    const none = await joinery('organization', 'set', 'acme', '--no-plan', '--no-sso');
    expect(none.stdout).toBe('Acme (acme) is on no plan, without SSO.\n');
  });

  test.each([
    [['organization', 'set', 'acme'], 2],
    [['organization', 'set', 'nobody', '--sso'], 1],
    [['organization', 'set', 'acme', '--plan', 'No Plan'], 1],
  ])('%j is %i', async (args, code) => {
    expect(await joinery(...args)).toMatchObject({ code, stdout: '' });
  });
});

describe('the rules of a directory', () => {
  const rule = (text: string, name: string) => new RegExp(`^${name} +(.*?) +(\\w+)$`, 'm').exec(text)?.slice(1);

  test('are shown with who says so, set, and reset', async () => {
    const shown = await joinery('policy', 'show', '--organization', 'acme');
    expect(rule(shown.stdout, 'seats.limit')).toEqual(['3', 'application']);
    expect(rule(shown.stdout, 'guard.window')).toEqual(['1h', 'default']);
    const set = await joinery(
      'policy',
      'set',
      '--organization',
      'acme',
      'seats.limit=9',
      'protect.users=a@x.de,b',
      'guard=none',
    );
    expect(rule(set.stdout, 'seats.limit')).toEqual(['9', 'directory']);
    expect(rule(set.stdout, 'protect.users')).toEqual(['a@x.de, b', 'directory']);
    expect(rule(set.stdout, 'guard')).toEqual(['none', 'directory']);
    const reset = await joinery('policy', 'reset', '--organization', 'acme', 'guard', 'protect.users');
    expect(rule(reset.stdout, 'guard.users')).toEqual(['7', 'application']);
    expect(rule(reset.stdout, 'protect.users')).toEqual(['none', 'default']);
    const file = join(folder, 'rules.json');
    writeFileSync(file, '{"protect":{"atLeast":2}}');
    await joinery('policy', 'set', '--organization', 'acme', '--file', file);
    const json = await joinery('policy', 'show', '--organization', 'acme', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ organization: 'acme', overrides: { protect: { atLeast: 2 } } });
    await joinery('policy', 'reset', '--organization', 'acme');
    const all = await joinery('policy', 'show', '--organization', 'acme');
    expect(all.stdout).not.toContain('directory\n');
  });

  test('are refused all together where one does not fit, each with a line of its own', async () => {
    const refused = await joinery('policy', 'set', '--organization', 'acme', 'seats.limit=many', 'keep=title');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^joinery: seats\.limit: expected a whole number/),
      expect.stringMatching(/^joinery: keep: a directory cannot have this rule otherwise/),
    ]);
  });

  test.each([
    [['policy', 'set', '--organization', 'acme'], 2],
    [['policy', 'set', '--organization', 'acme', 'seats'], 2],
    [['policy', 'set', '--organization', 'acme', 'seats.limit=1', '--file', config], 2],
    [['policy', 'set', '--organization', 'acme', '--file', '/nowhere.json'], 2],
    [['policy', 'set', '--organization', 'acme', 'seats={'], 2],
    [['policy', 'reset', '--organization', 'acme', 'seat'], 1],
    [['policy', 'show', '--organization', 'nobody'], 1],
    [['policy', 'show', '--organization', 'acme', '--application', 'board'], 1],
    [['seats', 'set', '--organization', 'acme'], 2],
    [['seats', 'set', '--organization', 'acme', '--limit', '-1'], 2],
    [['seats', 'set', '--organization', 'acme', '--limit', '3', '--reserve', '3'], 1],
  ])('%j is %i', async (args, code) => {
    expect(await joinery(...args)).toMatchObject({ code, stdout: '' });
  });

  test('seats are set and shown', async () => {
    const set = await joinery('seats', 'set', '--organization', 'acme', '--limit', '12', '--reserve', '1');
    expect(set.stdout).toBe(
      'acme has taken 0 of 12 seats in app; 1 is not for identity providers. Active users take one.\n',
    );
    await joinery('seats', 'set', '--organization', 'acme', '--limit', 'none', '--reserve', '0');
    const shown = await joinery('seats', 'show', '--organization', 'acme', '--json');
    expect(JSON.parse(shown.stdout)).toEqual({
      organization: 'acme',
      application: 'app',
      used: 0,
      limit: null,
      reserve: 0,
      counts: 'active',
    });
  });
});

test.each([
  ['seats.limit=50', 50],
  ['seats.limit=none', null],
  ['guard=none', false],
  ['guard.percent=2.5', 2.5],
  ['guard.window=1h', '1h'],
  ['protect.users=none', []],
  ['protect.users=a, b,', ['a', 'b']],
  ['protect.users=true', ['true']],
  ['protect.existing=yes', true],
  ['roles.ceiling=none', null],
  ['roles.byGroup.A=b=c', 'b=c'],
  ['seats={"limit":1}', { limit: 1 }],
])('%j is assigned as %j', (text, value) => {
  expect(readAssignment(text)).toEqual({ key: text.slice(0, text.indexOf('=')), value });
});
