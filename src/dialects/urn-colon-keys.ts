import { findTarget, type JsonObject, type ResourceType, type Target, writtenAsDecimal } from '../scim/index.ts';
import { knownUrn } from './known-urn.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"userName":"bjensen","urn:ietf:params:scim:schemas:core:2.0:User:title":"VP",
 *      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"Tours"}
 *   → {"userName":"bjensen","title":"VP",
 *      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Tours"}}
 *
 * What would come twice stays where it is, for the engine to refuse.
 */
export const urnColonKeys: Rewrite = {
  name: 'urn-colon-keys',
  quirks: [],
  sentBy: 'no provider that we know of; it is easily written by who names in a body as in a path (RFC 7644 §3.10)',
  resource: (body, type) => {
    let copy: JsonObject | undefined;
    for (const key in body) {
      const target = named(type, key);
      if (target === undefined || writtenAsDecimal(body, key)) continue;
      const placed = place(copy ?? body, key, target);
      copy = placed ?? copy;
    }
    return copy ?? body;
  },
};

/** An attribute by its whole name; none of its sub-attributes. */
function named(type: ResourceType, key: string): Target | undefined {
  const urn = knownUrn(type, key);
  return urn === undefined ? undefined : findTarget(type, { urn, name: key.slice(urn.length + 1) });
}

/** The names that are written to are the schema's own. */
function place(body: JsonObject, key: string, { extension, attribute }: Target): JsonObject | undefined {
  const { [key]: value = null, ...rest } = body;
  if (extension === undefined) {
    return keyIn(rest, attribute.name) === undefined ? { ...rest, [attribute.name]: value } : undefined;
  }
  const at = keyIn(rest, extension) ?? extension;
  const data = rest[at] ?? {};
  if (typeof data !== 'object' || Array.isArray(data) || keyIn(data, attribute.name) !== undefined) return undefined;
  return { ...rest, [at]: { ...data, [attribute.name]: value } };
}

/** The own spelling of a name, in any case. */
function keyIn(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const wanted = name.toLowerCase();
  for (const key in object) if (key.length === name.length && key.toLowerCase() === wanted) return key;
  return undefined;
}
