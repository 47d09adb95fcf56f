import { ScimError } from './error.ts';
import { JSON_LIMITS, type JsonLimits } from './json-limits.ts';
import { JsonPieces } from './json-pieces.ts';
import { type JsonPlace, JsonScan } from './json-scan.ts';
import type { JsonObject, JsonValue } from './value.ts';

/**
 * JSON text as a value, refusing what `JSON.parse` lets through (RFC 7493: I-JSON):
 *
 *     {"userName":"a","username":"b"}     two members of one name, also escaped (`\u0069d`) or in another case
 *     {"__proto__":{}}                    that name, anywhere
 *     [[[[…]]]]                           more than `depth` levels (64)
 *     {"a":1,"b":2,…}                     more than `names` members in one object (1,000)
 *     [[],[],[],…], [0.5,0.25,…]          more than `values` values (100,000), `decimals` decimals (10,000)
 *     [{"a":1},{"b":2},…]                 more than `differentNames` names (5,000), `furtherNames` after the 32nd of an object
 *     "\ud800", "\u0000"                  half a surrogate pair, NUL, in a name or a value
 *     "\n…"                               more than `escaped` characters in one string from its first escape on (1,048,576)
 *     1e400, 9007199254740993, -0         a number that would be rounded, or is more than `numeral` characters long (1,000)
 *     a byte order mark, text after the value
 *
 * One pass over the text and one `JSON.parse`; no recursion of ours, so depth costs an error and not the stack.
 *
 * @throws ScimError invalidSyntax; invalidValue for surrogates, NUL and numbers; 413 for too much. No detail
 * quotes a value.
 */
export function parseJson(text: string, limits: Partial<JsonLimits> = {}): JsonValue {
  const decimals = new JsonScan(text, { ...JSON_LIMITS, ...limits }).run();
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    throw rawControl();
  }
  for (const place of decimals) noteDecimal(value, place);
  return value;
}

/**
 * The same of a long text, in steps of about a millisecond: whoever reads it lets others have their turn between them.
 * `step`: how many characters a step has.
 *
 * @throws what `parseJson` throws of it
 */
export function* parseJsonInSteps(
  text: string,
  limits: Partial<JsonLimits> = {},
  step = STEP,
): Generator<void, JsonValue> {
  const pieces = new JsonPieces(text, step);
  const scan = new JsonScan(text, { ...JSON_LIMITS, ...limits }, pieces);
  scan.checkCharacters();
  yield;
  for (let from = 0; from < text.length; from += SEARCHED_IN_A_STEP) {
    scan.checkNul(from, from + SEARCHED_IN_A_STEP);
    yield;
  }
  while (!scan.advance(step)) yield;
  const value = pieces.value();
  if (value === undefined) throw rawControl();
  yield;
  for (const [index, place] of scan.decimals.entries()) {
    noteDecimal(value, place);
    if (index % DECIMALS_IN_A_STEP === DECIMALS_IN_A_STEP - 1) yield;
  }
  return value;
}

/** Characters that are looked at, and that `JSON.parse` is given, in a step, or a little more. */
const STEP = 32_768;
const SEARCHED_IN_A_STEP = 1_048_576;
const DECIMALS_IN_A_STEP = 1000;

/** The scan checks all of the grammar but this. */
function rawControl(): ScimError {
  return ScimError.invalidSyntax(
    'The body is not valid JSON: a string in it holds a raw line break, tab or other control character, which must be written as an escape (\\n, \\t, \\u001f).',
  );
}

/**
 * Whether the member of an object from `parseJson` was written with a point or an exponent although it is whole (`1.0`,
 * `1e3`): a decimal for RFC 7643 §2.3.3, never an integer (§2.3.4).
 */
export function writtenAsDecimal(holder: object, name: string): boolean {
  return decimalsOf.get(holder)?.has(name) ?? false;
}

const decimalsOf = new WeakMap<object, Set<string>>();

/** A reviver would tell too, at seven times the cost of the parse. */
function noteDecimal(value: JsonValue, place: JsonPlace): void {
  const name = place.at(-1);
  const holder = place.slice(0, -1).reduce<JsonValue | undefined>(memberOf, value);
  if (name === undefined || typeof holder !== 'object' || holder === null) return;
  const names = decimalsOf.get(holder);
  if (names === undefined) decimalsOf.set(holder, new Set([name]));
  else names.add(name);
}

/** The scan saw the name, so it is the holder's own: nothing is asked of a prototype. */
function memberOf(holder: JsonValue | undefined, name: string): JsonValue | undefined {
  return (holder as JsonObject)[name];
}
