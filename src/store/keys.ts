import { isObject, type JsonObject, type JsonValue, type ResourceType } from '../scim/index.ts';
import { KEYED, keyNameOf, keyText } from './columns.ts';

/** A row of `keys`, of one record. */
export interface Key {
  readonly name: string;
  readonly value: string;
}

/**
 * The rows of `keys` that a record has, each once: of `emails.value`, and of each attribute that is declared indexed.
 * `shape` may be part of one: attributes as `indexShape` has them.
 */
export function keysOf(type: ResourceType, shape: JsonObject): readonly Key[] {
  const keys = emailsIn(shape);
  for (const { name, extension, attribute } of keyedOf(type)) {
    const data = shape[extension];
    if (isObject(data)) keys.push(...keysAt(name, data[attribute]));
  }
  return keys;
}

/** Whether something of this, by its names at the top of a resource, is in `keys`. */
export function hasKeys(type: ResourceType, difference: JsonObject): boolean {
  if (Object.hasOwn(difference, KEYED.attribute)) return true;
  return keyedOf(type).some(({ extension }) => Object.hasOwn(difference, extension));
}

/** All rows that a record may have, though it was stored when other attributes were indexed than are now. */
export function anyKeysOf(shape: JsonObject): readonly Key[] {
  const keys = emailsIn(shape);
  for (const urn in shape) {
    const data = shape[urn];
    if (!urn.includes(':') || !isObject(data)) continue;
    for (const attribute in data) keys.push(...keysAt(`${urn}:${attribute}`.toLowerCase(), data[attribute]));
  }
  return keys;
}

/** What of the first is not in the second. */
export function keysWithout(keys: readonly Key[], others: readonly Key[]): readonly Key[] {
  if (keys.length === 0 || others.length === 0) return keys;
  const known = new Set(others.map(({ name, value }) => `${name} ${value}`));
  return keys.filter(({ name, value }) => !known.has(`${name} ${value}`));
}

/** An attribute that is declared indexed: its name in `keys`, and where its values stand in a shape. */
export interface Keyed {
  readonly name: string;
  readonly extension: string;
  readonly attribute: string;
}

export function keyedOf(type: ResourceType): readonly Keyed[] {
  let keyed = keyedByType.get(type);
  if (keyed === undefined) {
    keyed = type.extensions.flatMap(({ schema: { id: extension, attributes } }) =>
      attributes.flatMap((attribute) => {
        const name = keyNameOf({ extension, attribute });
        return name === undefined ? [] : [{ name, extension, attribute: attribute.name }];
      }),
    );
    keyedByType.set(type, keyed);
  }
  return keyed;
}

const keyedByType = new WeakMap<ResourceType, readonly Keyed[]>();

function emailsIn(shape: JsonObject): Key[] {
  const elements = shape[KEYED.attribute];
  if (!Array.isArray(elements)) return [];
  const values = new Set<string>();
  for (const element of elements) {
    const value = isObject(element) ? element[KEYED.sub] : undefined;
    if (typeof value === 'string') values.add(value);
  }
  return Array.from(values, (value) => ({ name: KEYED.name, value }));
}

/** Of a single value, or of many simple ones. */
function keysAt(name: string, value: JsonValue | undefined): readonly Key[] {
  const values = Array.isArray(value) ? value : [value];
  const texts = values.flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [keyText(one)] : []));
  return Array.from(new Set(texts), (text) => ({ name, value: text }));
}
