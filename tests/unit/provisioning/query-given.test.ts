import { expect, test } from 'vitest';
import { queryGiven, refuseToken } from '../../../src/provisioning/read-query.ts';

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
