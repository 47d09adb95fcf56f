import type { Facts } from '../../../src/directory/gather.ts';
import {
  type Actor,
  type By,
  DEFAULT_POLICY,
  type DirectoryContext,
  type Policy,
  type StoredRecord,
} from '../../../src/directory/index.ts';
import {
  type Draft,
  type JsonObject,
  type ResourceType,
  resourceTypes,
  type ScimWrite,
  STRICT,
  TOLERANT,
} from '../../../src/scim/index.ts';

/** Values for the pure decisions: what a store would have gathered, written down by hand. */

export const NOW = '2026-11-21T12:00:00.000Z';
export const CREATED = '2026-01-01T00:00:00.000Z';
export const MODIFIED = '2026-06-01T00:00:00.000Z';

export const TOLERANT_DIRECTORY: DirectoryContext = {
  id: 'directory-a',
  tolerances: TOLERANT,
  types: resourceTypes(TOLERANT),
  policy: DEFAULT_POLICY,
  base: 'http://127.0.0.1/scim/v2',
};
export const STRICT_DIRECTORY: DirectoryContext = {
  ...TOLERANT_DIRECTORY,
  tolerances: STRICT,
  types: resourceTypes(STRICT),
};

const [USER, group] = resourceTypes(TOLERANT) as [ResourceType, ResourceType];
export const GROUP = group;

const USER_SCHEMAS = ['urn:ietf:params:scim:schemas:core:2.0:User'];
const GROUP_SCHEMAS = ['urn:ietf:params:scim:schemas:core:2.0:Group'];

export function storedUser(attributes: JsonObject, given: Partial<StoredRecord> = {}): StoredRecord {
  const id = given.id ?? 'user-1';
  return {
    type: 'User',
    version: 3,
    created: CREATED,
    modified: MODIFIED,
    active: attributes.active !== false,
    memberCount: 0,
    text: JSON.stringify({ schemas: USER_SCHEMAS, id, ...attributes }),
    ...given,
    id,
  };
}

export function storedGroup(attributes: JsonObject, given: Partial<StoredRecord> = {}): StoredRecord {
  const id = given.id ?? 'group-1';
  return {
    type: 'Group',
    version: 7,
    created: CREATED,
    modified: MODIFIED,
    active: true,
    memberCount: 0,
    text: JSON.stringify({ schemas: GROUP_SCHEMAS, id, ...attributes }),
    ...given,
    id,
  };
}

export function factsWith(given: Partial<Facts>): Facts {
  return {
    current: undefined,
    proposal: undefined,
    sameName: undefined,
    sameExternalId: undefined,
    managerKnown: true,
    members: { added: [], removed: [], unknown: [] },
    memberOf: [],
    misfit: undefined,
    ...given,
  };
}

function draft(attributes: JsonObject, given: Partial<Draft> = {}): Draft {
  return { attributes, cleared: [], ...given };
}

export function create(attributes: JsonObject, type = USER): Extract<ScimWrite, { kind: 'create' }> {
  return { kind: 'create', type, draft: draft(attributes), view: {} };
}

export function replace(id: string, attributes: JsonObject, type = USER): Extract<ScimWrite, { kind: 'replace' }> {
  return { kind: 'replace', type, id, draft: draft(attributes), view: {} };
}

/** Who asks: an identity provider, unless it is said otherwise. */
export function actorIn(directory: DirectoryContext, kind: By['kind'] = 'credential'): Actor {
  return { directory, by: { kind, id: 'credential-1', name: 'Okta' }, requestId: 'request-1' };
}

/** A directory with these rules, and otherwise none. */
export function directoryWith(policy: Partial<Policy>, directory = TOLERANT_DIRECTORY): DirectoryContext {
  return { ...directory, policy: { ...DEFAULT_POLICY, ...policy } };
}
