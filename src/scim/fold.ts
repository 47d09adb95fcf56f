import { compose } from './compose.ts';

/**
 * The key by which text compares when case does not count: two names are the same when their keys are.
 *
 *     "BJensen", "bjensen", "ｂｊｅｎｓｅｎ"       → "bjensen"
 *     "Straße", "STRASSE"                    → "strasse"
 *     "e\u0301" and "é" (both compositions)  → "é"
 *     "ΟΔΟΣ", "οδος"                         → "οδοσ"
 *     "ı" (dotless) and "ſ" (long s)         → "i" and "s"; "İ" → "i̇", which is not "i"
 *
 * Width map (RFC 8264 §5.2.1), each code point upper and then lower, NFC; repeated until nothing moves, so a key's key is
 * itself. It begins with NFC, so that texts which are canonically equal have one key (`compose` says where that ends). No
 * locale has a say, and no database does it: what is stored and what is asked both come through here. Its time is linear.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  let key = compose(text);
  for (;;) {
    const folded = foldCase(key);
    // Most keys are composed as they are folded, and need no second look.
    const next = folded === key ? key : compose(folded);
    if (next === key) return key;
    key = next;
  }
}

/** Order by code point, which is also SQLite's and PostgreSQL's ("C") order of UTF-8 text: negative, 0 or positive. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

/** In characters (I18-07). Directories that people are provisioned from end at 256. */
export const MAX_NAME = 1024;

/**
 * Why this cannot be a name (a userName, a group's displayName), as the end of a sentence that begins with the
 * attribute; undefined when it can. Spaces inside, `\`, `@` and symbols are fine: people are called by their mail
 * address and by `DOMAIN\name`, which the PRECIS username profiles would refuse.
 */
export function checkName(text: string): string | undefined {
  if (text.trim() === '') return 'is empty; at least one visible character was expected';
  if (text.length > MAX_NAME && [...text].length > MAX_NAME) {
    return `is longer than ${MAX_NAME} characters, which is the most that a name may have`;
  }
  if (!text.isWellFormed()) return 'holds half of a surrogate pair; whole Unicode characters were expected';
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // The general category Cc: C0, DEL and C1.
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) {
      return `holds the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}, which a name may not have`;
    }
  }
  return undefined;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** JavaScript lowers a `Σ` at the end of a word to `ς`, and a key must not depend on its neighbours. */
function foldCase(text: string): string {
  const ordinary = OTHER_WIDTH.test(text) ? text.replaceAll(OTHER_WIDTHS, ordinaryWidth) : text;
  return ordinary.toUpperCase().replace(/Σ/g, 'σ').toLowerCase();
}

const OTHER_WIDTH = /[\u3000\uff01-\uffee]/;
const OTHER_WIDTHS = /[\u3000\uff01-\uffee]/g;

/** The characters that Unicode decomposes as `<wide>` or `<narrow>`: U+3000 and the block U+FF00. */
function ordinaryWidth(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x3000) return ' ';
  if (code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  // Brackets, CJK punctuation and katakana, where the compatibility form is the ordinary form and nothing more.
  if (code <= 0xff9f) return character.normalize('NFKC');
  return ORDINARY_FROM_FFA0.charAt(code - 0xffa0).trim() || character;
}

/** U+FFA0 to U+FFEE: Hangul letters (not their conjoining forms), signs and arrows; a space where nothing is assigned. */
const ORDINARY_FROM_FFA0 =
  '\u3164ㄱㄲㄳㄴㄵㄶㄷㄸㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅃㅄㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ   ㅏㅐㅑㅒㅓㅔ  ㅕㅖㅗㅘㅙㅚ  ㅛㅜㅝㅞㅟㅠ  ㅡㅢㅣ   ¢£¬¯¦¥₩ │←↑→↓■○';

/** Surrogates stand for code points above U+FFFF, and so come after U+E000 to U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
