import type { ScimError } from './error.ts';
import { endOfEscaped, type StringFault } from './json-escapes.ts';
import { halfSurrogate, inexactNumber, invalidJson, type JsonSpot, nulCharacter, tooMuchJson } from './json-faults.ts';
import { FEW, type JsonLimits, MANY } from './json-limits.ts';
import { Names } from './json-names.ts';
import type { JsonPieces } from './json-pieces.ts';
import { readNumeral } from './numeral.ts';
import { shorten } from './shorten.ts';

type Expect = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end';

/** Where a value stands, from the top: the names and indexes that lead to it. */
export type JsonPlace = readonly string[];

/**
 * One pass over JSON text: all of its grammar but raw control characters inside strings, and what `parseJson` refuses
 * beside it. An explicit stack, native searches for the ends of strings; about what `JSON.parse` itself costs.
 */
export class JsonScan {
  readonly #text: string;
  readonly #limits: JsonLimits;
  /** Of a long text: makes the value meanwhile. */
  readonly #pieces: JsonPieces | undefined;
  #at = 0;
  #expect: Expect = 'value';
  /** Where the next backslash is; the text's length when there is none. */
  #backslash = -1;
  /** For each open object its names in lower case, for each open array undefined. */
  readonly #open: (Names | undefined)[] = [];
  /** For each open array the index of its element, for each open object the name of its member. */
  readonly #place: (number | string)[] = [];
  /** Each name but the first `FEW`, as it is written and in lower case. */
  readonly #lowerCase = new Map<string, string>();
  #lastName = '';
  #values = 0;
  #names = 0;
  #furtherNames = 0;
  #closerLooks = 0;
  readonly #decimals: JsonPlace[] = [];

  constructor(text: string, limits: JsonLimits, pieces?: JsonPieces) {
    this.#text = text;
    this.#limits = limits;
    this.#pieces = pieces;
  }

  /** @returns where whole numbers are written as decimals */
  run(): readonly JsonPlace[] {
    this.checkCharacters();
    this.checkNul(0, this.#text.length);
    this.advance(Number.POSITIVE_INFINITY);
    return this.#decimals;
  }

  /** Of the text as a whole, before anything else. */
  checkCharacters(): void {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff)
      throw invalidJson(this.#spot, 'expected no byte order mark before the JSON value');
    if (!text.isWellFormed()) throw halfSurrogate(this.#spot);
  }

  /** The same, of a part of it. */
  checkNul(from: number, to: number): void {
    const found = (from === 0 && to === this.#text.length ? this.#text : this.#text.slice(from, to)).indexOf('\0');
    if (found === -1) return;
    this.#at = from + found;
    throw nulCharacter(this.#spot);
  }

  /** Goes on for so many characters, or to the end of the token that is there. @returns whether all is read */
  advance(characters: number): boolean {
    const text = this.#text;
    const until = this.#at + characters;
    let expect = this.#expect;
    for (;;) {
      let code = text.charCodeAt(this.#at);
      while ((code === SPACE || code === NEWLINE || code === RETURN || code === TAB) && this.#at < until) {
        code = text.charCodeAt(++this.#at);
      }
      if (this.#at >= until) break;
      if (Number.isNaN(code)) {
        if (expect === ', or end' && this.#open.length === 0) return true;
        throw this.#expected(expect);
      }
      expect = this.#step(code, expect);
    }
    this.#expect = expect;
    return false;
  }

  get decimals(): readonly JsonPlace[] {
    return this.#decimals;
  }

  #step(code: number, expect: Expect): Expect {
    switch (expect) {
      case 'value or ]':
        if (code === CLOSE_BRACKET) return this.#close();
        return this.#value(code, expect);
      case 'value':
        return this.#value(code, expect);
      case 'name or }':
        if (code === CLOSE_BRACE) return this.#close();
        return this.#name(code, expect);
      case 'name':
        return this.#name(code, expect);
      case ':':
        if (code !== COLON) throw this.#expected(expect);
        this.#at += 1;
        return 'value';
      case ', or end':
        return this.#next(code);
    }
  }

  #value(code: number, expect: Expect): Expect {
    if (++this.#values > this.#limits.values) throw tooMuchJson(this.#spot, `${this.#limits.values} values`);
    switch (code) {
      case QUOTE:
        this.#string();
        return ', or end';
      case OPEN_BRACE:
        this.#enter(new Names());
        return 'name or }';
      case OPEN_BRACKET:
        this.#enter(undefined);
        return 'value or ]';
      default:
        this.#literal(code, expect);
        return ', or end';
    }
  }

  #enter(names: Names | undefined): void {
    if (this.#open.length >= this.#limits.depth) {
      throw invalidJson(
        this.#spot,
        `expected at most ${this.#limits.depth} levels of objects and arrays in each other`,
      );
    }
    this.#pieces?.opened(this.#at, names === undefined);
    this.#open.push(names);
    this.#place.push(0);
    this.#at += 1;
  }

  #close(): Expect {
    this.#open.pop();
    this.#place.pop();
    this.#at += 1;
    this.#pieces?.closed(this.#at, this.#place);
    return ', or end';
  }

  #next(code: number): Expect {
    if (this.#open.length === 0) throw this.#expected(', or end');
    const names = this.#open[this.#open.length - 1];
    if (code === (names === undefined ? CLOSE_BRACKET : CLOSE_BRACE)) return this.#close();
    if (code !== COMMA) throw this.#expected(', or end');
    this.#pieces?.comma(this.#at);
    this.#at += 1;
    if (names !== undefined) return 'name';
    const last = this.#place.length - 1;
    this.#place[last] = (this.#place[last] as number) + 1;
    return 'value';
  }

  #name(code: number, expect: Expect): Expect {
    if (code !== QUOTE) throw this.#expected(expect);
    const start = this.#at;
    const isEscaped = this.#string();
    const name = isEscaped ? this.#unescape(start) : this.#text.slice(start + 1, this.#at - 1);
    this.#lastName = name;
    this.#place[this.#place.length - 1] = name;
    if (name === '__proto__') throw invalidJson(this.#spot, '"__proto__" is not the name of an attribute');
    const names = this.#open[this.#open.length - 1];
    if (names !== undefined && names.size >= this.#limits.names) {
      throw invalidJson(this.#spot, `expected at most ${this.#limits.names} names in one object`);
    }
    if (names !== undefined && names.size >= MANY) this.#countFurther();
    if (!names?.add(this.#lower(name))) {
      throw invalidJson(
        this.#spot,
        `"${shorten(name, 100)}" is given twice in one object (names are the same in any case)`,
      );
    }
    if (this.#text.charCodeAt(this.#at) !== COLON) return ':';
    this.#at += 1;
    return 'value';
  }

  #countFurther(): void {
    const most = this.#limits.furtherNames;
    if (++this.#furtherNames > most)
      throw tooMuchJson(this.#spot, `${most} names beyond the first ${MANY} of their objects`);
  }

  #lower(name: string): string {
    // An ordinary body has few names in all, and need not remember them.
    if (++this.#names <= FEW) return name.toLowerCase();
    const known = this.#lowerCase.get(name);
    if (known !== undefined) return known;
    if (this.#lowerCase.size >= this.#limits.differentNames) {
      throw tooMuchJson(this.#spot, `${this.#limits.differentNames} different names`);
    }
    const lower = name.toLowerCase();
    this.#lowerCase.set(name, lower);
    return lower;
  }

  /** Moves past a string. @returns whether it has escapes */
  #string(): boolean {
    const text = this.#text;
    const start = this.#at;
    const quote = text.indexOf('"', start + 1);
    if (this.#backslash <= start) this.#findBackslash(start + 1);
    if (quote === -1) throw this.#fault({ kind: 'end', at: start }, start);
    if (quote < this.#backslash) {
      this.#at = quote + 1;
      return false;
    }
    const end = endOfEscaped(text, this.#backslash, this.#limits.escaped);
    if (typeof end !== 'number') throw this.#fault(end, start);
    this.#at = end;
    return true;
  }

  #findBackslash(from: number): void {
    const found = this.#text.indexOf('\\', from);
    this.#backslash = found === -1 ? this.#text.length : found;
  }

  #fault({ kind, at }: StringFault, start: number): ScimError {
    this.#at = kind === 'end' ? start : at;
    if (kind === 'end') return invalidJson(this.#spot, 'expected a closing quote for the string that starts here');
    if (kind === 'nul') return nulCharacter(this.#spot);
    if (kind === 'long') return tooMuchJson(this.#spot, `${this.#limits.escaped} characters in a string with escapes`);
    return kind === 'surrogate'
      ? halfSurrogate(this.#spot)
      : invalidJson(this.#spot, 'this is no escape that JSON knows');
  }

  #unescape(start: number): string {
    try {
      return JSON.parse(this.#text.slice(start, this.#at));
    } catch {
      this.#at = start;
      throw invalidJson(this.#spot, 'the string that starts here has a raw control character');
    }
  }

  #literal(code: number, expect: Expect): void {
    const text = this.#text;
    // What follows must be a separator, which the next step asks for.
    if (text.startsWith('true', this.#at) || text.startsWith('null', this.#at)) this.#at += 4;
    else if (text.startsWith('false', this.#at)) this.#at += 5;
    else if (code === MINUS || (code >= ZERO && code <= NINE)) this.#number();
    else throw this.#expected(expect);
  }

  #number(): void {
    const text = this.#text;
    const start = this.#at;
    const digits = text.charCodeAt(start) === MINUS ? start + 1 : start;
    let end = start + 1;
    let plain = true;
    const last = Math.min(text.length, start + this.#limits.numeral + 1);
    for (; end < last && !ENDS_NUMBER.includes(text.charAt(end)); end += 1) {
      const code = text.charCodeAt(end);
      if (code < ZERO || code > NINE) plain = false;
    }
    if (end - start > this.#limits.numeral) throw inexactNumber(this.#spot);
    this.#at = end;
    const first = text.charCodeAt(digits);
    // Most numbers are whole and short, and need no closer look.
    if (plain && first > ZERO && first <= NINE && end - digits <= 15) return;
    if (plain && first === ZERO && end - start === 1) return;
    const most = this.#limits.decimals;
    if (++this.#closerLooks > most)
      throw tooMuchJson(this.#spot, `${most} numbers with a point, an exponent or over 15 digits`);
    const literal = text.slice(start, end);
    const number = readNumeral(literal);
    if (typeof number !== 'number') this.#at = start;
    if (number === undefined)
      throw invalidJson(this.#spot, 'expected a JSON value; this is not a number as JSON writes them');
    if (number === 'inexact') throw inexactNumber(this.#spot);
    if (Number.isInteger(number) && String(number) !== literal) this.#decimals.push(this.#place.map(String));
  }

  #expected(expect: Expect): ScimError {
    if (expect !== ', or end') return invalidJson(this.#spot, `expected ${EXPECTED[expect]}`);
    if (this.#open.length === 0) return invalidJson(this.#spot, 'expected nothing after the JSON value');
    return invalidJson(this.#spot, `expected "," or "${this.#open[this.#open.length - 1] === undefined ? ']' : '}'}"`);
  }

  get #spot(): JsonSpot {
    return { at: this.#at, lastName: this.#lastName };
  }
}

const EXPECTED = {
  value: 'a JSON value',
  'value or ]': 'a JSON value or "]"',
  name: 'the name of an attribute in double quotes',
  'name or }': 'the name of an attribute in double quotes, or "}"',
  ':': '":" after the name',
} as const;

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const ENDS_NUMBER = ' \t\n\r,]}';
