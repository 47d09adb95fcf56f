import { findExtension, isBaseSchema } from '../scim/index.ts';
import { isUrn, knownUrn } from './known-urn.ts';
import { NOTHING } from './operation.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"Add","path":"urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User:badge","value":"x"}
 *   → {"op":"replace","value":{}}, which changes nothing
 *
 * What POST drops (the tolerance `unknownSchemas`), PATCH drops too: else each later change of the person is refused for
 * an attribute that we never took, and a disabling that comes in the same request with it. A name that a *known* schema
 * does not have stays an error, and so does everything in the namespace of the RFC's own schemas: that is a slip of the pen
 * (`urn:…:core:2.0:Users:active`), and the attribute that it meant would silently stay as it is.
 */
export const unknownExtensionInPath: Rewrite = {
  name: 'unknown-extension-in-path',
  quirks: [27],
  sentBy: 'Entra ID and Okta, for attributes in a custom namespace (§1.4i, §2.2)',
  operation: ({ path }, type) => {
    if (path === undefined || !isUrn(path) || !CUSTOM_ATTRIBUTE.test(path)) return undefined;
    if (path.slice(0, CORE.length).toLowerCase() === CORE || knownUrn(type, path) !== undefined) return undefined;
    if (isBaseSchema(type, path) || findExtension(type, path) !== undefined) return undefined;
    return [NOTHING];
  },
};

const CORE = 'urn:ietf:params:scim:schemas:core:';

/** A URN, then a name (and a sub-attribute) and nothing more: what looks otherwise is for the path's parser to judge. */
const CUSTOM_ATTRIBUTE = /^urn:[^[\]\s"]+:[a-z][\w$-]*(?:\.[a-z$][\w$-]*)?$/i;
