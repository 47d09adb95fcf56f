import { ScimError } from '../error.ts';

/**
 * A piece of a filter or a path. `spaced`: a space or tab stands before it. `at` counts characters from 0.
 *
 *     emails[type eq "work"].value → word `emails`, `[`, word `type`, word `eq`, string `work`, `]`, word `.value`, end
 *
 * A word is whatever stands between spaces, quotes, parentheses and brackets: an attribute path, an operator, a
 * literal. A string's `text` is what it says, its escapes resolved.
 */
export interface Token {
  readonly kind: 'word' | 'string' | '(' | ')' | '[' | ']' | 'end';
  readonly text: string;
  readonly at: number;
  readonly spaced: boolean;
}

/** RFC 7644 sets no limit; FIL-23 does. Counted before anything is read. */
export const MAX_LENGTH = 8192;

/**
 * The one lexer of filters and paths; one pass, no backtracking.
 *
 * @throws ScimError invalidFilter for a string that does not end or is not a JSON string
 */
export function lex(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    const start = skipBlanks(text, at);
    const spaced = start > at;
    const first = text.charAt(start);
    if (first === '') {
      tokens.push({ kind: 'end', text: '', at: start, spaced });
      return tokens;
    }
    if (first === '(' || first === ')' || first === '[' || first === ']') {
      tokens.push({ kind: first, text: first, at: start, spaced });
      at = start + 1;
    } else if (first === '"') {
      at = stringEnd(text, start);
      tokens.push({ kind: 'string', text: readString(text.slice(start, at), start), at: start, spaced });
    } else {
      at = wordEnd(text, start);
      tokens.push({ kind: 'word', text: text.slice(start, at), at: start, spaced });
    }
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !endsWord(text.charCodeAt(at))) at += 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function endsWord(code: number): boolean {
  return isBlank(code) || code === QUOTE || (code >= 0x28 && code <= 0x29) || code === 0x5b || code === 0x5d;
}

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (let code = text.charCodeAt(at); at < text.length && code !== QUOTE; code = text.charCodeAt(at)) {
    at += code === BACKSLASH ? 2 : 1;
  }
  if (at >= text.length) {
    throw ScimError.invalidFilter(
      `The string that starts at character ${from + 1} of the filter does not end: a closing double quote was expected.`,
    );
  }
  return at + 1;
}

/** RFC 7644 §3.4.2.2: a string is one of JSON's, with its escapes. */
function readString(quoted: string, at: number): string {
  let value: string | undefined;
  try {
    value = JSON.parse(quoted);
  } catch {
    value = undefined;
  }
  if (value === undefined || !value.isWellFormed() || value.includes('\0')) {
    throw ScimError.invalidFilter(
      `The string at character ${at + 1} of the filter is not a JSON string: whole Unicode characters, and escapes such as \\" and \\\\, were expected.`,
    );
  }
  return value;
}
