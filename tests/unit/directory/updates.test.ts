import { describe, expect, test } from 'vitest';
import type { Policy } from '../../../src/directory/index.ts';
import type { ScimWrite } from '../../../src/scim/index.ts';
import { decided, done, patch, resourceOf } from './decided.ts';
import { create, GROUP, replace, STRICT_DIRECTORY, storedGroup, storedUser } from './facts.ts';

const IGNORE: Partial<Policy> = { updates: 'ignore' };
const user = storedUser({ userName: 'bjensen', title: 'Guide', active: true });
const inactive = storedUser({ userName: 'bjensen', title: 'Guide', active: false });

describe('updates: ignore', () => {
  test.each<[string, ScimWrite, readonly string[]]>([
    ['PUT', replace('user-1', { userName: 'b.jensen', nickName: 'Babs', active: true }), ['userName', 'nickName']],
    ['a PUT that leaves everything out', replace('user-1', { userName: 'bjensen' }), []],
    ['PATCH', patch('user-1', [{ op: 'replace', value: { title: 'Head', active: true } }]), ['title']],
    [
      'a PATCH that leads nowhere',
      patch('user-1', [{ op: 'replace', path: 'emails[value eq "x"].value', value: 'y' }]),
      ['emails'],
    ],
    [
      'a PATCH of an identifier',
      patch('user-1', [{ op: 'replace', path: 'externalId', value: '00u1' }]),
      ['externalId'],
    ],
  ])('%s is accepted and alters nothing', (_, request, ignored) => {
    const verdict = done(request, { policy: IGNORE, current: user });
    expect(verdict).toMatchObject({ kind: 'unchanged', changes: [], record: user });
    expect(verdict.ignored ?? []).toEqual(ignored);
  });

  test.each<[string, ScimWrite]>([
    ['PUT', replace('user-1', { userName: 'b.jensen', nickName: 'Babs', active: false })],
    ['PATCH', patch('user-1', [{ op: 'replace', value: { active: false, title: 'Head' } }])],
  ])('a deactivation by %s has its effect, and only that', (_, request) => {
    const verdict = done(request, { policy: IGNORE, current: user });
    expect(verdict).toMatchObject({ kind: 'changed', record: { active: false, version: 4 } });
    expect(resourceOf(verdict)).toMatchObject({ userName: 'bjensen', title: 'Guide', active: false });
    expect(resourceOf(verdict)).not.toHaveProperty('nickName');
  });

  test('a reactivation too', () => {
    for (const request of [
      replace('user-1', { userName: 'x', active: true }),
      patch('user-1', [{ op: 'add', path: 'active', value: true }]),
    ]) {
      const verdict = done(request, { policy: IGNORE, current: inactive });
      expect(verdict).toMatchObject({ kind: 'changed', record: { active: true } });
      expect(resourceOf(verdict)).toMatchObject({ userName: 'bjensen', title: 'Guide' });
    }
  });

  test('`active` missing on PUT leaves it as it is; in a strict directory it is the default', () => {
    const request = replace('user-1', { userName: 'bjensen' });
    expect(done(request, { policy: IGNORE, current: inactive })).toMatchObject({ kind: 'unchanged' });
    expect(done(request, { policy: IGNORE, current: inactive, directory: STRICT_DIRECTORY })).toMatchObject({
      kind: 'changed',
      record: { active: true },
    });
  });

  test('with deactivation: remove, the user goes', () => {
    const request = replace('user-1', { userName: 'bjensen', active: false });
    const verdict = done(request, { policy: { ...IGNORE, deactivation: 'remove' }, current: user });
    expect(verdict).toMatchObject({ kind: 'removed' });
  });

  test('an `active` that is no boolean is refused as ever', () => {
    const request = patch('user-1', [{ op: 'replace', path: 'active', value: 'maybe' }]);
    expect(() => decided(request, { policy: IGNORE, current: user })).toThrow(/active/);
  });

  test('to create somebody again is no update: the profile is what the create says', () => {
    const verdict = done(create({ userName: 'bjensen', title: 'Head' }), { policy: IGNORE, sameName: inactive });
    expect(resourceOf(verdict)).toMatchObject({ title: 'Head', active: true });
  });

  test('a create that meets one of the application’s own takes them over and touches nothing', () => {
    const record = { ...user, unowned: true } as const;
    const policy: Partial<Policy> = { ...IGNORE, conflict: 'link' };
    const verdict = done(create({ userName: 'BJensen', title: 'Head' }), { policy, sameName: record });
    expect(verdict).toMatchObject({
      kind: 'created',
      record: { id: 'user-1', version: 3 },
      changes: [{ kind: 'owner' }],
    });
    expect(resourceOf(verdict)).toMatchObject({ userName: 'bjensen', title: 'Guide' });
  });

  test('groups, and operators, are not concerned', () => {
    const group = storedGroup({ displayName: 'Sales' });
    const rename = replace('group-1', { displayName: 'Sellers' }, GROUP);
    expect(done(rename, { policy: IGNORE, current: group })).toMatchObject({ kind: 'changed' });
    const update = replace('user-1', { userName: 'bjensen', title: 'Head' });
    expect(done(update, { policy: IGNORE, current: user, kind: 'operator' })).toMatchObject({ kind: 'changed' });
  });
});
