import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { simulateImport } from '../../../src/idp/index.ts';
import { confirm } from '../../../src/idp/okta/confirm.ts';
import { connectOkta } from '../../../src/idp/okta/connect.ts';
import { type Imported, importUsers } from '../../../src/idp/okta/import.ts';
import { MAPPINGS, ROLE, USER_NAME_IS_EMAIL } from '../../../src/idp/okta/mapping.ts';
import { matchUsers } from '../../../src/idp/okta/match.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import { newPerson, type Person } from '../../../src/idp/okta/person.ts';
import { assign, forceSync, unassign, update } from '../../../src/idp/okta/users.ts';
import { startTinyScim, type TinyScim } from './tiny-scim.ts';

const zoe = (): Person => person('00u1', ['Zoë', 'Berg'], 'zoe@acme.example');

function person(
  oktaId: string,
  [firstName, lastName]: readonly [string, string],
  login: string,
  email = login,
): Person {
  return newPerson({ oktaId, profile: { login, email, firstName, lastName } });
}

function record(id: string, userName: string, more: object = {}): Imported {
  return { id, resource: { id, userName, ...more } as Imported['resource'], pulledIn: true };
}

const work = (value: string) => ({ emails: [{ value: 'other@home.example' }, { value, type: 'work', primary: true }] });

describe('who an imported user is taken for', () => {
  test.each<[string, Imported, 'exact' | 'partial' | 'none']>([
    ['the username and the e-mail are the same', record('1', 'zoe@acme.example', work('zoe@acme.example')), 'exact'],
    ['the case does not count', record('1', 'ZOE@ACME.EXAMPLE'), 'exact'],
    ['the username is, the e-mail is another', record('1', 'zoe@acme.example', work('z@else.example')), 'partial'],
    ['the e-mail is, the username is another', record('1', 'zberg', work('Zoe@acme.example')), 'partial'],
    ['the names are', record('1', 'zberg', { name: { givenName: 'ZOË', familyName: 'berg' } }), 'partial'],
    ['only one of the names is', record('1', 'zberg', { name: { givenName: 'Zoë', familyName: 'Lund' } }), 'none'],
    ['there is nothing to compare', record('1', 'zberg', { name: {}, emails: [] }), 'none'],
  ])('%s', (_, imported, match) => {
    const [candidate] = matchUsers({ people: [zoe()], mappings: MAPPINGS }, [imported]);
    expect(candidate).toMatchObject({ id: '1', match });
    expect(candidate?.person?.oktaId).toBe(match === 'none' ? undefined : '00u1');
  });

  test('the username is what the app gets for one', () => {
    const people = [person('00u1', ['A', 'B'], 'ab', 'a.b@acme.example')];
    const mappings = [USER_NAME_IS_EMAIL];
    const [exact] = matchUsers({ people, mappings }, [record('1', 'a.b@acme.example')]);
    expect(exact?.match).toBe('exact');
    expect(matchUsers({ people, mappings }, [record('1', 'ab')])[0]?.match).toBe('none');
  });

  test('who is managed already, or deactivated in the app, is not asked about', () => {
    const known = zoe();
    known.appId = '1';
    const records = [record('1', 'zoe@acme.example'), { ...record('2', 'x'), pulledIn: false }, record('3', 'y')];
    expect(matchUsers({ people: [known], mappings: MAPPINGS }, records).map(({ id }) => id)).toEqual(['3']);
  });
});

describe('what is confirmed', () => {
  let server: TinyScim;
  let okta: Okta;
  beforeEach(async () => {
    server = await startTinyScim();
    okta = connectOkta({
      baseUrl: server.baseUrl,
      authorization: `Bearer ${server.token}`,
      mappings: [...MAPPINGS, ROLE],
    });
  });
  afterEach(async () => {
    okta.client.close();
    await server.close();
  });

  async function candidates() {
    const records: Imported[] = [];
    expect((await importUsers(okta, (each) => records.push(each))).problem).toBeUndefined();
    return matchUsers(okta, records);
  }

  async function inTheApp(...userNames: readonly string[]) {
    for (const userName of userNames) {
      const roles = [{ value: 'editor', type: 'base' }];
      const body = { schemas: [], userName, name: { givenName: 'Given', familyName: userName }, roles, active: true };
      const request = { operation: 'x', method: 'POST', path: '/Users', body } as const;
      expect((await okta.client.call(request)).status).toBe(201);
    }
  }

  test('sends nothing; from then on the person is managed', async () => {
    await inTheApp('zoe@acme.example', 'new@acme.example');
    okta.people.push(zoe());
    const [first, second] = await candidates();
    const before = server.seen.length;
    const known = confirm(okta, first ?? expect.fail(), 'existing');
    const made = confirm(okta, second ?? expect.fail(), 'new');
    expect(server.seen.length).toBe(before);
    expect(known.oktaId).toBe('00u1');
    expect(made.profile).toMatchObject({ login: 'new@acme.example', lastName: 'new@acme.example', role: 'editor' });
    expect(okta.people).toEqual([known, made]);

    expect(await forceSync(okta, known)).toBeUndefined();
    expect(await update(okta, made, { lastName: 'Newman' })).toBeUndefined();
    expect(await unassign(okta, made)).toBeUndefined();
    expect(server.seen.slice(before).map(({ method, url }) => `${method} ${url.split('/').at(-1)}`)).toEqual([
      `PATCH ${first?.id}`,
      `PATCH ${second?.id}`,
      `PATCH ${second?.id}`,
    ]);
    expect(JSON.parse(server.seen[before]?.body ?? '').Operations[0].value).toMatchObject({
      externalId: '00u1',
      name: { givenName: 'Zoë', familyName: 'Berg' },
    });
    expect(await candidates()).toEqual([]);
  });

  test('an administrator may decide otherwise than the match', async () => {
    await inTheApp('somebody');
    const other = zoe();
    const [found] = await candidates();
    expect(() => confirm(okta, found ?? expect.fail(), 'existing')).toThrow(RangeError);
    expect(confirm(okta, found ?? expect.fail(), other)).toBe(other);
    expect(() => confirm(okta, found ?? expect.fail(), 'new')).toThrow(RangeError);
  });

  test('the import tab is printed, and nothing is written', async () => {
    const lines: string[] = [];
    const { baseUrl, token } = server;
    const options = { baseUrl, token, users: 8, run: 'mark', print: (line: string) => lines.push(line) };
    await inTheApp('nobody@acme.example');
    const [mine] = (await import('../../../src/idp/okta/people.ts')).makePeople(1, 1, 'mark');
    expect(await assign(okta, mine ?? expect.fail())).toBeUndefined();
    const before = server.seen.length;
    expect(await simulateImport(options)).toEqual({ exitCode: 0 });
    expect(server.seen.slice(before).every(({ method }) => method === 'GET')).toBe(true);
    expect(lines.slice(1)).toEqual([
      '2 of 2 users are pulled in, and 0 groups.',
      '',
      expect.stringMatching(/^none {5}nobody@acme\.example +new in Okta$/),
      expect.stringMatching(/^exact {4}Zoe\.O'Brien\.1\.mark@Example\.com {2}Zoë O'Brien \(/),
      '',
      '1 exact, 0 partial, 1 new. Nothing was confirmed.',
      '',
      expect.stringMatching(/^Operation +calls +p50 +p99$/),
      expect.stringMatching(/^list users +1( +[\d.]+ ms){2}$/),
      expect.stringMatching(/^list groups +1( +[\d.]+ ms){2}$/),
      expect.stringMatching(/^2 calls in [\d.]+ ms\.$/),
    ]);
    expect(await simulateImport({ ...options, token: 'wrong' })).toEqual({ exitCode: 1 });
    expect(lines.at(-1)).toMatch(/^✗ Unauthorized/);
    expect(lines.join()).not.toContain(token);
  });
});

test('a host is reached where it is said to be', async () => {
  const server = await startTinyScim();
  const okta = connectOkta({
    baseUrl: 'https://scim.acme.example/scim/v2/',
    at: new URL(server.baseUrl).origin,
    authorization: `Bearer ${server.token}`,
  });
  expect((await okta.client.call({ operation: 'x', method: 'GET', path: '/Users' })).status).toBe(200);
  expect(server.seen[0]?.headers.host).toBe('scim.acme.example');
  okta.client.close();
  await server.close();
});
