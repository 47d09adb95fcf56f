import { field } from '../scim/index.ts';
import { NOTHING } from './operation.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[]}
 *   → {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{}}]}
 *
 * Nothing is asked, so nothing changes; of nobody it is 404, as any PATCH is. A message without `Operations` is none.
 */
export const noOperations: Rewrite = {
  name: 'no-operations',
  quirks: [],
  sentBy: 'the Microsoft SCIM Validator, when no attribute is left to change (scimmy#59, scimmy#90)',
  message: (body) => {
    const operations = field(body, 'operations');
    if (!Array.isArray(operations) || operations.length > 0) return body;
    return Object.fromEntries(
      Object.entries(body).map(([key, value]) => [key, value === operations ? [{ ...NOTHING }] : value]),
    );
  },
};
