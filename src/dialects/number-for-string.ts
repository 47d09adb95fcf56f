import type { JsonValue } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"externalId":701984,"addresses":[{"type":"work","postalCode":91608}]}
 *   → {"externalId":"701984","addresses":[{"type":"work","postalCode":"91608"}]}
 *
 * Whole numbers only, as they are written without point or exponent: the digits that were sent are the digits that are
 * stored. The rest is refused by the engine. (In filters `externalId eq 701984` is a word without quotes, which the
 * tolerance `unquotedFilterValues` compares with the string.)
 */
export const numberForString: Rewrite = {
  name: 'number-for-string',
  quirks: [],
  sentBy: 'Okta, in its own entitlement samples: externalId and postalCode (§1.4i; decisions.md, numeric externalId)',
  value: {
    concerns: (attribute, place) => attribute.type === 'string' && place === 'one',
    rewrite: asString,
  },
};

function asString(value: JsonValue): JsonValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
}
