import type { Transaction } from '../ports.ts';
import type { Refusal } from '../refusal.ts';
import { gatherLimits, holdFast, isAlone } from './facts.ts';
import { GUARD } from './guard.ts';
import type { Asked, Fact, Limit, LimitFacts } from './limit.ts';
import { PROTECT_AT_LEAST, PROTECT_EXISTING, PROTECT_LAST_WITH_ROLE, PROTECT_USERS } from './protect.ts';
import { SEATS } from './seats.ts';

/**
 * The rules about what a write would do, in the order in which they are asked; the first that says no is what is told. What
 * a write means at all (deactivation, updates, keep, conflict, roles) was decided before: see `decide`.
 */
export const LIMITS: readonly Limit[] = [
  PROTECT_USERS,
  PROTECT_EXISTING,
  PROTECT_LAST_WITH_ROLE,
  PROTECT_AT_LEAST,
  GUARD,
  SEATS,
];

export interface Judgement {
  readonly refusal: Refusal | undefined;
  readonly facts: LimitFacts;
}

/**
 * Asks the store for what the rules need of it, which is nothing where nothing is limited, and then them, purely. What is
 * to be let through is judged again once it has its turn alone; what is refused at first sight waits for nobody, so that a
 * thousand who are one too many do not queue to be told so.
 */
export async function judge(transaction: Transaction, asked: Asked): Promise<Judgement> {
  const needs = new Set<Fact>(LIMITS.flatMap((limit) => limit.needs(asked)));
  // Those who approve are few, and may wait.
  if (asked.approval === undefined) {
    const facts = await gatherLimits(transaction, asked, needs);
    const refusal = firstRefusal(asked, facts);
    if (refusal !== undefined || !isAlone(needs)) return { refusal, facts };
  }
  await holdFast(transaction, needs);
  const facts = await gatherLimits(transaction, asked, needs);
  return { refusal: firstRefusal(asked, facts), facts };
}

export function firstRefusal(asked: Asked, facts: LimitFacts): Refusal | undefined {
  for (const limit of LIMITS) {
    const refusal = limit.check(asked, facts);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
