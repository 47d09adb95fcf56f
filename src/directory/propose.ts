import {
  applyPatch,
  type Draft,
  type JsonObject,
  type MemberEdit,
  type Resource,
  replaceResource,
  type ScimWrite,
  type Tolerances,
} from '../scim/index.ts';
import type { StoredRecord } from './record.ts';

/** What a write would make of a resource, before the directory has looked at anyone else. */
export interface Proposal {
  readonly before: Resource | undefined;
  readonly after: Resource;
  readonly memberEdits: readonly MemberEdit[];
}

type Proposing = Exclude<ScimWrite, { kind: 'remove' }>;

/** @throws ScimError where the request does not fit the stored resource (mutability, noTarget, …) */
export function propose(
  request: Proposing,
  { current, id, tolerances }: { current: StoredRecord | undefined; id: string; tolerances: Tolerances },
): Proposal {
  const before = current === undefined ? undefined : parse(current);
  if (request.kind === 'patch') {
    const { after, memberEdits } = applyPatch(request.type, before ?? {}, request.operations, tolerances);
    return { before, after: withManagerReference(after), memberEdits };
  }
  // A create that meets an inactive record brings it back: what it does not say about `active` is not "as it was".
  const keepActiveOnReplace = tolerances.keepActiveOnReplace && request.kind === 'replace';
  const after = replaceResource(request.type, before, request.draft, { ...tolerances, keepActiveOnReplace });
  const memberEdits = memberEditsOf(request.kind, request.draft);
  return { before, after: withManagerReference(withId(after, id)), memberEdits };
}

export function parse(record: StoredRecord): Resource {
  return JSON.parse(record.text) as Resource;
}

/** PUT without `members` clears them, like every other readWrite attribute (conflict D9). */
function memberEditsOf(kind: 'create' | 'replace', { members }: Draft): readonly MemberEdit[] {
  if (kind === 'create' && members === undefined) return [];
  return [{ kind: 'set', members: members ?? [] }];
}

/** `schemas` and `id` lead, as every example of RFC 7643 §8 has them. */
export function withId(resource: Resource, id: string): Resource {
  const { schemas, id: _, ...rest } = resource;
  return { ...(schemas === undefined ? {} : { schemas }), id, ...rest };
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * `manager.$ref` is ours to say (RFC 7643 §4.3). It is stored relative to the SCIM base (§2.3.7: "Users/…" stands below
 * it), so that no address is stored; replies have it whole.
 *
 *     "manager":{"value":"26118915","$ref":"Users/26118915"}
 */
function withManagerReference(resource: Resource): Resource {
  const extension = resource[ENTERPRISE] as JsonObject | undefined;
  const manager = extension?.manager as JsonObject | undefined;
  if (extension === undefined || manager === undefined) return resource;
  const { value } = manager;
  // Only `value` says who it is: a reference alone is no manager.
  if (typeof value !== 'string') return withoutManager(resource, extension);
  return { ...resource, [ENTERPRISE]: { ...extension, manager: { value, $ref: managerReference(value) } } };
}

function withoutManager(resource: Resource, { manager: _, ...extension }: JsonObject): Resource {
  if (Object.keys(extension).length > 0) return { ...resource, [ENTERPRISE]: extension };
  const { [ENTERPRISE]: _gone, schemas, ...rest } = resource;
  return { schemas: (schemas as string[]).filter((urn) => urn !== ENTERPRISE), ...rest };
}

function managerReference(id: string): string {
  return `Users/${encodeURIComponent(id)}`;
}

export function managerOf(resource: Resource): string | undefined {
  const manager = (resource[ENTERPRISE] as JsonObject | undefined)?.manager as JsonObject | undefined;
  return typeof manager?.value === 'string' ? manager.value : undefined;
}

export function managerHasReference(resource: Resource): boolean {
  const manager = (resource[ENTERPRISE] as JsonObject | undefined)?.manager as JsonObject | undefined;
  return manager?.$ref !== undefined;
}

/** An id that no user has is kept as it came, without a reference that would lead nowhere. */
export function withoutManagerReference(resource: Resource): Resource {
  const extension = resource[ENTERPRISE] as JsonObject;
  const { $ref: _, ...manager } = extension.manager as JsonObject;
  return { ...resource, [ENTERPRISE]: { ...extension, manager } };
}
