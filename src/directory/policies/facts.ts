import type { GuardState } from '../hold.ts';
import type { GuardPolicy } from '../policy.ts';
import type { Transaction } from '../ports.ts';
import { countedWhat } from './guard.ts';
import type { Asked, Fact, LimitFacts, Window } from './limit.ts';
import { roleStays } from './role.ts';

/** What no rule asked for. */
const NOT_ASKED: LimitFacts = {
  counts: { total: 0, active: 0 },
  roleStays: true,
  window: { state: { since: undefined, snoozedUntil: undefined }, count: 0, baseline: undefined },
  hold: undefined,
};

/** Whether what is to be let through is judged while no other of its kind is. */
export function isAlone(needs: ReadonlySet<Fact>): boolean {
  return needs.has('activating') || needs.has('deprovisioning');
}

/** From now on, until the end of the transaction, what is counted stays as it was counted. */
export async function holdFast(transaction: Transaction, needs: ReadonlySet<Fact>): Promise<void> {
  // One at a time, and always in this order: two that wait for each other would both have to begin again.
  if (needs.has('activating')) await transaction.exclusively('activating');
  if (needs.has('deprovisioning')) await transaction.exclusively('deprovisioning');
}

/** What the rules need to judge a write. What does not depend on one another is asked at once. */
export async function gatherLimits(
  transaction: Transaction,
  asked: Asked,
  needs: ReadonlySet<Fact>,
): Promise<LimitFacts> {
  if (needs.size === 0) return NOT_ASKED;
  const [counts, hold, state, stays] = await Promise.all([
    needs.has('counts') ? transaction.userCounts() : NOT_ASKED.counts,
    needs.has('hold') ? transaction.standingHold(asked.record.type, asked.record.id) : undefined,
    needs.has('window') ? transaction.guardState() : undefined,
    needs.has('role') ? roleStays(transaction, asked) : true,
  ]);
  const window = state === undefined ? NOT_ASKED.window : await gatherWindow(transaction, asked, state);
  return { counts, hold, roleStays: stays, window };
}

async function gatherWindow(
  transaction: Transaction,
  { policy, effect, now }: Asked,
  state: GuardState,
): Promise<Window> {
  if (policy.guard === undefined) return NOT_ASKED.window;
  const since = windowBegin(policy.guard, { state, now });
  return { state, ...(await transaction.deprovisionings({ what: countedWhat({ effect }), since })) };
}

/** A guard that was lifted later than now counts as if it had not been: the clock was set back, and must not open it. */
export function windowBegin(
  { windowSeconds }: GuardPolicy,
  { state: { since }, now }: { state: GuardState; now: string },
): string {
  const begin = new Date(Date.parse(now) - windowSeconds * 1000).toISOString();
  return since !== undefined && since > begin && since <= now ? since : begin;
}
