import type { JsonObject, JsonValue } from '../scim/index.ts';

/** One element of a PATCH body's `Operations`, its names read in any case: what the rewrites look at and give back. */
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path?: string;
  readonly value?: JsonValue;
}

/**
 *     {"Op":"Replace","path":"active","value":"False"} → {op:'replace', path:'active', value:'False'}
 *
 * Undefined for what is no operation: the engine says what is wrong with it. Members that RFC 7644 does not know
 * (Microsoft's Postman collection sends a `name`) are left out.
 */
export function readOperation(json: JsonValue): Operation | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const op = OPS.get(String(member(json, 'op')).toLowerCase());
  const path = member(json, 'path');
  const value = member(json, 'value');
  // A path that is null is a path that is not there (quirk 28).
  if (op === undefined || (typeof path !== 'string' && path !== undefined && path !== null)) return undefined;
  return {
    op,
    ...(typeof path === 'string' ? { path } : {}),
    ...(value === undefined ? {} : { value }),
  };
}

/** The member of this lower-case name, in any case; the exact spelling first. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  for (const key in object) if (key.length === name.length && key.toLowerCase() === name) return object[key];
  return undefined;
}

const OPS: ReadonlyMap<string, Operation['op']> = new Map([
  ['add', 'add'],
  ['remove', 'remove'],
  ['replace', 'replace'],
]);
