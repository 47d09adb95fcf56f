import { describe, expect, test } from 'vitest';
import {
  applyPatch,
  type JsonObject,
  type JsonValue,
  parseJson,
  readPatch,
  STRICT,
  TOLERANT,
  USER,
} from '../../../src/scim/index.ts';
import { attribute } from '../../../src/scim/schema/define.ts';
import { BARBARA, ENT, frozen, patchOp, refusal, USER_URN } from './resources.ts';

const WORK = { value: 'bjensen@example.com', type: 'work', primary: true };
const HOME = { value: 'babs@jensen.org', display: 'private', type: 'home' };
const MANY = { before: BARBARA, tolerances: TOLERANT, type: USER };

function patched(
  operations: readonly JsonValue[],
  { before = BARBARA, tolerances = TOLERANT, type = USER } = MANY,
): JsonObject {
  const read = readPatch(type, frozen(patchOp(...operations)), tolerances);
  return applyPatch(type, frozen(structuredClone(before)), read, tolerances).after;
}

describe('what one operation makes of Barbara', () => {
  const cases: [string, JsonObject, JsonObject][] = [
    // add
    [
      'PAT-17 add without a path',
      { op: 'add', value: { nickName: 'Babs', title: 'x' } },
      { nickName: 'Babs', title: 'x' },
    ],
    ['PAT-19 add to an absent attribute', { op: 'add', path: 'nickName', value: 'Babs' }, { nickName: 'Babs' }],
    ['PAT-19 add to one that is there', { op: 'add', path: 'title', value: 'x' }, { title: 'x' }],
    [
      'PAT-20 add an array',
      { op: 'add', path: 'emails', value: [{ value: 'c' }] },
      { emails: [WORK, HOME, { value: 'c' }] },
    ],
    ['PAT-20 add one', { op: 'add', path: 'emails', value: { value: 'c' } }, { emails: [WORK, HOME, { value: 'c' }] }],
    [
      'PAT-21 add an address that is there',
      { op: 'add', path: 'addresses', value: (BARBARA.addresses as JsonValue[])[0] ?? null },
      {},
    ],
    ['PAT-21 add what is there', { op: 'add', path: 'emails', value: [{ value: HOME.value, type: 'home' }] }, {}],
    ['add nothing', { op: 'add', path: 'emails', value: [] }, {}],
    ['add null', { op: 'add', path: 'emails', value: null }, {}],
    [
      'PAT-22 add to a complex attribute',
      { op: 'add', path: 'name', value: { middleName: 'J' } },
      { name: { ...(BARBARA.name as JsonObject), middleName: 'J' } },
    ],
    [
      'PAT-23 add without a path appends',
      { op: 'add', value: { emails: [{ value: 'c' }] } },
      { emails: [WORK, HOME, { value: 'c' }] },
    ],
    [
      'PAT-24 add through a filter merges',
      { op: 'add', path: 'emails[type eq "work"]', value: { display: 'w' } },
      { emails: [{ ...WORK, display: 'w' }, HOME] },
    ],
    [
      'PAT-24, Entra: add through a filter that matches nothing creates',
      { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '1' },
      { phoneNumbers: [{ value: '1', type: 'work' }] },
    ],
    [
      'the same with an object',
      { op: 'add', path: 'ims[type eq "xmpp" and primary eq true]', value: { value: 'a' } },
      { ims: [{ value: 'a', type: 'xmpp', primary: true }] },
    ],
    ['the same with nothing to create', { op: 'add', path: 'ims[type eq "xmpp"].value', value: null }, {}],
    [
      'PAT-30 a new primary value is the only one',
      { op: 'add', path: 'emails', value: [{ value: 'c', primary: true }] },
      { emails: [{ ...WORK, primary: false }, HOME, { value: 'c', primary: true }] },
    ],
    [
      'a primary value made one by its path',
      { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
      {
        emails: [
          { ...WORK, primary: false },
          { ...HOME, primary: true },
        ],
      },
    ],
    [
      'PAT-60 a filter on a boolean',
      { op: 'replace', path: 'emails[primary eq true].value', value: 'c' },
      { emails: [{ ...WORK, value: 'c' }, HOME] },
    ],
    [
      'SCH-21 not being primary is primary eq false',
      { op: 'remove', path: 'emails[primary eq false]' },
      { emails: [WORK] },
    ],
    [
      'a value changed into another that is there becomes that one',
      { op: 'replace', path: 'emails[type eq "home"]', value: { value: WORK.value, type: 'work', display: 'x' } },
      { emails: [{ ...WORK, display: 'x' }] },
    ],
    // remove
    ['PAT-33 remove', { op: 'remove', path: 'title' }, { title: undefined } as never],
    ['PAT-34 remove all values', { op: 'remove', path: 'emails' }, { emails: undefined } as never],
    [
      'PAT-35 remove by filter',
      { op: 'remove', path: 'addresses[type eq "work"]' },
      { addresses: [(BARBARA.addresses as JsonValue[])[2] ?? null] },
    ],
    ['PAT-35 the last one', { op: 'remove', path: 'emails[value pr]' }, { emails: undefined } as never],
    [
      'PAT-36 remove a sub-attribute of some',
      { op: 'remove', path: 'emails[type eq "home"].display' },
      { emails: [WORK, { value: HOME.value, type: 'home' }] },
    ],
    [
      'remove a sub-attribute of all',
      { op: 'remove', path: 'emails.display' },
      { emails: [WORK, { value: HOME.value, type: 'home' }] },
    ],
    ['PAT-41 remove what is not there', { op: 'remove', path: 'nickName' }, {}],
    ['PAT-41 a sub-attribute of nothing', { op: 'remove', path: 'ims.value' }, {}],
    [
      'remove a sub-attribute',
      { op: 'remove', path: 'name.formatted' },
      { name: { familyName: 'Jensen', givenName: 'Barbara' } },
    ],
    ['PAT-42 remove an extension', { op: 'remove', path: ENT }, { schemas: [USER_URN], [ENT]: undefined } as never],
    // replace
    ['PAT-43 replace without a path', { op: 'replace', value: { title: 'x' } }, { title: 'x' }],
    [
      'PAT-45 replace all values',
      { op: 'replace', path: 'emails', value: [{ value: 'c' }] },
      { emails: [{ value: 'c' }] },
    ],
    ['PAT-46 replace what is not there', { op: 'replace', path: 'nickName', value: 'x' }, { nickName: 'x' }],
    [
      'PAT-47 replace parts of a complex attribute, D10',
      { op: 'replace', path: 'name', value: { GIVENNAME: 'B', formatted: null, honorific: 'x' } },
      { name: { familyName: 'Jensen', givenName: 'B' } },
    ],
    [
      'PAT-48 replace every element that matches',
      { op: 'replace', path: 'addresses[type eq "work"]', value: { locality: 'X', type: 'work' } },
      { addresses: [{ locality: 'X', type: 'work' }, (BARBARA.addresses as JsonValue[])[2] ?? null] },
    ],
    [
      'PAT-49 replace a sub-attribute of every element that matches',
      { op: 'replace', path: 'addresses[type eq "work"].locality', value: 'X' },
      {
        addresses: (BARBARA.addresses as JsonObject[]).map((one) =>
          one.type === 'work' ? { ...one, locality: 'X' } : one,
        ),
      },
    ],
    [
      'D12, Entra: replace through a filter that matches nothing creates what is of a type',
      { op: 'replace', path: 'roles[primary eq true].value', value: 'admin' },
      { roles: [{ value: 'admin', primary: true }] },
    ],
    [
      'replace a sub-attribute of all',
      { op: 'replace', path: 'emails.display', value: 'd' },
      {
        emails: [
          { ...WORK, display: 'd' },
          { ...HOME, display: 'd' },
        ],
      },
    ],
    ['PAT-53 replace with null', { op: 'replace', path: 'title', value: null }, { title: undefined } as never],
    ['PAT-53 replace with nothing', { op: 'replace', path: 'emails', value: [] }, { emails: undefined } as never],
    ['add null', { op: 'add', path: 'title', value: null }, {}],
    ['add null to what is required', { op: 'add', path: 'userName', value: null }, {}],
    ['add null to a complex attribute', { op: 'add', path: 'name', value: null }, {}],
    ['add null to a sub-attribute', { op: 'add', path: 'name.givenName', value: null }, {}],
    ['add an object of null', { op: 'add', path: 'name', value: { givenName: null } }, {}],
    ['add null to some elements', { op: 'add', path: 'emails[type eq "home"].display', value: null }, {}],
    ['add null without a path', { op: 'add', value: { title: null, emails: null, [ENT]: null } }, {}],
    ['add null to an extension', { op: 'add', path: ENT, value: null }, {}],
    ['add null to an attribute of one', { op: 'add', value: { [ENT]: { department: null } } }, {}],
    [
      'the value of an element with null leaves what it is shown as',
      { op: 'replace', path: 'emails[type eq "home"].value', value: null },
      { emails: [WORK, { display: HOME.display, type: 'home' }] },
    ],
    [
      'the same by removal',
      { op: 'remove', path: 'emails[type eq "home"].value' },
      { emails: [WORK, { display: HOME.display, type: 'home' }] },
    ],
    [
      'SCH-22 a value in another case is the one that is there, as it is spelt there',
      { op: 'add', path: 'emails', value: [{ value: 'BABS@JENSEN.ORG', type: 'Home', display: 'x' }] },
      { emails: [WORK, { ...HOME, display: 'x' }] },
    ],
    ['a complex attribute with null', { op: 'replace', path: 'name', value: null }, { name: undefined } as never],
    ['an element with null', { op: 'replace', path: 'emails[type eq "home"]', value: null }, { emails: [WORK] }],
    [
      'a sub-attribute of an element with null',
      { op: 'replace', path: 'emails[type eq "home"].display', value: null },
      { emails: [WORK, { value: HOME.value, type: 'home' }] },
    ],
    ['active by path', { op: 'replace', path: 'active', value: false }, { active: false }],
    ['PAT-55 active without a path', { op: 'replace', value: { active: false } }, { active: false }],
    ['a password', { op: 'replace', value: { password: 'hunter2' } }, {}],
    ['a password removed', { op: 'remove', path: 'password' }, {}],
    ['an id that is repeated', { op: 'replace', value: { id: 'other', title: 'x' } }, { title: 'x' }],
    // extensions
    [
      'PAT-27 an attribute of an extension',
      { op: 'add', path: `${ENT}:costCenter`, value: 'c' },
      { [ENT]: { ...(BARBARA[ENT] as JsonObject), costCenter: 'c' } },
    ],
    [
      'a sub-attribute of one',
      { op: 'replace', path: `${ENT}:manager.value`, value: 'm' },
      { [ENT]: { ...(BARBARA[ENT] as JsonObject), manager: { value: 'm' } } },
    ],
    [
      'the last sub-attribute of one',
      { op: 'remove', path: `${ENT}:manager.value` },
      { [ENT]: { employeeNumber: '701984', department: 'Tours' } },
    ],
    [
      'a whole extension merges',
      { op: 'replace', path: ENT, value: { department: 'x' } },
      { [ENT]: { ...(BARBARA[ENT] as JsonObject), department: 'x' } },
    ],
    ['PAT-57 schemas', { op: 'add', path: 'schemas', value: ENT }, {}],
  ];

  test.each(cases)('%s', (_, operation, difference) => {
    const expected = JSON.parse(JSON.stringify({ ...BARBARA, ...difference }));
    expect(patched([operation])).toEqual(expected);
  });
});

describe('what is refused', () => {
  test.each<[string, JsonObject, string, RegExp]>([
    [
      'PAT-31 two primaries at once',
      {
        op: 'add',
        path: 'emails',
        value: [
          { value: 'c', primary: true },
          { value: 'd', primary: true },
        ],
      },
      'invalidValue',
      /^emails has 2 primary/,
    ],
    [
      'two primaries by filter',
      { op: 'replace', path: 'addresses[type eq "work"].primary', value: true },
      'invalidValue',
      /^addresses has 2 primary/,
    ],
    ['PAT-38 remove what is required', { op: 'remove', path: 'userName' }, 'mutability', /^userName is required/],
    [
      'PAT-53 null for what is required',
      { op: 'replace', path: 'userName', value: null },
      'mutability',
      /^userName is required/,
    ],
    ['the same without a path', { op: 'replace', value: { userName: null } }, 'mutability', /^userName is required/],
    [
      'USR-01 blank for what is required',
      { op: 'replace', path: 'userName', value: ' ' },
      'invalidValue',
      /^userName is empty/,
    ],
    [
      'PAT-37 remove by a filter that matches nothing',
      { op: 'remove', path: 'emails[type eq "fax"]' },
      'noTarget',
      /emails/,
    ],
    [
      'PAT-50 replace by a filter that matches nothing',
      { op: 'replace', path: 'emails[value eq "x"]', value: { value: 'y' } },
      'noTarget',
      /emails/,
    ],
    [
      'replace, of a type, but a whole element',
      { op: 'replace', path: 'emails[type eq "fax"]', value: { value: 'y' } },
      'noTarget',
      /emails/,
    ],
    [
      'replace, not of a type',
      { op: 'replace', path: 'emails[display eq "x"].value', value: 'y' },
      'noTarget',
      /emails/,
    ],
    [
      'add through equalities that contradict each other',
      { op: 'add', path: 'emails[type eq "fax" and type eq "pager"].value', value: 'y' },
      'noTarget',
      /emails/,
    ],
    ['add, but no equality', { op: 'add', path: 'emails[type sw "f"].value', value: 'y' }, 'noTarget', /emails/],
    ['replace a sub-attribute of nothing', { op: 'replace', path: 'ims.value', value: 'y' }, 'noTarget', /ims/],
    ['PAT-52 a wrong type', { op: 'replace', path: 'title', value: 5 }, 'invalidValue', /^title must be a string/],
    [
      'a wrong type without a path',
      { op: 'replace', value: { active: 'False' } },
      'invalidValue',
      /^active must be true or false/,
    ],
    [
      'a wrong type in a complex attribute',
      { op: 'add', path: 'name', value: { givenName: 5 } },
      'invalidValue',
      /^name\.givenName must be/,
    ],
    [
      'a complex attribute as a string',
      { op: 'add', path: 'name', value: 'x' },
      'invalidValue',
      /^name must be an object/,
    ],
    [
      'a wrong type of a sub-attribute',
      { op: 'add', path: 'emails[type eq "work"].value', value: 5 },
      'invalidValue',
      /^emails\.value must be/,
    ],
    [
      'a wrong type in an extension',
      { op: 'add', path: `${ENT}:department`, value: 5 },
      'invalidValue',
      /User:department must be/,
    ],
    [
      'an element that is none',
      { op: 'add', path: 'emails', value: 'x' },
      'invalidValue',
      /^Each value of emails must be an object, but one is a string/,
    ],
    [
      'replace many by one',
      { op: 'replace', path: 'emails', value: { value: 'x' } },
      'invalidValue',
      /^emails must be an array/,
    ],
    [
      'a password of the wrong type',
      { op: 'replace', path: 'password', value: 5 },
      'invalidValue',
      /^password must be a string/,
    ],
    [
      'PAT-57 schemas without the base',
      { op: 'replace', path: 'schemas', value: [ENT] },
      'invalidValue',
      /core:2\.0:User/,
    ],
    ['schemas removed', { op: 'remove', path: 'schemas' }, 'mutability', /^schemas is required/],
    ['schemas that are no strings', { op: 'add', path: 'schemas', value: [1] }, 'invalidSyntax', /^schemas must be/],
  ])('%s', (_, operation, scimType, detail) => {
    const error = refusal(() => patched([operation]));
    expect(error).toMatchObject({ status: 400, scimType });
    expect(error.detail).toMatch(detail);
  });

  test('SCH-46 more values than are kept', () => {
    const value = Array.from({ length: 999 }, (_, i) => ({ value: `${i}` }));
    expect(refusal(() => patched([{ op: 'add', path: 'emails', value }])).detail).toMatch(/^emails has 1001 values/);
  });

  test('D12 strictly, nothing is created through a filter that matches nothing', () => {
    for (const op of ['add', 'replace']) {
      const operation = { op, path: 'phoneNumbers[type eq "work"].value', value: '1' };
      expect(refusal(() => patched([operation], { ...MANY, tolerances: STRICT })).scimType).toBe('noTarget');
    }
  });

  test('PAT-36 strictly, what describes a value stays without it', () => {
    for (const operation of [
      { op: 'remove', path: 'emails[type eq "home"].value' },
      { op: 'replace', path: 'emails[type eq "home"].value', value: null },
    ]) {
      const after = patched([operation], { ...MANY, tolerances: STRICT });
      expect(after.emails).toEqual([WORK, { display: 'private', type: 'home' }]);
    }
  });

  test('T-DOS operations that would look at everything again and again are too large', () => {
    const emails = Array.from({ length: 1000 }, (_, i) => ({ value: `${i}`, type: `${i}` }));
    const operations = Array.from({ length: 1000 }, (_, i) => ({
      op: 'replace',
      path: 'emails[value co "9"].display',
      value: `${i}`,
    }));
    expect(refusal(() => patched(operations, { ...MANY, before: { ...BARBARA, emails } })).status).toBe(413);
  });
});

test('PAT-05, PAT-59 each operation sees what the one before it made', () => {
  const after = patched([
    { op: 'add', path: 'emails', value: [{ value: 'c', type: 'other' }] },
    { op: 'remove', path: 'emails[type eq "other"]' },
    { op: 'add', path: 'title', value: '1' },
    { op: 'replace', path: 'title', value: '2' },
    { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '1' },
    { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '2' },
  ]);
  expect(after).toEqual({ ...BARBARA, title: '2', phoneNumbers: [{ value: '2', type: 'work' }] });
});

test.each([
  ['removed', { op: 'remove', path: 'active' }],
  ['null', { op: 'replace', path: 'active', value: null }],
  ['null without a path', { op: 'replace', value: { active: null } }],
])('active %s is left as it is; strictly it goes back to the default', (_, operation) => {
  const before = { ...BARBARA, active: false };
  expect(patched([operation], { ...MANY, before }).active).toBe(false);
  expect(patched([operation], { ...MANY, before, tolerances: STRICT }).active).toBe(true);
});

test('ENU-05, ENU-06 an extension comes with its first attribute, and goes with its last', () => {
  const { [ENT]: _, ...rest } = BARBARA;
  const bare = { ...rest, schemas: [USER_URN] };
  const added = patched([{ op: 'add', path: `${ENT}:department`, value: 'x' }], { ...MANY, before: bare });
  expect(added).toEqual({ ...bare, schemas: [USER_URN, ENT], [ENT]: { department: 'x' } });
  expect(patched([{ op: 'remove', path: `${ENT}:department` }], { ...MANY, before: added })).toEqual(bare);
});

test('PAT-25, PAT-51 immutable attributes take a first value, and the same again, and no other', () => {
  const attributes = [
    ...USER.schema.attributes,
    attribute('badge', '', { mutability: 'immutable' }),
    attribute('keys', '', {
      type: 'complex',
      multiValued: true,
      subAttributes: [attribute('value', '', { mutability: 'immutable' }), attribute('note', '')],
    }),
  ];
  const type = { ...USER, schema: { ...USER.schema, attributes } };
  const before = patched(
    [
      { op: 'add', path: 'badge', value: '1' },
      { op: 'add', path: 'keys', value: [{ value: 'k' }] },
    ],
    { ...MANY, type },
  );
  const holds = (operation: JsonObject) => expect(patched([operation], { ...MANY, type, before })).toEqual(before);
  holds({ op: 'replace', path: 'badge', value: '1' });
  holds({ op: 'replace', path: 'keys[value eq "k"].value', value: 'k' });
  for (const operation of [
    { op: 'replace', path: 'badge', value: '2' },
    { op: 'add', path: 'badge', value: '2' },
    { op: 'remove', path: 'badge' },
    { op: 'replace', path: 'keys[value eq "k"].value', value: 'l' },
    { op: 'replace', path: 'keys[value eq "k"]', value: { value: 'l' } },
    { op: 'remove', path: 'keys[value eq "k"].value' },
  ]) {
    expect(refusal(() => patched([operation], { ...MANY, type, before }))).toMatchObject({
      status: 400,
      scimType: 'mutability',
    });
  }
});

test('an integer written as a decimal is refused wherever it stands', () => {
  const attributes = [...USER.schema.attributes, attribute('floor', '', { type: 'integer' })];
  const type = { ...USER, schema: { ...USER.schema, attributes } };
  const read = (operation: string) =>
    readPatch(
      type,
      parseJson(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[${operation}]}`),
      TOLERANT,
    );
  expect(refusal(() => read('{"op":"add","path":"floor","value":1.0}')).detail).toMatch(
    /^floor must be a whole number/,
  );
  expect(refusal(() => read('{"op":"add","value":{"floor":1e1}}')).detail).toMatch(/^floor must be a whole number/);
  expect(applyPatch(type, BARBARA, read('{"op":"add","path":"floor","value":1}'), TOLERANT).after.floor).toBe(1);
});
