import { type Attribute, findSubAttribute } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"Add","path":"urn:…:enterprise:2.0:User:manager","value":"26118915"}
 *   → {"op":"Add","path":"urn:…:enterprise:2.0:User:manager","value":{"value":"26118915"}}
 *
 *     urn:…:enterprise:2.0:User:manager eq "26118915"  →  urn:…:enterprise:2.0:User:manager.value eq "26118915"
 *
 * And the same for every single-valued attribute that has a sub-attribute `value`.
 */
export const managerAsString: Rewrite = {
  name: 'manager-as-string',
  quirks: [],
  sentBy: 'Entra ID and the Microsoft SCIM Validator (§2.2; in filters the reference check of §2.1); Okta (ENU-07)',
  value: {
    concerns: (attribute, place) => place === 'one' && isOneWithValue(attribute),
    rewrite: (value) => (typeof value === 'string' && value !== '' ? { value } : value),
  },
  comparison: {
    concerns: isOneWithValue,
    rewrite: (comparison) => ({ ...comparison, path: { ...comparison.path, sub: 'value' } }),
  },
};

function isOneWithValue(attribute: Attribute): boolean {
  return attribute.type === 'complex' && !attribute.multiValued && findSubAttribute(attribute, 'value') !== undefined;
}
