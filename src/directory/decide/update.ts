import { differences, type JsonObject, type ScimWrite } from '../../scim/index.ts';
import type { Change } from '../change.ts';
import { nameOf } from '../gather.ts';
import type { Proposal } from '../propose.ts';
import type { NewRecord, StoredRecord } from '../record.ts';
import { memberChanges } from './members.ts';
import { settled } from './settled.ts';
import { type Decision, notBefore, refused, type Verdict, versionRefused } from './verdict.ts';
import { tooHeavy } from './weight.ts';

type Update = Exclude<ScimWrite, { kind: 'remove' }>;

/** PUT, PATCH, and a create that brings an inactive record back. */
export function decideUpdate(request: Update, decision: Decision): Verdict {
  const { current, proposal } = decision.facts;
  if (current === undefined || proposal?.before === undefined) return notFound(request);
  const stale = request.kind === 'create' ? undefined : versionRefused(request, current);
  if (stale !== undefined) return stale;
  const refusal = clash(current, { proposal, decision }) ?? memberRefusal(current, decision);
  if (refusal !== undefined) return refusal;
  const result = settled(proposal, decision);
  if (result.kind === 'refused') return result;
  return commitDifference(request, { current, before: proposal.before, after: result.after, decision });
}

function notFound(request: Update): Verdict {
  return refused({ reason: 'not-found', type: request.type.name, id: request.kind === 'create' ? '' : request.id });
}

/** Conflict D8: 409 on PUT and PATCH as on POST. */
function clash(
  current: StoredRecord,
  { proposal, decision }: { proposal: Proposal; decision: Decision },
): Verdict | undefined {
  const { sameName, sameExternalId } = decision.facts;
  const type = current.type;
  if (sameName !== undefined && sameName.id !== current.id) {
    const attribute = type === 'User' ? 'userName' : 'displayName';
    return refused({
      reason: 'name-taken',
      type,
      attribute,
      value: nameOf(type, proposal.after),
      active: sameName.active,
      asked: 'rename',
    });
  }
  if (sameExternalId !== undefined && sameExternalId.id !== current.id) {
    return refused({ reason: 'external-id-taken', type, externalId: String(proposal.after.externalId) });
  }
  return undefined;
}

function memberRefusal(current: StoredRecord, { facts }: Decision): Verdict | undefined {
  if (facts.members.unknown.length > 0) return refused({ reason: 'unknown-members', ids: facts.members.unknown });
  const itself = facts.members.added.some(({ value }) => value === current.id);
  return itself ? refused({ reason: 'member-of-itself', id: current.id }) : undefined;
}

function commitDifference(
  request: Update,
  {
    current,
    before,
    after,
    decision,
  }: { current: StoredRecord; before: JsonObject; after: JsonObject; decision: Decision },
): Verdict {
  const { facts, now } = decision;
  const difference = differences(before, after);
  const altered = Object.keys(difference.after).length > 0;
  const moved = facts.members.added.length + facts.members.removed.length > 0;
  // Identity providers send everything again: no history, no event, the same version.
  if (!altered && !moved) return { kind: 'unchanged', changes: [], at: current.modified, record: current };

  const text = altered ? JSON.stringify(after) : current.text;
  // Nobody's access stays open for being heavy: `false` is a byte longer than `true`.
  const heavy = isActiveAlone(difference.after) ? undefined : tooHeavy(current.type, { resource: after, text });
  if (heavy !== undefined) return heavy;

  const version = current.version + 1;
  const at = notBefore(now, current.modified);
  const record: StoredRecord = {
    ...current,
    version,
    modified: at,
    active: after.active !== false,
    memberCount: current.memberCount + facts.members.added.length - facts.members.removed.length,
    text,
  };
  const changes: Change[] = [];
  if (altered) {
    const next: NewRecord = {
      type: request.type,
      id: current.id,
      version,
      created: current.created,
      modified: at,
      resource: after,
      text,
    };
    changes.push({ kind: 'updated', before: current, after: next, difference });
  }
  changes.push(...memberChanges(current, facts.members, { version }));
  return { kind: 'changed', changes, at, record };
}

function isActiveAlone(altered: JsonObject): boolean {
  return Object.keys(altered).every((name) => name === 'active');
}
