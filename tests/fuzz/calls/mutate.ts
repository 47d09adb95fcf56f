import type { Random } from '../../soak/random.ts';

/** What parsers stumble over. */
const PIECES = [
  '"',
  "'",
  '\\',
  '\\"',
  '\\u0000',
  '\\ud800',
  '\ud800',
  '\u0000',
  '\u2028',
  '\ufeff',
  '😀',
  'İ',
  'ß',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  '((((',
  '))))',
  '[[[[',
  '{"a":',
  ',',
  ':',
  '.',
  '..',
  '$',
  '$ref',
  '%',
  '%2B',
  '+',
  '&',
  '=',
  ' ',
  '\t',
  '\n',
  'null',
  'true',
  'false',
  '-0',
  '1e400',
  '1.0',
  '9007199254740993',
  '0x1',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  ' and ',
  ' or ',
  'not ',
  'not (',
  ' eq ',
  ' pr',
  ' co ',
  ' sw ',
  ' gt ',
  ' ne ',
  'userName',
  'emails',
  'emails[',
  'members',
  'groups',
  'manager',
  'password',
  'id',
  'meta',
  'schemas',
  'value',
  'primary',
  'active',
  'name.',
  'roles',
  'desks',
  'tags',
  'urn:',
  'urn:ietf:params:scim:schemas:core:2.0:User:',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:example:scim:schemas:extension:app:2.0:User:',
  '2026-11-21T23:16:53Z',
  '2026-13-01T00:00:00Z',
  'W/"1"',
  'bulkId:x',
] as const;

/** The text with a few things wrong. */
export function mutated(text: string, random: Random): string {
  let result = text;
  for (let times = 1 + random.integer(4); times > 0; times -= 1) result = mutatedOnce(result, random);
  return result;
}

function mutatedOnce(text: string, random: Random): string {
  const from = random.integer(text.length + 1);
  const to = Math.min(text.length, from + random.integer(12));
  switch (random.integer(8)) {
    case 0:
      return text.slice(0, from) + text.slice(to);
    case 1:
      return text.slice(0, to) + text.slice(from);
    case 2:
      return text.slice(0, from);
    case 3:
      return text.slice(0, from) + String.fromCharCode(random.integer(0x10000)) + text.slice(from);
    case 4:
      // Long, but within what is taken.
      return (
        text.slice(0, from) +
        text.slice(from, to).repeat(random.chance(0.1) ? random.integer(2_000) : 3) +
        text.slice(to)
      );
    case 5:
      return text.slice(0, from) + random.pick(PIECES) + text.slice(to);
    default:
      return text.slice(0, from) + random.pick(PIECES) + text.slice(from);
  }
}
