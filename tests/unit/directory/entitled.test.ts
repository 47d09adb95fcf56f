import { describe, expect, test } from 'vitest';
import { entitled } from '../../../src/directory/decide/entitled.ts';
import type { DirectoryContext } from '../../../src/directory/index.ts';
import {
  type DeclaredEntitlements,
  declaredTypes,
  type JsonObject,
  STRICT,
  TOLERANT,
} from '../../../src/scim/index.ts';
import { TOLERANT_DIRECTORY } from './facts.ts';

const role = (name: string, ...ids: string[]): DeclaredEntitlements => ({
  name,
  kind: 'role',
  endpoint: `/${name}s`,
  values: ids.map((id) => ({ id, displayName: `The ${id}` })),
});
const license = (name: string, ...ids: string[]): DeclaredEntitlements => ({
  ...role(name, ...ids),
  kind: 'entitlement',
});
const directory = (entitlements: readonly DeclaredEntitlements[], tolerances = TOLERANT): DirectoryContext => ({
  ...TOLERANT_DIRECTORY,
  tolerances,
  types: declaredTypes(tolerances, { extensions: [], entitlements }),
});
const ROLES = directory([role('Role', 'admin', 'member'), role('Support', 'helper')]);
const LICENSES = directory([license('License', 'pro', 'team'), license('Seat', 'pro', 'desk')]);
const settle = (where: DirectoryContext, after: JsonObject, before?: JsonObject) =>
  entitled({ before, after, memberEdits: [] }, where);

describe('an element of roles', () => {
  test.each<[string, JsonObject[], JsonObject[]]>([
    [
      'is one of any kind of roles',
      [{ value: 'admin' }, { value: 'helper' }],
      [{ value: 'admin' }, { value: 'helper' }],
    ],
    [
      'keeps what else it says',
      [{ value: 'admin', display: 'x', type: 'y', primary: true }],
      [{ value: 'admin', display: 'x', type: 'y', primary: true }],
    ],
    ['may be in another case', [{ value: 'ADMIN' }], [{ value: 'admin' }]],
    ['may be called as people see it', [{ value: 'the Admin' }], [{ value: 'admin' }]],
    ['is there once', [{ value: 'admin' }, { value: 'Admin', display: 'x' }], [{ value: 'admin', display: 'x' }]],
  ])('%s', (_, sent, stored) => {
    expect(settle(ROLES, { roles: sent })).toEqual({ kind: 'settled', after: { roles: stored } });
  });

  test('strict: the name that people see is not its id', () => {
    const strict = directory([role('Role', 'admin')], STRICT);
    expect(settle(strict, { roles: [{ value: 'The admin' }] })).toMatchObject({ refusal: { reason: 'not-declared' } });
    expect(settle(strict, { roles: [{ value: 'Admin' }] })).toMatchObject({ after: { roles: [{ value: 'admin' }] } });
  });

  test('that is none is refused with all that there are', () => {
    expect(settle(ROLES, { roles: [{ value: 'admin' }, { value: 'x' }] })).toEqual({
      kind: 'refused',
      refusal: {
        reason: 'not-declared',
        attribute: 'roles',
        value: 'x',
        type: undefined,
        isAmbiguous: false,
        possible: [{ id: 'admin' }, { id: 'member' }, { id: 'helper' }],
      },
    });
  });

  test('that was stored stays, as it is stored, and is never new', () => {
    const before = { roles: [{ value: 'Gone', display: 'x' }, { value: 'admin' }] };
    const after = { roles: [{ value: 'gone', display: 'y' }, { value: 'member' }] };
    expect(settle(ROLES, after, before)).toEqual({
      kind: 'settled',
      after: { roles: [{ value: 'Gone', display: 'y' }, { value: 'member' }] },
    });
    expect(settle(ROLES, before, { roles: [{ value: 'admin' }] })).toMatchObject({ kind: 'refused' });
  });
});

describe('an element of entitlements', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['is of the type that it says', { value: 'pro', type: 'Seat' }, { value: 'pro', type: 'Seat' }],
    ['may say it in another case', { value: 'PRO', type: 'license' }, { value: 'pro', type: 'License' }],
    ['need not say it where one type alone has it', { value: 'team' }, { value: 'team', type: 'License' }],
    ['may be called as people see it', { value: 'The desk' }, { value: 'desk', type: 'Seat' }],
  ])('%s', (_, sent, stored) => {
    expect(settle(LICENSES, { entitlements: [sent] })).toEqual({ kind: 'settled', after: { entitlements: [stored] } });
  });

  test.each<[string, JsonObject, object]>([
    [
      'must say it where two types have it',
      { value: 'pro' },
      {
        isAmbiguous: true,
        possible: [
          { id: 'pro', type: 'License' },
          { id: 'pro', type: 'Seat' },
        ],
      },
    ],
    [
      'is looked for in the type that it says',
      { value: 'desk', type: 'License' },
      {
        type: 'License',
        possible: [
          { id: 'pro', type: 'License' },
          { id: 'team', type: 'License' },
        ],
      },
    ],
    ['must be of a type that there is', { value: 'pro', type: 'x' }, { type: 'x', possible: { length: 4 } }],
    ['must have a value', { type: 'Seat' }, { value: '', isAmbiguous: false }],
  ])('%s', (_, sent, refusal) => {
    expect(settle(LICENSES, { entitlements: [sent] })).toMatchObject({ kind: 'refused', refusal });
  });

  test('that was stored is known without its type, and of another type is another', () => {
    const before = { entitlements: [{ value: 'gone', type: 'License' }] };
    expect(settle(LICENSES, { entitlements: [{ value: 'gone' }] }, before)).toEqual({ kind: 'settled', after: before });
    const other = { entitlements: [{ value: 'gone', type: 'Seat' }] };
    expect(settle(LICENSES, other, before)).toMatchObject({ kind: 'refused' });
  });
});

test('where nothing is declared of an attribute it holds what it is given, and the very resource comes back', () => {
  const after = { roles: [{ value: 'x' }], entitlements: [{ value: 'y' }] };
  const plain = settle(TOLERANT_DIRECTORY, after);
  expect(plain.kind === 'settled' && plain.after).toBe(after);
  expect(settle(ROLES, { entitlements: [{ value: 'y' }] })).toMatchObject({ kind: 'settled' });
  const none = settle(ROLES, { userName: 'a' });
  expect(none).toEqual({ kind: 'settled', after: { userName: 'a' } });
});

test('a thousand roles that are stored and sent again are looked up, not looked for', () => {
  const roles = Array.from({ length: 1000 }, (_, index) => ({ value: `gone-${index}` }));
  let reads = 0;
  const counted = roles.map((role) => ({
    get value() {
      reads += 1;
      return role.value;
    },
  }));
  expect(settle(ROLES, { roles: roles }, { roles: counted })).toMatchObject({ kind: 'settled' });
  expect(reads).toBeLessThan(10_000);
});
