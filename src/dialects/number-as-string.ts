import type { AttributeType, JsonValue } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"urn:example:params:scim:schemas:extension:acme:2.0:User":{"floor":"12","weight":"1.5"}}
 *   → {"urn:example:params:scim:schemas:extension:acme:2.0:User":{"floor":12,"weight":1.5}}
 *
 * The administrator chose the attribute's type on their side, the application chose it on ours. Only numbers that print
 * back as they were sent: `"007"` and `"1.0"` are refused by the engine.
 */
export const numberAsString: Rewrite = {
  name: 'number-as-string',
  quirks: [],
  sentBy: 'Okta, for custom attributes typed differently in its Profile Editor (§1.4i)',
  value: {
    concerns: (attribute, place) => NUMERIC.has(attribute.type) && place === 'one',
    rewrite: asNumber,
  },
};

const NUMERIC: ReadonlySet<AttributeType> = new Set(['integer', 'decimal']);

function asNumber(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value;
  const number = Number(value);
  return String(number) === value && Number.isFinite(number) ? number : value;
}
