import { field, type JsonValue } from '../scim/index.ts';

/** One element of a PATCH body's `Operations`, its names read in any case: what the rewrites look at and give back. */
export interface Operation {
  readonly op: Op;
  readonly path?: string;
  readonly value?: JsonValue;
}

type Op = 'add' | 'remove' | 'replace';

/** Changes nothing. A message of no operations at all would be none. */
export const NOTHING: Operation = { op: 'replace', value: {} };

/**
 *     {"Op":"Replace","path":"active","value":"False"} → {op:'replace', path:'active', value:'False'}
 *
 * Undefined for what is no operation: the engine says what is wrong with it. Members that RFC 7644 does not know
 * (Microsoft's Postman collection sends a `name`) are left out.
 */
export function readOperation(json: JsonValue): Operation | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const op = readOp(field(json, 'op'));
  // A path that is null is a path that is not there (quirk 28).
  const path = field(json, 'path') ?? undefined;
  const value = field(json, 'value');
  if (op === undefined || (path !== undefined && typeof path !== 'string')) return undefined;
  if (path === undefined) return value === undefined ? { op } : { op, value };
  return value === undefined ? { op, path } : { op, path, value };
}

function readOp(given: JsonValue | undefined): Op | undefined {
  const op = typeof given === 'string' ? given.toLowerCase() : undefined;
  return op === 'add' || op === 'remove' || op === 'replace' ? op : undefined;
}
