import type { ScimWrite } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import { nameOf } from '../name-of.ts';
import { isForeign, ownershipRefused } from '../policies/ownership.ts';
import { parse } from '../propose.ts';
import type { StoredRecord } from '../record.ts';
import type { Refusal } from '../refusal.ts';

/** Whom a create meets, by userName (displayName) or externalId, and what becomes of the two. */
export type Meeting =
  | { readonly kind: 'nobody' }
  /** `linked`: a user of the application's own, whom the identity provider takes over. Both keep the id. */
  | { readonly kind: 'revived' | 'linked'; readonly record: StoredRecord }
  /** The record goes, with its memberships and roles, and another takes its place. */
  | { readonly kind: 'recreated'; readonly record: StoredRecord }
  | { readonly kind: 'clash'; readonly refusal: Refusal };

type Create = Extract<ScimWrite, { kind: 'create' }>;

interface Met {
  readonly sameName: StoredRecord | undefined;
  readonly sameExternalId: StoredRecord | undefined;
}

/**
 * Okta creates again whom it deactivated (idp-clients §1.4e): the inactive record comes back under its old id, or makes
 * way for a new one (`reactivation`). Nobody is joined with anybody by an e-mail address (T-ATO-01), nor by a key that the
 * directory's rules do not name (`match`).
 */
export function meet(request: Create, met: Met, actor: Actor): Meeting {
  const { sameName, sameExternalId } = met;
  const { policy } = actor.directory;
  const type = request.type.name;
  const record = sameName ?? sameExternalId;
  if (record === undefined) return { kind: 'nobody' };
  if (sameName !== undefined && sameExternalId !== undefined && sameName.id !== sameExternalId.id) {
    const name = nameOf(type, request.draft.attributes);
    return { kind: 'clash', refusal: { reason: 'two-matches', type, name, externalId: externalIdOf(request) } };
  }
  const notOwned = ownershipRefused(record, 'create', actor);
  if (notOwned !== undefined) return { kind: 'clash', refusal: notOwned };
  const matches =
    (sameName !== undefined && policy.match.includes('userName')) ||
    (sameExternalId !== undefined && policy.match.includes('externalId'));
  if (!matches || !mayBeTheSame(request, record)) return { kind: 'clash', refusal: taken(request, met) };
  if (isForeign(record, actor.by)) return { kind: 'linked', record };
  if (record.active) return { kind: 'clash', refusal: taken(request, met) };
  return { kind: policy.reactivation === 'recreate' ? 'recreated' : 'revived', record };
}

/**
 * Not when the create itself is inactive, and not when both sides have an externalId and they differ: else a newcomer
 * with a reused userName would inherit another person's memberships.
 */
function mayBeTheSame(request: Create, record: StoredRecord): boolean {
  if (request.draft.attributes.active === false) return false;
  const sent = request.draft.attributes.externalId;
  const kept = parse(record).externalId;
  return sent === undefined || kept === undefined || sent === kept;
}

function taken(request: Create, { sameName }: Met): Refusal {
  const type = request.type.name;
  if (sameName === undefined) return { reason: 'external-id-taken', type, externalId: externalIdOf(request) };
  const attribute = type === 'User' ? 'userName' : 'displayName';
  const value = nameOf(type, request.draft.attributes);
  return { reason: 'name-taken', type, attribute, value, active: sameName.active, asked: 'create' };
}

function externalIdOf({ draft }: Create): string {
  const { externalId } = draft.attributes;
  return typeof externalId === 'string' ? externalId : '';
}
