import {
  isBaseSchema,
  isObject,
  type JsonObject,
  type JsonValue,
  type ResourceType,
  writtenAsDecimal,
} from '../scim/index.ts';
import type { Operation } from './operation.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"replace","value":{"title":"VP","urn:ietf:params:scim:schemas:core:2.0:User":{"active":false}}}
 *   → {"op":"replace","value":{"title":"VP"}}
 *     {"op":"replace","value":{"active":false}}
 *
 *     {"userName":"bjensen","urn:ietf:params:scim:schemas:core:2.0:User":{"title":"VP"}}
 *   → {"userName":"bjensen","title":"VP"}
 *
 * In a resource only names that do not stand at the top as well, and no further URNs: of two titles nobody can say which,
 * and the engine refuses them.
 */
export const baseSchemaAsKey: Rewrite = {
  name: 'base-schema-as-key',
  quirks: [],
  sentBy:
    'no provider that we know of; it is easily written by who treats the base schema as an extension (RFC 7643 §3.3)',
  operation: (operation, type) => spreadOut(type, operation),
  resource: (body, type) => {
    const found = baseIn(type, body);
    if (found === undefined) return body;
    const { key, inner } = found;
    const taken = new Set(Object.keys(body).map((name) => name.toLowerCase()));
    const fits = (name: string) =>
      !taken.has(name.toLowerCase()) && !name.includes(':') && !writtenAsDecimal(inner, name);
    if (!Object.keys(inner).every(fits)) return body;
    return Object.fromEntries([...without(body, key), ...Object.entries(inner)]);
  },
};

/** However often the URN stands inside itself: JSON has been read to a depth that is bounded. */
function spreadOut(type: ResourceType, operation: Operation): readonly Operation[] | undefined {
  const { op, path, value } = operation;
  if (path !== undefined || op === 'remove') return undefined;
  const found = baseIn(type, value);
  if (found === undefined) return undefined;
  const rest = without(value as JsonObject, found.key);
  const inner: Operation = { op, value: found.inner };
  return [
    ...(rest.length === 0 ? [] : [{ op, value: Object.fromEntries(rest) }]),
    ...(spreadOut(type, inner) ?? [inner]),
  ];
}

function baseIn(type: ResourceType, value: JsonValue | undefined): { key: string; inner: JsonObject } | undefined {
  if (!isObject(value)) return undefined;
  for (const key in value) {
    const inner = value[key];
    if (isBaseSchema(type, key) && isObject(inner)) return { key, inner };
  }
  return undefined;
}

/** `Object.fromEntries` defines own properties: a key can name no setter. */
function without(object: JsonObject, left: string): [string, JsonValue][] {
  return Object.entries(object).filter(([key]) => key !== left);
}
