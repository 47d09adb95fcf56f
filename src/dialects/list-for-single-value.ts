import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"Add","path":"urn:…:enterprise:2.0:User:manager","value":[{"$ref":"…/Users/26118915","value":"26118915"}]}
 *   → {"op":"Add","path":"urn:…:enterprise:2.0:User:manager","value":{"$ref":"…/Users/26118915","value":"26118915"}}
 *
 * Only for complex attributes, and only when there is one element or none: of two managers nobody can say which.
 */
export const listForSingleValue: Rewrite = {
  name: 'list-for-single-value',
  quirks: [],
  sentBy: 'Entra ID, for the manager (§2.2, ED-scim example 5)',
  value: {
    concerns: (attribute, place) => place === 'one' && attribute.type === 'complex' && !attribute.multiValued,
    rewrite: (value) => {
      if (!Array.isArray(value) || value.length > 1) return value;
      const [only = null] = value;
      return Array.isArray(only) ? value : only;
    },
  },
};
