import { describe, expect, test } from 'vitest';
import { etagOf, readVersionCondition, satisfies } from '../../../src/scim/index.ts';

describe('etags', () => {
  test('COM-21 an etag is weak, and is a condition that it fulfils', () => {
    expect(etagOf(3)).toBe('W/"3"');
    expect(satisfies(readVersionCondition(etagOf(3)), 3)).toBe(true);
  });

  test.each([
    ['ETG-05 D1 weak comparison', 'W/"3"', ['3']],
    ['ETG-05 D1 a strong tag', '"3"', ['3']],
    ['ETG-06 ETG-10 a list', 'W/"1", "3" ,W/"x,y"', ['1', '3', 'x,y']],
    ['empty elements of a list', ' , W/"1",, ', ['1']],
    ['an empty tag', '""', ['']],
    ['bytes beyond ASCII', '"\u00e9"', ['\u00e9']],
    ['ETG-09 anything', ' * ', '*'],
  ])('%s', (_, header, condition) => {
    expect(readVersionCondition(header)).toEqual(condition);
  });

  test.each([
    ['*', true],
    ['W/"3"', true],
    ['"2", "3"', true],
    ['W/"2"', false],
    ['"03"', false],
    ['""', false],
    ['"W/3"', false],
  ])('%s against version 3: %s', (header, expected) => {
    expect(satisfies(readVersionCondition(header), 3)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    ',',
    '3',
    'W/3',
    'w/"3"',
    '"3',
    '3"',
    '"3" "4"',
    '"a b"',
    '*, "3"',
    '"3", *',
    'W/ "3"',
    '"\x01"',
    '"3"x',
  ])('ETG-11 %j is malformed', (header) => {
    expect(() => readVersionCondition(header)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidSyntax' }),
    );
  });

  test('T-FIL-06 100,000 quotes or commas are one pass', () => {
    expect(() => readVersionCondition('"'.repeat(100_001))).toThrow();
    expect(readVersionCondition(`${','.repeat(100_000)}"3"`)).toEqual(['3']);
  });
});
