import { describe, expect, test } from 'vitest';
import { GROUP, type JsonObject, project, readView, shows, USER } from '../../../src/scim/index.ts';
import { attribute } from '../../../src/scim/schema/define.ts';
import { BARBARA, ENT, frozen, GROUP_URN, refusal, USER_URN } from './resources.ts';

const WHOLE: JsonObject = frozen({
  ...BARBARA,
  groups: [{ value: 'g', display: 'G', type: 'direct' }],
  meta: { resourceType: 'User', location: 'x', version: 'W/"1"' },
});
const MINIMUM = { schemas: WHOLE.schemas, id: WHOLE.id };
const shown = (parameters: Parameters<typeof readView>[1], resource = WHOLE) =>
  project(USER, resource, readView(USER, parameters));

test('RET-03 without a view all is shown, in its order', () => {
  expect(JSON.stringify(shown({}))).toBe(JSON.stringify(WHOLE));
});

describe('attributes', () => {
  const emails = [{ value: 'bjensen@example.com' }, { value: 'babs@jensen.org' }];
  test.each<[string, string | readonly string[], JsonObject]>([
    ['ATT-02, ATT-18 the minimum and what is named', 'userName', { userName: 'bjensen' }],
    ['ATT-03 a sub-attribute', 'name.givenName', { name: { givenName: 'Barbara' } }],
    ['two of them', 'name.givenName,name.familyName', { name: { familyName: 'Jensen', givenName: 'Barbara' } }],
    ['one of them and the whole', 'name.givenName,name', { name: WHOLE.name ?? null }],
    ['the whole and one of them', 'name,name.givenName', { name: WHOLE.name ?? null }],
    ['ATT-04 a sub-attribute of every value', 'emails.value', { emails }],
    ['elements without it are not shown', 'emails.display', { emails: [{ display: 'private' }] }],
    ['nothing of what is asked', 'addresses.formatted', {}],
    ['ATT-05 spaces', ' userName , emails.value ,', { userName: 'bjensen', emails }],
    ['SEA-03 an array', ['userName', 'title'], { userName: 'bjensen', title: 'Guide' }],
    ['ATT-06 an attribute of an extension', `${ENT}:department`, { [ENT]: { department: 'Tours' } }],
    ['ATT-06 a sub-attribute of one', `${ENT}:manager.value`, { [ENT]: { manager: { value: '26118915' } } }],
    ['ATT-06 a whole extension', ENT, { [ENT]: WHOLE[ENT] ?? null }],
    ['a whole extension and part of it', `${ENT},${ENT}:department`, { [ENT]: WHOLE[ENT] ?? null }],
    ['with the URN of the base', `${USER_URN}:userName`, { userName: 'bjensen' }],
    [
      'ATT-07 any case',
      `USERNAME,${ENT.toUpperCase()}:DEPARTMENT`,
      { userName: 'bjensen', [ENT]: { department: 'Tours' } },
    ],
    ['ATT-12 unknown names', 'nope,name.nope,urn:x:y,a.b.c,__proto__,constructor', {}],
    ['ATT-14 a password', 'password', {}],
    ['ATT-15 meta', 'meta.location', { meta: { location: 'x' } }],
    ['ATT-15 externalId', 'externalId', { externalId: '00u1' }],
    ['groups', 'groups.display', { groups: [{ display: 'G' }] }],
  ])('%s', (_, attributes, expected) => {
    expect(shown({ attributes }, { ...WHOLE, password: 'secret' })).toEqual({ ...MINIMUM, ...expected });
  });

  test('the URN of the base schema is all of its attributes', () => {
    const { externalId: _, meta: __, [ENT]: ___, ...own } = WHOLE;
    expect(shown({ attributes: USER_URN })).toEqual(own);
  });
});

describe('excludedAttributes', () => {
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(WHOLE).filter(([name]) => !names.includes(name)));
  test.each<[string, string, JsonObject]>([
    ['ATT-08 an attribute', 'emails', without('emails')],
    ['ATT-09, SCH-33 what is always returned', 'id,schemas', WHOLE],
    [
      'ATT-10 a sub-attribute',
      'name.familyName',
      { ...WHOLE, name: { formatted: 'Ms. Barbara J Jensen', givenName: 'Barbara' } },
    ],
    ['all sub-attributes there are', 'meta.resourceType,meta.location,meta.version', without('meta')],
    [
      'an attribute of an extension',
      `${ENT}:department`,
      { ...WHOLE, [ENT]: { employeeNumber: '701984', manager: { value: '26118915' } } },
    ],
    ['a whole extension', ENT, without(ENT)],
    ['unknown names', 'nope', WHOLE],
  ])('%s', (_, excludedAttributes, expected) => {
    expect(shown({ excludedAttributes })).toEqual(expected);
  });
});

test('ATT-11 both at once are refused, but not when one says nothing', () => {
  expect(refusal(() => readView(USER, { attributes: 'userName', excludedAttributes: 'emails' }))).toMatchObject({
    status: 400,
    scimType: 'invalidValue',
  });
  expect(readView(USER, { attributes: ' ', excludedAttributes: 'emails' })).toEqual({
    excluded: [{ attribute: expect.objectContaining({ name: 'emails' }) }],
  });
});

test('ATT-13 an empty parameter is none, an unknown name is one', () => {
  expect(readView(USER, { attributes: '' })).toEqual({});
  expect(readView(USER, { attributes: [] })).toEqual({});
  expect(readView(USER, { attributes: 'nope' })).toEqual({ attributes: [] });
});

const TYPED = {
  ...USER,
  schema: {
    ...USER.schema,
    attributes: [
      ...USER.schema.attributes,
      attribute('note', '', { returned: 'request' }),
      attribute('secret', '', { returned: 'never' }),
      attribute('number', '', { returned: 'always' }),
      attribute('car', '', {
        type: 'complex',
        subAttributes: [
          attribute('plate', '', { returned: 'always' }),
          attribute('color', ''),
          attribute('price', '', { returned: 'request' }),
        ],
      }),
    ],
  },
};
test.each<[string, Parameters<typeof readView>[1], JsonObject]>([
  ['SCH-35, SCH-36 by default', {}, { userName: 'a', number: '1', car: { plate: 'P', color: 'red' } }],
  ['SCH-34, SCH-36 when asked', { attributes: 'note,secret' }, { note: 'n', number: '1' }],
  ['the rest of a request attribute', { attributes: 'car' }, { number: '1', car: { plate: 'P', color: 'red' } }],
  ['a request sub-attribute when asked', { attributes: 'car.price' }, { number: '1', car: { plate: 'P', price: 9 } }],
  [
    'SCH-33 when excluded',
    { excludedAttributes: 'number,car.plate,userName' },
    { number: '1', car: { plate: 'P', color: 'red' } },
  ],
])('returned: %s', (_, parameters, expected) => {
  const resource = {
    id: '1',
    userName: 'a',
    note: 'n',
    secret: 's',
    number: '1',
    car: { plate: 'P', color: 'red', price: 9 },
  };
  expect(project(TYPED, resource, readView(TYPED, parameters))).toEqual({ id: '1', ...expected });
});

test.each<[Parameters<typeof readView>[1], boolean]>([
  [{}, true],
  [{ attributes: 'displayName' }, false],
  [{ attributes: 'members.value' }, true],
  [{ attributes: `${GROUP_URN}:MEMBERS` }, true],
  [{ excludedAttributes: 'members' }, false],
  [{ excludedAttributes: 'members.display' }, true],
  [{ excludedAttributes: 'displayName' }, true],
  [{ attributes: 'nope' }, false],
])('GRP-11 the view %j shows members: %s', (parameters, expected) => {
  expect(shows(GROUP, readView(GROUP, parameters), 'members')).toBe(expected);
});

test('a user has no members to show, nor anything that no schema has', () => {
  expect(shows(USER, {}, 'members')).toBe(false);
  expect(project(USER, JSON.parse('{"id":"1","__proto__":{"x":1},"hat":1,"urn:x":{"y":1}}'), {})).toEqual({ id: '1' });
});
