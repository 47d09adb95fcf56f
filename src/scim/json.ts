import { ScimError } from './error.ts';
import { type JsonLimits, JsonScan } from './json-scan.ts';
import type { JsonValue } from './value.ts';

/**
 * JSON text as a value, refusing what `JSON.parse` lets through (RFC 7493: I-JSON):
 *
 *     {"userName":"a","username":"b"}     two members of one name, also escaped (`\u0069d`) or in another case
 *     {"__proto__":{}}                    that name, anywhere
 *     [[[[…]]]]                           more than `depth` levels (64)
 *     {"a":1,"b":2,…}                     more than `names` members in one object (1,000)
 *     "\ud800", "\u0000"                  half a surrogate pair, NUL, in a name or a value
 *     1e400, 9007199254740993, -0         a number that would be rounded
 *     a byte order mark, text after the value
 *
 * One pass over the text and one `JSON.parse`; no recursion of ours, so depth costs an error and not the stack.
 *
 * @throws ScimError invalidSyntax; invalidValue for surrogates, NUL and numbers. No detail quotes a value.
 */
export function parseJson(text: string, limits: Partial<JsonLimits> = {}): JsonValue {
  const decimals = new JsonScan(text, { ...LIMITS, ...limits }).run();
  try {
    // A reviver costs seven times the parse, so it is used only when there is something for it to note.
    return decimals ? JSON.parse(text, noteDecimal) : JSON.parse(text);
  } catch {
    // The scan checks all of the grammar but raw control characters inside strings.
    throw ScimError.invalidSyntax(
      'The body is not valid JSON: a string in it holds a raw line break, tab or other control character, which must be written as an escape (\\n, \\t, \\u001f).',
    );
  }
}

/** No schema has a hundred attributes; what reads a body looks at each of its names. */
const LIMITS: JsonLimits = { depth: 64, names: 1000 };

/**
 * Whether the member of an object from `parseJson` was written with a point or an exponent although it is whole (`1.0`,
 * `1e3`): a decimal for RFC 7643 §2.3.3, never an integer (§2.3.4).
 */
export function writtenAsDecimal(holder: object, name: string): boolean {
  return decimalsOf.get(holder)?.has(name) ?? false;
}

const decimalsOf = new WeakMap<object, Set<string>>();

function noteDecimal(this: object, name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number' && Number.isInteger(value) && context?.source !== String(value)) {
    const names = decimalsOf.get(this);
    if (names === undefined) decimalsOf.set(this, new Set([name]));
    else names.add(name);
  }
  return value;
}
