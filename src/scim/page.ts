import { ScimError } from './error.ts';

/**
 * `?startIndex=1&count=100`, or the numbers of a SearchRequest, within their limits (RFC 7644 §3.4.2.4):
 *
 *     startIndex: missing → 1, below 1 → 1
 *     count: missing → the default, below 0 → 0 (the total only), above the maximum → the maximum
 *
 * @throws ScimError invalidValue for what is not a whole number, or one beyond ±9007199254740991
 */
export function readPage(
  given: { readonly startIndex?: string | number | undefined; readonly count?: string | number | undefined },
  limits: PageLimits,
): { startIndex: number; count: number } {
  const { wrongCount = ScimError.invalidValue } = limits;
  const startIndex =
    given.startIndex === undefined ? 1 : readWhole('startIndex', given.startIndex, ScimError.invalidValue);
  const count = given.count === undefined ? limits.defaultCount : readWhole('count', given.count, wrongCount);
  return { startIndex: Math.max(startIndex, 1), count: Math.min(Math.max(count, 0), limits.maxCount) };
}

export interface PageLimits {
  readonly defaultCount: number;
  readonly maxCount: number;
  /** What a count that is no number is: invalidValue, with a cursor invalidCount (RFC 9865 §2.1). */
  readonly wrongCount?: (detail: string) => ScimError;
}

function readWhole(name: string, given: string | number, wrong: (detail: string) => ScimError): number {
  const number = typeof given === 'number' ? given : isWhole(given) ? Number(given) : Number.NaN;
  if (!Number.isSafeInteger(number)) {
    throw wrong(`The query parameter ${name} is not a whole number; a number such as 1 or 100 was expected.`);
  }
  return number;
}

function isWhole(text: string): boolean {
  const digits = text.startsWith('-') ? text.slice(1) : text;
  if (digits === '') return false;
  for (const digit of digits) if (digit < '0' || digit > '9') return false;
  return true;
}
