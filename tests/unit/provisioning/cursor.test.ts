import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CURSOR_TIMEOUT, createCursors } from '../../../src/provisioning/cursor.ts';
import type { Walk } from '../../../src/scim/index.ts';

const KEY = randomBytes(32);
const WALK: Walk = { directory: 'd1', query: ['User', 'userName sw "a"', undefined, undefined] };

test('a cursor is opaque, of unreserved characters, and gives back the place', () => {
  const position = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)));
  const cursors = createCursors(KEY, () => 0);
  fc.assert(
    fc.property(position, (place) => {
      const cursor = cursors.seal(place, WALK);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(cursors.open(cursor, WALK)).toEqual(place);
    }),
  );
});

test('it outlives a restart, and expires', () => {
  const cursor = createCursors(KEY, () => 0).seal([7], WALK);
  const later = (seconds: number) => createCursors(Uint8Array.from(KEY), () => seconds * 1000).open(cursor, WALK);
  expect(later(CURSOR_TIMEOUT)).toEqual([7]);
  expect(() => later(CURSOR_TIMEOUT + 1)).toThrow(expect.objectContaining({ scimType: 'expiredCursor' }));
});

test('CUR-16 CUR-19 CUR-20 everything else gets one and the same answer', () => {
  const cursors = createCursors(KEY, () => 0);
  const cursor = cursors.seal([7], WALK);
  const flipped = `${cursor.slice(0, 20)}${cursor[20] === 'A' ? 'B' : 'A'}${cursor.slice(21)}`;
  const wrong: [string, string, Walk][] = [
    ['another directory', cursor, { ...WALK, directory: 'd2' }],
    ['another filter', cursor, { ...WALK, query: ['User', 'userName sw "b"', undefined, undefined] }],
    ['another order', cursor, { ...WALK, query: ['User', 'userName sw "a"', 'userName', undefined] }],
    ['a flipped bit', flipped, WALK],
    ['the last character padded otherwise', `${cursor}A`, WALK],
    ['another key', createCursors(randomBytes(32), () => 0).seal([7], WALK), WALK],
    ['nothing of ours', 'VZUTiyhEQJ94IR', WALK],
    ['64 KiB', 'A'.repeat(65_536), WALK],
    ['other characters', 'ü€\u0000', WALK],
  ];
  const answers = wrong.map(([name, text, walk]) => {
    try {
      cursors.open(text, walk);
    } catch (error) {
      return JSON.stringify(error);
    }
    throw new Error(`${name} was opened`);
  });
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('invalidCursor');
});
