import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences, type JsonObject, type JsonValue, listResponse, sameValue } from '../../../src/scim/index.ts';
import { ENT } from './resources.ts';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;

test('a value is the same as itself read again, whatever the order of its names', () => {
  fc.assert(fc.property(json, (value) => sameValue(value, reversed(JSON.parse(JSON.stringify(value))))));
});

function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  );
}

test.each<[JsonValue | undefined, JsonValue | undefined]>([
  ['a', 'A'],
  [1, '1'],
  [null, undefined],
  [{}, []],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], [1, 2]],
  [{ a: 1 }, { a: 1, b: 2 }],
  [
    { a: 1, b: 2 },
    { a: 1, c: 2 },
  ],
  [{ toString: 1 }, { valueOf: 1 }],
  [{ a: null }, {}],
])('%j is not %j', (a, b) => {
  expect(sameValue(a, b)).toBe(false);
  expect(sameValue(b, a)).toBe(false);
});

test('differences are the attributes that were or are another, null where there is none; meta is not compared', () => {
  const before: JsonObject = {
    id: '1',
    userName: 'a',
    title: 'x',
    name: { givenName: 'A' },
    [ENT]: { department: 'd' },
    meta: { version: '1' },
  };
  const after: JsonObject = {
    name: { givenName: 'A' },
    nickName: 'n',
    userName: 'b',
    id: '1',
    [ENT]: { department: 'e' },
    meta: { version: '2' },
  };
  expect(differences(before, after)).toEqual({
    before: { userName: 'a', title: 'x', [ENT]: { department: 'd' }, nickName: null },
    after: { userName: 'b', title: null, [ENT]: { department: 'e' }, nickName: 'n' },
  });
  expect(differences(before, { ...before, meta: {} })).toEqual({ before: {}, after: {} });
});

test('QRY-01, PAG-10 a list says how many there are, where it starts and how many it has', () => {
  expect(listResponse(7, 3, [{ id: 'a' }, { id: 'b' }])).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 7,
    startIndex: 3,
    itemsPerPage: 2,
    Resources: [{ id: 'a' }, { id: 'b' }],
  });
  expect(listResponse(0, 1, []).Resources).toEqual([]);
});
