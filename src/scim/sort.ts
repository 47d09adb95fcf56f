import { ScimError } from './error.ts';
import { printAttributePath, readAttributePath } from './filter/attribute-path.ts';
import { compareText } from './fold.ts';
import type { Resource, ResourceType } from './schema/attribute.ts';
import { findSubAttribute, findTarget } from './schema/find.ts';
import { shorten } from './shorten.ts';
import type { Target } from './target.ts';
import { isObject, type JsonValue } from './value.ts';
import { type ValueKey, valueKey } from './value-key.ts';

/**
 * What a type's resources are sorted by (RFC 7644 §3.4.2.3), any RFC path in any case:
 *
 *     userName · name.familyName · emails.value · emails (its `value`) · meta.created · urn:…:enterprise:2.0:User:department
 *
 * undefined when the type does not have the attribute: at the root its resources then count as having no value.
 *
 * @throws ScimError invalidValue for what is no path, for an attribute without an order (complex, kept apart from the
 *   resource) and for one that is never returned: an order would tell its values
 */
export function readSortBy(type: ResourceType, text: string): Target | undefined {
  const path = readAttributePath(text);
  if (path === undefined) {
    throw ScimError.invalidValue(
      `sortBy: "${shorten(text)}" is not an attribute path; one such as userName or name.familyName was expected.`,
    );
  }
  const found = findTarget(type, path);
  if (found === undefined) return undefined;
  const target = withValue(found);
  const { attribute, sub } = target;
  const last = sub ?? attribute;
  if (last.type === 'complex' || attribute.kept === 'apart') {
    throw ScimError.invalidValue(
      `sortBy: ${printAttributePath(path)} has no order of its own. Sort by a single value, such as userName or name.familyName.`,
    );
  }
  if (attribute.returned === 'never' || last.returned === 'never') {
    throw ScimError.invalidValue(
      `sortBy: ${printAttributePath(path)} is never returned, so nothing is sorted by it. Sort by another attribute.`,
    );
  }
  return target;
}

/** As in a filter: `emails` alone stands for `emails.value`. */
function withValue(target: Target): Target {
  const { attribute, sub } = target;
  if (sub !== undefined || attribute.type !== 'complex' || !attribute.multiValued) return target;
  const value = findSubAttribute(attribute, 'value');
  return value === undefined ? target : { ...target, sub: value };
}

/** The key that a resource is sorted by: of several values the primary one's, else the first one's. */
export function sortKey(target: Target, resource: Resource): ValueKey | undefined {
  const { extension, attribute, sub } = target;
  const holder = extension === undefined ? resource : resource[extension];
  const value = isObject(holder) ? holder[attribute.name] : undefined;
  const one = Array.isArray(value) ? chosen(value) : value;
  if (sub === undefined) return cut(valueKey(attribute, one));
  const part = isObject(one) ? one[sub.name] : undefined;
  return cut(valueKey(sub, Array.isArray(part) ? part[0] : part));
}

/**
 * In code points. What differs only beyond is equal to a sort: a name is never longer, and a place in a sorted list
 * travels in URLs.
 */
export const SORTED_CHARACTERS = 1024;

function cut(key: ValueKey | undefined): ValueKey | undefined {
  if (typeof key !== 'string' || key.length <= SORTED_CHARACTERS) return key;
  return [...key.slice(0, 2 * SORTED_CHARACTERS)].slice(0, SORTED_CHARACTERS).join('');
}

function chosen(elements: readonly JsonValue[]): JsonValue | undefined {
  return elements.find((element) => isObject(element) && element.primary === true) ?? elements[0];
}

/**
 * The ascending order of keys; descending is its reverse. What is missing comes last (RFC 7644 §3.4.2.3). Text by code
 * point, so that no locale and no database has a say.
 */
export function compareSortKeys(a: ValueKey | undefined, b: ValueKey | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return typeof a === 'string' ? compareText(a, String(b)) : Number(a) - Number(b);
}
