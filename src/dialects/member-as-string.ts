import { findSubAttribute } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"add","path":"members","value":["2819c223","902c246b"]}        {"op":"add","path":"members","value":"2819c223"}
 *   → {"op":"add","path":"members","value":[{"value":"2819c223"},{"value":"902c246b"}]}        …"value":{"value":"2819c223"}}
 *
 * And the same for every multi-valued attribute whose elements have a `value`: `"emails":["a@example.com"]`.
 */
export const memberAsString: Rewrite = {
  name: 'member-as-string',
  quirks: [],
  sentBy: "Microsoft's Postman collection (§2.6)",
  value: {
    concerns: (attribute, place) =>
      place === 'one' &&
      attribute.multiValued &&
      attribute.type === 'complex' &&
      findSubAttribute(attribute, 'value') !== undefined,
    rewrite: (value) => (typeof value === 'string' && value !== '' ? { value } : value),
  },
};
