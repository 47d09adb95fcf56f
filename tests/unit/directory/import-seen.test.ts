import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Seen } from '../../../src/directory/import/seen.ts';

test('a key is known by the line where it stood first, however many there are', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (keys) => {
      const seen = new Seen(2);
      const known = new Map<string, number>();
      for (const [index, key] of keys.entries()) {
        expect(seen.lineOf(key)).toBe(known.get(key));
        expect(seen.note(key, index + 1)).toBe(known.get(key));
        if (!known.has(key)) known.set(key, index + 1);
      }
    }),
  );
});

test('a hundred thousand of them are told apart', () => {
  const seen = new Seen();
  for (let line = 1; line <= 100_000; line += 1) expect(seen.note(`user${line}`, line)).toBeUndefined();
  for (let line = 1; line <= 100_000; line += 997) expect(seen.note(`user${line}`, 1)).toBe(line);
});
