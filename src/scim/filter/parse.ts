import { ScimError } from '../error.ts';
import type { AttributePath } from '../target.ts';
import { lex, MAX_LENGTH } from './lexer.ts';
import { FilterParser } from './parser.ts';
import type { Filter } from './tree.ts';

export interface ParseOptions {
  /** `userName eq bjensen`: a bare word is a string (idp-clients §4 no. 20). Otherwise invalidFilter (FIL-14). */
  readonly unquotedValues: boolean;
}

/**
 * The text of a filter as a tree (RFC 7644 §3.4.2.2, figure 1); nothing is looked up yet.
 *
 *     userName Eq "a" and not (emails[type eq "work"])
 *
 * Precedence: brackets and parentheses, not, and, or. Operators and keywords in any case (FIL-01), apart by spaces or tabs, as
 * many as there are (FIL-21, FIL-22); `not(` needs none (conflict D3). No brackets in brackets (conflict D5), and no name
 * after them: `emails[…].value` is a path of PATCH (conflict D6).
 *
 * Limits (FIL-23), each met before it costs anything: 8,192 characters, 100 levels, 256 comparisons.
 *
 * @throws ScimError invalidFilter, saying where and what was expected
 */
export function parseFilter(text: string, options: ParseOptions): Filter<AttributePath> {
  if (text.length > MAX_LENGTH) {
    throw ScimError.invalidFilter(`The filter is ${text.length} characters long; at most ${MAX_LENGTH} are accepted.`);
  }
  const parser = new FilterParser(lex(text), 0, options);
  const filter = parser.read();
  parser.end('end');
  return filter;
}
