import type { ScimWrite } from '../../scim/index.ts';
import { nameOf } from '../gather.ts';
import { type Proposal, parse, withId } from '../propose.ts';
import type { NewRecord, StoredRecord } from '../record.ts';
import { memberChanges } from './members.ts';
import { settled } from './settled.ts';
import { decideUpdate } from './update.ts';
import { type Decision, refused, type Verdict } from './verdict.ts';
import { tooHeavy } from './weight.ts';

type Create = Extract<ScimWrite, { kind: 'create' }>;

export function decideCreate(request: Create, decision: Decision): Verdict {
  const { sameName, sameExternalId } = decision.facts;
  const type = request.type.name;
  const { externalId } = request.draft.attributes;
  const link = typeof externalId === 'string' ? externalId : '';
  if (sameName !== undefined && sameExternalId !== undefined && sameName.id !== sameExternalId.id) {
    const name = nameOf(type, request.draft.attributes);
    return refused({ reason: 'two-matches', type, name, externalId: link });
  }
  const met = sameName ?? sameExternalId;
  if (met === undefined) return createNew(request, decision);
  if (mayRevive(request, met)) return revive(request, decision);
  if (sameName === undefined) return refused({ reason: 'external-id-taken', type, externalId: link });
  const attribute = type === 'User' ? 'userName' : 'displayName';
  const value = nameOf(type, request.draft.attributes);
  return refused({ reason: 'name-taken', type, attribute, value, active: met.active, asked: 'create' });
}

/**
 * Okta creates again whom it deactivated (idp-clients §1.4e): the inactive record comes back under its old id. Not when
 * the create itself is inactive, and not when both sides have an externalId and they differ: else a newcomer with a
 * reused userName would inherit another person's memberships.
 */
function mayRevive(request: Create, met: StoredRecord): boolean {
  if (met.active || request.draft.attributes.active === false) return false;
  const sent = request.draft.attributes.externalId;
  const kept = parse(met).externalId;
  return sent === undefined || kept === undefined || sent === kept;
}

function revive(request: Create, decision: Decision): Verdict {
  const verdict = decideUpdate(request, decision);
  return verdict.kind === 'changed' || verdict.kind === 'unchanged' ? { ...verdict, kind: 'created' } : verdict;
}

function createNew(request: Create, decision: Decision): Verdict {
  const { facts, now, newId } = decision;
  const proposal = settled(facts.proposal as Proposal, decision);
  if (proposal.kind === 'refused') return proposal;
  if (facts.members.unknown.length > 0) return refused({ reason: 'unknown-members', ids: facts.members.unknown });
  const id = newId();
  const resource = withId(proposal.after, id);
  const text = JSON.stringify(resource);
  const heavy = tooHeavy(request.type.name, { resource, text });
  if (heavy !== undefined) return heavy;
  const after: NewRecord = { type: request.type, id, version: 1, created: now, modified: now, resource, text };
  const record: StoredRecord = {
    type: request.type.name,
    id,
    version: 1,
    created: now,
    modified: now,
    active: resource.active !== false,
    memberCount: 0,
    text,
    groups: [],
  };
  const members = memberChanges(record, facts.members, { version: 1, cause: 0 });
  return {
    kind: 'created',
    at: now,
    changes: [{ kind: 'created', after }, ...members],
    record: { ...record, memberCount: facts.members.added.length },
  };
}
