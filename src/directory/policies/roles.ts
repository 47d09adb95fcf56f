import { canonical, fold, type JsonObject, notPrimary, type Resource, type ResourceType } from '../../scim/index.ts';
import type { RolesPolicy } from '../policy.ts';
import type { GroupReference } from '../record.ts';
import type { Refusal } from '../refusal.ts';

export type WithinCeiling =
  | { readonly kind: 'settled'; readonly after: Resource; readonly ignored: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * A provider gives no role above the ceiling, and takes none away: who has one was given it by hand.
 *
 *     ceiling viewer, editor: was roles owner, asked roles editor → editor, owner; asked roles admin → refused
 *
 * Somebody who becomes inactive is not refused for a role: it is left out.
 */
export function withinCeiling(
  type: ResourceType,
  { before, after }: { before: Resource | undefined; after: Resource },
  ceiling: readonly string[],
): WithinCeiling {
  const allowed = new Set([NO_ROLE, ...ceiling.map((role) => fold(role))]);
  const had = elementsOf(before).filter((element) => !allowed.has(roleOf(element)));
  const hadRoles = new Set(had.map(roleOf));
  const asked = elementsOf(after);
  const above = asked.filter((element) => !allowed.has(roleOf(element)) && !hadRoles.has(roleOf(element)));
  const [first] = above;
  if (first !== undefined && !(before !== undefined && after.active === false)) {
    return { kind: 'refused', refusal: { reason: 'role-above-ceiling', role: String(first.value ?? ''), ceiling } };
  }
  const kept = asked.filter((element) => !above.includes(element));
  const keptRoles = new Set(kept.map(roleOf));
  const missing = had.filter((element) => !keptRoles.has(roleOf(element)));
  if (above.length === 0 && missing.length === 0) return { kind: 'settled', after, ignored: [] };
  const hasPrimary = kept.some(({ primary }) => primary === true);
  const roles = [...kept, ...missing.map((element) => (hasPrimary ? (notPrimary(element) as JsonObject) : element))];
  return { kind: 'settled', after: canonical(type, withRoles(after, roles)), ignored: ['roles'] };
}

function elementsOf(resource: Resource | undefined): readonly JsonObject[] {
  return Array.isArray(resource?.roles) ? (resource.roles as JsonObject[]) : [];
}

/** What an element without a value gives. */
const NO_ROLE = '';

function roleOf({ value }: JsonObject): string {
  return typeof value === 'string' ? fold(value) : NO_ROLE;
}

function withRoles(resource: Resource, roles: readonly JsonObject[]): Resource {
  const { roles: _, ...rest } = resource;
  return roles.length === 0 ? rest : { ...rest, roles: [...roles] };
}

/** A role that a user has, and from where. */
export interface EffectiveRole {
  readonly role: string;
  /** Said of the user itself, given by a group (its displayName), or what everybody has to whom nothing gives a role. */
  readonly from: readonly RoleSource[];
}

export type RoleSource =
  | { readonly kind: 'asserted' }
  | { readonly kind: 'group'; readonly id: string; readonly name: string }
  | { readonly kind: 'default' };

/**
 * What the application should let a user do. SCIM `roles` shows only what was asserted (decision 33): computed roles would
 * come back in Okta's PUT as asserted ones, and outlast the membership that gave them.
 */
export function effectiveRoles(
  resource: Resource,
  groups: readonly GroupReference[],
  { byGroup, default: standard }: Pick<RolesPolicy, 'byGroup' | 'default'>,
): readonly EffectiveRole[] {
  const found = new Map<string, { role: string; from: RoleSource[] }>();
  const note = (role: string, source: RoleSource) => {
    const known = found.get(fold(role));
    if (known === undefined) found.set(fold(role), { role, from: [source] });
    else known.from.push(source);
  };
  const asserted = new Set(elementsOf(resource).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])));
  for (const role of asserted) note(role, { kind: 'asserted' });
  for (const { value, display } of groups) {
    const role = byGroup.get(fold(display));
    if (role !== undefined) note(role, { kind: 'group', id: value, name: display });
  }
  if (found.size === 0 && standard !== undefined) note(standard, { kind: 'default' });
  return [...found.values()];
}
