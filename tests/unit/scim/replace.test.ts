import { expect, test } from 'vitest';
import {
  type JsonObject,
  type Resource,
  readResource,
  replaceResource,
  STRICT,
  TOLERANT,
  USER,
} from '../../../src/scim/index.ts';
import { attribute } from '../../../src/scim/schema/define.ts';
import { BARBARA, ENT, frozen, refusal, USER_URN } from './resources.ts';

const put = (before: Resource | undefined, rest: JsonObject, { tolerances = TOLERANT, type = USER } = {}) =>
  replaceResource(
    type,
    before,
    readResource(type, { schemas: [USER_URN], userName: 'a', ...rest }, tolerances),
    tolerances,
  );

test('a new resource is in canonical order, whatever the order of its body, and lists the schemas that it has data of', () => {
  const created = put(undefined, {
    [ENT]: { manager: { $ref: '../Users/1', value: '1' }, department: 'x' },
    emails: [{ type: 'work', value: 'a' }],
    name: { givenName: 'A', familyName: 'B' },
    externalId: 'e',
  });
  expect(JSON.stringify(created)).toBe(
    JSON.stringify({
      schemas: [USER_URN, ENT],
      externalId: 'e',
      userName: 'a',
      name: { familyName: 'B', givenName: 'A' },
      active: true,
      emails: [{ value: 'a', type: 'work' }],
      [ENT]: { department: 'x', manager: { value: '1', $ref: '../Users/1' } },
    }),
  );
});

test('PUT-09, PUT-13 what is left out is gone, extensions too; id and meta stay', () => {
  const before = frozen({ ...BARBARA, meta: { created: '2011-05-13T04:42:34.000Z' } });
  expect(put(before, { title: 'B' })).toEqual({
    schemas: [USER_URN],
    id: BARBARA.id,
    userName: 'a',
    title: 'B',
    active: true,
    meta: { created: '2011-05-13T04:42:34.000Z' },
  });
});

test('PUT-18, PUT-23 what was read and is sent back is what it was, to the letter', () => {
  const before = put(undefined, { ...BARBARA });
  expect(JSON.stringify(put({ id: 'x', ...before }, { ...before, id: 'x' }))).toBe(
    JSON.stringify({ schemas: before.schemas, id: 'x', ...before }),
  );
});

test.each([
  ['missing', {}, false, TOLERANT],
  ['null', { active: null }, false, TOLERANT],
  ['missing, strictly', {}, true, STRICT],
  ['null, strictly', { active: null }, true, STRICT],
  ['said', { active: true }, true, TOLERANT],
])('active %s on PUT over an inactive user', (_, body, active, tolerances) => {
  expect(put({ ...BARBARA, active: false }, body, { tolerances }).active).toBe(active);
});

test('CRE-06 a new user is active unless the body says no', () => {
  expect(put(undefined, {}).active).toBe(true);
  expect(put(undefined, { active: null }).active).toBe(true);
  expect(put(undefined, { active: false }).active).toBe(false);
});

const was = { formatted: 'Mona Octocat', givenName: 'Mona', familyName: 'Octocat' };
test.each([
  [
    'echoed and the name changed: dropped',
    { ...was, givenName: 'Jane', familyName: 'Smith' },
    TOLERANT,
    { givenName: 'Jane', familyName: 'Smith' },
  ],
  [
    'echoed and the family name gone: dropped',
    { formatted: 'Mona Octocat', givenName: 'Mona' },
    TOLERANT,
    { givenName: 'Mona' },
  ],
  ['echoed and all else gone: nothing is left', { formatted: 'Mona Octocat' }, TOLERANT, undefined],
  ['echoed and nothing changed: kept', was, TOLERANT, was],
  [
    'new: kept',
    { ...was, formatted: 'Jane Smith', givenName: 'Jane' },
    TOLERANT,
    { ...was, formatted: 'Jane Smith', givenName: 'Jane' },
  ],
  ['echoed, strictly: kept', { ...was, givenName: 'Jane' }, STRICT, { ...was, givenName: 'Jane' }],
])('name.formatted %s', (_, name, tolerances, expected) => {
  expect(put({ ...BARBARA, name: was }, { name }, { tolerances }).name).toEqual(expected);
});

const BADGED = {
  ...USER,
  schema: {
    ...USER.schema,
    attributes: [
      ...USER.schema.attributes,
      attribute('badge', '', { mutability: 'immutable' }),
      attribute('seat', '', { mutability: 'readOnly' }),
      attribute('desk', '', {
        type: 'complex',
        subAttributes: [attribute('room', '', { mutability: 'immutable' }), attribute('note', '')],
      }),
    ],
  },
};
test('PUT-06 to PUT-08 an immutable value may be given once, repeated and left out, and never changed', () => {
  const before = { ...BARBARA, badge: '1', seat: '9', desk: { room: 'A', note: 'x' } };
  expect(put(BARBARA, { badge: '1' }, { type: BADGED }).badge).toBe('1');
  expect(put(before, { badge: '1', seat: '8' }, { type: BADGED })).toMatchObject({
    badge: '1',
    seat: '9',
    desk: { room: 'A' },
  });
  expect(put(before, { desk: { note: 'y' } }, { type: BADGED })).toMatchObject({
    badge: '1',
    desk: { room: 'A', note: 'y' },
  });
  for (const body of [{ badge: '2' }, { desk: { room: 'B' } }]) {
    expect(refusal(() => put(before, body, { type: BADGED }))).toMatchObject({ status: 400, scimType: 'mutability' });
  }
});

test('an immutable attribute of an extension is kept like any other', () => {
  const schema = {
    id: 'urn:x:badge',
    name: 'Badge',
    description: '',
    attributes: [attribute('number', '', { mutability: 'immutable' })],
  };
  const type = { ...USER, extensions: [{ schema, required: false }] };
  const before = { ...BARBARA, 'urn:x:badge': { number: '1' } };
  expect(put(before, {}, { type })).toMatchObject({
    schemas: [USER_URN, 'urn:x:badge'],
    'urn:x:badge': { number: '1' },
  });
  expect(refusal(() => put(before, { 'urn:x:badge': { number: '2' } }, { type })).detail).toContain(
    'urn:x:badge:number',
  );
});

test('RST-05 a required extension must be there', () => {
  const type = { ...USER, extensions: USER.extensions.map(({ schema }) => ({ schema, required: true })) };
  expect(refusal(() => put(undefined, {}, { type }))).toMatchObject({
    scimType: 'invalidValue',
    detail: expect.stringContaining(ENT),
  });
  expect(put(undefined, { [ENT]: { department: 'x' } }, { type }).schemas).toContain(ENT);
});

test('SCH-43 a required sub-attribute is asked for only where there is something', () => {
  const pet = attribute('pets', '', {
    type: 'complex',
    multiValued: true,
    subAttributes: [attribute('name', '', { required: true }), attribute('kind', '')],
  });
  const type = { ...USER, schema: { ...USER.schema, attributes: [...USER.schema.attributes, pet] } };
  expect(put(undefined, {}, { type }).pets).toBeUndefined();
  expect(refusal(() => put(undefined, { pets: [{ name: 'Rex' }, { kind: 'cat' }] }, { type })).detail).toMatch(
    /^pets\.name is required/,
  );
});
