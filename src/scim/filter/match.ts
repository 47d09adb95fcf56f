import { compareText } from '../fold.ts';
import type { Attribute, Resource } from '../schema/attribute.ts';
import type { Target } from '../target.ts';
import { isObject, type JsonObject, type JsonValue } from '../value.ts';
import { type ValueKey, valueKey } from '../value-key.ts';
import type { Comparison, Filter } from './tree.ts';

/**
 * Whether a resource, as a reply shows it, is one that the filter asks for. The store's SQL must say the same.
 *
 * Truth has two values: a comparison with what is not there is false, and `not` turns that into true.
 *
 *     eq co sw ew gt ge lt le   some value of the attribute compares so; with none, false
 *     ne                        no value is equal: it is `not eq`, so what is missing matches (FIL-60)
 *     eq null, ne null          not present, present (FIL-61)
 *     pr                        some value that is neither null, "" nor an empty object (RFC 7644 table 3)
 *     co "", sw "", ew ""       every value there is, "" too (FIL-29)
 *     x[…]                      one element fulfils all that stands in the brackets
 *     primary eq false          also an element that does not say whether it is primary (RFC 7643 §2.4), in brackets
 *                               and dotted alike; `primary pr` does not
 *
 * What compares is `valueKey`: strings by code point, dates by instant, numbers as numbers. Another `keyOf` knows of some
 * values that they are keys already.
 */
export function matches(filter: Filter<Target>, resource: Resource, keyOf: KeyOf = valueKey): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => matches(term, resource, keyOf));
    case 'or':
      return filter.terms.some((term) => matches(term, resource, keyOf));
    case 'not':
      return !matches(filter.term, resource, keyOf);
    case 'present':
      return isPresent(filter.path, resource);
    case 'compare':
      return compare(filter, resource, keyOf);
    case 'elements':
      return valuesOf(filter.path, resource).some(
        (element) => isObject(element) && matches(filter.filter, element, keyOf),
      );
  }
}

type KeyOf = (attribute: Attribute, value: JsonValue | undefined) => ValueKey | undefined;

function isPresent(path: Target, resource: Resource): boolean {
  return valuesOf(path, resource).some(hasValue);
}

function compare({ path, operator, key }: Comparison<Target>, resource: Resource, keyOf: KeyOf): boolean {
  if (key === null || key === undefined) return isPresent(path, resource) === (operator === 'ne');
  const keys = keysOf(path, resource, keyOf);
  switch (operator) {
    case 'eq':
      return keys.includes(key);
    case 'ne':
      return !keys.includes(key);
    case 'co':
      return keys.some((own) => String(own).includes(String(key)));
    case 'sw':
      return keys.some((own) => String(own).startsWith(String(key)));
    case 'ew':
      return keys.some((own) => String(own).endsWith(String(key)));
    case 'gt':
      return keys.some((own) => order(own, key) > 0);
    case 'ge':
      return keys.some((own) => order(own, key) >= 0);
    case 'lt':
      return keys.some((own) => order(own, key) < 0);
    case 'le':
      return keys.some((own) => order(own, key) <= 0);
  }
}

/** Both are keys of one attribute, so of one type; booleans have no order and are refused before. */
function order(own: ValueKey, key: ValueKey): number {
  return typeof own === 'string' ? compareText(own, String(key)) : Number(own) - Number(key);
}

function keysOf(path: Target, resource: Resource, keyOf: KeyOf): readonly ValueKey[] {
  const attribute = path.sub ?? path.attribute;
  const keys: ValueKey[] = [];
  for (const value of valuesOf(path, resource)) {
    // RFC 7643 §2.4: `primary` is false for an element that does not say (SCH-21).
    const key = value === undefined && isPrimary(attribute) ? false : keyOf(attribute, value);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

/** Whether a missing value of this attribute counts as false: the one rule that SQL needs beside the index. */
export function isPrimary(attribute: Attribute): boolean {
  return attribute.type === 'boolean' && attribute.name === 'primary';
}

/** The values that a path leads to; undefined stands for what an object on the way does not have. */
function valuesOf({ extension, attribute, sub }: Target, resource: JsonObject): readonly (JsonValue | undefined)[] {
  const values = listOf(member(extension === undefined ? resource : resource[extension], attribute));
  return sub === undefined ? values : values.filter(isObject).flatMap((element) => listOf(member(element, sub)));
}

/** Inside brackets `holder` is an element, and at the top it is the resource or an extension's object. */
function member(holder: JsonValue | undefined, attribute: Attribute): JsonValue | undefined {
  return isObject(holder) ? (holder[attribute.name] ?? undefined) : undefined;
}

function listOf(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  return Array.isArray(value) ? value : [value];
}

function hasValue(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.some(hasValue);
  return typeof value === 'object' ? Object.values(value).some(hasValue) : true;
}
