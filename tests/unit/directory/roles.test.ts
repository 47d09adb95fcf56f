import { describe, expect, test } from 'vitest';
import type { DirectoryContext, Policy } from '../../../src/directory/index.ts';
import { effectiveRoles } from '../../../src/directory/policies/roles.ts';
import {
  declaredTypes,
  type JsonObject,
  type JsonValue,
  type ResourceType,
  TOLERANT,
} from '../../../src/scim/index.ts';
import { decided, done, type Given, patch, resourceOf } from './decided.ts';
import { create, GROUP, replace, storedGroup, storedUser, TOLERANT_DIRECTORY } from './facts.ts';

const types = declaredTypes(TOLERANT, {
  extensions: [],
  entitlements: [
    {
      name: 'Role',
      kind: 'role',
      endpoint: '/Roles',
      values: ['viewer', 'editor', 'admin', 'owner'].map((id) => ({ id, displayName: `The ${id}` })),
    },
  ],
});
const directory: DirectoryContext = { ...TOLERANT_DIRECTORY, types };
const USER = types[0] as ResourceType;
const ceiling = ['viewer', 'editor'];
const rules = (given: Given = {}): Given => ({
  ...given,
  directory,
  policy: { roles: { byGroup: new Map(), ceiling, default: undefined } },
});
const roles = (...values: string[]) => values.map((value) => ({ value }));
const stored = (...values: string[]) => storedUser({ userName: 'b', active: true, roles: roles(...values) });
const above = (role: string) => ({
  kind: 'refused',
  refusal: { reason: 'role-above-ceiling', role, ceiling },
});

describe('T-PRIV-01, T-PRIV-02 roles.ceiling', () => {
  test.each<[string, JsonValue]>([
    ['value', 'owner'],
    ['value in other letters', 'OWNER'],
    ['its name', 'The Owner'],
  ])('a role above it is not given, by its %s', (_, value) => {
    expect(decided(create({ userName: 'b', roles: [{ value }] }, USER), rules())).toEqual(above('owner'));
    expect(
      decided(replace('user-1', { userName: 'b', roles: [{ value }] }, USER), rules({ current: stored() })),
    ).toEqual(above('owner'));
  });

  test.each<[string, JsonValue]>([
    ['a path', { op: 'add', path: 'roles', value: [{ value: 'owner' }] }],
    ['other letters', { op: 'Replace', path: 'ROLES', value: [{ VALUE: 'owner' }] }],
    ['a URN', { op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:roles', value: [{ value: 'owner' }] }],
    ['no path', { op: 'replace', value: { roles: [{ value: 'owner' }] } }],
    ['a filter', { op: 'replace', path: 'roles[value eq "viewer"].value', value: 'owner' }],
    ['a filter that matches nothing', { op: 'replace', path: 'roles[type eq "x"].value', value: 'owner' }],
    ['a sub-attribute', { op: 'replace', path: 'roles.value', value: 'owner' }],
  ])('nor by PATCH through %s', (_, operation) => {
    const verdict = decided(patch('user-1', [operation], USER), rules({ current: stored('viewer') }));
    expect(verdict).toEqual(above('owner'));
  });

  test('roles within it are given and taken', () => {
    expect(resourceOf(done(create({ userName: 'b', roles: roles('viewer', 'editor') }, USER), rules())).roles).toEqual(
      roles('viewer', 'editor'),
    );
    const verdict = done(
      replace('user-1', { userName: 'b', roles: roles('viewer') }, USER),
      rules({ current: stored('editor') }),
    );
    expect(resourceOf(verdict).roles).toEqual(roles('viewer'));
  });

  test.each<[string, JsonObject | undefined, readonly JsonValue[] | undefined, JsonObject[]]>([
    ['a PUT without roles', { userName: 'b' }, undefined, roles('owner')],
    ['a PUT of others', { userName: 'b', roles: roles('viewer') }, undefined, roles('viewer', 'owner')],
    ['a PUT of the same', { userName: 'b', roles: roles('owner', 'editor') }, undefined, roles('owner', 'editor')],
    ['a removal', undefined, [{ op: 'remove', path: 'roles' }], roles('owner')],
    ['a filtered removal', undefined, [{ op: 'remove', path: 'roles[value eq "owner"]' }], roles('editor', 'owner')],
  ])('what was given by hand is not taken away by %s', (_, put, operations, expected) => {
    const request = put === undefined ? patch('user-1', operations ?? [], USER) : replace('user-1', put, USER);
    const verdict = done(request, rules({ current: stored('owner', 'editor') }));
    expect(resourceOf(verdict).roles).toEqual(expected);
    if (!JSON.stringify(put ?? '').includes('owner')) expect(verdict.ignored).toContain('roles');
  });

  test('there is one primary role', () => {
    const current = storedUser({ userName: 'b', active: true, roles: [{ value: 'owner', primary: true }] });
    const request = replace('user-1', { userName: 'b', roles: [{ value: 'viewer', primary: true }] }, USER);
    expect(resourceOf(done(request, rules({ current }))).roles).toEqual([
      { value: 'viewer', primary: true },
      { value: 'owner', primary: false },
    ]);
  });

  test('nobody stays active for a role that may not be given: it is left out', () => {
    const request = replace('user-1', { userName: 'b', roles: roles('owner', 'viewer'), active: false }, USER);
    const verdict = done(request, rules({ current: stored() }));
    expect(verdict).toMatchObject({ kind: 'changed', record: { active: false }, ignored: ['roles'] });
    expect(resourceOf(verdict).roles).toEqual(roles('viewer'));
  });

  test('an operator gives and takes any', () => {
    const given = rules({ current: stored('owner'), kind: 'operator' });
    const verdict = done(replace('user-1', { userName: 'b', roles: roles('admin') }, USER), given);
    expect(resourceOf(verdict).roles).toEqual(roles('admin'));
  });
});

describe('the roles that a user has', () => {
  const byGroup = new Map([
    ['admins', 'admin'],
    ['staff', 'viewer'],
  ]);
  const policy = { byGroup, default: 'viewer' };
  const group = (value: string, display: string) => ({ value, display });

  test.each<[string, JsonObject, ReturnType<typeof group>[], [string, string[]][]]>([
    ['what was asserted', { roles: roles('editor') }, [], [['editor', ['asserted']]]],
    ['what groups give', {}, [group('g1', 'Admins'), group('g2', 'Others')], [['admin', ['group g1']]]],
    [
      'both, each once',
      { roles: roles('ADMIN') },
      [group('g1', 'ADMINS'), group('g2', 'Staff')],
      [
        ['ADMIN', ['asserted', 'group g1']],
        ['viewer', ['group g2']],
      ],
    ],
    [
      'the default where nothing gives one',
      { roles: [{ display: 'x' }] },
      [group('g2', 'Others')],
      [['viewer', ['default']]],
    ],
  ])('%s', (_, resource, groups, expected) => {
    const found = effectiveRoles(resource, groups, policy).map(({ role, from }) => [
      role,
      from.map((source) => (source.kind === 'group' ? `group ${source.id}` : source.kind)),
    ]);
    expect(found).toEqual(expected);
  });

  test('none where there is no default', () => {
    expect(effectiveRoles({}, [], { byGroup, default: undefined })).toEqual([]);
  });
});

describe('T-PRIV-03 a group whose name gives a role', () => {
  const policy: Partial<Policy> = {
    roles: { byGroup: new Map([['admins', 'admin']]), ceiling: undefined, default: undefined },
  };
  const sales = storedGroup({ displayName: 'Sales' }, { memberCount: 3 });
  const admins = storedGroup({ displayName: 'Admins' }, { memberCount: 3 });

  test.each([
    ['into', sales, 'ADMINS'],
    ['out of', admins, 'Former admins'],
  ])('is not renamed %s that name by a provider', (_, current, to) => {
    for (const request of [
      replace('group-1', { displayName: to }, GROUP),
      patch('group-1', [{ op: 'replace', value: { displayName: to } }], GROUP),
    ]) {
      expect(decided(request, { policy, current })).toMatchObject({
        kind: 'refused',
        refusal: { reason: 'group-gives-role', role: 'admin', to },
      });
      expect(decided(request, { policy, current, kind: 'operator' })).toMatchObject({ kind: 'changed' });
    }
  });

  test('is created, and given members: that is how roles are given', () => {
    const members = { added: [{ value: 'user-1', type: 'User' }], removed: [], unknown: [] };
    expect(done(create({ displayName: 'Admins' }, GROUP), { policy, members })).toMatchObject({ kind: 'created' });
    expect(
      done(replace('group-1', { displayName: 'admins' }, GROUP), { policy, current: admins, members }),
    ).toMatchObject({ kind: 'changed' });
  });

  test('others are renamed as ever', () => {
    const request = replace('group-1', { displayName: 'Sellers' }, GROUP);
    expect(done(request, { policy, current: sales })).toMatchObject({ kind: 'changed' });
  });
});
