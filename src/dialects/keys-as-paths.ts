import { findTarget, type JsonObject, type ParsedPath, parsePath, type ResourceType } from '../scim/index.ts';
import type { Operation } from './operation.ts';

/**
 * An operation without a path whose value has keys that are really paths, as one operation for what is left and one for
 * each such key, in their order; undefined when it has none.
 *
 * The key becomes the text of a path and nothing else: no object is ever walked by its pieces (CVE-2026-48170). A key
 * that names no attribute stays where it is: the engine ignores what no schema knows, so that one attribute too many
 * does not keep a person from being disabled, and refuses what reaches for a prototype (`"__proto__.x"`).
 */
export function keysAsPaths(
  type: ResourceType,
  operation: Operation,
  isPath: (key: string) => boolean,
): readonly Operation[] | undefined {
  const { op, path, value } = operation;
  if (path !== undefined || op === 'remove') return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = pathsIn(type, value, isPath);
  if (keys === undefined) return undefined;
  const entries = Object.entries(value);
  const rest = entries.filter(([key]) => !keys.has(key));
  return [
    // `Object.fromEntries` defines own properties: a key can name no setter.
    ...(rest.length === 0 ? [] : [{ op, value: Object.fromEntries(rest) }]),
    ...entries.filter(([key]) => keys.has(key)).map(([key, at]) => ({ op, path: key, value: at })),
  ];
}

/** Allocates nothing for the usual operation, which has none. */
function pathsIn(type: ResourceType, value: JsonObject, isPath: (key: string) => boolean): Set<string> | undefined {
  let keys: Set<string> | undefined;
  let count = 0;
  for (const key in value) {
    if (++count > MAX_KEYS) return undefined;
    if (!isPath(key) || !namesAttribute(type, key)) continue;
    keys ??= new Set();
    keys.add(key);
  }
  return keys;
}

function namesAttribute(type: ResourceType, key: string): boolean {
  let parsed: ParsedPath;
  try {
    parsed = parsePath(key, { unquotedValues: true });
  } catch {
    return false;
  }
  return parsed.path !== undefined && findTarget(type, parsed.path) !== undefined;
}

/** Ten times as many as a user has attributes: of an object with more, nothing is taken for paths. */
const MAX_KEYS = 1000;
