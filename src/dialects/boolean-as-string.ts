import type { JsonValue } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"Replace","path":"active","value":"False"}      {"roles":[{"value":"x","primary":"True"}]}
 *   → {"op":"Replace","path":"active","value":false}        {"roles":[{"value":"x","primary":true}]}
 *
 *     active eq "True"  →  active eq true        roles[primary eq "True"].value  →  roles[primary eq true].value
 *
 * Only for attributes that the schema declares boolean, and only these two words, in any case. Every other string stays
 * a string and is refused with invalidValue: what is not understood never deactivates anyone, nor keeps anyone active.
 */
export const booleanAsString: Rewrite = {
  name: 'boolean-as-string',
  quirks: [3, 26],
  sentBy: 'Entra ID without aadOptscim062020, the Microsoft SCIM Validator and Postman collection (§2.2, §2.4, §2.6)',
  value: {
    concerns: (attribute, place) => attribute.type === 'boolean' && place === 'one',
    rewrite: asBoolean,
  },
  comparison: {
    concerns: (attribute) => attribute.type === 'boolean',
    rewrite: (comparison) => {
      const value = asBoolean(comparison.value);
      return value === comparison.value ? comparison : { ...comparison, value };
    },
  },
};

function asBoolean(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || value.length > 'false'.length) return value;
  const word = value.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : value;
}
