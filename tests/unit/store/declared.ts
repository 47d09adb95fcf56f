import { type DeclaredAttribute, declaredTypes, type ResourceType, TOLERANT } from '../../../src/scim/index.ts';

export const URN = 'urn:example:scim:schemas:extension:app:2.0:User';

/** A user type whose extension has these attributes. */
export function userWith(attributes: Readonly<Record<string, DeclaredAttribute>>): ResourceType {
  const extensions = [{ urn: URN, of: 'User' as const, attributes }];
  return declaredTypes(TOLERANT, { extensions, entitlements: [] })[0] as ResourceType;
}

/** The name in `keys` of one of them. */
export function keyName(attribute: string): string {
  return `${URN}:${attribute}`.toLowerCase();
}
