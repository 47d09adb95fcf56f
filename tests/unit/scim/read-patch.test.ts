import { describe, expect, test } from 'vitest';
import {
  GROUP,
  type JsonObject,
  type JsonValue,
  type PatchOperation,
  readPatch,
  STRICT,
  TOLERANT,
  USER,
} from '../../../src/scim/index.ts';
import { ENT, frozen, PATCH_URN, patchOp, refusal, USER_URN } from './resources.ts';

const read = (...operations: JsonValue[]) => readPatch(USER, frozen(patchOp(...operations)), TOLERANT).map(inShort);

function inShort({ op, path, value }: PatchOperation): JsonValue[] {
  const end = value === undefined ? [] : [value];
  if (path.kind === 'extension') return [op, path.urn, ...end];
  const { extension, attribute, sub } = path.target;
  const name = `${extension === undefined ? '' : 'ENT:'}${attribute.name}${sub ? `.${sub.name}` : ''}`;
  return [op, path.kind === 'elements' ? `${name}[]${path.sub ? `.${path.sub.name}` : ''}` : name, ...end];
}

test.each<[string, JsonObject, JsonValue[][]]>([
  ['a path', { op: 'replace', path: 'name.familyName', value: 'x' }, [['replace', 'name.familyName', 'x']]],
  ['PAT-04 op and names in any case', { OP: 'Replace', Path: 'ACTIVE', VALUE: false }, [['replace', 'active', false]]],
  [
    'PAT-13 a URN in any case',
    { op: 'add', path: `${ENT.toUpperCase()}:MANAGER.VALUE`, value: '1' },
    [['add', 'ENT:manager.value', '1']],
  ],
  ['elements', { op: 'add', path: 'emails[type eq "work"].value', value: 'x' }, [['add', 'emails[].value', 'x']]],
  ['a removal', { op: 'remove', path: 'title' }, [['remove', 'title']]],
  ['a removal of one value that is null', { op: 'remove', path: 'title', value: null }, [['remove', 'title']]],
  ['null added to an extension', { op: 'add', path: ENT, value: null }, []],
  ['no path, null added to an extension', { op: 'add', value: { [ENT]: null } }, []],
  [
    'no path, names with a dot in them',
    { op: 'replace', value: { 'name.givenName': 'x', 'emails.value': [], [ENT]: { 'manager.value': 'x' } } },
    [],
  ],
  ['a removal of one value, repeating it', { op: 'remove', path: 'title', value: 'x' }, [['remove', 'title']]],
  ['PAT-42 a whole extension removed', { op: 'remove', path: ENT }, [['remove', ENT]]],
  ['a whole extension set to null', { op: 'replace', path: ENT, value: null }, [['remove', ENT]]],
  [
    'a whole extension',
    { op: 'replace', path: ENT, value: { department: 'x', hat: 1 } },
    [['replace', 'ENT:department', 'x']],
  ],
  ['PAT-55 no path', { op: 'replace', value: { active: false } }, [['replace', 'active', false]]],
  ['a null path', { op: 'replace', path: null, value: { active: false } }, [['replace', 'active', false]]],
  [
    'PAT-28 no path, many attributes, what is not for clients ignored',
    {
      op: 'add',
      value: {
        ID: 'x',
        schemas: [],
        meta: {},
        groups: [],
        Title: 't',
        nickName: null,
        hat: 1,
        [ENT.toLowerCase()]: { Department: 'd', x: 1 },
      },
    },
    [
      ['add', 'title', 't'],
      ['add', 'nickName', null],
      ['add', 'ENT:department', 'd'],
    ],
  ],
  ['no path, an extension set to null', { op: 'replace', value: { [ENT]: null } }, [['remove', ENT]]],
  ['no path and nothing in it', { op: 'replace', value: {} }, []],
])('%s', (_, operation, expected) => {
  expect(read(operation)).toEqual(expected);
});

describe('a message that is none', () => {
  test.each<[string, JsonValue]>([
    ['an array', []],
    ['PAT-01 no schemas', { Operations: [{ op: 'remove', path: 'title' }] }],
    ['PAT-01 other schemas', { schemas: ['urn:x'], Operations: [{ op: 'remove', path: 'title' }] }],
    ['PAT-02 no operations', { schemas: [PATCH_URN] }],
    ['PAT-02 none in the list', patchOp()],
    ['PAT-02 no list', { schemas: [PATCH_URN], Operations: { op: 'remove', path: 'title' } }],
    ['an operation that is no object', patchOp('remove')],
    ['PAT-03 no op', patchOp({ path: 'title', value: 'x' })],
    ['PAT-03 another op', patchOp({ op: 'move', path: 'title', value: 'x' })],
    [
      'PAT-40 a removal that says whom and not where',
      patchOp({ op: 'remove', path: 'emails', value: [{ value: 'a' }] }),
    ],
  ])('%s is invalidSyntax', (_, body) => {
    expect(refusal(() => readPatch(USER, body, TOLERANT))).toMatchObject({ status: 400, scimType: 'invalidSyntax' });
  });

  test.each([
    ['emails', null],
    ['emails', []],
    ['members', null],
    ['members', []],
  ])('PAT-40 a removal of %s with the value %j does not clear it', (path, value) => {
    const body = patchOp({ op: 'remove', path, value });
    const type = path === 'members' ? GROUP : USER;
    for (const tolerances of [TOLERANT, STRICT]) {
      expect(refusal(() => readPatch(type, body, tolerances))).toMatchObject({
        scimType: 'invalidSyntax',
        detail: expect.stringContaining(`${path}[value eq "…"]`),
      });
    }
  });

  test.each([USER_URN, `${USER_URN}:active`, `${ENT}:department`])('a URN of ours as a key: %s', (key) => {
    const body = patchOp({ op: 'replace', value: { [key]: { active: false } } });
    for (const tolerances of [TOLERANT, STRICT]) {
      expect(refusal(() => readPatch(USER, body, tolerances)).detail).toContain(`The key "${key}"`);
    }
  });

  test('names of the message in any case', () => {
    expect(
      readPatch(USER, { SCHEMAS: [PATCH_URN.toUpperCase()], operations: [{ op: 'remove', path: 'title' }] }, TOLERANT),
    ).toHaveLength(1);
  });

  test('PAT-40 members with a removal value', () => {
    const body = patchOp({ op: 'remove', path: 'members', value: [{ value: 'u1' }] });
    expect(refusal(() => readPatch(GROUP, body, STRICT))).toMatchObject({
      scimType: 'invalidSyntax',
      detail: expect.stringContaining('members[value eq'),
    });
  });
});

test.each<[string, JsonObject, string]>([
  ['PAT-16 add without a value', { op: 'add', path: 'title' }, 'invalidValue'],
  ['PAT-54 replace without a value', { op: 'replace', path: 'title' }, 'invalidValue'],
  ['PAT-18 no path and no object', { op: 'add', value: 'x' }, 'invalidValue'],
  ['no path and an array', { op: 'replace', value: [{ active: false }] }, 'invalidValue'],
  ['an extension that is no object', { op: 'add', value: { [ENT]: 'x' } }, 'invalidValue'],
  ['PAT-32 remove without a path', { op: 'remove' }, 'noTarget'],
  ['a path that is no string', { op: 'add', path: 5, value: 'x' }, 'invalidPath'],
  ['PAT-11 an unknown attribute', { op: 'add', path: 'hat', value: 'x' }, 'invalidPath'],
  ['PAT-12 a position', { op: 'add', path: 'emails[0]', value: 'x' }, 'invalidPath'],
  ['PAT-14 a sub-sub-attribute', { op: 'add', path: 'name.familyName.x', value: 'x' }, 'invalidPath'],
  ['PAT-10 half a filter', { op: 'add', path: 'emails[type eq', value: 'x' }, 'invalidFilter'],
  ['PAT-26 id', { op: 'add', path: 'id', value: 'x' }, 'mutability'],
  ['PAT-26 meta.created', { op: 'replace', path: 'meta.created', value: 'x' }, 'mutability'],
  ['USR-26 groups', { op: 'add', path: 'groups', value: [{ value: 'g' }] }, 'mutability'],
  ['PAT-39 an element of groups', { op: 'remove', path: 'groups[value eq "g"]' }, 'mutability'],
  ['ENU-04 manager.displayName', { op: 'replace', path: `${ENT}:manager.displayName`, value: 'x' }, 'mutability'],
])('%s is refused', (_, operation, scimType) => {
  expect(refusal(() => read(operation))).toMatchObject({ status: 400, scimType });
});

test('PAT-61 a sub-attribute that members do not have is invalidPath', () => {
  const body = patchOp({ op: 'remove', path: 'members[value eq "id"].displayName' });
  expect(refusal(() => readPatch(GROUP, body, TOLERANT)).scimType).toBe('invalidPath');
});

test('an unknown extension in a value is ignored; strictly it is refused', () => {
  const body = patchOp({ op: 'add', value: { 'urn:custom:2.0:User': { x: 1 } } });
  expect(readPatch(USER, body, TOLERANT)).toEqual([]);
  expect(refusal(() => readPatch(USER, body, STRICT)).scimType).toBe('invalidSyntax');
});

test.each([
  '__proto__.x',
  'constructor.prototype.x',
  `${ENT}:__proto__`,
  '__proto__',
  'name.__proto__',
  'emails[type eq "w"].__proto__',
])('T-PP-02 the path %s is invalidPath', (path) => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  expect(refusal(() => read({ op: 'add', path, value: { isAdmin: true } })).scimType).toBe('invalidPath');
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

test.each([
  '__proto__.x',
  'a.__proto__.b',
  `${ENT}:__proto__.x`,
  'constructor.prototype.x',
  'constructor',
  'emails[__proto__ eq 1].x',
])('T-PP-03 the key %s is invalidPath', (key) => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  for (const value of [{ [key]: true }, { [ENT]: { [key]: true } }]) {
    expect(refusal(() => read({ op: 'replace', value }))).toMatchObject({ status: 400, scimType: 'invalidPath' });
  }
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

test('PAT-15 a thousand operations are taken, and ten thousand on members', () => {
  const many = (count: number, path: string) =>
    patchOp(...Array.from({ length: count }, () => ({ op: 'remove', path })));
  expect(readPatch(USER, many(1000, 'title'), TOLERANT)).toHaveLength(1000);
  expect(refusal(() => readPatch(USER, many(1001, 'title'), TOLERANT)).status).toBe(413);
  expect(readPatch(GROUP, many(10_000, 'members[value eq "x"]'), TOLERANT)).toHaveLength(10_000);
  expect(refusal(() => readPatch(GROUP, many(10_001, 'members[value eq "x"]'), TOLERANT)).status).toBe(413);
});
