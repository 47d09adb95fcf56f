import type { By } from '../change.ts';
import type { Hold } from '../hold.ts';
import { counted, countedWhat, isSnoozed } from '../policies/guard.ts';
import type { Asked, LimitFacts } from '../policies/limit.ts';
import { isProvider } from '../policies/provider.ts';
import type { Deprovisioning, HoldDecision, Transaction } from '../ports.ts';

/** What a write that was not refused leaves for the guard: it is counted, and ends the hold that it contradicts, or does. */
export async function settleGuard(
  transaction: Transaction,
  asked: Asked,
  { facts, now }: { facts: LimitFacts; now: string },
): Promise<void> {
  if (asked.policy.guard === undefined || !isProvider(asked.by)) return;
  const count = counted(asked);
  if (count > 0) await transaction.recordDeprovisioning(deprovisioningOf(asked, { count, facts, now }));
  if (facts.hold === undefined) return;
  // What it holds itself is let through only while the guard is snoozed.
  const isDone = count > 0 && isSnoozed(facts, now);
  const { by, wanted } = asked;
  const withdrawn = { state: 'withdrawn', by, at: now } as const;
  const approved = { state: 'approved', by: SNOOZED, at: now } as const;
  if (facts.hold.work.kind === 'removeMembers') {
    const members = [...wanted.members, ...(isDone ? leaving(asked) : [])];
    return lessen(transaction, facts.hold, { members, decision: isDone ? approved : withdrawn });
  }
  if (wanted.subject) return transaction.decideHolds([facts.hold.id], withdrawn);
  if (isDone) return transaction.decideHolds([facts.hold.id], approved);
}

/** Let through while nothing was held, which a person had wanted. */
const SNOOZED: By = { kind: 'system', id: 'guard', name: 'the guard, while it was snoozed' };

/** Called before the change is committed, so that the count of the active ones is what it was. */
function deprovisioningOf(
  asked: Asked,
  { count, facts, now }: { count: number; facts: LimitFacts; now: string },
): Deprovisioning {
  return { what: countedWhat(asked), subject: asked.record.id, at: now, count, baseline: facts.counts.active };
}

function leaving({ effect }: Asked): readonly string[] {
  return effect.left.flatMap(({ ids }) => ids);
}

/** Ends the hold of a group when it has no members but these. */
async function lessen(
  transaction: Transaction,
  { first: _first, last, times: _times, state: _state, decided: _decided, work, ...hold }: Hold,
  { members, decision }: { members: readonly string[]; decision: HoldDecision },
): Promise<void> {
  const held = work.kind === 'removeMembers' ? work.ids : [];
  const gone = new Set(members);
  const ids = held.filter((id) => !gone.has(id));
  if (ids.length === held.length) return;
  if (ids.length === 0) return transaction.decideHolds([hold.id], decision);
  return transaction.recordHold({ ...hold, work: { kind: 'removeMembers', ids }, at: last, isLessened: true });
}
