import { describe, expect, test } from 'vitest';
import {
  compareSortKeys,
  GROUP,
  type ResourceType,
  readSortBy,
  sortKey,
  USER,
  type ValueKey,
} from '../../../src/scim/index.ts';

describe('readSortBy', () => {
  test.each([
    ['userName', 'userName', undefined],
    ['URN:ietf:params:scim:schemas:core:2.0:USER:UserNAME', 'userName', undefined],
    ['name.familyName', 'name', 'familyName'],
    ['emails', 'emails', 'value'],
    ['emails.value', 'emails', 'value'],
    ['meta.created', 'meta', 'created'],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', 'department', undefined],
  ])('%s', (text, attribute, sub) => {
    const target = readSortBy(USER, text);
    expect([target?.attribute.name, target?.sub?.name]).toEqual([attribute, sub]);
  });

  test('an attribute that the type does not have is nothing', () => {
    expect(readSortBy(USER, 'shoeSize')).toBeUndefined();
    expect(readSortBy(GROUP, 'userName')).toBeUndefined();
  });

  test.each<[ResourceType, string]>([
    [USER, 'name'],
    [USER, 'password'],
    [USER, ''],
    [USER, 'a b'],
    [USER, 'emails[type eq "work"]'],
    [GROUP, 'members'],
    [GROUP, 'members.value'],
    [USER, 'groups.value'],
  ])('refuses %#: %s', (type, text) => {
    expect(() => readSortBy(type, text)).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
  });
});

describe('sortKey', () => {
  const key = (text: string, resource: object): ValueKey | undefined => {
    const target = readSortBy(USER, text);
    if (target === undefined) throw new Error(text);
    return sortKey(target, resource as never);
  };

  test('is the primary value, else the first, else nothing', () => {
    const emails = [{ value: 'B@x' }, { value: 'a@x', primary: true }];
    expect(key('emails', { emails })).toBe('a@x');
    expect(key('emails', { emails: emails.slice(0, 1) })).toBe('b@x');
    expect(key('emails', {})).toBeUndefined();
    expect(key('emails', { emails: [] })).toBeUndefined();
    expect(key('emails.display', { emails })).toBeUndefined();
  });

  test('is folded, exact or an instant as the attribute is', () => {
    expect(key('userName', { userName: 'ÄB' })).toBe('äb');
    expect(key('externalId', { externalId: 'Ab' })).toBe('Ab');
    expect(key('meta.created', { meta: { created: '2011-05-13T06:42:34+02:00' } })).toBe('2011-05-13T04:42:34.000Z');
    expect(key('active', { active: false })).toBe(false);
  });
});

test('sortKey cuts what is long, by code points', () => {
  const target = readSortBy(USER, 'title');
  if (target === undefined) throw new Error('no title');
  const long = '\u{1f600}'.repeat(1030);
  expect(sortKey(target, { title: long })).toBe('\u{1f600}'.repeat(1024));
  expect(sortKey(target, { title: 'a'.repeat(1024) })).toHaveLength(1024);
});

test('compareSortKeys: by code point, by number, false before true, what is missing last', () => {
  expect(['b', undefined, '\u{1f600}', 'B', '\uffee', 'a'].sort(compareSortKeys)).toEqual([
    'B',
    'a',
    'b',
    '\uffee',
    '\u{1f600}',
    undefined,
  ]);
  expect([10, 2, 1.5].sort(compareSortKeys)).toEqual([1.5, 2, 10]);
  expect([true, false].sort(compareSortKeys)).toEqual([false, true]);
});
