import { keysAsPaths } from './keys-as-paths.ts';
import { knownUrn } from './known-urn.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"replace","value":{"title":"VP","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"Tours"}}
 *   → {"op":"replace","value":{"title":"VP"}}
 *     {"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Tours"}
 *
 * A key that is an extension's URN and no more holds the extension's attributes, as the RFC has it, and stays.
 */
export const urnColonKeysWithoutPath: Rewrite = {
  name: 'urn-colon-keys-without-path',
  quirks: [1],
  sentBy: 'Entra ID with aadOptscim062020, the Microsoft SCIM Validator (§2.2, §2.4)',
  operation: (operation, type) => keysAsPaths(type, operation, (key) => knownUrn(type, key) !== undefined),
};
