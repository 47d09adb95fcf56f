import { describe, expect, test } from 'vitest';
import { ENTRA_FLAVOURS } from '../../../src/idp/entra/flavour.ts';
import { additionOf, removalOf } from '../../../src/idp/entra/groups.ts';
import { makePeople } from '../../../src/idp/entra/people.ts';
import { createBody } from '../../../src/idp/entra/user-body.ts';
import { accountPatch, type Edit, managerPatch, noManagerPatch } from '../../../src/idp/entra/user-patch.ts';
import type { Json } from '../../../src/idp/json.ts';
import type { Place } from '../../../src/idp/place.ts';
import { seededRandom } from '../../../src/idp/random.ts';
import { ENTERPRISE, USER } from '../../../src/idp/scim.ts';

// The bodies of idp-clients §2.2, letter by letter.
const user = (name: string): Place => ({ at: 'user', name });
const WORK: Place = { at: 'item', of: 'emails', type: 'work', name: 'value' };
const GIVEN: Place = { at: 'part', of: 'name', name: 'givenName' };
const NUMBER: Place = { at: 'extension', name: 'employeeNumber' };
const edit = (place: Place, value: string | boolean, isNew = false): Edit => ({ place, value, isNew });
const random = seededRandom(7);

function operations(body: { readonly [name: string]: Json }): Json | undefined {
  return body.Operations;
}

describe('a PATCH of a user', () => {
  test('without the flag: an operation a path, capitals, and booleans as text', () => {
    const certain = () => 0;
    const edits = [edit(WORK, 'a@b.c'), edit(NUMBER, '7', true), edit(user('active'), false)];
    expect(operations(accountPatch({ flavour: 'classic', random: certain }, edits))).toEqual([
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'a@b.c' },
      { op: 'Add', path: `${ENTERPRISE}:employeeNumber`, value: '7' },
      { op: 'Replace', path: 'active', value: 'False' },
    ]);
  });

  test('without the flag, Add and Replace come as they please', () => {
    const ops = Array.from({ length: 60 }, () => {
      const body = accountPatch({ flavour: 'classic', random }, [edit(GIVEN, 'x')]);
      return (operations(body) as { op: string }[])[0]?.op;
    });
    expect(new Set(ops)).toEqual(new Set(['Add', 'Replace']));
  });

  test('with the flag: value paths first, then one value with dotted and colon keys', () => {
    const edits = [edit(user('displayName'), 'x'), edit(GIVEN, 'y'), edit(WORK, 'a@b.c', true), edit(NUMBER, 'z')];
    const active = edit(user('active'), false);
    expect(operations(accountPatch({ flavour: 'aadOptscim062020', random }, [...edits, active]))).toEqual([
      { op: 'add', path: 'emails[type eq "work"].value', value: 'a@b.c' },
      {
        op: 'replace',
        value: { displayName: 'x', 'name.givenName': 'y', [`${ENTERPRISE}:employeeNumber`]: 'z', active: false },
      },
    ]);
  });

  test.each([
    [edit(user('active'), false), { op: 'replace', path: 'active', value: false }],
    [edit(user('nickName'), 'Babs', true), { op: 'add', path: 'nickName', value: 'Babs' }],
  ])('with the flag a single attribute goes by its path', (one, expected) => {
    expect(operations(accountPatch({ flavour: 'aadOptscim062020', random }, [one]))).toEqual([expected]);
  });
});

test.each(ENTRA_FLAVOURS)('the manager is set and removed in every shape that was seen: %s', (flavour) => {
  const shapes = (make: () => { readonly [name: string]: Json }) =>
    new Set(Array.from({ length: 60 }, () => JSON.stringify((operations(make()) as Json[])[0])));
  const path = `${ENTERPRISE}:manager`;
  const $ref = 'http://localhost/scim/Users/9';
  const text = (op: string) => JSON.stringify({ op, path, value: '9' });
  const list = (op: string) => JSON.stringify({ op, path: 'manager', value: [{ $ref, value: '9' }] });
  const object = (op: string) => JSON.stringify({ op, path, value: { value: '9' } });
  const set = shapes(() => managerPatch({ flavour, random }, '9'));
  const isClassic = flavour === 'classic';
  const classic = [text('Add'), text('Replace'), list('Add'), list('Replace')];
  expect(set).toEqual(new Set(isClassic ? classic : [object('add'), object('replace')]));
  const removed = shapes(() => noManagerPatch({ flavour, random }));
  const wanted = isClassic
    ? [
        { op: 'Remove', path },
        { op: 'Replace', path, value: '' },
      ]
    : [
        { op: 'remove', path },
        { op: 'replace', path, value: { value: '' } },
      ];
  expect(removed).toEqual(new Set(wanted.map((each) => JSON.stringify(each))));
});

test('members join and leave in the shape of the flavour', () => {
  const value = [{ $ref: null, value: 'u' }];
  expect(additionOf({ flavour: 'classic' }, ['u'])).toEqual({ op: 'Add', path: 'members', value });
  expect(removalOf({ flavour: 'classic' }, 'u')).toEqual({ op: 'Remove', path: 'members', value });
  const flavour = 'aadOptscim062020';
  expect(additionOf({ flavour }, ['u'])).toEqual({ op: 'add', path: 'members', value: [{ value: 'u' }] });
  expect(removalOf({ flavour }, 'u')).toEqual({ op: 'remove', path: 'members[value eq "u"]' });
});

test('a create has both URNs, roles and meta whatever is set, and no manager; some say null for what is unset', () => {
  const people = makePeople(8, 1, 'abc123').map((person) => ({ ...person, assigned: true }));
  for (const person of people) {
    const body = createBody(person);
    expect((body.schemas as Json[]).slice(0, 2)).toEqual([USER, ENTERPRISE]);
    expect(body).toMatchObject({
      active: true,
      meta: { resourceType: 'User' },
      externalId: person.profile.mailNickname,
    });
    const role = { primary: 'True', value: 'admin', display: 'Administrator' };
    expect(body.roles).toEqual(person.profile.appRole === undefined ? [] : [role]);
    expect(body.manager ?? null).toBeNull();
  }
  expect(people.filter((person) => createBody(person).department === null).length).toBe(2);
});
