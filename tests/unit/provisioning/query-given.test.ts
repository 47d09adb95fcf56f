import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parametersIn, queryGiven, refuseToken } from '../../../src/provisioning/read-query.ts';

const TOKEN = `jn-${'a'.repeat(43)}`;

test.each([
  `filter=userName%20eq%20%22${TOKEN}%22`,
  `access_token=${TOKEN}`,
  `access_token=${TOKEN.replace('jn-', '%6an%2D')}`,
  `${TOKEN}=1`,
])('RFC 7644 §7.5.2 a token in a URL is refused: %s', (query) => {
  for (const read of [queryGiven, refuseToken]) {
    expect(() => read(query)).toThrow(expect.objectContaining({ status: 403, scimType: 'sensitive' }));
  }
});

test('CUR-03 a cursor may spell anything, and what only resembles a token is none', () => {
  expect(queryGiven(`count=1&cursor=x${TOKEN}yz`)).toEqual({ count: '1', cursor: `x${TOKEN}yz` });
  expect(queryGiven(`cursor=${TOKEN}`)).toEqual({ cursor: TOKEN });
  expect(queryGiven(`filter=${TOKEN}a`)).toEqual({ filter: `${TOKEN}a` });
});

test('the parameters of a URL are those that URLSearchParams reads, whatever a request line holds', () => {
  const pieces = [
    '&',
    '=',
    '+',
    '?',
    '%',
    '%20',
    '%22',
    '%2',
    '%c3%a9',
    '%C3',
    '%ED%A0%80',
    '%00',
    '%EF%BB%BF',
    'é',
    'filter',
    'a',
  ];
  const query = fc
    .array(
      fc.oneof(
        fc.constantFrom(...pieces),
        fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(query, (text) => {
      expect(parametersIn(text)).toEqual([...new URLSearchParams(text)]);
    }),
    { numRuns: 2000 },
  );
});
