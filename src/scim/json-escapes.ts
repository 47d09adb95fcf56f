/** What is wrong with a string, and at which index of the text. */
export interface StringFault {
  readonly kind: 'escape' | 'nul' | 'surrogate' | 'end' | 'long';
  readonly at: number;
}

/**
 * The end of a string of JSON text that has escapes, from its first backslash on: the index after its closing quote, or
 * what is wrong with it. Character by character, as it may be nothing but escapes; nothing is unescaped. The text is well
 * formed, so that halves of surrogate pairs can only be escapes. Raw control characters are not looked for. `most`: how
 * many characters are looked at.
 */
export function endOfEscaped(text: string, backslash: number, most: number): number | StringFault {
  let at = backslash;
  for (;;) {
    if (at - backslash > most) return { kind: 'long', at };
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) {
      const length = lengthOfEscape(text, at);
      if (typeof length !== 'number') return length;
      at += length;
    } else if (Number.isNaN(code)) return { kind: 'end', at };
    else at += 1;
  }
}

function lengthOfEscape(text: string, at: number): number | StringFault {
  const letter = text.charAt(at + 1);
  if (letter !== 'u') return SHORT.has(letter) ? 2 : { kind: letter === '' ? 'end' : 'escape', at };
  const unit = unitAt(text, at + 2);
  if (unit === -1) return { kind: 'escape', at };
  if (unit === 0) return { kind: 'nul', at };
  if (unit < 0xd800 || unit > 0xdfff) return 6;
  if (unit > 0xdbff || text.charAt(at + 6) !== '\\' || text.charAt(at + 7) !== 'u') return { kind: 'surrogate', at };
  const low = unitAt(text, at + 8);
  return low >= 0xdc00 && low <= 0xdfff ? 12 : { kind: 'surrogate', at };
}

/** Four hexadecimal digits; -1 when they are none. */
function unitAt(text: string, from: number): number {
  let unit = 0;
  for (let at = from; at < from + 4; at += 1) {
    const digit = digitOf(text.charCodeAt(at));
    if (digit === -1) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

const SHORT: ReadonlySet<string> = new Set(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
