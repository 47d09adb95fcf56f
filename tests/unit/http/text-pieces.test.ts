import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextPieces, textOf } from '../../../src/http/text-pieces.ts';

/** A body that comes in chunks of these sizes, over and over. */
function inChunks(bytes: Buffer, sizes: readonly number[]): string | undefined {
  let pieces: TextPieces | undefined;
  for (let from = 0, nth = 0; from < bytes.length; nth += 1) {
    const to = from + (sizes[nth % sizes.length] ?? 1);
    const chunk = bytes.subarray(from, to);
    if (pieces === undefined) pieces = new TextPieces(chunk);
    else pieces.add(chunk);
    from = to;
  }
  return pieces === undefined ? '' : pieces.end();
}

const sizes = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 });
/** So long that blocks end in the middle of characters, of any length. */
const texts = fc
  .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 700_000 }))
  .map(([text, length]) => text.repeat(Math.ceil(length / text.length)).toWellFormed());

describe('the text of a body that comes in chunks', () => {
  test('is what the bytes say, wherever they were cut', () => {
    fc.assert(
      fc.property(texts, sizes, (text, cuts) => {
        expect(inChunks(Buffer.from(text), cuts) === text).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('keeps a byte order mark', () => {
    expect(inChunks(Buffer.from('\ufeff{}'), [1])).toBe('\ufeff{}');
  });

  test('is none when a byte anywhere is not UTF-8', () => {
    const wrong = fc.constantFrom(
      [0xff],
      [0x80],
      [0xc3],
      [0xe2, 0x82],
      [0xf0, 0x9f, 0x98],
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
    );
    fc.assert(
      fc.property(texts, fc.nat(), fc.tuple(wrong, sizes), (text, place, [bytes, cuts]) => {
        const right = Buffer.from(text);
        const at = place % (right.length + 1);
        const spoilt = Buffer.concat([right.subarray(0, at), Buffer.from(bytes), right.subarray(at)]);
        expect(inChunks(spoilt, cuts) === textOf(spoilt)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
