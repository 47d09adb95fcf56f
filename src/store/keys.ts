import { isObject, type JsonObject, type JsonValue, type ResourceType, type Schema } from '../scim/index.ts';
import { KEYED, keyNameOf, keyNameOfElements, keyText } from './columns.ts';

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
  const keys = elementKeys(shape, KEYED.attribute);
  for (const { name, extension, attribute } of keyedOf(type)) {
    if (extension === undefined) {
      keys.push(...elementKeys(shape, attribute));
      continue;
    }
    const data = shape[extension];
    if (isObject(data)) keys.push(...keysAt(name, data[attribute]));
  }
  return keys;
}

/** Whether something of this, by its names at the top of a resource, is in `keys`. */
export function hasKeys(type: ResourceType, difference: JsonObject): boolean {
  if (Object.hasOwn(difference, KEYED.attribute)) return true;
  return keyedOf(type).some(({ extension, attribute }) => Object.hasOwn(difference, extension ?? attribute));
}

/** All rows that a record may have, though it was stored when other attributes were indexed than are now. */
export function anyKeysOf(shape: JsonObject): readonly Key[] {
  const keys: Key[] = [];
  for (const name in shape) {
    const data = shape[name];
    if (Array.isArray(data)) keys.push(...elementKeys(shape, name));
    if (!name.includes(':') || !isObject(data)) continue;
    for (const attribute in data) keys.push(...keysAt(`${name}:${attribute}`.toLowerCase(), data[attribute]));
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
  /** Undefined for one of the type's own, whose elements are found by their `value`. */
  readonly extension: string | undefined;
  readonly attribute: string;
}

export function keyedOf(type: ResourceType): readonly Keyed[] {
  let keyed = keyedByType.get(type);
  if (keyed === undefined) {
    keyed = [...keyedElements(type), ...type.extensions.flatMap(({ schema }) => keyedIn(schema))];
    keyedByType.set(type, keyed);
  }
  return keyed;
}

function keyedElements({ schema }: ResourceType): readonly Keyed[] {
  return schema.attributes.flatMap((attribute) => {
    const sub = attribute.subAttributes?.find(({ name }) => name === KEYED.sub);
    const name = sub === undefined ? undefined : keyNameOf({ attribute, sub });
    const isAlways = attribute.name === KEYED.attribute;
    return name === undefined || isAlways ? [] : [{ name, extension: undefined, attribute: attribute.name }];
  });
}

function keyedIn({ id: extension, attributes }: Schema): readonly Keyed[] {
  return attributes.flatMap((attribute) => {
    const name = keyNameOf({ extension, attribute });
    return name === undefined ? [] : [{ name, extension, attribute: attribute.name }];
  });
}

const keyedByType = new WeakMap<ResourceType, readonly Keyed[]>();

function elementKeys(shape: JsonObject, attribute: string): Key[] {
  const elements = shape[attribute];
  if (!Array.isArray(elements)) return [];
  const values = new Set<string>();
  for (const element of elements) {
    const value = isObject(element) ? element[KEYED.sub] : undefined;
    if (typeof value === 'string') values.add(value);
  }
  const name = keyNameOfElements(attribute);
  return Array.from(values, (value) => ({ name, value }));
}

/** Of a single value, or of many simple ones. */
function keysAt(name: string, value: JsonValue | undefined): readonly Key[] {
  const values = Array.isArray(value) ? value : [value];
  const texts = values.flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [keyText(one)] : []));
  return Array.from(new Set(texts), (text) => ({ name, value: text }));
}
