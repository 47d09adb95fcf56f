import { sameValue } from './equal.ts';
import { ScimError } from './error.ts';
import { checkName } from './fold.ts';
import type { Attribute, Resource, ResourceType } from './schema/attribute.ts';
import { dataOf } from './schema/find.ts';
import { isObject, type JsonObject, type JsonValue } from './value.ts';

/**
 * The same resource in the order of its schemas, so that what is equal is written equally, with the `schemas` that its
 * data has (RFC 7643 §3.3): an extension's URN is listed when, and only when, there is data of it.
 *
 *     {"schemas":["urn:…:User","urn:…:enterprise:2.0:User"],"id":"2819…","externalId":"00u…","userName":"bjensen", …,
 *      "urn:…:enterprise:2.0:User":{"department":"x"},"meta":{…}}
 *
 * What is kept apart is not in it.
 */
export function canonical(type: ResourceType, resource: Resource): Resource {
  const urns: string[] = [type.schema.id];
  const result: Resource = { schemas: urns };
  copyInOrder(dataOf(type), resource, result);
  for (const { schema } of type.extensions) {
    const data = resource[schema.id];
    if (!isObject(data)) continue;
    const ordered: JsonObject = {};
    copyInOrder(schema.attributes, data, ordered);
    if (Object.keys(ordered).length === 0) continue;
    urns.push(schema.id);
    result[schema.id] = ordered;
  }
  if (resource.meta !== undefined) result.meta = resource.meta;
  return result;
}

function copyInOrder(attributes: readonly Attribute[], from: JsonObject, to: JsonObject): void {
  for (const attribute of attributes) {
    const value = from[attribute.name];
    if (value !== undefined) to[attribute.name] = inOrder(attribute, value);
  }
}

function inOrder(attribute: Attribute, value: JsonValue): JsonValue {
  if (attribute.subAttributes === undefined) return value;
  if (Array.isArray(value)) return value.map((element) => inOrder(attribute, element));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  copyInOrder(attribute.subAttributes, value, result);
  return result;
}

/**
 * Whether all that the type's own schema requires is there (RFC 7643 §7): attributes, and sub-attributes of what is
 * there. A required text that names the resource must be fit to be a name.
 *
 * @throws ScimError invalidValue
 */
export function checkRequired(type: ResourceType, resource: Resource): void {
  checkAttributes(dataOf(type), { holder: resource, before: undefined, prefix: '' });
}

/**
 * The same of extensions, and whether the required ones are there. An operator may come to require what resources were
 * stored without: what is missing as it was missing `before` is not held against a change of something else. Nobody's
 * access stays open for a cost center that is not there.
 *
 * @throws ScimError invalidValue
 */
export function checkRequiredOfExtensions(type: ResourceType, resource: Resource, before: Resource | undefined): void {
  for (const { schema, required } of type.extensions) {
    const holder = resource[schema.id];
    const was = before?.[schema.id];
    if (isObject(holder)) {
      const held = isObject(was) ? was : undefined;
      checkAttributes(schema.attributes, { holder, before: held, prefix: `${schema.id}:` });
    } else if (required && (before === undefined || isObject(was))) throw missing(schema.id);
  }
}

interface Checking {
  readonly holder: JsonObject;
  /** What was there; absent when all of it is new. */
  readonly before: JsonObject | undefined;
  readonly prefix: string;
}

function checkAttributes(attributes: readonly Attribute[], { holder, before, prefix }: Checking): void {
  for (const attribute of attributes) {
    const value = holder[attribute.name];
    if (before !== undefined && sameValue(value, before[attribute.name])) continue;
    const path = `${prefix}${attribute.name}`;
    if (attribute.required && attribute.mutability !== 'readOnly') checkPresent(attribute, value, path);
    if (attribute.subAttributes === undefined || value === undefined) continue;
    const required = attribute.subAttributes.filter((sub) => sub.required && sub.mutability !== 'readOnly');
    if (required.length === 0) continue;
    for (const element of Array.isArray(value) ? value : [value]) {
      if (isObject(element)) for (const sub of required) checkPresent(sub, element[sub.name], `${path}.${sub.name}`);
    }
  }
}

/** @throws ScimError invalidValue when there is nothing, or a text that is no name */
export function checkPresent(attribute: Attribute, value: JsonValue | undefined, path: string): void {
  if (value === undefined) throw missing(path);
  if (attribute.type !== 'string' || typeof value !== 'string') return;
  const problem = checkName(value);
  if (problem !== undefined) throw ScimError.invalidValue(`${path} ${problem}.`);
}

function missing(path: string): ScimError {
  return ScimError.invalidValue(`${path} is required, but it is missing or empty.`);
}
