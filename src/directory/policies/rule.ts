import type { ScimWrite } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import type { Verdict } from '../decide/verdict.ts';
import type { Facts } from '../gather.ts';
import { type Held, heldBy } from '../holds/held.ts';
import { settleGuard } from '../holds/settle.ts';
import type { Policy } from '../policy.ts';
import type { Transaction } from '../ports.ts';
import { effectOf } from './effect.ts';
import { judge } from './index.ts';
import type { Asked } from './limit.ts';
import { wantedBy } from './wanted.ts';

export interface Ruling {
  readonly actor: Actor;
  readonly request: ScimWrite;
  readonly facts: Facts;
  /** As it was decided. */
  readonly verdict: Verdict;
  readonly clock: () => Date;
  readonly newId: () => string;
}

/** The verdict as the limits of the directory leave it. `held`: what the refusal leaves for a person to decide. */
export interface Ruled {
  readonly verdict: Verdict;
  readonly held?: Held;
}

/** Between decision and commit: what the write would do is measured by the limits; what is let through is counted. */
export async function rule(transaction: Transaction, ruling: Ruling): Promise<Ruled> {
  const { actor, verdict, clock, newId } = ruling;
  if (verdict.kind === 'refused' || !isLimited(actor.directory.policy)) return { verdict };
  const asked = askedBy({ ...ruling, verdict });
  const { refusal, facts } = await judge(transaction, asked);
  const { requestId } = actor;
  // What is counted is counted in the order in which it got its turn, and that was waited for.
  const now = clock().toISOString();
  if (refusal === undefined) {
    await settleGuard(transaction, asked, { facts, now });
    return { verdict };
  }
  const refused = { kind: 'refused', refusal } as const;
  if (refusal.reason !== 'held') return { verdict: refused };
  return { verdict: refused, held: heldBy({ asked, refusal, standing: facts.hold, requestId, now, newId }) };
}

function isLimited({ guard, seats, protect }: Policy): boolean {
  if (guard !== undefined || seats.limit !== undefined) return true;
  return protect.users.size > 0 || protect.lastWithRole !== undefined || protect.atLeast > 0 || protect.existing;
}

function askedBy({
  actor: { by, directory },
  request,
  facts,
  verdict,
  clock,
}: Ruling & { readonly verdict: Exclude<Verdict, { kind: 'refused' }> }): Asked {
  return {
    policy: directory.policy,
    effect: effectOf(verdict.changes),
    by,
    approval: undefined,
    record: facts.current ?? verdict.record,
    wanted: wantedBy(request, facts),
    now: clock().toISOString(),
  };
}
