import { ScimError } from './error.ts';
import { readNumeral } from './numeral.ts';
import { shorten } from './shorten.ts';

type Expect = 'value' | 'value or ]' | 'name' | 'name or }' | ', or end';

export interface JsonLimits {
  readonly depth: number;
  /** Of one object. */
  readonly names: number;
}

/**
 * One pass over JSON text: all of its grammar but raw control characters inside strings, and what `parseJson` refuses
 * beside it. An explicit stack, native searches for the ends of strings; about what `JSON.parse` itself costs.
 */
export class JsonScan {
  readonly #text: string;
  readonly #limits: JsonLimits;
  #at = 0;
  /** Where the next backslash is; the text's length when there is none. */
  #backslash = -1;
  /** For each open object its names in lower case, for each open array undefined. */
  readonly #open: (Names | undefined)[] = [];
  #lastName = '';
  #decimals = false;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  /** @returns whether the text holds a whole number that is written as a decimal */
  run(): boolean {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) throw this.#syntax('expected no byte order mark before the JSON value');
    if (!text.isWellFormed()) throw this.#surrogate();
    this.#at = text.indexOf('\0');
    if (this.#at !== -1) throw this.#nul();
    this.#at = 0;
    let expect: Expect = 'value';
    for (;;) {
      let code = text.charCodeAt(this.#at);
      while (code === SPACE || code === NEWLINE || code === RETURN || code === TAB) code = text.charCodeAt(++this.#at);
      if (Number.isNaN(code)) {
        if (expect === ', or end' && this.#open.length === 0) return this.#decimals;
        throw this.#expected(expect);
      }
      expect = this.#step(code, expect);
    }
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
      case ', or end':
        return this.#next(code);
    }
  }

  #value(code: number, expect: Expect): Expect {
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
      throw this.#syntax(`expected at most ${this.#limits.depth} levels of objects and arrays in each other`);
    }
    this.#open.push(names);
    this.#at += 1;
  }

  #close(): Expect {
    this.#open.pop();
    this.#at += 1;
    return ', or end';
  }

  #next(code: number): Expect {
    if (this.#open.length === 0) throw this.#expected(', or end');
    const names = this.#open[this.#open.length - 1];
    if (code === (names === undefined ? CLOSE_BRACKET : CLOSE_BRACE)) return this.#close();
    if (code !== COMMA) throw this.#expected(', or end');
    this.#at += 1;
    return names === undefined ? 'value' : 'name';
  }

  #name(code: number, expect: Expect): Expect {
    if (code !== QUOTE) throw this.#expected(expect);
    const start = this.#at;
    const name = this.#string() ?? this.#text.slice(start + 1, this.#at - 1);
    this.#lastName = name;
    if (name === '__proto__') throw this.#syntax('"__proto__" is not the name of an attribute');
    const names = this.#open[this.#open.length - 1];
    if (names !== undefined && names.size >= this.#limits.names) {
      throw this.#syntax(`expected at most ${this.#limits.names} names in one object`);
    }
    if (!names?.add(name.toLowerCase())) {
      throw this.#syntax(`"${shorten(name, 100)}" is given twice in one object (names are the same in any case)`);
    }
    const text = this.#text;
    let colon = text.charCodeAt(this.#at);
    while (colon === SPACE || colon === NEWLINE || colon === RETURN || colon === TAB)
      colon = text.charCodeAt(++this.#at);
    if (colon !== COLON) throw this.#syntax('expected ":" after the name');
    this.#at += 1;
    return 'value';
  }

  /** Moves past a string. @returns what it says when it has escapes, else undefined: the text between the quotes */
  #string(): string | undefined {
    const text = this.#text;
    const start = this.#at;
    let quote = text.indexOf('"', start + 1);
    if (this.#backslash <= start) this.#findBackslash(start + 1);
    if (quote !== -1 && quote < this.#backslash) {
      this.#at = quote + 1;
      return undefined;
    }
    while (this.#backslash < text.length && (quote === -1 || this.#backslash < quote)) {
      const after = this.#backslash + 2;
      if (quote !== -1 && quote < after) quote = text.indexOf('"', after);
      this.#findBackslash(after);
    }
    if (quote === -1) throw this.#syntax('expected a closing quote for the string that starts here');
    this.#at = quote + 1;
    return this.#unescape(start);
  }

  #findBackslash(from: number): void {
    const found = this.#text.indexOf('\\', from);
    this.#backslash = found === -1 ? this.#text.length : found;
  }

  #unescape(start: number): string {
    let value: string;
    try {
      value = JSON.parse(this.#text.slice(start, this.#at));
    } catch {
      this.#at = start;
      throw this.#syntax(
        'the string that starts here has an escape that JSON does not know, or a raw control character',
      );
    }
    if (value.includes('\0')) throw this.#nul();
    if (!value.isWellFormed()) throw this.#surrogate();
    return value;
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
    let end = start + 1;
    let plain = true;
    for (; end < text.length && !ENDS_NUMBER.includes(text.charAt(end)); end += 1) {
      const code = text.charCodeAt(end);
      if (code < ZERO || code > NINE) plain = false;
    }
    this.#at = end;
    const first = text.charCodeAt(start);
    // Most numbers are whole, plain and positive, and need no closer look.
    if (plain && first > ZERO && first <= NINE && end - start <= 15) return;
    const literal = text.slice(start, end);
    const number = readNumeral(literal);
    if (typeof number !== 'number') this.#at = start;
    if (number === undefined) throw this.#syntax('expected a JSON value; this is not a number as JSON writes them');
    if (number === 'inexact') throw this.#inexact();
    if (Number.isInteger(number) && String(number) !== literal) this.#decimals = true;
  }

  #expected(expect: Expect): ScimError {
    if (expect !== ', or end') return this.#syntax(`expected ${EXPECTED[expect]}`);
    if (this.#open.length === 0) return this.#syntax('expected nothing after the JSON value');
    return this.#syntax(`expected "," or "${this.#open[this.#open.length - 1] === undefined ? ']' : '}'}"`);
  }

  #syntax(what: string): ScimError {
    return ScimError.invalidSyntax(`The body is not valid JSON ${this.#where()}: ${what}.`);
  }

  #surrogate(): ScimError {
    return ScimError.invalidValue(
      `The body holds half of a surrogate pair ${this.#where()}, which is no character; whole Unicode characters were expected.`,
    );
  }

  #nul(): ScimError {
    return ScimError.invalidValue(`The body holds the NUL character ${this.#where()}, which no value may have.`);
  }

  #inexact(): ScimError {
    return ScimError.invalidValue(
      `The number ${this.#where()} cannot be kept exactly: whole numbers within ±9007199254740991 and decimals of about 15 digits were expected.`,
    );
  }

  #where(): string {
    const place = `at character ${this.#at + 1}`;
    return this.#lastName === '' ? place : `${place}, at or after "${shorten(this.#lastName, 100)}"`;
  }
}

/** The names of one object, for as long as it is open. Few are compared one by one; many are looked up. */
class Names {
  #few: string[] = [];
  #many: Set<string> | undefined;

  get size(): number {
    return this.#many?.size ?? this.#few.length;
  }

  /** @returns false when it was there */
  add(name: string): boolean {
    if (this.#many === undefined) {
      if (this.#few.includes(name)) return false;
      this.#few.push(name);
      if (this.#few.length > 16) this.#many = new Set(this.#few);
      return true;
    }
    if (this.#many.has(name)) return false;
    this.#many.add(name);
    return true;
  }
}

const EXPECTED = {
  value: 'a JSON value',
  'value or ]': 'a JSON value or "]"',
  name: 'the name of an attribute in double quotes',
  'name or }': 'the name of an attribute in double quotes, or "}"',
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
