import { describe, expect, test } from 'vitest';
import type { DirectoryContext, KeptAttribute } from '../../../src/directory/index.ts';
import { declaredTypes, type JsonObject, type JsonValue, type ScimWrite, TOLERANT } from '../../../src/scim/index.ts';
import { done, type Given, patch, resourceOf } from './decided.ts';
import { create, replace, storedUser, TOLERANT_DIRECTORY } from './facts.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const work = [{ sub: 'type', value: 'work' }];

/** What Oktopost keeps of a user. */
const OKTOPOST: readonly KeptAttribute[] = [
  { path: 'name.givenName', names: ['name', 'givenName'] },
  { path: 'name.familyName', names: ['name', 'familyName'] },
  { path: 'emails[type eq "work"]', names: ['emails'], where: work },
];

const sent = {
  userName: 'b@example.com',
  externalId: '00u1',
  name: { givenName: 'Barbara', familyName: 'Jensen', middleName: 'Jane', formatted: 'Barbara Jane Jensen' },
  nickName: 'Babs',
  emails: [
    { value: 'b@example.com', type: 'work', primary: true },
    { value: 'home@example.com', type: 'home' },
  ],
  [ENTERPRISE]: { department: 'Tours', costCenter: '7' },
};
const kept = {
  userName: 'b@example.com',
  externalId: '00u1',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [{ value: 'b@example.com', type: 'work', primary: true }],
  active: true,
};
const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const inEnterprise = ['costCenter', 'department'].map((name) => `${ENTERPRISE}:${name}`);
const plain = (attributes: JsonObject) => ({ schemas: [USER_SCHEMA], ...attributes });
const keeping = (given: Given = {}): Given => ({ ...given, policy: { keep: OKTOPOST, ...given.policy } });

describe('keep: what a provider sends beyond it is ignored, never an error', () => {
  test('on POST, with the schema of an extension of which nothing is kept', () => {
    const verdict = done(create(sent), keeping());
    expect(resourceOf(verdict)).toEqual(plain({ id: 'new-id', ...kept }));
    expect(verdict.ignored).toEqual(['name.formatted', 'name.middleName', 'nickName', 'emails', ...inEnterprise]);
  });

  test('on PUT: what the application itself stored stays as it was', () => {
    const stored = storedUser({
      ...kept,
      title: 'Guide',
      name: { ...kept.name, honorificPrefix: 'Ms.' },
      emails: [{ value: 'old-home@example.com', type: 'home' }, ...kept.emails],
      [ENTERPRISE]: { employeeNumber: '12' },
    });
    const request = replace('user-1', { ...sent, name: { givenName: 'Babsy', familyName: 'Jensen' } });
    const verdict = done(request, keeping({ current: stored }));
    expect(verdict).toMatchObject({ kind: 'changed', ignored: ['nickName', 'emails', ...inEnterprise] });
    expect(resourceOf(verdict)).toEqual({
      schemas: [USER_SCHEMA, ENTERPRISE],
      id: 'user-1',
      ...kept,
      title: 'Guide',
      name: { givenName: 'Babsy', familyName: 'Jensen', honorificPrefix: 'Ms.' },
      emails: [{ value: 'old-home@example.com', type: 'home' }, ...kept.emails],
      [ENTERPRISE]: { employeeNumber: '12' },
    });
  });

  test('what is read is sent again, and is unchanged: nothing was ignored', () => {
    const stored = storedUser({
      ...kept,
      title: 'Guide',
      emails: [{ value: 'old-home@example.com', type: 'home' }, ...kept.emails],
    });
    const { schemas: _, id: __, ...echo } = JSON.parse(stored.text);
    const verdict = done(replace('user-1', echo), keeping({ current: stored }));
    expect(verdict).toMatchObject({ kind: 'unchanged' });
    expect(verdict).not.toHaveProperty('ignored');
  });

  test('a kept attribute that a PUT leaves out is gone, others are not', () => {
    const stored = storedUser({ ...kept, title: 'Guide' });
    const verdict = done(replace('user-1', { userName: 'b@example.com' }), keeping({ current: stored }));
    expect(resourceOf(verdict)).toEqual(
      plain({ id: 'user-1', userName: 'b@example.com', title: 'Guide', active: true }),
    );
  });

  test('one primary address: a new one takes it from what stays', () => {
    const stored = storedUser({ ...kept, emails: [{ value: 'h@example.com', type: 'home', primary: true }] });
    const verdict = done(replace('user-1', sent), keeping({ current: stored }));
    expect(resourceOf(verdict).emails).toEqual([
      { value: 'b@example.com', type: 'work', primary: true },
      { value: 'h@example.com', type: 'home', primary: false },
    ]);
  });

  test('a new primary address that is not kept takes that from nobody', () => {
    const stored = storedUser(kept);
    const home = { value: 'h@example.com', type: 'home', primary: true };
    const [work] = kept.emails;
    for (const request of [
      patch('user-1', [{ op: 'add', path: 'emails', value: [home] }]),
      replace('user-1', { ...kept, emails: [{ ...work, primary: false }, home] }),
    ]) {
      expect(done(request, keeping({ current: stored }))).toMatchObject({ kind: 'unchanged', ignored: ['emails'] });
    }
    const other = replace('user-1', { ...kept, emails: [{ value: 'n@example.com', type: 'work' }, home] });
    expect(resourceOf(done(other, keeping({ current: stored }))).emails).toEqual([
      { value: 'n@example.com', type: 'work', primary: true },
    ]);
  });

  test('what only the application gives is not in the way, though it be immutable', () => {
    const urn = 'urn:example:scim:schemas:extension:app:2.0:User';
    const types = declaredTypes(TOLERANT, {
      extensions: [{ urn, of: 'User', attributes: { planet: { mutability: 'immutable' }, plan: {} } }],
      entitlements: [],
    });
    const [type] = types;
    if (type === undefined) throw new Error('no type');
    const directory: DirectoryContext = { ...TOLERANT_DIRECTORY, types };
    const current = storedUser({ ...kept, [urn]: { planet: 'acme', plan: 'a' } });
    const request = replace('user-1', { ...kept, [urn]: { planet: 'globex', plan: 'b' } }, type);
    const keep: readonly KeptAttribute[] = [...OKTOPOST, { path: 'plan', names: [urn, 'plan'] }];
    const verdict = done(request, { directory, policy: { keep }, current });
    expect(resourceOf(verdict)[urn]).toEqual({ planet: 'acme', plan: 'b' });
    expect(verdict.ignored).toEqual([`${urn}:planet`]);
  });

  test('a full name that the application stored does not outlast the name it was of', () => {
    const name = { formatted: 'Mona Octocat', givenName: 'Mona', familyName: 'Octocat' };
    const stored = storedUser({ ...kept, name });
    const request = replace('user-1', { ...sent, name: { givenName: 'Jane', familyName: 'Smith' } });
    expect(resourceOf(done(request, keeping({ current: stored }))).name).toEqual({
      givenName: 'Jane',
      familyName: 'Smith',
    });
    const patched = patch('user-1', [{ op: 'replace', path: 'name.givenName', value: 'Jane' }]);
    expect(resourceOf(done(patched, keeping({ current: stored }))).name).toEqual({
      givenName: 'Jane',
      familyName: 'Octocat',
    });
    const same = replace('user-1', { ...sent, name: { givenName: 'Mona', familyName: 'Octocat' } });
    expect(resourceOf(done(same, keeping({ current: stored }))).name).toEqual(name);
  });

  test.each<[string, JsonValue, readonly string[]]>([
    ['a path', { op: 'replace', path: 'nickName', value: 'Babsy' }, ['nickName']],
    ['a path in other letters', { op: 'Add', path: 'NICKNAME', value: 'Babsy' }, ['nickName']],
    ['a sub-attribute', { op: 'replace', path: 'name.middleName', value: 'J' }, ['name.middleName']],
    ['no path', { op: 'replace', value: { nickName: 'Babsy', title: 'x' } }, ['nickName', 'title']],
    ['a dotted key', { op: 'replace', value: { 'name.middleName': 'J' } }, ['name.middleName']],
    ['a removal', { op: 'remove', path: 'title' }, ['title']],
    [
      'a filter that would match nothing',
      { op: 'replace', path: 'phoneNumbers[value eq "1"].value', value: '2' },
      ['phoneNumbers.value'],
    ],
    [
      'an element that is not kept',
      { op: 'replace', path: 'emails[type eq "home"].value', value: 'x@y.z' },
      ['emails.value'],
    ],
    ['an extension', { op: 'add', path: `${ENTERPRISE}:department`, value: 'x' }, [`${ENTERPRISE}:department`]],
    ['a whole extension', { op: 'remove', path: ENTERPRISE }, [ENTERPRISE]],
    [
      'the key of an extension',
      { op: 'add', value: { [ENTERPRISE]: { department: 'x' } } },
      [`${ENTERPRISE}:department`],
    ],
  ])('on PATCH through %s', (_, operation, ignored) => {
    const current = storedUser({ ...kept, title: 'Guide' });
    const verdict = done(patch('user-1', [withoutDots(operation)]), keeping({ current }));
    expect(verdict).toMatchObject({ kind: 'unchanged', changes: [], ignored });
  });

  test('on PATCH, what is kept is altered as anywhere', () => {
    const current = storedUser({ ...kept, title: 'Guide' });
    const request = patch('user-1', [
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.com' },
      { op: 'replace', value: { active: false, nickName: 'Babsy', name: { givenName: 'Babsy', middleName: 'J' } } },
    ]);
    const verdict = done(request, keeping({ current }));
    expect(resourceOf(verdict)).toMatchObject({
      active: false,
      title: 'Guide',
      name: { givenName: 'Babsy', familyName: 'Jensen' },
      emails: [{ value: 'new@example.com', type: 'work', primary: true }],
    });
    expect(resourceOf(verdict).name).not.toHaveProperty('middleName');
    expect([...(verdict.ignored ?? [])].sort()).toEqual(['name.middleName', 'nickName']);
  });

  test('on a create that brings somebody back', () => {
    const stored = storedUser({ ...kept, title: 'Guide', active: false });
    const verdict = done(create(sent), keeping({ sameName: stored }));
    expect(resourceOf(verdict)).toMatchObject({ title: 'Guide', active: true });
    expect(verdict.ignored).toContain('nickName');
  });

  test('not of an operator', () => {
    const verdict = done(create(sent), keeping({ kind: 'operator' }));
    expect(resourceOf(verdict)).toMatchObject(sent);
    expect(verdict).not.toHaveProperty('ignored');
  });

  test('nothing but who it is and whether they are active, where the list is empty', () => {
    const verdict = done(create(sent), { policy: { keep: [] } });
    expect(resourceOf(verdict)).toEqual(
      plain({ id: 'new-id', externalId: '00u1', userName: 'b@example.com', active: true }),
    );
  });

  test('at most twenty are told', () => {
    const names = Array.from({ length: 30 }, (_, index) => `a${index}`);
    const many = Object.fromEntries(names.map((name) => [name, 'x']));
    const attributes = Object.fromEntries(names.map((name) => [name, {}]));
    const types = declaredTypes(TOLERANT, {
      extensions: [{ urn: 'urn:example:many', of: 'User', attributes }],
      entitlements: [],
    });
    const directory: DirectoryContext = { ...TOLERANT_DIRECTORY, types };
    const [type] = types;
    if (type === undefined) throw new Error('no type');
    const verdict = done(create({ userName: 'b', 'urn:example:many': many }, type), keeping({ directory }));
    expect(verdict.ignored).toHaveLength(20);
  });
});

describe('keep: of the addresses for work, only the primary one', () => {
  const where = [...work, { sub: 'primary', value: true }];
  const keep: readonly KeptAttribute[] = [
    { path: 'emails[type eq "work" and primary eq true]', names: ['emails'], where },
  ];
  const only = (given: Given = {}): Given => ({ ...given, policy: { keep } });
  const mail = (value: string, type: string, primary?: boolean): JsonObject => ({
    ...{ value: `${value}@example.com`, type },
    ...(primary === undefined ? {} : { primary }),
  });
  const [a, b, home] = [mail('a', 'work', true), mail('b', 'work'), mail('h', 'home')];
  const user = (...emails: JsonObject[]): JsonObject =>
    emails.length === 0 ? { userName: 'b' } : { userName: 'b', emails };

  test.each<[string, JsonObject[], JsonObject[], readonly string[] | undefined]>([
    ['the one that says so', [mail('b', 'work', false), a, home], [a], ['emails']],
    ['the one that says so, beside one that does not say', [b, a], [a], ['emails']],
    ['the only one of which nobody says, and it is said', [b], [{ ...b, primary: true }], undefined],
    [
      'the only one that does not say, though another kind is primary',
      [{ ...home, primary: true }, b],
      [mail('b', 'work', true)],
      ['emails'],
    ],
    ['none of two that do not say', [b, mail('c', 'work')], [], ['emails']],
    ['none that says it is not', [mail('b', 'work', false)], [], ['emails']],
    ['none of another kind', [{ ...home, primary: true }], [], ['emails']],
  ])('of those that are sent: %s', (_, sent, expected, ignored) => {
    const verdict = done(create(user(...sent)), only());
    expect(resourceOf(verdict).emails ?? []).toEqual(expected);
    expect(verdict.ignored ?? []).toEqual(ignored ?? []);
  });

  test.each<[string, JsonObject[], JsonValue, JsonObject[]]>([
    [
      'Entra writes its value',
      [home, a],
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b@example.com' },
      [mail('b', 'work', true), home],
    ],
    [
      'Entra writes its value where there was none',
      [home],
      { op: 'add', path: 'emails[type eq "work"].value', value: 'b@example.com' },
      [mail('b', 'work', true), home],
    ],
    [
      'Okta writes all of them',
      [{ ...home, primary: true }, a],
      { op: 'replace', value: { emails: [mail('b', 'work', true)] } },
      [mail('b', 'work', true), { ...home, primary: false }],
    ],
    [
      'another one becomes the primary one',
      [a],
      { op: 'add', path: 'emails', value: [mail('b', 'work', true)] },
      [mail('b', 'work', true)],
    ],
    ['one is added beside it', [a], { op: 'add', path: 'emails', value: [b] }, [a]],
    [
      'one of another kind becomes the primary one',
      [a],
      { op: 'add', path: 'emails', value: [{ ...home, primary: true }] },
      [a],
    ],
    [
      'by a filter that is for others',
      [a],
      { op: 'replace', path: 'emails[primary eq false].value', value: 'x@example.com' },
      [a],
    ],
    [
      'by a filter of the rule itself',
      [a],
      { op: 'replace', path: 'emails[type eq "work" and primary eq true].value', value: 'b@example.com' },
      [mail('b', 'work', true)],
    ],
    ['it is removed', [a, home], { op: 'remove', path: 'emails[type eq "work"]' }, [home]],
  ])('PATCH: %s', (_, emails, operation, expected) => {
    const current = storedUser({ ...user(...emails), active: true });
    const verdict = done(patch('user-1', [operation]), only({ current }));
    expect(resourceOf(verdict).emails).toEqual(expected);
  });

  test('one that stands here without a word of it is the same one, once it is sent as the primary one', () => {
    const current = storedUser({ ...user(home, b), active: true });
    const verdict = done(replace('user-1', user(mail('b', 'work', true))), only({ current }));
    expect(resourceOf(verdict).emails).toEqual([mail('b', 'work', true), home]);
  });

  test('who never says so may write again and again: one address, and no change', () => {
    let current = storedUser({ ...user(b, mail('c', 'work')), active: true });
    for (const [value, kind] of [
      ['d', 'changed'],
      ['e', 'changed'],
      ['e', 'unchanged'],
    ] as const) {
      const verdict = done(replace('user-1', user(mail(value, 'work'))), only({ current }));
      expect(resourceOf(verdict).emails).toEqual([mail(value, 'work', true), b, mail('c', 'work')]);
      expect(verdict.kind).toBe(kind);
      current = verdict.record;
    }
    const echo = replace('user-1', user(mail('e', 'work', true), b, mail('c', 'work')));
    expect(done(echo, only({ current }))).toMatchObject({ kind: 'unchanged' });
  });
});

describe('parts of elements', () => {
  const stored = storedUser({
    userName: 'b',
    emails: [{ value: 'a@example.com', type: 'work', display: 'From the application' }],
  });
  const request: ScimWrite = replace('user-1', {
    userName: 'b',
    emails: [{ value: 'b@example.com', type: 'work', display: 'Sent', primary: true }],
  });

  test.each<[string, KeptAttribute, JsonObject]>([
    [
      'the value of those for work',
      { path: 'emails[type eq "work"].value', names: ['emails', 'value'], where: work },
      { value: 'b@example.com', type: 'work', display: 'From the application' },
    ],
    [
      'the value of all',
      { path: 'emails.value', names: ['emails', 'value'] },
      { value: 'b@example.com', type: 'work', display: 'From the application' },
    ],
    [
      'all of all',
      { path: 'emails', names: ['emails'] },
      { value: 'b@example.com', type: 'work', display: 'Sent', primary: true },
    ],
  ])('%s', (_, one, element) => {
    const verdict = done(request, { policy: { keep: [one] }, current: stored });
    expect(resourceOf(verdict).emails).toEqual([element]);
  });

  test('two that nothing tells apart any more are one, so that the echo of it alters nothing', () => {
    const keep: readonly KeptAttribute[] = [{ path: 'emails.value', names: ['emails', 'value'] }];
    const both = ['work', 'home'].map((type) => ({ value: 'b@example.com', type }));
    const verdict = done(create({ userName: 'b', emails: both }), { policy: { keep } });
    expect(resourceOf(verdict).emails).toEqual([{ value: 'b@example.com' }]);
  });

  test('an extension whole, and one attribute of it', () => {
    for (const [names, expected] of [
      [[ENTERPRISE], { department: 'Tours', costCenter: '7' }],
      [[ENTERPRISE, 'department'], { department: 'Tours' }],
    ] as const) {
      const verdict = done(create(sent), { policy: { keep: [{ path: 'x', names }] } });
      expect(resourceOf(verdict)[ENTERPRISE]).toEqual(expected);
    }
  });
});

/** A dotted key stands for a path, as a rewrite makes one of it. */
function withoutDots(operation: JsonValue): JsonValue {
  const { op, value } = operation as { op: string; value: JsonObject | undefined };
  const key = typeof value === 'object' && value !== null ? Object.keys(value)[0] : undefined;
  return key?.includes('.') && !key.includes(':') ? { op, path: key, value: value?.[key] ?? null } : operation;
}
