import { expect, test } from 'vitest';
import { readSearchRequest } from '../../../src/scim/index.ts';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

test('every field, in any case; null is not there, others are ignored', () => {
  expect(
    readSearchRequest({
      schemas: [SEARCH],
      ATTRIBUTES: ['userName'],
      excludedAttributes: null,
      filter: 'userName pr',
      sortby: 'userName',
      sortOrder: 'descending',
      startIndex: 2,
      count: 10,
      cursor: '',
      colour: 'red',
    }),
  ).toEqual({
    attributes: ['userName'],
    filter: 'userName pr',
    sortBy: 'userName',
    sortOrder: 'descending',
    startIndex: 2,
    count: 10,
    cursor: '',
  });
});

test.each([
  ['attributes as text', { attributes: 'userName' }, 'invalidValue'],
  ['attributes of numbers', { attributes: [1] }, 'invalidValue'],
  ['a filter that is none', { filter: 5 }, 'invalidValue'],
  ['count as text', { count: '10' }, 'invalidValue'],
  ['half a startIndex', { startIndex: 1.5 }, 'invalidValue'],
  ['another message', { schemas: ['urn:x'] }, 'invalidSyntax'],
  ['no message', { schemas: null }, 'invalidSyntax'],
])('refuses %s', (_, fields, scimType) => {
  expect(() => readSearchRequest({ schemas: [SEARCH], ...fields })).toThrow(expect.objectContaining({ scimType }));
});

test('refuses what is no object', () => {
  expect(() => readSearchRequest([])).toThrow(expect.objectContaining({ scimType: 'invalidSyntax' }));
});
