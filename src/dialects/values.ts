import { type JsonObject, type JsonValue, writtenAsDecimal } from '../scim/index.ts';
import type { Field, Fields, Step } from './fields.ts';
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
    const rewritten = rewriteAll(value, field, used);
    if (rewritten === value) continue;
    // `key` is its own, and spells a name of the schema.
    copy ??= { ...object };
    copy[key] = rewritten;
  }
  return copy ?? object;
}

/** What stands at an attribute. */
export function rewriteAll(value: JsonValue, field: Field, used: Used): JsonValue {
  if (!field.multiValued) return rewriteOne(value, field, used);
  const list = apply(value, field.all, used);
  if (!Array.isArray(list)) return list;
  let copy: JsonValue[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const element = list[index] ?? null;
    const rewritten = rewriteOne(element, field, used);
    if (rewritten === element) continue;
    copy ??= [...list];
    copy[index] = rewritten;
  }
  return copy ?? list;
}

/** One element, or what stands at a single-valued attribute. */
export function rewriteOne(value: JsonValue, { one, subFields }: Field, used: Used): JsonValue {
  const rewritten = apply(value, one, used);
  if (subFields === undefined || typeof rewritten !== 'object' || rewritten === null || Array.isArray(rewritten)) {
    return rewritten;
  }
  return rewriteAttributes(rewritten, subFields, used);
}

/** The value of an operation whose path names the attribute. */
export function rewriteOperand(value: JsonValue, field: Field, used: Used): JsonValue {
  return apply(value, field.operation, used);
}

function apply(given: JsonValue, steps: readonly Step[], used: Used): JsonValue {
  let value = given;
  for (const { name, rewrite } of steps) {
    const rewritten = rewrite(value);
    if (rewritten === value) continue;
    used.note(name);
    value = rewritten;
  }
  return value;
}
