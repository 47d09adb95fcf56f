import { findTarget, type ResourceType, type ScimWrite } from '../../scim/index.ts';
import { decide } from '../decide/index.ts';
import type { Verdict } from '../decide/verdict.ts';
import { subjectsOf } from '../failure.ts';
import { type Facts, gather, NeedsToRunAlone } from '../gather.ts';
import type { Hold } from '../hold.ts';
import { effectOf } from '../policies/effect.ts';
import { judge } from '../policies/index.ts';
import type { Asked } from '../policies/limit.ts';
import { touchesRole } from '../policies/role.ts';
import type { Transaction } from '../ports.ts';
import type { Deciding } from './deciding.ts';
import { GatheredChanges } from './gathered.ts';
import type { HoldDecided } from './operation.ts';
import { decidedOf, eachStanding } from './standing.ts';

/**
 * Applies what was held from our side, in one change set. What the guard let through would have met the other rules about
 * deprovisioning; so does this: whom they protect stays, and so does the hold. Only what could take the protected role
 * from its last holder is committed by itself, after the rest, as the store has to answer for it.
 */
export async function approve(transaction: Transaction, deciding: Deciding): Promise<readonly HoldDecided[]> {
  const { services, actor } = deciding;
  const approval: Approval = { ...deciding, transaction, together: new GatheredChanges(), already: 0, settled: [] };
  const results = new Map<string, HoldDecided>();
  const later: Hold[] = [];
  for await (const { named, hold } of eachStanding(transaction, deciding)) {
    const result = hold === undefined ? decidedOf(named, hold, 'not-standing') : await apply(approval, hold, later);
    if (result !== undefined) results.set(named.id, result);
  }
  await commit(approval, approval.together);
  // The store knows of them now.
  approval.already = 0;
  for (const hold of later) {
    const result = await apply(approval, hold, undefined);
    if (result !== undefined) results.set(hold.id, result);
  }
  const { settled } = approval;
  if (settled.length > 0) {
    const ids = settled.map(({ hold }) => hold.id);
    await transaction.decideHolds(ids, { state: 'approved', by: actor.by, at: services.clock().toISOString() });
    for (const [type, some] of Map.groupBy(settled, ({ hold }) => hold.type)) {
      await transaction.clearFailures(type, () => some.flatMap(({ subjects }) => subjects));
    }
  }
  return deciding.holds.flatMap(({ id }) => results.get(id) ?? []);
}

interface Approval extends Deciding {
  readonly transaction: Transaction;
  readonly together: GatheredChanges;
  /** Users whom the set deprovisions that is gathered and not committed yet. */
  already: number;
  readonly settled: { readonly hold: Hold; readonly subjects: readonly string[] }[];
}

/** Undefined when it has to wait for the rest (`later`). */
async function apply(approval: Approval, hold: Hold, later: Hold[] | undefined): Promise<HoldDecided | undefined> {
  const { transaction, actor, settled, together } = approval;
  const type = actor.directory.types.find(({ name }) => name === hold.type);
  const written = type === undefined ? undefined : await decideHeld(approval, hold, type);
  if (written === undefined || written.verdict.kind === 'unchanged') {
    settled.push({ hold, subjects: [hold.subject] });
    return decidedOf(hold, hold, 'done-before');
  }
  const { request, facts, verdict } = written;
  if (verdict.kind === 'refused') return decidedOf(hold, hold, 'refused', verdict.refusal);
  const asked: Asked = {
    policy: actor.directory.policy,
    effect: effectOf(verdict.changes),
    by: actor.by,
    approval: { already: approval.already },
    record: facts.current ?? verdict.record,
    wanted: { subject: false, members: [] },
    now: approval.services.clock().toISOString(),
  };
  if (later !== undefined && (await touchesRole(transaction, asked))) {
    later.push(hold);
    return undefined;
  }
  const { refusal } = await judge(transaction, asked);
  if (refusal !== undefined) return decidedOf(hold, hold, 'refused', refusal);
  if (later === undefined) {
    const alone = new GatheredChanges();
    alone.add(verdict.changes, verdict.at);
    await commit(approval, alone);
  } else {
    together.add(verdict.changes, verdict.at);
    approval.already += asked.effect.deprovisioned.length;
  }
  settled.push({ hold, subjects: subjectsOf(request, verdict) });
  return decidedOf(hold, hold, 'applied');
}

interface Written {
  readonly request: ScimWrite;
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** Undefined when its subject is gone. */
async function decideHeld(
  { transaction, services, actor, alone }: Approval,
  { subject, work }: Hold,
  type: ResourceType,
): Promise<Written | undefined> {
  const request: ScimWrite = requestOf(type, subject, work.kind);
  let facts = await gather(transaction, actor, { request, alone });
  if (facts.current === undefined) return undefined;
  if (work.kind === 'removeMembers') {
    if (!alone && work.ids.length > MEMBERS_IN_SHARED_COMMIT) throw new NeedsToRunAlone();
    const edit = { replaces: false, add: [], remove: work.ids };
    facts = { ...facts, members: await transaction.memberDifference(subject, edit) };
  }
  const now = services.clock().toISOString();
  return { request, facts, verdict: decide(actor, { request, facts, now, newId: services.newId }) };
}

const MEMBERS_IN_SHARED_COMMIT = 1000;

function requestOf(type: ResourceType, id: string, work: Hold['work']['kind']): ScimWrite {
  if (work === 'remove') return { kind: 'remove', type, id };
  const target = work === 'deactivate' ? findTarget(type, { name: 'active' }) : undefined;
  const path = target && ({ kind: 'attribute', target } as const);
  return { kind: 'patch', type, id, operations: path === undefined ? [] : [{ op: 'replace', path, value: false }] };
}

async function commit({ transaction, actor }: Approval, { changes, at }: GatheredChanges): Promise<void> {
  if (changes.length === 0) return;
  await transaction.commit({ by: actor.by, requestId: actor.requestId, at, changes });
}
