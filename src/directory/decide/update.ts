import { differences, type JsonObject, type ScimWrite } from '../../scim/index.ts';
import type { Change } from '../change.ts';
import { nameOf } from '../name-of.ts';
import { becomesRemoval } from '../policies/deactivation.ts';
import { renameRefused } from '../policies/mapped-group.ts';
import { ownershipRefused, takingOver } from '../policies/ownership.ts';
import { type Proposal, parse, takesOnlyActive } from '../propose.ts';
import type { NewRecord, StoredRecord } from '../record.ts';
import { memberChanges } from './members.ts';
import { removal } from './remove.ts';
import { settled } from './settled.ts';
import { type Decision, notBefore, passwordChange, refused, telling, type Verdict, versionRefused } from './verdict.ts';
import { tooHeavy } from './weight.ts';

type Update = Exclude<ScimWrite, { kind: 'remove' }>;

/** PUT, PATCH, and a create that brings an inactive record back. */
export function decideUpdate(request: Update, decision: Decision): Verdict {
  const { current, proposal } = decision.facts;
  if (current === undefined || proposal?.before === undefined) return notFound(request);
  const stale = request.kind === 'create' ? undefined : versionRefused(request, current);
  if (stale !== undefined) return stale;
  const { actor } = decision;
  const leaves = becomesRemoval(request.type, proposal, actor);
  const notOwned = ownershipRefused(current, leaves ? 'deprovision' : 'update', actor);
  if (notOwned !== undefined) return refused(notOwned);
  if (leaves) return removeInPlace(current, decision);
  const refusal = clash(current, { proposal, decision }) ?? memberRefusal(current, decision);
  if (refusal !== undefined) return refusal;
  const result = settled(request.type, proposal, decision);
  if (result.kind === 'refused') return result;
  const { password, ...passwordless } = decision;
  const ignoresPassword = password !== undefined && takesOnlyActive(request, { current, actor });
  const settling = ignoresPassword ? passwordless : decision;
  const verdict = commitDifference(request, {
    current,
    before: proposal.before,
    after: result.after,
    decision: settling,
  });
  const ignored = ignoresPassword ? [...result.ignored, 'password'] : result.ignored;
  return verdict.kind === 'refused' ? verdict : { ...verdict, ...telling(ignored) };
}

/** The user is gone, and is shown a last time: as it stood, inactive, in no group. */
function removeInPlace(current: StoredRecord, decision: Decision): Verdict {
  const { at, changes } = removal(current, decision);
  const text = JSON.stringify({ ...parse(current), active: false });
  const shownAs = { ...current, version: current.version + 1, modified: at, active: false, text, groups: [] };
  return { kind: 'removed', at, changes, record: current, shownAs };
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
  const renamed = type === 'Group' ? renameRefused(proposal, decision.actor) : undefined;
  return renamed === undefined ? undefined : refused(renamed);
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
  const { facts, now, actor, password } = decision;
  const taken = takingOver(current, actor.by);
  const { unowned, ...owned } = current;
  const standing = taken.length === 0 ? current : owned;
  const difference = differences(before, after);
  const altered = Object.keys(difference.after).length > 0;
  const moved = facts.members.added.length + facts.members.removed.length > 0;
  const quiet = [...taken, ...passwordChange(current, password)];
  // Identity providers send everything again: no history, no event, the same version. An owner, or a password, is nothing
  // of what is shown.
  if (!altered && !moved) {
    const at = quiet.length === 0 ? current.modified : notBefore(now, current.modified);
    return { kind: 'unchanged', changes: quiet, at, record: standing };
  }

  const text = altered ? JSON.stringify(after) : current.text;
  // Nobody's access stays open for being heavy: `false` is a byte longer than `true`.
  const heavy = isActiveAlone(difference.after) ? undefined : tooHeavy(current.type, { resource: after, text });
  if (heavy !== undefined) return heavy;

  const version = current.version + 1;
  const at = notBefore(now, current.modified);
  const record: StoredRecord = {
    ...standing,
    version,
    modified: at,
    active: after.active !== false,
    memberCount: current.memberCount + facts.members.added.length - facts.members.removed.length,
    text,
  };
  const changes: Change[] = [...quiet];
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
