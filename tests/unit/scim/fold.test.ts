import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkName, compareText, fold } from '../../../src/scim/index.ts';

describe('T-UNI-01 names that are the same have one key', () => {
  test.each([
    ['case', 'BJensen', 'bjensen'],
    ['NFC and NFD', '\u00e9', 'e\u0301'],
    ['NFC and NFD, in another case', '\u00c9', 'e\u0301'],
    ['full width', 'ｂｊｅｎｓｅｎ＠ｘ．ｃｏｍ', 'bjensen@x.com'],
    ['the ideographic space', 'a\u3000b', 'a b'],
    ['half-width katakana', 'ﾊﾞ', 'バ'],
    ['half-width Hangul', 'ﾡ', 'ㄱ'],
    ['long s', 'ſmith', 'smith'],
    ['the Kelvin sign', '\u212a', 'k'],
    ['the Ångström sign', '\u212b', '\u00e5'],
    ['sharp s', 'Straße', 'STRASSE'],
    ['capital sharp s', 'ẞ', 'ss'],
    ['dotless i', 'ı', 'I'],
    ['the ligature fi', 'ﬁ', 'FI'],
    ['final sigma', 'ΟΔΟΣ', 'οδος'],
    ['İ and i with a dot', 'İ', 'i\u0307'],
    ['iota below, and a mark before or after it', '\u03b1\u0345\u0301', '\u03b1\u0301\u0345'],
    ['Cherokee', 'Ꭰ', 'ꭰ'],
    ['Deseret (beyond 16 bits)', '𐐀', '𐐨'],
  ])('%s', (_, one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  test.each([
    ['İ and i', 'İ', 'i'],
    ['é and e', 'é', 'e'],
    ['Cyrillic а and Latin a', 'а', 'a'],
    ['a space more', 'a b', 'ab'],
    ['a zero-width space', 'a\u200bb', 'ab'],
    ['superscript two (compatibility, not width)', '²', '2'],
    ['the full-width macron and a space', '￣', ' \u0304'],
  ])('different: %s', (_, one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  test('a key is its own key, for every code point, and for canonically equal texts', () => {
    const odd: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      const key = fold(character);
      const same = new Set([key, character.normalize('NFD'), character.toUpperCase(), key.normalize('NFD')]);
      same.delete(character);
      for (const text of same) if (fold(text) !== key) odd.push(code.toString(16));
    }
    expect(odd).toEqual([]);
  });

  test('a key is its own key, for every text', () => {
    const marks = fc.constantFrom(
      '\u0345',
      '\u0301',
      '\u0307',
      '\u0308',
      '\u3099',
      'ﾞ',
      'İ',
      'ΐ',
      'ß',
      'Σ',
      'ﬃ',
      'ᾳ',
      'ㅏ',
      'ᄀ',
      'ᅡ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), marks), { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        const key = fold(text);
        expect(fold(key)).toBe(key);
        expect(fold(text.normalize('NFD'))).toBe(key);
        expect(fold(text.normalize('NFC'))).toBe(key);
      }),
      { numRuns: 3000 },
    );
  });

  test('ASCII takes the same way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(fold(`${text}é`)).toBe(`${fold(text)}é`);
      }),
    );
  });
});

describe('T-DOS-03 many marks on one character', () => {
  // Canonical order is the other way round.
  const marks = (count: number) => '\u0301\u0323'.repeat(count / 2);

  test('half a million of them are folded like any other text', () => {
    const text = `a${marks(500_000)}`;
    const key = fold(text);
    expect(fold(key)).toBe(key);
    expect(fold(`${text}B`)).toBe(`${key}b`);
  });

  test.each([
    ['thirty on a letter', `a${marks(30)}`],
    ['twenty-eight on a letter with two', `\u01d8${marks(28)}`],
    ['ten that are three each', '\u0ccb'.repeat(10)],
    ['thirty, and thirty again', `a${marks(30)}b${marks(30)}`],
    ['marks beyond 16 bits', '\u{1d165}\u{1d16d}'.repeat(15)],
  ])('%s are as many as can be put in order: equal texts have one key', (_, text) => {
    const key = fold(text);
    expect(key).toBe(text.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC'));
    for (const same of [text.normalize('NFC'), text.normalize('NFD')]) expect(fold(same)).toBe(key);
  });

  test('the key of a text with more is its own key, and has all of it in it', () => {
    const mark = fc.constantFrom('\u0301', '\u0323', '\u0345', '\u0344', '\u034f', '\u0ccb', '\u3099', '\u{1d165}', 'ﾞ');
    const piece = fc.oneof(
      { weight: 30, arbitrary: mark },
      { weight: 1, arbitrary: fc.constantFrom('a', 'Ǘ', 'Σ', '한') },
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 120 }), (pieces) => {
        const text = pieces.join('');
        const key = fold(text);
        expect(fold(key)).toBe(key);
        expect(key).toBe(key.normalize('NFC'));
        const letters = (of: string) => [...fold(of.normalize('NFD')).replaceAll('\u034f', '')].sort().join('');
        expect(letters(key)).toBe(letters(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compareText', () => {
  test('orders as the bytes of UTF-8', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 3000 },
    );
  });

  test('puts emoji after U+FFFD, which a comparison of UTF-16 units does not', () => {
    expect(compareText('\ufffd', '😀')).toBeLessThan(0);
    expect('\ufffd' < '😀').toBe(false);
    expect(compareText('a', 'a')).toBe(0);
    expect(compareText('a', 'ab')).toBeLessThan(0);
  });
});

describe('checkName', () => {
  test.each([
    'bjensen',
    'b jensen',
    'DOMAIN\\bjensen',
    'b@x.com',
    '張三',
    '👩‍💻',
    '__proto__',
    'hasOwnProperty',
    'a\u200bb',
    '"; --',
    'x'.repeat(1024),
    '😀'.repeat(1024),
  ])('T-PP-04 T-UNI-02 %j is a name', (name) => {
    expect(checkName(name)).toBeUndefined();
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['\u3000\t', 'empty'],
    ['a\0', 'U+0000'],
    ['a\nb', 'U+000A'],
    ['\x7f.', 'U+007F'],
    ['a\u0085b', 'U+0085'],
    ['a\ud800', 'surrogate'],
    ['x'.repeat(1025), '1024 characters'],
    ['😀'.repeat(1025), '1024 characters'],
  ])('T-UNI-04 %j is none', (name, reason) => {
    expect(checkName(name)).toContain(reason);
  });
});
