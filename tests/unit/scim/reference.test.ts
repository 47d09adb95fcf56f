import { expect, test } from 'vitest';
import { parseFilter, resolveFilter, resourceTypes, TOLERANT } from '../../../src/scim/index.ts';
import { wholeReference } from '../../../src/scim/reference.ts';

const BASE = 'https://x.example/scim/v2';

test.each([
  ['Users/2819', `${BASE}/Users/2819`],
  ['/Users/2819', `${BASE}/Users/2819`],
  [`${BASE}/Users/2819`, `${BASE}/Users/2819`],
  ['https://x.example/scim/Users/2819', `${BASE}/Users/2819`],
  ['https://other.example/scim/v2/Users/2819', 'https://other.example/scim/v2/Users/2819'],
  ['', ''],
  ['2819', '2819'],
  ['//other.example/Users/2819', '//other.example/Users/2819'],
  ['Users/../2819/', 'Users/../2819/'],
])('SCH-14 SCH-45 %j is %j', (text, whole) => {
  expect(wholeReference(text, BASE)).toBe(whole);
});

test('a filter compares references whole, and their parts as they are', () => {
  const [, group] = resourceTypes(TOLERANT);
  if (group === undefined) throw new Error('no groups');
  const key = (text: string) => {
    const filter = resolveFilter(parseFilter(text, { unquotedValues: false }), group, {
      unquotedValues: false,
      base: BASE,
    });
    return filter.kind === 'compare' ? filter.key : undefined;
  };
  expect(key('members.$ref eq "Users/2819"')).toBe(`${BASE}/Users/2819`);
  expect(key('members.$ref ne "Users/2819"')).toBe(`${BASE}/Users/2819`);
  expect(key('members.$ref co "Users/2819"')).toBe('Users/2819');
  expect(key('meta.location eq "Groups/2819"')).toBe('Groups/2819');
});
