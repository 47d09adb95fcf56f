import { ScimError } from '../error.ts';
import { readNumeral } from '../numeral.ts';
import { shorten } from '../shorten.ts';
import type { AttributePath } from '../target.ts';
import type { JsonValue } from '../value.ts';
import { readAttributePath } from './attribute-path.ts';
import type { Token } from './lexer.ts';
import type { ParseOptions } from './parse.ts';
import type { CompareOperator, Filter } from './tree.ts';

/** Reads a filter out of a list of tokens, from `position` to where it ends: a path's brackets hold one too. */
export class FilterParser {
  readonly #tokens: readonly Token[];
  readonly #options: ParseOptions;
  /** Paths show `value eq"x"` (RFC 7644 §3.5.2.2), which a filter's grammar does not allow: tolerated there (FIL-21). */
  readonly #spaces: 'needed' | 'free';
  #position: number;
  #depth = 0;
  #terms = 0;
  #inBrackets: boolean;

  constructor(tokens: readonly Token[], position: number, options: ParseOptions, place: 'filter' | 'path' = 'filter') {
    this.#tokens = tokens;
    this.#position = position;
    this.#options = options;
    this.#spaces = place === 'path' ? 'free' : 'needed';
    this.#inBrackets = place === 'path';
  }

  get position(): number {
    return this.#position;
  }

  /** *( "or" … ), the loosest. */
  read(): Filter<AttributePath> {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw ScimError.invalidFilter(`The filter has more than ${MAX_DEPTH} levels of parentheses and brackets.`);
    }
    const terms = [this.#conjunction()];
    while (this.#takeKeyword('or')) terms.push(this.#conjunction());
    this.#depth -= 1;
    return terms.length === 1 ? (terms[0] as Filter<AttributePath>) : { kind: 'or', terms };
  }

  /** Takes the token that must come now. */
  end(kind: 'end' | ')' | ']'): void {
    if (this.#peek().kind !== kind) {
      throw this.#expected(kind === 'end' ? '"and", "or" or the end of the filter' : `"and", "or" or "${kind}"`);
    }
    this.#position += 1;
  }

  #conjunction(): Filter<AttributePath> {
    const terms = [this.#term()];
    while (this.#takeKeyword('and')) terms.push(this.#term());
    return terms.length === 1 ? (terms[0] as Filter<AttributePath>) : { kind: 'and', terms };
  }

  #term(): Filter<AttributePath> {
    const token = this.#peek();
    if (token.kind === '(') return this.#parenthesized();
    if (token.kind !== 'word') throw this.#expected('an attribute, "not (" or "("');
    if (token.text.toLowerCase() === 'not') {
      this.#position += 1;
      // FIL-07: `not` is followed by parentheses.
      if (this.#peek().kind !== '(') throw this.#expected('"(" after "not"');
      return { kind: 'not', term: this.#parenthesized() };
    }
    return this.#expression();
  }

  #parenthesized(): Filter<AttributePath> {
    this.#position += 1;
    const filter = this.read();
    this.end(')');
    return filter;
  }

  #expression(): Filter<AttributePath> {
    this.#terms += 1;
    if (this.#terms > MAX_TERMS) throw ScimError.invalidFilter(`The filter has more than ${MAX_TERMS} comparisons.`);
    const path = this.#path();
    if (this.#peek().kind === '[') return this.#elements(path);
    const operator = this.#operator();
    if (operator === 'pr') return { kind: 'present', path };
    return { kind: 'compare', path, operator, value: this.#value(operator) };
  }

  #path(): AttributePath {
    const path = readAttributePath(this.#peek().text);
    if (path === undefined) throw this.#expected('an attribute such as userName, name.familyName or emails');
    this.#position += 1;
    return path;
  }

  #elements(path: AttributePath): Filter<AttributePath> {
    if (this.#inBrackets) throw this.#expected('an operator: brackets cannot stand inside brackets');
    this.#position += 1;
    this.#inBrackets = true;
    const filter = this.read();
    this.end(']');
    this.#inBrackets = false;
    return { kind: 'elements', path, filter };
  }

  #operator(): CompareOperator | 'pr' {
    const token = this.#peek();
    const operator = token.kind === 'word' ? OPERATORS.get(token.text.toLowerCase()) : undefined;
    if (operator === undefined) throw this.#expected('one of the operators eq, ne, co, sw, ew, gt, ge, lt, le, pr');
    this.#needSpace(token);
    this.#position += 1;
    return operator;
  }

  #value(operator: CompareOperator): JsonValue {
    const token = this.#peek();
    if (token.kind === 'word') {
      const value = readLiteral(token.text, this.#options.unquotedValues);
      if (value === undefined) throw this.#expected(`a value after "${operator}": ${VALUES}`);
      this.#position += 1;
      return value;
    }
    if (token.kind !== 'string') throw this.#expected(`a value after "${operator}": ${VALUES}`);
    this.#needSpace(token);
    this.#position += 1;
    return token.text;
  }

  #takeKeyword(keyword: 'and' | 'or'): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== keyword) return false;
    this.#needSpace(token);
    this.#position += 1;
    this.#needSpace(this.#peek());
    return true;
  }

  #needSpace(token: Token): void {
    if (this.#spaces === 'needed' && !token.spaced && token.kind !== 'end') throw this.#expected('a space', token);
  }

  /** The last token is `end`, and nothing moves past it. */
  #peek(): Token {
    return this.#tokens[this.#position] ?? (this.#tokens[this.#tokens.length - 1] as Token);
  }

  #expected(what: string, token = this.#peek()): ScimError {
    const found = token.kind === 'end' ? 'at its end' : `at character ${token.at + 1}, before ${shown(token)}`;
    return ScimError.invalidFilter(`The filter cannot be read ${found}: expected ${what}.`);
  }
}

/**
 * A JSON literal (RFC 7644 figure 1: compValue), or a bare word where those are accepted. A number that a program would
 * print otherwise (`007`, `1.0`) is then a word too, so that nothing of it is lost before its attribute is known.
 */
function readLiteral(text: string, unquotedValues: boolean): JsonValue | undefined {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  const number = readNumeral(text);
  if (typeof number === 'number' && (!unquotedValues || String(number) === text)) return number;
  if (!unquotedValues || text.startsWith("'") || KEYWORDS.has(text.toLowerCase())) return undefined;
  return text.isWellFormed() && !text.includes('\0') ? text : undefined;
}

function shown(token: Token): string {
  if (token.kind === 'string') return 'the string';
  return `"${shorten(token.text, 60)}"`;
}

export const MAX_DEPTH = 100;
export const MAX_TERMS = 256;
const VALUES = 'a string in double quotes, a number, true, false or null';
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);
const OPERATORS: ReadonlyMap<string, CompareOperator | 'pr'> = new Map(
  (['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const).map((name) => [name, name]),
);
