import type { Attribute, Resource, ResourceType } from './schema/attribute.ts';
import { ID, META } from './schema/common.ts';
import { attributesOf } from './schema/find.ts';
import { isObject, type JsonObject, type JsonValue } from './value.ts';
import { valueKey } from './value-key.ts';

/**
 * A resource in the same shape with the key of each value in its place: what SQL filters on, and what `matches` compares.
 *
 *     {"userName":"BJensen","emails":[{"value":"B@X.com","primary":true}],"urn:…:User":{"department":"R&D"}}
 *     → {"userName":"bjensen","emails":[{"value":"b@x.com","primary":true}],"urn:…:User":{"department":"r&d"}}
 *
 * It holds `schemas`, `externalId` and the attributes of the type's schemas; not `id` and `meta` (columns), not what is
 * kept apart (`members`, `groups`: tables), and nothing that is never returned (a password must not become a key).
 */
export function indexShape(type: ResourceType, resource: Resource): JsonObject {
  const index = keysOf(attributesOf(type), resource);
  for (const { schema } of type.extensions) {
    const data = resource[schema.id];
    if (!isObject(data)) continue;
    const keys = keysOf(schema.attributes, data);
    if (hasAny(keys)) index[schema.id] = keys;
  }
  return index;
}

function keysOf(attributes: readonly Attribute[], holder: JsonObject): JsonObject {
  const keys: JsonObject = {};
  for (const attribute of attributes) {
    if (attribute === ID || attribute === META) continue;
    if (attribute.kept === 'apart' || attribute.returned === 'never') continue;
    const key = keyOf(attribute, holder[attribute.name]);
    if (key !== undefined) keys[attribute.name] = key;
  }
  return keys;
}

function keyOf(attribute: Attribute, value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (!attribute.multiValued) return keyOfOne(attribute, value);
  if (!Array.isArray(value)) return undefined;
  const keys: JsonValue[] = [];
  for (const element of value) {
    const key = keyOfOne(attribute, element);
    if (key !== undefined) keys.push(key);
  }
  return keys.length === 0 ? undefined : keys;
}

function keyOfOne(attribute: Attribute, value: JsonValue): JsonValue | undefined {
  if (attribute.type !== 'complex') return valueKey(attribute, value);
  if (!isObject(value)) return undefined;
  const keys = keysOf(attribute.subAttributes ?? [], value);
  return hasAny(keys) ? keys : undefined;
}

function hasAny(keys: JsonObject): boolean {
  for (const _ in keys) return true;
  return false;
}
