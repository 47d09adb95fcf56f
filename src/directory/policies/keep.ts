import {
  canonical,
  isObject,
  type JsonObject,
  type JsonValue,
  type Resource,
  type ResourceType,
  sameValue,
} from '../../scim/index.ts';
import type { KeptAttribute } from '../policy.ts';
import { keepElements } from './keep-elements.ts';
import { type Kept, keptTree } from './kept-tree.ts';
import type { Taken } from './updates.ts';

/**
 * `keep`: of what was asked, only the attributes that are kept; all others stay as they were, so that what the
 * application's own import stored is not wiped by a provider's PUT, which does not know it:
 *
 *     keep name.givenName, emails[type eq "work"]
 *     was   {"userName":"b","title":"Guide","emails":[{"value":"h@example.com","type":"home"}]}
 *     asked {"userName":"b","nickName":"Babs","emails":[{"value":"w@example.com","type":"work"}]}
 *     →     {"userName":"b","title":"Guide","emails":[{…"work"},{…"home"}]}, ignored: nickName
 */
export function keepOf(
  { type, keep }: { type: ResourceType; keep: readonly KeptAttribute[] },
  { before, asked }: { before: Resource | undefined; asked: Resource },
): Taken {
  const { parts } = keptTree(type, keep);
  const merged = merge(before ?? {}, asked, parts);
  if (before !== undefined) dropStaleFormatted(merged, before, parts.get('name'));
  const after = canonical(type, merged);
  return { after, ignored: ignoredIn(asked, after) };
}

/**
 * What a PUT is compared with: a value that only the application gives is not in the way of a provider, who sends another
 * for nothing, though it be immutable.
 */
export function onlyKept(type: ResourceType, keep: readonly KeptAttribute[], resource: Resource): Resource {
  return merge({}, resource, keptTree(type, keep).parts);
}

function merge(was: JsonObject, is: JsonObject, kept: ReadonlyMap<string, Kept>): JsonObject {
  const result: JsonObject = {};
  for (const name of new Set([...Object.keys(is), ...Object.keys(was)])) {
    const value = keepValue(was[name], is[name], kept.get(name));
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function keepValue(
  was: JsonValue | undefined,
  is: JsonValue | undefined,
  kept: Kept | undefined,
): JsonValue | undefined {
  if (kept === undefined) return was;
  if (kept.whole) return is;
  if (Array.isArray(was ?? is)) {
    const elements = keepElements(asElements(was), asElements(is), kept);
    return elements.length === 0 ? undefined : elements;
  }
  const merged = merge(isObject(was) ? was : {}, isObject(is) ? is : {}, kept.parts);
  return Object.keys(merged).length === 0 ? undefined : merged;
}

function asElements(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

/** The full name that the application stored is not that of somebody who is called otherwise now. */
function dropStaleFormatted(merged: JsonObject, before: Resource, kept: Kept | undefined): void {
  const { name } = merged;
  const was = before.name;
  if (!isObject(name) || !isObject(was) || kept === undefined || kept.whole || kept.parts.has('formatted')) return;
  if (name.givenName === was.givenName && name.familyName === was.familyName) return;
  const { formatted: _, ...rest } = name;
  merged.name = rest;
}

/** What was asked for and is not so, by the schemas' names: a value is nobody's to read here. */
function ignoredIn(asked: Resource, after: Resource): readonly string[] {
  return Object.keys(asked).flatMap((name) => {
    const value = asked[name];
    if (NOT_ASKED.has(name) || isTaken(value, after[name])) return [];
    if (!isObject(value)) return [name];
    const stands = after[name];
    const held = isObject(stands) ? stands : {};
    const parts = Object.keys(value).filter((part) => !sameValue(value[part], held[part]));
    return parts.map((part) => `${name}${name.includes(':') ? ':' : '.'}${part}`);
  });
}

/** Which one is the primary one may be said in its place. */
function isTaken(asked: JsonValue | undefined, stands: JsonValue | undefined): boolean {
  if (sameValue(asked, stands)) return true;
  const [all, now] = [asElements(asked), asElements(stands)];
  return all.length > 0 && sameValue(all.map(withoutPrimary), now.map(withoutPrimary));
}

function withoutPrimary(element: JsonObject): JsonObject {
  const { primary: _, ...rest } = isObject(element) ? element : { value: element };
  return rest;
}

const NOT_ASKED: ReadonlySet<string> = new Set(['schemas', 'id', 'meta']);
