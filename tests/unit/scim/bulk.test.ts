import { describe, expect, test } from 'vitest';
import {
  atOnce,
  type BulkOperation,
  bulkIdsIn,
  parseJson,
  planBulk,
  readBulk,
  replaceBulkIds,
  withoutBulkIds,
} from '../../../src/scim/index.ts';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

function bulk(operations: unknown, rest: object = {}): unknown {
  return { schemas: [BULK], Operations: operations, ...rest };
}

function read(body: unknown) {
  return readBulk(parseJson(JSON.stringify(body)), 10);
}

describe('readBulk', () => {
  test('takes names and methods in any case', () => {
    const body = {
      SCHEMAS: [BULK.toUpperCase()],
      operations: [{ Method: 'post', PATH: '/Users', bulkid: 'q', Data: {} }],
    };
    expect(read(body)).toEqual({
      failOnErrors: Number.POSITIVE_INFINITY,
      operations: [{ method: 'POST', bulkId: 'q', segments: ['Users'], data: {} }],
    });
  });

  test.each([
    ['no schemas', { Operations: [] }, 'invalidSyntax', /schemas must be an array/],
    ['no Operations', { schemas: [BULK] }, 'invalidSyntax', /Operations is required/],
    ['a bulkId twice', bulk([post('a'), post('a')]), 'invalidSyntax', /given to two operations/],
    ['failOnErrors 0', bulk([], { failOnErrors: 0 }), 'invalidValue', /1 or more/],
    ['failOnErrors 1.5', bulk([], { failOnErrors: 1.5 }), 'invalidValue', /1 or more/],
    ['failOnErrors "1"', bulk([], { failOnErrors: '1' }), 'invalidValue', /1 or more/],
    ['too many', bulk(Array.from({ length: 11 }, (_, n) => post(`${n}`))), undefined, /at most 10/],
  ])('refuses %s as a whole', (_, body, scimType, detail) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ scimType, detail: expect.stringMatching(detail) }));
  });

  test.each([
    ['no object', 5, /must be an object/],
    ['no method', { path: '/Users' }, /method/],
    ['GET', { method: 'GET', path: '/Users/1' }, /method/],
    ['POST without bulkId', { method: 'POST', path: '/Users', data: {} }, /bulkId/],
    ['no path', { method: 'DELETE' }, /no path/],
    ['POST to a resource', { method: 'POST', bulkId: 'a', path: '/Users/1', data: {} }, /does not fit a POST/],
    ['DELETE of a type', { method: 'DELETE', path: '/Users' }, /does not fit a DELETE/],
    ['an absolute URL', { method: 'DELETE', path: 'https://x.example/Users/1' }, /does not fit/],
    ['another host', { method: 'DELETE', path: '//x.example/1' }, /does not fit/],
    ['a query', { method: 'DELETE', path: '/Users/1?x=1' }, /does not fit/],
    ['an escape', { method: 'DELETE', path: '/Users/%2e%2e' }, /does not fit/],
    ['PATCH without data', { method: 'PATCH', path: '/Users/1' }, /no data/],
    ['a version that is no text', { method: 'DELETE', path: '/Users/1', version: 3 }, /version/],
  ])('tells %s of the one operation', (_, operation, detail) => {
    const [first, second] = read(bulk([operation, post('z')])).operations;
    expect(first?.fault?.detail).toMatch(detail);
    expect(second?.fault).toBeUndefined();
  });
});

test('bulkIds are found wherever they stand, and put right in place', () => {
  const value = parseJson(
    '{"manager":{"value":"bulkId:m"},"members":[{"value":"bulkId:a"},"bulkId:b"],"Operations":[{"path":"members[value eq \\"bulkId:c\\"]"}],"title":"no bulkId:x"}',
  );
  expect([...bulkIdsIn(value)].sort()).toEqual(['a', 'b', 'c', 'm']);
  const before = structuredClone(value);
  const undo = replaceBulkIds(
    value,
    new Map([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['m', '4'],
    ]),
  );
  expect(value).toEqual({
    manager: { value: '4' },
    members: [{ value: '1' }, '2'],
    Operations: [{ path: 'members[value eq "3"]' }],
    title: 'no bulkId:x',
  });
  undo();
  expect(value).toEqual(before);
});

test('what refers to a bulkId can be left out', () => {
  const group = {
    displayName: 'a',
    members: [{ value: 'bulkId:b' }, { value: '1' }],
    'urn:x': { manager: { value: 'bulkId:b' } },
  };
  expect(withoutBulkIds(group, new Set(['b']))).toEqual({ displayName: 'a', members: [{ value: '1' }], 'urn:x': {} });
});

describe('planBulk', () => {
  test.each([
    ['as it stands', [post('a'), remove('1'), post('b')], [[0], [1], [2]]],
    [
      'what refers to a later one waits for it, and for no other',
      [post('g', 'q'), post('q'), remove('1')],
      [[1], [0], [2]],
    ],
    ['a path waits too', [remove('bulkId:q'), post('q')], [[1], [0]]],
    [
      'a change that waits lets no creation overtake it: it may free a name',
      [change('1', 'q'), post('b'), post('q')],
      [[2], [0], [1]],
    ],
    ['unless that is what it waits for', [change('1', 'q'), post('b'), post('q', 'b')], [[1], [2], [0]]],
    ['two that refer to each other are one step', [post('a', 'b'), remove('1'), post('b', 'a')], [[0, 2], [1]]],
    ['one that refers to itself', [post('a', 'a')], [[0]]],
    ['what needs a circle waits for all of it', [post('c', 'a'), post('a', 'b'), post('b', 'a')], [[1, 2], [0]]],
    [
      'what follows at the same resource waits with it',
      [patchOf('g', 'q'), patchOf('h'), patchOf('g'), post('q')],
      [[1], [3], [0], [2]],
    ],
    [
      'a removal waits for what names the resource before it',
      [post('g', 'q', 'x'), remove('y'), remove('x'), post('q')],
      [[1], [3], [0], [2]],
    ],
    ['what names it after a removal does not', [remove('x'), post('g', undefined, 'x')], [[0], [1]]],
    ['an unknown id makes nobody wait', [post('a', 'nobody'), post('b')], [[0], [1]]],
  ])('%s', (_, operations, steps) => {
    expect(atOnce(planBulk(read(bulk(operations)).operations)).steps).toEqual(steps);
  });

  test('a chain of a thousand, each needing the next', () => {
    const operations = Array.from({ length: 1000 }, (_, n) => post(`${n}`, n === 999 ? undefined : `${n + 1}`));
    const read = readBulk(parseJson(JSON.stringify(bulk(operations))), 1000).operations as readonly BulkOperation[];
    expect(atOnce(planBulk(read)).steps.flat()).toEqual(Array.from({ length: 1000 }, (_, n) => 999 - n));
  });
});

function post(bulkId: string, refersTo?: string, id?: string): object {
  const members = [
    ...(refersTo === undefined ? [] : [{ value: `bulkId:${refersTo}` }]),
    ...(id === undefined ? [] : [{ value: id }]),
  ];
  return { method: 'POST', path: '/Groups', bulkId, data: { displayName: bulkId, members } };
}

function patchOf(id: string, refersTo?: string): object {
  const value = refersTo === undefined ? [] : [{ value: `bulkId:${refersTo}` }];
  return { method: 'PATCH', path: `/Groups/${id}`, data: { Operations: [{ op: 'add', path: 'members', value }] } };
}

function change(id: string, refersTo: string): object {
  return { method: 'PUT', path: `/Groups/${id}`, data: { members: [{ value: `bulkId:${refersTo}` }] } };
}

function remove(id: string): object {
  return { method: 'DELETE', path: `/Users/${id}` };
}
