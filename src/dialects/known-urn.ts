import type { ResourceType } from '../scim/index.ts';

/**
 * The URN of one of the type's schemas that a text begins with, when a colon and a name follow it:
 *
 *     urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value → urn:…:enterprise:2.0:User
 */
export function knownUrn(type: ResourceType, text: string): string | undefined {
  if (!isUrn(text)) return undefined;
  if (begins(text, type.schema.id)) return type.schema.id;
  return type.extensions.find(({ schema }) => begins(text, schema.id))?.schema.id;
}

/** RFC 8141 §2: the scheme in any case. */
export function isUrn(text: string): boolean {
  return text.charCodeAt(3) === COLON && text.slice(0, 3).toLowerCase() === 'urn';
}

/** However long the text is, no more of it is looked at than the URN is long. */
function begins(text: string, urn: string): boolean {
  return text.charCodeAt(urn.length) === COLON && text.slice(0, urn.length).toLowerCase() === urn.toLowerCase();
}

const COLON = 0x3a;
