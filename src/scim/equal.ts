import type { Resource } from './schema/attribute.ts';
import type { JsonObject, JsonValue } from './value.ts';

/** The same JSON: objects whatever the order of their members, arrays in order, strings to the letter. */
export function sameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((element, index) => sameValue(element, b[index]));
  }
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
  );
}

/**
 * The top-level attributes that differ, as they were and as they are; null where there was or is nothing. An
 * extension is one attribute, whole; `meta` is not compared.
 *
 *     {"userName":"a","title":"x"} and {"userName":"b"} → before {"userName":"a","title":"x"}, after {"userName":"b","title":null}
 *
 * Both empty: nothing changed.
 */
export function differences(before: Resource, after: Resource): { before: JsonObject; after: JsonObject } {
  const was: JsonObject = {};
  const is: JsonObject = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (name === 'meta' || sameValue(before[name], after[name])) continue;
    was[name] = before[name] ?? null;
    is[name] = after[name] ?? null;
  }
  return { before: was, after: is };
}
