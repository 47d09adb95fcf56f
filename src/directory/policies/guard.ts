import type { Hold } from '../hold.ts';
import type { GuardPolicy } from '../policy.ts';
import type { Refusal } from '../refusal.ts';
import { labelOf } from './label.ts';
import type { Asked, Limit, LimitFacts } from './limit.ts';
import { isProvider } from './provider.ts';

/** More deprovisionings within the window than a directory lets through unseen are held until a person decides. */
export const GUARD: Limit = {
  name: 'guard',
  why: 'After all that protects: held is only what an approval could do.',
  needs: (asked) => {
    if (asked.policy.guard === undefined || !isProvider(asked.by)) return [];
    if (counted(asked) > 0) return ['deprovisioning', 'hold', 'counts', 'window'];
    return asked.wanted.subject || asked.wanted.members.length > 0 ? ['hold'] : [];
  },
  check: (asked, facts) => {
    const { guard } = asked.policy;
    if (guard === undefined || !isProvider(asked.by) || counted(asked) === 0) return undefined;
    return standing(asked, facts) ?? tripped(guard, asked, facts);
  },
};

export function isSnoozed({ window: { state } }: LimitFacts, now: string): boolean {
  return state.snoozedUntil !== undefined && now < state.snoozedUntil;
}

/** A hold goes on refusing what it holds, whatever the window says: only a person ends it, or the provider who wants the user. */
function standing(asked: Asked, facts: LimitFacts): Refusal | undefined {
  const { hold } = facts;
  if (hold === undefined || !holdsSame(asked, facts)) return undefined;
  const isRejected = hold.state === 'rejected';
  // While nothing is held, what was is let go; not what a person said no to.
  if (!isRejected && isSnoozed(facts, asked.now)) return undefined;
  return {
    reason: 'held',
    type: hold.type,
    label: labelOf(asked.record),
    work: workOf(asked),
    ...(isRejected && !asksMore(asked, hold) ? { rejected: hold.decided?.at ?? hold.last } : { since: hold.first }),
  };
}

/** Memberships beyond those that a person has decided about. */
export function asksMore(asked: Pick<Asked, 'effect' | 'policy'>, { work }: Hold): boolean {
  if (work.kind !== 'removeMembers') return false;
  if (workOf(asked) === 'remove') return true;
  const held = new Set(work.ids);
  return asked.effect.left.some(({ ids }) => ids.some((id) => !held.has(id)));
}

/** The hold of a group stands for the members that it names; every other one for its subject, unless that is wanted. */
function holdsSame(asked: Asked, { hold }: LimitFacts): boolean {
  if (hold?.work.kind !== 'removeMembers') return !asked.wanted.subject;
  const held = new Set(hold.work.ids);
  return asked.effect.left.some(({ ids }) => ids.some((id) => held.has(id)));
}

function tripped(guard: GuardPolicy, asked: Asked, facts: LimitFacts): Refusal | undefined {
  const { count, baseline = facts.counts.active } = facts.window;
  const what = countedWhat(asked);
  const limit = what === 'users' ? Math.max(guard.users, (guard.percent * baseline) / 100) : (guard.memberships ?? 0);
  if (count + counted(asked) <= limit || isSnoozed(facts, asked.now)) return undefined;
  return {
    reason: 'held',
    type: asked.record.type,
    label: labelOf(asked.record),
    work: workOf(asked),
    tripped: { what, count, asked: counted(asked), limit: Math.floor(limit), windowSeconds: guard.windowSeconds },
  };
}

export function countedWhat({ effect }: Pick<Asked, 'effect'>): 'users' | 'memberships' {
  return effect.deprovisioned.length > 0 ? 'users' : 'memberships';
}

/** How many of what the guard counts the write would take. */
export function counted({ effect, policy }: Pick<Asked, 'effect' | 'policy'>): number {
  if (effect.deprovisioned.length > 0) return effect.deprovisioned.length;
  if (policy.guard?.memberships === undefined) return 0;
  return effect.left.reduce((sum, { ids }) => sum + ids.length, 0);
}

export function workOf({ effect }: Pick<Asked, 'effect'>): 'deactivate' | 'remove' | 'removeMembers' {
  const [user] = effect.deprovisioned;
  if (user !== undefined) return user.work;
  return effect.left.some(({ removed }) => removed) ? 'remove' : 'removeMembers';
}
