import { describe, expect, test } from 'vitest';
import { readPage } from '../../../src/scim/index.ts';

const LIMITS = { defaultCount: 100, maxCount: 500 };

describe('readPage', () => {
  test.each([
    ['PAG-01 PAG-07 nothing given', {}, { startIndex: 1, count: 100 }],
    ['both given', { startIndex: '4', count: '2' }, { startIndex: 4, count: 2 }],
    ['PAG-02 startIndex 0', { startIndex: '0' }, { startIndex: 1, count: 100 }],
    ['PAG-02 startIndex below 0', { startIndex: '-5' }, { startIndex: 1, count: 100 }],
    ['PAG-03 count below 0', { count: '-1' }, { startIndex: 1, count: 0 }],
    ['PAG-04 count 0', { count: '0' }, { startIndex: 1, count: 0 }],
    ['PAG-06 count above the maximum', { count: '2147483648' }, { startIndex: 1, count: 500 }],
    [
      'PAG-08 a startIndex beyond everything',
      { startIndex: '9007199254740991' },
      { startIndex: 9007199254740991, count: 100 },
    ],
    ['leading zeros', { startIndex: '007' }, { startIndex: 7, count: 100 }],
  ])('%s', (_, given, page) => {
    const { startIndex, count } = readPage(given, LIMITS);
    expect([startIndex + 0, count + 0]).toEqual([page.startIndex, page.count]);
  });

  test.each([
    'abc',
    '1.5',
    '',
    ' ',
    '1e3',
    '1e9999',
    '9223372036854775808',
    '-9223372036854775808',
    '+1',
    '0x10',
    '１',
    '1 ',
    '--1',
    '-',
    'NaN',
  ])('PAG-13 %j is no whole number', (text) => {
    for (const name of ['startIndex', 'count']) {
      expect(() => readPage({ [name]: text }, LIMITS)).toThrow(
        expect.objectContaining({ status: 400, scimType: 'invalidValue', message: expect.stringContaining(name) }),
      );
    }
  });
});
