import { atOnce, FEW_ELEMENTS, type JsonObject, type JsonValue, writtenAsDecimal } from '../scim/index.ts';
import type { Field, Fields, Step } from './fields.ts';
import { Used } from './used.ts';

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
  const before = list.length > FEW_ELEMENTS ? rewrittenBefore.get(list) : undefined;
  if (before?.field === field) {
    for (const name of before.used) used.note(name);
    return before.list;
  }
  return atOnce(rewriteElements(list, field, used));
}

/** The elements of a list in a long body, in steps: what `rewriteAll` then says of it. */
export function* rewriteInSteps(list: readonly JsonValue[], field: Field): Generator<void, readonly JsonValue[]> {
  const used = new Used();
  const rewritten = yield* rewriteElements(list as JsonValue[], field, used);
  rewrittenBefore.set(list, { field, list: rewritten, used: used.names });
  return rewritten;
}

/** The same reference when nothing applied. */
function* rewriteElements(list: JsonValue[], field: Field, used: Used): Generator<void, JsonValue[]> {
  let copy: JsonValue[] | undefined;
  for (const [index, element] of list.entries()) {
    const rewritten = rewriteOne(element, field, used);
    if (rewritten !== element) {
      copy ??= [...list];
      copy[index] = rewritten;
    }
    if (index % IN_A_STEP === IN_A_STEP - 1) yield;
  }
  return copy ?? list;
}

const IN_A_STEP = 1000;

/** Lists that were rewritten beforehand, by the very array. What became of it lasts as long as the request. */
const rewrittenBefore = new WeakMap<readonly JsonValue[], Rewritten>();

interface Rewritten {
  readonly field: Field;
  readonly list: JsonValue[];
  readonly used: readonly string[];
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
