import { ScimError } from './error.ts';
import type { Attribute } from './schema/attribute.ts';
import { findSubAttribute } from './schema/find.ts';
import type { JsonObject, JsonValue } from './value.ts';
import { valueKey } from './value-key.ts';

/**
 * RFC 7643 §2.4: no two elements with the same type and value, as a filter would compare them. The first one's spelling
 * of these stays, the later one's other sub-attributes win:
 *
 *     [{"type":"work","value":"A"},{"type":"Work","value":"a","primary":true}] → [{"type":"work","value":"A","primary":true}]
 */
export function mergeDuplicates(attribute: Attribute, elements: readonly JsonValue[]): JsonValue[] {
  if (elements.length < 2) return [...elements];
  const merged = new Map<string, JsonValue>();
  for (const element of elements) {
    const key = keyOf(attribute, element);
    const same = merged.get(key);
    if (same === undefined) merged.set(key, element);
    else if (isComplex(same) && isComplex(element)) merged.set(key, { ...same, ...element, ...named(same) });
  }
  return [...merged.values()];
}

/**
 * How much work it is to compare the elements, in elements of ordinary length: a text whose case does not count is folded
 * each time, any other is only copied.
 */
export function weightOf(attribute: Attribute, elements: readonly JsonValue[]): number {
  let weight = elements.length;
  for (const element of elements) {
    if (typeof element === 'string') weight += weightOfText(attribute, element);
    else if (isComplex(element)) {
      for (const name in element) {
        const text = element[name];
        if (typeof text !== 'string' || text.length <= SHORT) continue;
        weight += weightOfText(findSubAttribute(attribute, name) ?? attribute, text);
      }
    }
  }
  return weight;
}

function weightOfText({ caseExact }: Attribute, { length }: string): number {
  return length <= SHORT ? 0 : length / (caseExact ? 1024 : SHORT);
}

const SHORT = 32;

function named({ value, type }: JsonObject): JsonObject {
  return { ...(value === undefined ? {} : { value }), ...(type === undefined ? {} : { type }) };
}

/** Elements without a value (addresses) are the same when all of them is, whichever is primary. */
function keyOf(attribute: Attribute, element: JsonValue): string {
  if (!isComplex(element)) return JSON.stringify(valueKey(attribute, element) ?? element);
  if (element.value !== undefined) {
    return JSON.stringify(['value', 'type'].map((name) => subKey(attribute, name, element[name])));
  }
  const parts = Object.entries(element).filter(([name]) => name !== 'primary');
  return JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function subKey(attribute: Attribute, name: string, value: JsonValue | undefined): JsonValue {
  const sub = findSubAttribute(attribute, name);
  return (sub === undefined ? undefined : valueKey(sub, value)) ?? value ?? null;
}

/** RFC 7643 §2.4: `primary` is true at most once. */
export function refuseTwoPrimaries(elements: readonly JsonValue[], path: string): void {
  const count = elements.reduce<number>((sum, element) => sum + (isPrimary(element) ? 1 : 0), 0);
  if (count < 2) return;
  throw ScimError.invalidValue(`${path} has ${count} primary values, but only one may have "primary":true.`);
}

export function isPrimary(element: JsonValue): boolean {
  return isComplex(element) && element.primary === true;
}

/** RFC 7644 §3.5.2: a new primary value takes it from the one that was. */
export function notPrimary(element: JsonValue): JsonValue {
  return isPrimary(element) ? { ...(element as JsonObject), primary: false } : element;
}

/** What says something of an element's value, and nothing without it (RFC 7643 §2.4). */
export const DESCRIBING: ReadonlySet<string> = new Set(['type', 'primary', 'display']);

function isComplex(element: JsonValue | undefined): element is JsonObject {
  return typeof element === 'object' && element !== null && !Array.isArray(element);
}
