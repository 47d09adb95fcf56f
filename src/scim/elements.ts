import { ScimError } from './error.ts';
import type { JsonObject, JsonValue } from './value.ts';

/**
 * RFC 7643 §2.4: no two elements with the same type and value. The later one's other sub-attributes win:
 *
 *     [{"type":"work","value":"a"},{"type":"work","value":"a","primary":true}] → [{"type":"work","value":"a","primary":true}]
 */
export function mergeDuplicates(elements: readonly JsonValue[]): JsonValue[] {
  if (elements.length < 2) return [...elements];
  const merged = new Map<string, JsonValue>();
  for (const element of elements) {
    const key = keyOf(element);
    const same = merged.get(key);
    merged.set(key, isComplex(same) && isComplex(element) ? { ...same, ...element } : element);
  }
  return [...merged.values()];
}

/** Elements without a value (addresses) are the same when all of them is, whichever is primary. */
function keyOf(element: JsonValue): string {
  if (!isComplex(element)) return JSON.stringify(element);
  if (element.value !== undefined) return JSON.stringify([element.value, element.type ?? null]);
  const parts = Object.entries(element).filter(([name]) => name !== 'primary');
  return JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
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

function isComplex(element: JsonValue | undefined): element is JsonObject {
  return typeof element === 'object' && element !== null && !Array.isArray(element);
}
