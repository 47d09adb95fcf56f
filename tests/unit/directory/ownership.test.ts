import { describe, expect, test } from 'vitest';
import type { Policy, StoredRecord } from '../../../src/directory/index.ts';
import type { ScimWrite } from '../../../src/scim/index.ts';
import { decided, done, type Given, patch, remove, resourceOf } from './decided.ts';
import { create, GROUP, NOW, replace, storedGroup, storedUser } from './facts.ts';

const LINK: Partial<Policy> = { conflict: 'link' };
const unowned = { unowned: true } as const;
const user = storedUser({ userName: 'bjensen', title: 'Guide', active: true }, unowned);
const inactive = storedUser({ userName: 'bjensen', active: false }, unowned);

const updates: readonly [string, ScimWrite][] = [
  ['PUT', replace('user-1', { userName: 'bjensen', title: 'Head' })],
  ['the same PUT again', replace('user-1', { userName: 'bjensen', title: 'Guide' })],
  ['PATCH', patch('user-1', [{ op: 'replace', path: 'title', value: 'Head' }])],
  ['a deactivation', patch('user-1', [{ op: 'replace', value: { active: false } }])],
];

describe('conflict: reject (decision 32): a user of the application’s own', () => {
  test.each(updates)('%s is refused', (_, request) => {
    expect(decided(request, { current: user })).toEqual({
      kind: 'refused',
      refusal: { reason: 'not-owned', type: 'User', label: 'bjensen', asked: 'update' },
    });
  });

  test('DELETE, and a deactivation that would remove, are refused as such', () => {
    const refusal = { reason: 'not-owned', type: 'User', label: 'bjensen', asked: 'deprovision' };
    expect(decided(remove('user-1'), { current: user })).toEqual({ kind: 'refused', refusal });
    const request = patch('user-1', [{ op: 'replace', value: { active: false } }]);
    expect(decided(request, { policy: { deactivation: 'remove' }, current: user })).toEqual({
      kind: 'refused',
      refusal,
    });
  });

  test.each([
    ['active', user],
    ['inactive', inactive],
  ])('a create that meets one who is %s is refused, by whatever key', (_, record) => {
    const refusal = { reason: 'not-owned', type: 'User', label: 'bjensen', asked: 'create' };
    const met: Given[] = [
      { sameName: record },
      { sameExternalId: record },
      { sameName: record, policy: { match: [] } },
    ];
    for (const facts of met) {
      expect(decided(create({ userName: 'bjensen' }), facts)).toEqual({ kind: 'refused', refusal });
    }
  });

  test('an operator updates and removes all the same, and takes nobody over', () => {
    const verdict = done(replace('user-1', { userName: 'bjensen', title: 'Head' }), {
      current: user,
      kind: 'operator',
    });
    expect(verdict.changes.map(({ kind }) => kind)).toEqual(['updated']);
    expect(verdict.record).toMatchObject(unowned);
    expect(done(remove('user-1'), { current: user, kind: 'operator' })).toMatchObject({ kind: 'removed' });
  });

  test('a group is nobody’s to own', () => {
    const group = storedGroup({ displayName: 'Sales' }, unowned);
    expect(decided(replace('group-1', { displayName: 'Sellers' }, GROUP), { current: group })).toMatchObject({
      kind: 'changed',
    });
  });
});

describe('conflict: link', () => {
  test('the first update takes the user over, before anything else is altered', () => {
    const verdict = done(replace('user-1', { userName: 'bjensen', title: 'Head' }), { policy: LINK, current: user });
    expect(verdict).toMatchObject({
      kind: 'changed',
      record: { id: 'user-1', version: 4 },
      changes: [
        { kind: 'owner', owned: true, record: { id: 'user-1' } },
        { kind: 'updated', after: { version: 4 } },
      ],
    });
    expect(verdict.record).not.toHaveProperty('unowned');
  });

  test('also when nothing else is altered: unchanged, at the same version, and one change', () => {
    const verdict = done(replace('user-1', { userName: 'bjensen', title: 'Guide' }), { policy: LINK, current: user });
    expect(verdict).toMatchObject({
      kind: 'unchanged',
      at: NOW,
      record: { version: 3 },
      changes: [{ kind: 'owner', owned: true }],
    });
    expect(verdict.record).not.toHaveProperty('unowned');
  });

  test('a write that is refused takes nobody over', () => {
    const other = storedUser({ userName: 'other' }, { id: 'user-2' });
    const request = replace('user-1', { userName: 'other' });
    expect(decided(request, { policy: LINK, current: user, sameName: other })).toMatchObject({ kind: 'refused' });
  });

  test.each([
    ['active', user],
    ['inactive', inactive],
  ])('a create that meets one who is %s joins them: the old id, PUT semantics', (_, record) => {
    for (const reactivation of ['revive', 'recreate'] as const) {
      const policy: Partial<Policy> = { ...LINK, reactivation };
      const verdict = done(create({ userName: 'BJensen', nickName: 'Babs' }), { policy, sameName: record });
      expect(verdict).toMatchObject({
        kind: 'created',
        record: { id: 'user-1', version: 4, active: true },
        changes: [{ kind: 'owner' }, { kind: 'updated' }],
      });
      expect(resourceOf(verdict)).toMatchObject({ userName: 'BJensen', nickName: 'Babs' });
      expect(resourceOf(verdict)).not.toHaveProperty('title');
    }
  });

  test.each<[string, Parameters<typeof create>[0], Given, string]>([
    ['another externalId', { userName: 'bjensen', externalId: '00u2' }, { sameName: linked('00u1') }, 'name-taken'],
    ['a create that is inactive', { userName: 'bjensen', active: false }, { sameName: user }, 'name-taken'],
    ['a key that does not match', { userName: 'bjensen' }, { sameName: user, policy: { match: [] } }, 'name-taken'],
  ])('%s is a clash', (_, attributes, { policy = {}, ...facts }, reason) => {
    const verdict = decided(create(attributes), { ...facts, policy: { ...LINK, ...policy } });
    expect(verdict).toMatchObject({ kind: 'refused', refusal: { reason } });
  });

  test('who is owned already is only updated', () => {
    const { unowned: _, ...owned } = user;
    const verdict = done(replace('user-1', { userName: 'bjensen' }), { policy: LINK, current: owned });
    expect(verdict.changes.map(({ kind }) => kind)).toEqual(['updated']);
  });
});

function linked(externalId: string): StoredRecord {
  return storedUser({ userName: 'bjensen', externalId }, unowned);
}

describe('match: by what a create may be joined with who is there', () => {
  const inactiveOwned = storedUser({ userName: 'bjensen', externalId: '00u1', active: false });
  const request = create({ userName: 'bjensen', externalId: '00u1' });
  const byName = { sameName: inactiveOwned };
  const byId = { sameExternalId: inactiveOwned };

  test.each<[Policy['match'], Given, 'created' | 'name-taken' | 'external-id-taken']>([
    [['externalId', 'userName'], byName, 'created'],
    [['externalId', 'userName'], byId, 'created'],
    [['userName'], byName, 'created'],
    [['userName'], byId, 'external-id-taken'],
    [['externalId'], byName, 'name-taken'],
    [['externalId'], byId, 'created'],
    [['externalId'], { ...byName, ...byId }, 'created'],
    [['userName'], { ...byName, ...byId }, 'created'],
    [[], { ...byName, ...byId }, 'name-taken'],
  ])('%j: %j → %s', (match, facts, becomes) => {
    const verdict = decided(request, { ...facts, policy: { match } });
    if (becomes === 'created') expect(verdict).toMatchObject({ kind: 'created', record: { id: 'user-1' } });
    else expect(verdict).toMatchObject({ kind: 'refused', refusal: { reason: becomes } });
  });
});
