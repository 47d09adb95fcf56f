import { type JsonObject, type JsonValue, writtenAsDecimal } from '../scim/index.ts';
import type { Field, Fields, ValueRewrite } from './fields.ts';
import type { Used } from './used.ts';

/** An object whose names are attributes (or extensions), rewritten; the same reference when nothing applied. */
export function rewriteAttributes(object: JsonObject, fields: Fields, used: Used): JsonObject {
  let copy: JsonObject | undefined;
  for (const key in object) {
    const field = fields.get(key) ?? fields.get(key.toLowerCase());
    const value = object[key];
    if (field === undefined || value === undefined) continue;
    // `701984.0` is a number here and other digits there: the engine may refuse it, nobody may shorten it.
    if (typeof value === 'number' && writtenAsDecimal(object, key)) continue;
    const rewritten = 'attribute' in field ? rewriteAll(value, field, used) : rewriteInside(value, field, used);
    if (rewritten === value) continue;
    // `key` is its own, and spells a name of the schema.
    copy ??= { ...object };
    copy[key] = rewritten;
  }
  return copy ?? object;
}

/** What stands at an attribute. */
export function rewriteAll(value: JsonValue, field: Field, used: Used): JsonValue {
  if (!field.attribute.multiValued) return rewriteOne(value, field, used);
  const list = applyEach(value, field.all, field, used);
  if (!Array.isArray(list)) return list;
  let copy: JsonValue[] | undefined;
  for (const [index, element] of list.entries()) {
    const rewritten = rewriteOne(element, field, used);
    if (rewritten === element) continue;
    copy ??= [...list];
    copy[index] = rewritten;
  }
  return copy ?? list;
}

/** One element, or what stands at a single-valued attribute. */
export function rewriteOne(value: JsonValue, field: Field, used: Used): JsonValue {
  const one = applyEach(value, field.one, field, used);
  return field.subFields === undefined ? one : rewriteInside(one, field.subFields, used);
}

function rewriteInside(value: JsonValue, fields: Fields, used: Used): JsonValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? rewriteAttributes(value, fields, used)
    : value;
}

function applyEach(given: JsonValue, rewrites: readonly ValueRewrite[], field: Field, used: Used): JsonValue {
  let value = given;
  for (const { name, value: hook } of rewrites) {
    const rewritten = hook.rewrite(value, field.attribute);
    if (rewritten === value) continue;
    used.note(name);
    value = rewritten;
  }
  return value;
}
