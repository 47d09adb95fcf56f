import type { Json, JsonObject } from '../json.ts';
import { type Draft, setAt } from '../place.ts';
import { ENTERPRISE, USER } from '../scim.ts';
import { MAPPINGS } from './mapping.ts';
import { type Person, shouldBeActive } from './person.ts';

/**
 * The body of a create (idp-clients §2.2): the enterprise URN stands in `schemas` whether or not a value of it is set,
 * `roles` is always there, and the manager comes in a later pass. The older sample writes `null` for what is unset and a
 * URN without its last colon; people take turns.
 *
 *     {"schemas":["urn:…:core:2.0:User","urn:…:extension:enterprise:2.0:User"],"externalId":"jyoung",
 *      "userName":"jyoung@contoso.com","active":true,
 *      "emails":[{"primary":true,"type":"work","value":"jyoung@contoso.com"}],"meta":{"resourceType":"User"},
 *      "name":{"formatted":"Joy Young","familyName":"Young","givenName":"Joy"},"roles":[]}
 */
export function createBody(person: Person): JsonObject {
  const isOlder = person.index % 4 === 1;
  const draft: Draft = { schemas: isOlder ? [USER, ENTERPRISE, OLDER_ENTERPRISE] : [USER, ENTERPRISE] };
  for (const { entra, place } of MAPPINGS) {
    const value = person.profile[entra];
    if (value !== undefined) setAt(draft, place, value);
  }
  draft.active = shouldBeActive(person);
  draft.meta = { resourceType: 'User' };
  draft.roles ??= [];
  const nulls: Record<string, Json> = isOlder ? { department: null, manager: null, title: null, addresses: null } : {};
  return { ...nulls, ...draft };
}

const OLDER_ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User';
