import type { ScimWrite } from '../../scim/index.ts';
import type { Change } from '../change.ts';
import { type Proposal, withId } from '../propose.ts';
import type { NewRecord, StoredRecord } from '../record.ts';
import { meet } from './meet.ts';
import { memberChanges } from './members.ts';
import { removal } from './remove.ts';
import { settled } from './settled.ts';
import { decideUpdate } from './update.ts';
import { type Decision, notBefore, passwordChange, refused, telling, type Verdict } from './verdict.ts';
import { tooHeavy } from './weight.ts';

type Create = Extract<ScimWrite, { kind: 'create' }>;

export function decideCreate(request: Create, decision: Decision): Verdict {
  const { facts, actor } = decision;
  const meeting = meet(request, facts, actor);
  switch (meeting.kind) {
    case 'clash':
      return refused(meeting.refusal);
    case 'revived':
    case 'linked':
      return keepId(request, decision);
    case 'recreated':
      return recreate(request, meeting.record, decision);
    case 'nobody':
      return createNew(request, decision);
  }
}

/** RFC 7644 §3.3: 201, also where the id is one that there was. */
function keepId(request: Create, decision: Decision): Verdict {
  const verdict = decideUpdate(request, decision);
  return verdict.kind === 'changed' || verdict.kind === 'unchanged' ? { ...verdict, kind: 'created' } : verdict;
}

/** One change set: the name is free when the new user gets it, and nothing of the old one is left to inherit (T-ATO-04). */
function recreate(request: Create, old: StoredRecord, decision: Decision): Verdict {
  const created = createNew(request, decision);
  if (created.kind === 'refused') return created;
  const { changes, at } = removal(old, decision);
  const cause = changes.length;
  const [first, ...rest] = changes as [Change, ...Change[]];
  return {
    ...created,
    at: notBefore(at, created.at),
    changes: [{ ...first, cause }, ...rest, ...created.changes.map((change) => follows(change, cause))],
    replaced: old.id,
  };
}

/** The indexes of a set's changes, once others stand before them. */
function follows(change: Change, before: number): Change {
  return change.cause === undefined ? change : { ...change, cause: change.cause + before };
}

function createNew(request: Create, decision: Decision): Verdict {
  const { facts, now, newId } = decision;
  const proposal = settled(request.type, facts.proposal as Proposal, decision);
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
    changes: [{ kind: 'created', after }, ...passwordChange(record, decision.password, 0), ...members],
    record: { ...record, memberCount: facts.members.added.length },
    ...telling(proposal.ignored),
  };
}
