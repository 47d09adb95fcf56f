import { isObject, type JsonObject, type JsonValue } from '../value.ts';

/**
 * The bulkIds that a value refers to (RFC 7644 §3.7.2): text that is `bulkId:` and an id of the same request, wherever it
 * stands, and such text in quotes in the path of a PATCH operation.
 *
 *     {"members":[{"value":"bulkId:qwerty"}]} · {"op":"remove","path":"members[value eq \"bulkId:qwerty\"]"}  → qwerty
 */
export function bulkIdsIn(value: JsonValue): ReadonlySet<string> {
  const found = new Set<string>();
  visit(value, (text, name) => {
    noteBulkIds(found, text, name);
    return text;
  });
  return found;
}

/** What the data of an operation refers to. */
export interface References {
  readonly bulkIds: ReadonlySet<string>;
  /** Of the ids that were looked for, those that stand in it as a text of their own. */
  readonly ids: ReadonlySet<string>;
}

/** The same, and ids, in steps: a bulk may have a hundred thousand texts. */
export function* referencesIn(value: JsonValue, wanted: { has(id: string): boolean }): Generator<void, References> {
  const bulkIds = new Set<string>();
  const ids = new Set<string>();
  const open: [value: JsonValue, name: string][] = [[value, '']];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, name] = next;
    if (typeof at === 'string') {
      noteBulkIds(bulkIds, at, name);
      if (wanted.has(at)) ids.add(at);
    } else if (Array.isArray(at)) for (const inner of at.toReversed()) open.push([inner, name]);
    else if (at !== null && typeof at === 'object') {
      for (const key of Object.keys(at).toReversed()) open.push([at[key] ?? null, key.toLowerCase()]);
    }
    if (++seen % IN_A_STEP === 0) yield;
  }
  return { bulkIds, ids };
}

const IN_A_STEP = 5000;

function noteBulkIds(found: Set<string>, text: string, name: string): void {
  const id = bulkIdOf(text);
  if (id !== undefined) found.add(id);
  else if (name === 'path') for (const [, quoted] of text.matchAll(QUOTED)) found.add(quoted ?? '');
}

/** The id after `bulkId:`, of a value or of a path's segment. */
export function bulkIdOf(text: string): string | undefined {
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined;
}

/**
 * Puts resources' ids in the place of bulkIds, in the value itself: it was parsed for this request alone, and `parseJson`
 * knows its objects (and how their numbers were written) by who they are. What comes back puts the bulkIds in again.
 */
export function replaceBulkIds(value: JsonValue, ids: ReadonlyMap<string, string>): () => void {
  return visit(value, (text, name) => {
    const id = bulkIdOf(text);
    if (id !== undefined) return ids.get(id) ?? text;
    if (name !== 'path') return text;
    return text.replaceAll(QUOTED, (quoted, one: string) => (ids.has(one) ? `"${ids.get(one)}"` : quoted));
  });
}

const PREFIX = 'bulkId:';
const QUOTED = /"bulkId:([^"\\]*)"/g;

/**
 * Gives each text, with the name that it stands under, to `change`, and keeps what comes back. Depth is `parseJson`'s.
 * Gives a function that undoes it.
 */
function visit(value: JsonValue, change: (text: string, name: string) => string): () => void {
  const before: [holder: JsonValue[] | JsonObject, key: string, text: string][] = [];
  look(value, '');
  return () => {
    for (const [holder, key, text] of before) (holder as JsonObject)[key] = text;
  };

  function look(at: JsonValue, name: string): void {
    if (typeof at !== 'object' || at === null) return;
    const isList = Array.isArray(at);
    for (const key of Object.keys(at)) {
      const inner = (at as JsonObject)[key] ?? null;
      const own = isList ? name : key.toLowerCase();
      if (typeof inner !== 'string') look(inner, own);
      else put(at, key, { text: inner, changed: change(inner, own) });
    }
  }

  function put(holder: JsonValue[] | JsonObject, key: string, { text, changed }: Record<'text' | 'changed', string>) {
    if (changed === text) return;
    before.push([holder, key, text]);
    // The key stands in it already, so that no name of a client's makes anything new.
    (holder as JsonObject)[key] = changed;
  }
}

/**
 * A copy without what refers to one of these bulkIds: an element of a list, or an attribute, goes whole. Two groups that
 * have each other as members are created so, and linked afterwards.
 *
 *     {"displayName":"a","members":[{"value":"bulkId:b"},{"value":"2819"}]}  →  {"displayName":"a","members":[{"value":"2819"}]}
 */
export function withoutBulkIds(value: JsonObject, ids: ReadonlySet<string>): JsonObject {
  const kept: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    if (Array.isArray(inner)) kept[name] = inner.filter((element) => !refersTo(element, ids));
    else if (name.includes(':') && isObject(inner)) kept[name] = withoutBulkIds(inner, ids);
    else if (!refersTo(inner, ids)) kept[name] = inner;
  }
  return kept;
}

function refersTo(value: JsonValue, ids: ReadonlySet<string>): boolean {
  for (const id of bulkIdsIn(typeof value === 'string' ? [value] : value)) if (ids.has(id)) return true;
  return false;
}
