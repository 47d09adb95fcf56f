import type { Rewrite } from './rewrite.ts';

/**
 *     {"emails":{"type":"work","value":"a@example.com"}}
 *   → {"emails":[{"type":"work","value":"a@example.com"}]}
 *
 * Only objects and non-empty strings: there is nothing that a list of `5` or `true` could mean for any attribute that
 * providers send.
 */
export const singleValueForMultiValued: Rewrite = {
  name: 'single-value-for-multi-valued',
  quirks: [],
  sentBy: 'attribute mappings that build one element in place of a list (§1.4i: lists even for one value; SCH-18)',
  value: {
    concerns: (attribute, place) => place === 'all' && attribute.multiValued,
    rewrite: (value) =>
      (typeof value === 'object' && value !== null && !Array.isArray(value)) ||
      (typeof value === 'string' && value !== '')
        ? [value]
        : value,
  },
};
