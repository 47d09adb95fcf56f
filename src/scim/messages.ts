import type { Resource } from './schema/attribute.ts';
import type { JsonObject } from './value.ts';

/** The messages of RFC 7644; they are not resources and no `/Schemas` lists them (§3.1). */
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/**
 * RFC 7644 §3.4.2:
 *
 *     {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
 *      "totalResults":1,"startIndex":1,"itemsPerPage":1,"Resources":[{…}]}
 *
 * `total` counts all that matches, `startIndex` is the one that was used; `Resources` is there even when it is empty
 * (Okta reads it without asking).
 */
export function listResponse(total: number, startIndex: number, resources: readonly Resource[]): JsonObject {
  return {
    schemas: [LIST_RESPONSE],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: [...resources],
  };
}
