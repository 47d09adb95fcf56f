import { expect, test } from 'vitest';
import { type Filter, GROUP, parseFilter, resolveFilter, type Target, USER } from '../../../src/scim/index.ts';
import { reduce } from '../../../src/store/reduce.ts';

const options = { unquotedValues: false, among: [USER, GROUP] };
const ofGroups = (text: string): Filter<Target> => resolveFilter(parseFilter(text, options), GROUP, options);

/** Groups have a displayName and no title. */
test.each([
  ['title pr', false],
  ['title ne "x"', true],
  ['title eq null', true],
  ['not (title pr)', true],
  ['title pr and displayName pr', false],
  ['title pr or title eq "x"', false],
  ['title ne "x" or displayName pr', true],
  ['title ne "x" and not (title pr)', true],
  ['emails[type eq "work"]', false],
  ['not (title pr or (title eq "x" and displayName pr))', true],
])('of groups, %s is always %s', (text, expected) => {
  expect(reduce(ofGroups(text))).toBe(expected);
});

test.each([
  ['title pr or displayName pr', 'displayName pr'],
  ['title ne "x" and displayName pr', 'displayName pr'],
  ['not (title pr or displayName pr)', 'not (displayName pr)'],
  ['displayName pr and (title pr or externalId pr)', 'displayName pr and externalId pr'],
  ['displayName pr and (title pr or externalId pr or id pr)', 'displayName pr and (externalId pr or id pr)'],
])('of groups, %s is %s', (text, rest) => {
  expect(reduce(ofGroups(text))).toEqual(ofGroups(rest));
});
