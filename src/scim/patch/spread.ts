import { ScimError } from '../error.ts';
import { refuseUnknownKey } from '../read-resource.ts';
import { refuseDecimal, wrongType } from '../read-value.ts';
import type { PatchOperation, Tolerances } from '../request.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { findExtension, findTarget } from '../schema/find.ts';
import { isObject, type JsonObject } from '../value.ts';

export interface ValueOfMany {
  readonly op: 'add' | 'replace';
  readonly value: JsonObject;
  /** The extension whose attributes the value has; absent for the resource's own. */
  readonly urn?: string;
}

/**
 * A value of several attributes as one operation for each (RFC 7644 §3.5.2.1, §3.5.2.3):
 *
 *     {"op":"replace","value":{"id":"x","ACTIVE":false,"urn:…:enterprise:2.0:User":{"department":"y"}}}
 *     → replace active false, replace urn:…:enterprise:2.0:User:department "y"
 *
 * What a client cannot change, and what no schema knows, is ignored: providers repeat what they have read (quirk 7). So is
 * what they say of `schemas`; strictly it is checked, as under its own path (PAT-57).
 *
 * @throws ScimError invalidPath for a key that reaches for an object's prototype (T-PP-03)
 */
export function spread(type: ResourceType, given: ValueOfMany, tolerances: Tolerances): readonly PatchOperation[] {
  const { op, value, urn } = given;
  return Object.keys(value).flatMap((name) => {
    const path = urn === undefined ? { name } : { urn, name };
    const target = findTarget(type, path);
    if (target === undefined)
      return urn === undefined ? spreadExtension(type, { op, name, value }, tolerances) : unknown(name);
    const { attribute } = target;
    if (attribute.mutability === 'readOnly') return [];
    if (attribute.name === 'schemas' && urn === undefined && tolerances.unknownSchemas) return [];
    refuseDecimal(attribute, { holder: value, name, path: attribute.name });
    return [{ op, path: { kind: 'attribute', target }, value: value[name] ?? null } as const];
  });
}

function spreadExtension(
  type: ResourceType,
  { op, name, value }: { op: 'add' | 'replace'; name: string; value: JsonObject },
  tolerances: Tolerances,
): readonly PatchOperation[] {
  const extension = findExtension(type, name);
  if (extension === undefined) {
    refuseUnknownKey(type, name, tolerances);
    return unknown(name);
  }
  const data = value[name] ?? null;
  if (data === null) return op === 'add' ? [] : [{ op: 'remove', path: { kind: 'extension', urn: extension.id } }];
  if (!isObject(data)) throw wrongType(extension.id, data, 'an object');
  return spread(type, { op, value: data, urn: extension.id }, tolerances);
}

function unknown(name: string): readonly PatchOperation[] {
  // Looked for before the name is taken apart: a body may hold hundreds of thousands of names.
  if (REACHES.test(name) && name.split(/[^\w$-]+/).some((part) => FORBIDDEN.has(part))) {
    throw ScimError.invalidPath('A name in the value of an operation without a path is no attribute of any schema.');
  }
  return [];
}

const REACHES = /__proto__|constructor|prototype/;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
