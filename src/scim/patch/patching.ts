import { checkPresent } from '../canonical.ts';
import { sameValue } from '../equal.ts';
import { ScimError } from '../error.ts';
import { readValue } from '../read-value.ts';
import { immutable } from '../replace.ts';
import type { MemberEdit, Tolerances } from '../request.ts';
import type { Attribute, Resource, ResourceType } from '../schema/attribute.ts';
import type { Target } from '../target.ts';
import { isObject, type JsonObject, type JsonValue } from '../value.ts';
import { targetText } from './path-text.ts';

/** A PATCH half done. `resource` is a copy whose objects and arrays are replaced, never written into. */
export interface Patching {
  readonly type: ResourceType;
  readonly tolerances: Tolerances;
  readonly resource: Resource;
  readonly memberEdits: MemberEdit[];
  /** Attributes of which an element had something taken away, by their path: for `dropEmptied`. */
  readonly emptied: Map<string, Target>;
  /** How many more values may be looked at. */
  budget: number;
}

/** Some tenths of a second; fifty operations on a user with ten of everything need a hundredth of it. */
export const BUDGET = 100_000;

/** @throws ScimError 413 when the operations together look at too much: others wait for this one meanwhile */
export function spend(patching: Patching, values: number): void {
  patching.budget -= values;
  if (patching.budget >= 0) return;
  throw ScimError.tooLarge(
    'The operations choose too often among too many values. Send them in several requests, or replace the whole attribute.',
  );
}

/** What stands at the target's attribute (not its sub-attribute). */
export function held({ resource }: Patching, { extension, attribute }: Target): JsonValue | undefined {
  if (extension === undefined) return resource[attribute.name];
  const data = resource[extension];
  return isObject(data) ? data[attribute.name] : undefined;
}

/**
 * Gives the target's attribute a value that has been read; undefined unassigns it.
 *
 * @throws ScimError mutability: a required attribute without a value (RFC 7644 §3.5.2.2), an immutable one with another
 */
export function assign(patching: Patching, target: Target, value: JsonValue | undefined): void {
  const { attribute, extension } = target;
  const was = held(patching, target);
  checkAssignable(attribute, { was, is: value, path: targetText(target) });
  if (extension === undefined) put(patching.resource, attribute.name, value);
  else {
    const data = patching.resource[extension];
    const copy: JsonObject = isObject(data) ? { ...data } : {};
    put(copy, attribute.name, value);
    patching.resource[extension] = copy;
  }
}

function checkAssignable(
  attribute: Attribute,
  { was, is, path }: { was: JsonValue | undefined; is: JsonValue | undefined; path: string },
): void {
  if (attribute.required) {
    if (is === undefined) throw ScimError.mutability(`${path} is required, so it cannot be removed.`);
    checkPresent(attribute, is, path);
  }
  if (was === undefined) return;
  if (attribute.mutability === 'immutable' && !sameValue(was, is)) throw immutable(path);
  if (is === undefined) refuseUnsetting(attribute, was, path);
}

/** @throws ScimError mutability when the value, or a part of it, cannot be taken away once it is there */
export function refuseUnsetting({ mutability, subAttributes = [] }: Attribute, was: JsonValue, path: string): void {
  if (mutability === 'immutable') throw immutable(path);
  // Elements of many come and go whole, as members do.
  if (!isObject(was)) return;
  const fixed = subAttributes.find((sub) => sub.mutability === 'immutable' && was[sub.name] !== undefined);
  if (fixed !== undefined) throw immutable(`${path}.${fixed.name}`);
}

function put(holder: JsonObject, name: string, value: JsonValue | undefined): void {
  if (value === undefined) delete holder[name];
  else holder[name] = value;
}

/** Gives a sub-attribute of a singular attribute a client's value; null unassigns it, and the last one its attribute. */
export function assignSub(
  patching: Patching,
  { target, sub, value }: { target: Target; sub: Attribute; value: JsonValue },
): void {
  const { attribute, extension } = target;
  const parent: Target = extension === undefined ? { attribute } : { extension, attribute };
  const was = held(patching, parent);
  const path = targetText({ ...parent, sub });
  const is = withSub(isObject(was) ? was : {}, sub, { value, path, tolerances: patching.tolerances });
  assign(patching, parent, Object.keys(is).length === 0 ? undefined : is);
}

/** The same object with a sub-attribute read and set; null unassigns it. */
export function withSub(
  holder: JsonObject,
  sub: Attribute,
  { value, path, tolerances }: { value: JsonValue; path: string; tolerances: Tolerances },
): JsonObject {
  const is = readValue(sub, value, { path, tolerances });
  checkAssignable(sub, { was: holder[sub.name], is, path });
  const copy = { ...holder };
  put(copy, sub.name, is);
  return copy;
}
