import { asArray, type Json, type JsonObject } from '../json.ts';
import { type Draft, setAt } from '../place.ts';
import { ENTERPRISE, USER } from '../scim.ts';
import { type Clearing, clearAt } from './clearing.ts';
import { MAPPINGS, type Mapping } from './mapping.ts';
import type { Person } from './person.ts';
import type { Profile } from './profile.ts';

/**
 * The body of a create (idp-clients §1.4b): `externalId`, `groups` and `password` are always there, the password being a
 * placeholder of eight characters that no policy accepts; the enterprise extension only when a mapped value is set.
 *
 *     {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"test.user@okta.local",
 *      "name":{"givenName":"Test","familyName":"User"},
 *      "emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}],
 *      "displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","groups":[],
 *      "password":"1mz050nq","active":true}
 */
export function createBody(
  { oktaId, profile }: Pick<Person, 'oktaId' | 'profile'>,
  password: string,
  mappings: readonly Mapping[] = MAPPINGS,
): JsonObject {
  const draft: Draft = { schemas: [] };
  setMapped(draft, profile, mappings);
  draft.externalId = oktaId;
  draft.groups = [];
  draft.password = password;
  draft.active = true;
  draft.schemas = schemasFor(draft, [USER]);
  return draft;
}

export interface Overlay {
  readonly oktaId: string;
  readonly profile: Profile;
  readonly active: boolean;
  readonly clearing: Clearing;
  readonly password?: string;
  /** Those of the default template when absent. */
  readonly mappings?: readonly Mapping[];
}

/**
 * The body of a PUT (idp-clients §1.4c): the server's own last GET reply, verbatim, `meta`, `groups`, a stale
 * `name.formatted` and all, with Okta's mapped attributes laid over it.
 */
export function overlaidBody(seen: JsonObject, overlay: Overlay): JsonObject {
  const { mappings = MAPPINGS } = overlay;
  const draft = structuredClone(seen) as Draft;
  for (const { okta, place } of mappings) {
    if (overlay.profile[okta] === undefined) clearAt(draft, place, overlay.clearing);
  }
  setMapped(draft, overlay.profile, mappings);
  draft.externalId = overlay.oktaId;
  draft.active = overlay.active;
  if (overlay.password !== undefined) draft.password = overlay.password;
  draft.schemas = schemasFor(draft, asArray(draft.schemas) ?? [USER]);
  return draft;
}

function setMapped(draft: Draft, profile: Profile, mappings: readonly Mapping[]): void {
  for (const { okta, place } of mappings) {
    const value = profile[okta];
    if (value !== undefined) setAt(draft, place, value);
  }
}

function schemasFor(draft: Draft, schemas: readonly Json[]): Json {
  return draft[ENTERPRISE] === undefined || schemas.includes(ENTERPRISE) ? schemas : [...schemas, ENTERPRISE];
}
