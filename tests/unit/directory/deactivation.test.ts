import { describe, expect, test } from 'vitest';
import type { Policy } from '../../../src/directory/index.ts';
import type { ScimWrite } from '../../../src/scim/index.ts';
import { decided, done, patch, remove, resourceOf } from './decided.ts';
import { CREATED, create, NOW, replace, storedGroup, storedUser } from './facts.ts';

const REMOVE: Partial<Policy> = { deactivation: 'remove' };
const user = storedUser({ userName: 'bjensen', title: 'Guide', active: true });
const inactive = storedUser({ userName: 'bjensen', title: 'Guide', active: false });
const memberOf = [storedGroup({ displayName: 'Sales' }), storedGroup({ displayName: 'All' }, { id: 'group-2' })];

describe('deactivation: remove (decision 36)', () => {
  const deactivations: [string, ScimWrite][] = [
    ['PUT', replace('user-1', { userName: 'bjensen', title: 'Head', active: false })],
    ['PATCH without a path', patch('user-1', [{ op: 'replace', value: { active: false } }])],
    ['PATCH with a path', patch('user-1', [{ op: 'Replace', path: 'ACTIVE', value: false }])],
  ];

  test.each(deactivations)('%s removes the user, its memberships with it, and shows it a last time', (_, request) => {
    const verdict = done(request, { policy: REMOVE, current: user, memberOf });
    expect(verdict).toMatchObject({
      kind: 'removed',
      at: NOW,
      record: { id: 'user-1', active: true },
      shownAs: { id: 'user-1', version: 4, modified: NOW, created: CREATED, active: false, groups: [] },
      changes: [
        { kind: 'removed', before: { id: 'user-1' }, memberOf: ['group-1', 'group-2'] },
        { kind: 'members', group: { id: 'group-1' }, removed: ['user-1'], version: 8, cause: 0 },
        { kind: 'members', group: { id: 'group-2' }, removed: ['user-1'], version: 8, cause: 0 },
      ],
    });
    expect(JSON.parse(verdict.shownAs?.text ?? '')).toMatchObject({
      userName: 'bjensen',
      title: 'Guide',
      active: false,
    });
  });

  test('what comes with a deactivation is not looked at: nobody stays for a name that is taken', () => {
    const other = storedUser({ userName: 'other' }, { id: 'user-2' });
    const request = replace('user-1', { userName: 'other', active: false });
    expect(decided(request, { policy: REMOVE, current: user, sameName: other })).toMatchObject({ kind: 'removed' });
  });

  test('a version that is not the stored one stands against it', () => {
    const request = { ...replace('user-1', { userName: 'bjensen', active: false }), ifMatch: ['9'] };
    expect(decided(request, { policy: REMOVE, current: user })).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'version-mismatch' },
    });
  });

  test('whoever is inactive already is deactivated by nothing', () => {
    const request = replace('user-1', { userName: 'bjensen', title: 'Head', active: false });
    expect(done(request, { policy: REMOVE, current: inactive })).toMatchObject({ kind: 'changed' });
  });

  test('a user is created inactive, as nobody was deactivated', () => {
    expect(done(create({ userName: 'new', active: false }), { policy: REMOVE })).toMatchObject({
      kind: 'created',
      record: { active: false },
    });
  });

  test('an operator suspends all the same, and DELETE removes under both', () => {
    const request = replace('user-1', { userName: 'bjensen', active: false });
    expect(done(request, { policy: REMOVE, current: user, kind: 'operator' })).toMatchObject({
      kind: 'changed',
      record: { active: false },
    });
    for (const policy of [REMOVE, {}]) {
      expect(done(remove('user-1'), { policy, current: user, memberOf })).toMatchObject({ kind: 'removed' });
    }
    expect(done(remove('user-1'), { current: user })).not.toHaveProperty('shownAs');
  });

  test('suspend leaves the user, inactive', () => {
    expect(done(replace('user-1', { userName: 'bjensen', active: false }), { current: user })).toMatchObject({
      kind: 'changed',
      record: { active: false },
    });
  });
});

describe('reactivation: recreate (T-ATO-04)', () => {
  const RECREATE: Partial<Policy> = { reactivation: 'recreate' };
  const old = storedUser({
    userName: 'bjensen',
    title: 'Guide',
    externalId: '00u1',
    roles: [{ value: 'owner' }],
    active: false,
  });

  test('removes the old record with its memberships, and makes another, in one change set', () => {
    const verdict = done(create({ userName: 'BJensen', externalId: '00u1' }), {
      policy: RECREATE,
      sameName: old,
      sameExternalId: old,
      memberOf,
    });
    expect(verdict).toMatchObject({
      kind: 'created',
      at: NOW,
      replaced: 'user-1',
      record: { id: 'new-id', version: 1, created: NOW, active: true },
      changes: [
        { kind: 'removed', before: { id: 'user-1' }, memberOf: ['group-1', 'group-2'], cause: 3 },
        { kind: 'members', removed: ['user-1'], cause: 0 },
        { kind: 'members', removed: ['user-1'], cause: 0 },
        { kind: 'created', after: { id: 'new-id' } },
      ],
    });
    expect(resourceOf(verdict)).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: 'new-id',
      externalId: '00u1',
      userName: 'BJensen',
      active: true,
    });
  });

  test('takes no earlier time than that of what it removes (T-OPS-02)', () => {
    const later = { ...old, modified: '2027-01-01T00:00:00.000Z' };
    const verdict = done(create({ userName: 'bjensen' }), { policy: RECREATE, sameName: later });
    expect(verdict.at).toBe(later.modified);
  });

  test.each<[string, Parameters<typeof create>[0], string]>([
    ['of somebody else, by the externalId', { userName: 'bjensen', externalId: '00u2' }, 'name-taken'],
    ['that is inactive itself', { userName: 'bjensen', active: false }, 'name-taken'],
  ])('is a clash for a create %s', (_, attributes, reason) => {
    const verdict = decided(create(attributes), { policy: RECREATE, sameName: old });
    expect(verdict).toMatchObject({ kind: 'refused', refusal: { reason } });
  });

  test('active ones are a clash; PUT and PATCH bring back who is inactive, as an update', () => {
    const active = storedUser({ userName: 'bjensen' });
    expect(decided(create({ userName: 'bjensen' }), { policy: RECREATE, sameName: active })).toMatchObject({
      refusal: { reason: 'name-taken', active: true },
    });
    for (const request of [
      replace('user-1', { userName: 'bjensen', active: true }),
      patch('user-1', [{ op: 'replace', value: { active: true } }]),
    ]) {
      expect(done(request, { policy: RECREATE, current: old })).toMatchObject({
        kind: 'changed',
        record: { id: 'user-1', version: 4, active: true },
      });
    }
  });

  test('revive brings the old record back, under its id', () => {
    expect(done(create({ userName: 'bjensen' }), { sameName: old })).toMatchObject({
      kind: 'created',
      record: { id: 'user-1', version: 4 },
    });
  });
});
