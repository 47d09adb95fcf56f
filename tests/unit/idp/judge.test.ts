import { describe, expect, test } from 'vitest';
import type { Exchange, ScimRequest } from '../../../src/idp/client.ts';
import type { Json, JsonObject } from '../../../src/idp/json.ts';
import { inspectExchange } from '../../../src/idp/judge/exchange.ts';
import { compareShape } from '../../../src/idp/judge/user.ts';
import { createLedger, differenceSentence, type Ledger } from '../../../src/idp/ledger.ts';
import { compareGroup, compareUser } from '../../../src/idp/okta/compare.ts';
import { makePeople } from '../../../src/idp/okta/people.ts';
import type { Person } from '../../../src/idp/okta/person.ts';
import { createBody } from '../../../src/idp/okta/user-body.ts';
import { ENTERPRISE, ERROR, GROUP, LIST, USER } from '../../../src/idp/scim.ts';

function somebody(): Person {
  const [person] = makePeople(3, 1, 'abc123').slice(2);
  if (person === undefined) throw new Error('nobody');
  return { ...person, assigned: true, appId: 'id-1', firstAppId: 'id-1' };
}

function account(person: Person): JsonObject {
  const { password, ...user } = createBody(person, 'p') as Record<string, Json>;
  return { ...user, id: 'id-1', meta: { resourceType: 'User', location: 'http://x/scim/v2/Users/id-1' } };
}

/** What was found, without who: `title should be …`. */
function told(ledger: Ledger): string[] {
  return ledger.differences.map(({ attribute, expected, found }) => `${attribute}: ${expected} ≠ ${found}`);
}

describe('a user', () => {
  const person = somebody();
  const user = account(person);
  const { profile } = person;
  const emails = user.emails as Json[];

  test.each<[string, JsonObject, string[]]>([
    ['the account as it was pushed', {}, []],
    ['an attribute missing', { title: undefined as never }, [`title: "${profile.title}" ≠ nothing`]],
    ['an attribute emptied to ""', { title: '' }, [`title: "${profile.title}" ≠ an empty string`]],
    ['a number for a text', { nickName: 5 }, [`nickName: "${profile.nickName}" ≠ 5`]],
    [
      'an attribute that Okta has not set',
      { profileUrl: null },
      profile.profileUrl ? [] : ['profileUrl: nothing ≠ null'],
    ],
    ['another account', { id: 'id-2' }, ['id: "id-1" ≠ "id-2"']],
    ['another externalId', { externalId: 'x' }, [`externalId: "${person.oktaId}" ≠ "x"`]],
    ['active as text', { active: 'true' }, ['active: true ≠ "true"']],
    [
      'no enterprise extension',
      { [ENTERPRISE]: {} },
      expect.arrayContaining([expect.stringContaining('department')]) as never,
    ],
    [
      'two work addresses',
      { emails: [...emails, { type: 'work', value: 'x@y.z' }] },
      [`emails[type eq "work"].value: "${profile.email}" ≠ ["${profile.email}","x@y.z"]`],
    ],
    [
      'two primary addresses',
      { emails: [...emails, { type: 'home', value: 'x@y.z', primary: true }] },
      [`emails[primary eq true].value: "${profile.email}" ≠ ["${profile.email}","x@y.z"]`],
    ],
  ])('%s', (_what, change, expected) => {
    const ledger = createLedger();
    compareUser(ledger, person, { ...user, ...change });
    if (!('profileUrl' in change && profile.profileUrl)) expect(told(ledger)).toEqual(expected);
    else expect(told(ledger)).toHaveLength(1);
  });

  test('someone who left is expected to be off', () => {
    const ledger = createLedger();
    compareUser(ledger, { ...person, assigned: false }, user);
    expect(told(ledger)).toEqual(['active: false ≠ true']);
  });

  test('a difference is a sentence: who, which attribute, expected, found', () => {
    const ledger = createLedger();
    compareUser(ledger, person, { ...user, title: 'Old' });
    expect(ledger.differences.map(differenceSentence)).toEqual([
      `فاطمة الزهراء (${profile.login}): title should be "${profile.title}", but the server has "Old".`,
    ]);
  });

  test('two views of a record are one, whatever the order of members and lists', () => {
    const ledger = createLedger();
    const b = {
      ...Object.fromEntries(Object.entries(user).reverse()),
      schemas: [...(user.schemas as Json[])].reverse(),
    };
    compareShape(ledger, 'x', { first: 'a', a: user, second: 'b', b });
    expect(told(ledger)).toEqual([]);
    compareShape(ledger, 'x', { first: 'a list', a: user, second: 'a read', b: { ...user, groups: [{ value: 'g' }] } });
    expect(told(ledger)).toEqual(['groups (as in a list, then in a read): [] ≠ [{"value":"g"}]']);
  });
});

describe('a group', () => {
  const person = somebody();
  const group = { oktaId: '00g', name: 'Sales', members: new Set([person]), others: new Set(['old']), appId: 'g-1' };
  const members = [{ value: 'id-1' }, { value: 'old' }];
  const record = { schemas: [GROUP], id: 'g-1', displayName: 'Sales', members };

  test.each<[string, JsonObject, string[]]>([
    ['as it was pushed', {}, []],
    ['renamed', { displayName: 'sales' }, ['displayName: "Sales" ≠ "sales"']],
    [
      'one missing',
      { members: [{ value: 'old' }] },
      [`members: 2 people ≠ 1 (missing: فاطمة الزهراء (${person.profile.login}))`],
    ],
    ['one too many', { members: [...members, { value: 'z' }] }, ['members: 2 people ≠ 3 (too many: z)']],
    ['one twice', { members: [...members, { value: 'old' }] }, ['members: 2 people ≠ 3 (listed twice: old)']],
    ['no members at all', { members: null }, [expect.stringContaining('missing: ') as never]],
  ])('%s', (_what, change, expected) => {
    const ledger = createLedger();
    compareGroup(ledger, group, { ...record, ...change });
    expect(told(ledger)).toEqual(expected);
  });
});

describe('a reply', () => {
  const user = account(somebody());
  const list = { schemas: [LIST], totalResults: 1, startIndex: 1, itemsPerPage: 1, Resources: [user] };
  const error = { schemas: [ERROR], status: '404', detail: 'There is no such user.' };
  const location = 'http://x/scim/v2/Users/id-1';

  test.each<[string, Ask, string[]]>([
    ['a user by id', { path: '/Users/id-1', json: user }, []],
    ['another user than the one asked for', { path: '/Users/id-9', json: user }, ['id: "id-9" ≠ "id-1"']],
    ['a list', { path: '/Users', query: { startIndex: 1, count: 2 }, json: list }, []],
    ['no Resources in a list', { path: '/Users', json: { ...list, Resources: null } }, ['Resources: a list ≠ null']],
    [
      'a total with a fraction',
      { path: '/Users', json: { ...list, totalResults: 1.5 } },
      ['totalResults: an integer ≠ 1.5'],
    ],
    [
      'the wrong startIndex',
      { path: '/Users', query: { startIndex: 3 }, json: { ...list, totalResults: 3 } },
      ['startIndex: 3 ≠ 1'],
    ],
    [
      'a page with fewer than it says and there are',
      { path: '/Users', query: { startIndex: 1, count: 100 }, json: { ...list, totalResults: 5, itemsPerPage: 5 } },
      ['itemsPerPage: 1 ≠ 5', 'the length of a page: 5 records ≠ 1'],
    ],
    ['a created user', { method: 'POST', path: '/Users', status: 201, json: user, headers: { location } }, []],
    [
      'a created user at two addresses',
      { method: 'POST', path: '/Users', status: 201, json: user, headers: { location: 'http://x/1' } },
      ['meta.location: "http://x/1" ≠ "http://x/scim/v2/Users/id-1"'],
    ],
    ['an error', { path: '/Users/x', status: 404, json: error }, []],
    [
      'an error without words',
      { path: '/Users/x', status: 404, json: { ...error, detail: ' ' } },
      ['detail of an error: a sentence ≠ " "'],
    ],
    [
      'an error of another schema',
      { path: '/Users/x', status: 404, json: { ...error, schemas: [] } },
      [`schemas of an error: ${ERROR} ≠ []`],
    ],
    [
      'a 401 without a challenge',
      { path: '/Users', status: 401, json: { ...error, status: '401' } },
      ['WWW-Authenticate: a challenge ≠ nothing'],
    ],
    ['a bodiless 204', { method: 'PATCH', path: '/Users/x', status: 204, json: undefined, text: '' }, []],
    ['a bodiless 200', { path: '/Users/x', json: undefined, text: '' }, ['the body: JSON ≠ nothing']],
    [
      'an id with a reserved word',
      { path: '/Users', json: { ...list, Resources: [{ ...user, id: 'bulkId:1' }] } },
      [
        'id: an id without "bulkId" ≠ "bulkId:1"',
        'meta.location: an address that ends in /Users/{id} ≠ "http://x/scim/v2/Users/id-1"',
      ],
    ],
    [
      'a user of the group schema',
      { path: '/Users/id-1', json: { ...user, schemas: [GROUP] } },
      [`schemas: ${USER} ≠ ["${GROUP}"]`],
    ],
    [
      'a user with a password',
      { path: '/Users/id-1', json: { ...user, password: 'p' } },
      ['password: nothing ≠ a password'],
    ],
    ['no reply at all', { path: '/Users', status: 0, json: undefined }, []],
  ])('%s', (_what, ask, expected) => {
    const ledger = createLedger();
    inspectExchange(ledger, exchangeOf(ask));
    expect(told(ledger)).toEqual(expected);
  });
});

interface Ask {
  readonly method?: ScimRequest['method'];
  readonly path: string;
  readonly query?: Record<string, number>;
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json: Json | undefined;
  readonly text?: string;
}

function exchangeOf({ method = 'GET', path, query = {}, status = 200, headers = {}, json, text }: Ask): Exchange {
  return {
    request: { operation: 'test', method, path, query },
    target: path,
    status,
    headers: { 'content-type': 'application/scim+json', ...headers },
    text: text ?? JSON.stringify(json),
    json,
    ms: 1,
    problem: undefined,
  };
}
