import { decide, type Verdict } from '../../../src/directory/decide/index.ts';
import { meet } from '../../../src/directory/decide/meet.ts';
import type { Facts } from '../../../src/directory/gather.ts';
import type { By, DirectoryContext, Policy, StoredRecord } from '../../../src/directory/index.ts';
import { propose } from '../../../src/directory/propose.ts';
import { type JsonValue, type ResourceType, readPatch, type ScimWrite, TOLERANT } from '../../../src/scim/index.ts';
import { actorIn, create, directoryWith, factsWith, NOW } from './facts.ts';

export interface Given extends Partial<Facts> {
  readonly policy?: Partial<Policy>;
  readonly directory?: DirectoryContext;
  readonly kind?: By['kind'];
}

/** What becomes of a write, as `gather` and `decide` have it, with a store that a test writes down by hand. */
export function decided(request: ScimWrite, { policy = {}, directory, kind, ...facts }: Given = {}): Verdict {
  const actor = actorIn(directoryWith(policy, directory), kind);
  const found = factsWith(facts);
  if (request.kind === 'remove') return decide(actor, { request, facts: found, now: NOW, newId });
  let current: StoredRecord | undefined = found.current;
  if (request.kind === 'create') {
    const meeting = meet(request, found, actor);
    current = 'record' in meeting && meeting.kind !== 'recreated' ? meeting.record : undefined;
  }
  const proposal = propose(request, { current, id: current?.id ?? '', actor });
  return decide(actor, { request, facts: { ...found, current, proposal }, now: NOW, newId });
}

const newId = () => 'new-id';

/** The verdict of a write that is not refused. */
export function done(request: ScimWrite, given?: Given): Exclude<Verdict, { kind: 'refused' }> {
  const verdict = decided(request, given);
  if (verdict.kind === 'refused') throw new Error(verdict.refusal.reason);
  return verdict;
}

/** As it will stand, parsed. */
export function resourceOf({ record }: Exclude<Verdict, { kind: 'refused' }>) {
  return JSON.parse(record.text);
}

export const USER = create({}).type;

export function patch(
  id: string,
  operations: readonly JsonValue[],
  type: ResourceType = USER,
): Extract<ScimWrite, { kind: 'patch' }> {
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [...operations] };
  return { kind: 'patch', type, id, operations: readPatch(type, body, TOLERANT), view: {} };
}

export function remove(id: string, type: ResourceType = USER): ScimWrite {
  return { kind: 'remove', type, id };
}
