import { expect, test } from 'vitest';
import { hashToken, looksLikeToken, mintToken } from '../../../src/access/token.ts';

test('tokens are 256 random bits, and never the same', () => {
  const tokens = Array.from({ length: 10_000 }, mintToken);
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const token of tokens) {
    expect(looksLikeToken(token)).toBe(true);
    expect(Buffer.from(token.slice(3), 'base64url')).toHaveLength(32);
  }
});

test('T-AUTH-09 the hash takes in all of a token, however long', () => {
  const start = 'a'.repeat(72);
  expect(hashToken(`${start}b`)).not.toBe(hashToken(`${start}c`));
  expect(hashToken('a')).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
