/**
 * The number that a JSON numeral writes, when a number of this program can hold exactly that:
 *
 *     0, -5, 1.50, 1e3, 9007199254740991 → the number
 *     1e400, 1e-400, 9007199254740993, 0.12345678901234567890, -0 → 'inexact' (`JSON.parse` would round them silently)
 *     01, .5, 1., +1, NaN, 0x10, 1_000 → undefined: not JSON (RFC 8259 §6)
 */
export function readNumeral(text: string): number | 'inexact' | undefined {
  if (!isNumeral(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || Object.is(value, -0)) return 'inexact';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'inexact';
  return sameDecimal(text, String(value)) ? value : 'inexact';
}

/** RFC 8259 §6: `[ minus ] int [ frac ] [ exp ]`. */
function isNumeral(text: string): boolean {
  let at = text.charCodeAt(0) === MINUS ? 1 : 0;
  const whole = digitsFrom(text, at);
  if (whole === at || (text.charCodeAt(at) === ZERO && whole > at + 1)) return false;
  at = whole;
  if (text.charCodeAt(at) === DOT) {
    const fraction = digitsFrom(text, at + 1);
    if (fraction === at + 1) return false;
    at = fraction;
  }
  if ((text.charCodeAt(at) | 0x20) === LETTER_E) {
    const sign = text.charCodeAt(at + 1);
    const start = sign === MINUS || sign === PLUS ? at + 2 : at + 1;
    const exponent = digitsFrom(text, start);
    if (exponent === start) return false;
    at = exponent;
  }
  return at === text.length;
}

function digitsFrom(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) >= ZERO && text.charCodeAt(at) <= NINE) at += 1;
  return at;
}

/** Whether two numerals write the same number: their digits without outer zeros, and the place of the point. */
function sameDecimal(a: string, b: string): boolean {
  const one = decimal(a);
  const other = decimal(b);
  return one.digits === other.digits && one.exponent === other.exponent;
}

function decimal(text: string): { digits: string; exponent: number } {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = (mantissa.startsWith('-') ? mantissa.slice(1) : mantissa).split('.');
  const all = whole + fraction;
  let start = 0;
  let end = all.length;
  while (start < end && all.charCodeAt(start) === ZERO) start += 1;
  while (end > start && all.charCodeAt(end - 1) === ZERO) end -= 1;
  // Of zero, only that it is zero counts: 0.00 and 0e5 are 0.
  if (start === end) return { digits: '', exponent: 0 };
  return { digits: all.slice(start, end), exponent: Number(power) - fraction.length + (all.length - end) };
}

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const LETTER_E = 0x65;
