import { field } from './message-fields.ts';
import type { Attribute, ResourceType } from './schema/attribute.ts';
import { findTarget } from './schema/find.ts';
import { FEW_ELEMENTS, isObject, type JsonObject, type JsonValue } from './value.ts';

/** A list that stands, or seems to stand, at a multi-valued attribute. */
export interface List {
  readonly attribute: Attribute;
  readonly elements: readonly JsonValue[];
}

/**
 * The lists in a body of a POST, PUT or PATCH that are not short: by the name that they stand under, or that the path of
 * their operation ends with.
 *
 *     {"members":[…]} · {"urn:…:Group":{"members":[…]}} · {"Operations":[{"op":"add","path":"members","value":[…]}]}
 *
 * Only for what may be done beforehand: what they mean is said by who reads the body.
 */
export function* listsIn(type: ResourceType, body: JsonValue): Generator<List> {
  if (!isObject(body)) return;
  for (const name of Object.keys(body)) {
    const value = body[name] ?? null;
    if (!Array.isArray(value)) yield* listsIn(type, value);
    else if (name.toLowerCase() === 'operations') yield* listsOfOperations(type, value);
    else yield* listAt(type, name, value);
  }
}

function* listsOfOperations(type: ResourceType, operations: readonly JsonValue[]): Generator<List> {
  for (const operation of operations) {
    if (!isObject(operation) || isRemoval(operation)) continue;
    const value = field(operation, 'value') ?? null;
    const path = field(operation, 'path');
    if (!Array.isArray(value)) yield* listsIn(type, value);
    else if (typeof path === 'string') yield* listAt(type, path, value);
  }
}

/** What it lists is no value of an attribute. */
function isRemoval(operation: JsonObject): boolean {
  const op = field(operation, 'op');
  return typeof op === 'string' && op.toLowerCase() === 'remove';
}

function* listAt(type: ResourceType, name: string, elements: readonly JsonValue[]): Generator<List> {
  if (elements.length <= FEW_ELEMENTS) return;
  const attribute = findTarget(type, { name: name.slice(name.lastIndexOf(':') + 1) })?.attribute;
  if (attribute?.multiValued) yield { attribute, elements };
}
