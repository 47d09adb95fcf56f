import { keysAsPaths } from './keys-as-paths.ts';
import { isUrn } from './known-urn.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"replace","value":{"displayName":"Barbara J","name.givenName":"Barbara"}}
 *   → {"op":"replace","value":{"displayName":"Barbara J"}}
 *     {"op":"replace","path":"name.givenName","value":"Barbara"}
 *
 * Also a key such as `emails[type eq "work"].value`.
 */
export const dottedKeysWithoutPath: Rewrite = {
  name: 'dotted-keys-without-path',
  quirks: [1],
  sentBy: 'Entra ID with aadOptscim062020, the Microsoft SCIM Validator (§2.2, §2.4)',
  operation: (operation, type) =>
    keysAsPaths(type, operation, (key) => (key.includes('.') || key.includes('[')) && !isUrn(key)),
};
