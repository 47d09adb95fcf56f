import {
  applyPatch,
  type Draft,
  type JsonObject,
  type MemberEdit,
  type PatchOperation,
  type Resource,
  type ResourceType,
  replaceResource,
  type ScimWrite,
} from '../scim/index.ts';
import type { Actor } from './actor.ts';
import { keepOf, onlyKept } from './policies/keep.ts';
import { keptTree, onlyOfKept } from './policies/kept-tree.ts';
import { isProvider } from './policies/provider.ts';
import { onlyActive, onlyOfActive, type Taken } from './policies/updates.ts';
import type { KeptAttribute } from './policy.ts';
import type { StoredRecord } from './record.ts';

/** What a write would make of a resource, before the directory has looked at anyone else. */
export interface Proposal {
  readonly before: Resource | undefined;
  readonly after: Resource;
  readonly memberEdits: readonly MemberEdit[];
  /** The attributes that were sent and have no effect, as the directory's rules have it (`updates`, `keep`). */
  readonly ignored?: readonly string[];
}

type Proposing = Exclude<ScimWrite, { kind: 'remove' }>;

/** @throws ScimError where the request does not fit the stored resource (mutability, noTarget, …) */
export function propose(
  request: Proposing,
  { current, id, actor }: { current: StoredRecord | undefined; id: string; actor: Actor },
): Proposal {
  const before = current === undefined ? undefined : parse(current);
  const rules = rulesFor(request, { current, actor });
  if (request.kind === 'patch') return patched(request, { before: before ?? {}, rules, actor });
  if (rules.onlyActive && before !== undefined) {
    return { before, ...onlyActive(request, before, actor.directory.tolerances), memberEdits: [] };
  }
  // A create that meets an inactive record brings it back: what it does not say about `active` is not "as it was".
  const { tolerances } = actor.directory;
  const keepActiveOnReplace = tolerances.keepActiveOnReplace && request.kind === 'replace';
  const { type, draft } = request;
  const known = before === undefined || rules.keep === undefined ? before : onlyKept(type, rules.keep, before);
  const asked = replaceResource(type, known, draft, { ...tolerances, keepActiveOnReplace });
  const { after, ignored } = kept(request, { before, asked, rules });
  const memberEdits = memberEditsOf(request.kind, draft);
  return { before, after: withManagerReference(withId(after, id)), memberEdits, ignored };
}

/** What a directory takes of a write of a user: less than what was sent, where a provider sent it. */
interface TakingRules {
  readonly onlyActive: boolean;
  readonly keep: readonly KeptAttribute[] | undefined;
}

const ALL: TakingRules = { onlyActive: false, keep: undefined };

/** To create somebody again is to say who they are; to meet somebody of the application's own is to update them. */
function rulesFor(
  { kind, type }: Proposing,
  { current, actor }: { current: StoredRecord | undefined; actor: Actor },
): TakingRules {
  if (type.name !== 'User' || !isProvider(actor.by)) return ALL;
  const onlyActive = takesOnlyActive({ kind }, { current, actor });
  return { onlyActive, keep: actor.directory.policy.keep };
}

/** Whether nothing of a provider's write of a user has an effect but `active` (`updates: ignore`). */
export function takesOnlyActive(
  { kind }: Pick<Proposing, 'kind'>,
  { current, actor }: { current: StoredRecord | undefined; actor: Actor },
): boolean {
  if (actor.directory.policy.updates !== 'ignore' || !isProvider(actor.by)) return false;
  return kind !== 'create' || current?.unowned === true;
}

function patched(
  { type, operations }: Extract<Proposing, { kind: 'patch' }>,
  { before, rules, actor }: { before: Resource; rules: TakingRules; actor: Actor },
): Proposal {
  const { applied, ignored } = takenOf(type, operations, rules);
  const { after: asked, memberEdits } = applyPatch(type, before, applied, actor.directory.tolerances);
  const taken = kept({ type }, { before, asked, rules });
  const after = withManagerReference(taken.after);
  return { before, after, memberEdits, ignored: [...ignored, ...taken.ignored] };
}

function takenOf(type: ResourceType, operations: readonly PatchOperation[], { onlyActive, keep }: TakingRules) {
  if (onlyActive) return onlyOfActive(operations);
  if (keep !== undefined) return onlyOfKept(operations, keptTree(type, keep));
  return { applied: operations, ignored: [] };
}

function kept(
  { type }: Pick<Proposing, 'type'>,
  { before, asked, rules }: { before: Resource | undefined; asked: Resource; rules: TakingRules },
): Taken {
  const { keep } = rules;
  return keep === undefined ? { after: asked, ignored: [] } : keepOf({ type, keep }, { before, asked });
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
