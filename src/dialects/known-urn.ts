import { findExtension, isBaseSchema, type ResourceType } from '../scim/index.ts';

/**
 * The URN of one of the type's schemas that a text begins with, when a colon and a name follow it:
 *
 *     urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value → urn:…:enterprise:2.0:User
 */
export function knownUrn(type: ResourceType, text: string): string | undefined {
  if (!isUrn(text)) return undefined;
  for (let colon = text.indexOf(':', 'urn:'.length); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    const urn = text.slice(0, colon);
    if (isBaseSchema(type, urn) || findExtension(type, urn) !== undefined) return urn;
  }
  return undefined;
}

/** RFC 8141 §2: the scheme in any case. */
export function isUrn(text: string): boolean {
  return text.charCodeAt(3) === COLON && text.slice(0, 3).toLowerCase() === 'urn';
}

const COLON = 0x3a;
