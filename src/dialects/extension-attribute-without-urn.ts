import { type AttributePath, findTarget, type ResourceType } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"Add","path":"manager","value":[{"value":"26118915"}]}
 *   → {"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":[{"value":"26118915"}]}
 *
 *     id eq "2819c223" and manager eq "26118915"  →  id eq "2819c223" and urn:…:enterprise:2.0:User:manager eq "26118915"
 *
 * Only when the base schema has no such attribute and exactly one extension has.
 */
export const extensionAttributeWithoutUrn: Rewrite = {
  name: 'extension-attribute-without-urn',
  quirks: [],
  sentBy: 'Entra ID, for the manager (§2.2, ED-scim example 5) and in its reference check (§2.1, ED-scim example 4)',
  path: (path, type) => {
    if (path.urn !== undefined || findTarget(type, path) !== undefined) return path;
    const urns = extensionsWith(type, path);
    return urns.length === 1 && urns[0] !== undefined ? { ...path, urn: urns[0] } : path;
  },
};

function extensionsWith(type: ResourceType, path: AttributePath): string[] {
  return type.extensions
    .map(({ schema }) => schema.id)
    .filter((urn) => findTarget(type, { ...path, urn }) !== undefined);
}
