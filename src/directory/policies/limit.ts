import type { By } from '../change.ts';
import type { GuardState, Hold } from '../hold.ts';
import type { Policy } from '../policy.ts';
import type { StoredRecord } from '../record.ts';
import type { Refusal } from '../refusal.ts';
import type { Effect } from './effect.ts';

/** A rule about what a write would do: which facts it needs to judge it, and its judgement, which is pure. */
export interface Limit {
  readonly name: string;
  /** Why it stands where it does among the others. */
  readonly why: string;
  readonly needs: (asked: Asked) => readonly Fact[];
  readonly check: (asked: Asked, facts: LimitFacts) => Refusal | undefined;
}

/** A write that has been decided, about to be committed. */
export interface Asked {
  readonly policy: Policy;
  readonly effect: Effect;
  readonly by: By;
  /**
   * What a person approves is the provider's work still: whom it may never be done to, it is not done to. `already`: how
   * many users the same approval deprovisions before this one, which the store does not know yet.
   */
  readonly approval: { readonly already: number } | undefined;
  /** The record that the request is about, as it stands; of a create, as it will. */
  readonly record: StoredRecord;
  readonly wanted: Wanted;
  readonly now: string;
}

/** Of whom the request says the opposite of what a hold may hold. */
export interface Wanted {
  /** The subject is to be active, or to stay. */
  readonly subject: boolean;
  /** These are to be members of it. */
  readonly members: readonly string[];
}

/**
 * `activating`, `deprovisioning`: no other one of its kind is under way while this one is judged. `counts`: how many users
 * there are. `role`: whether somebody keeps the role that must not be lost. `window`: what the guard has counted, and
 * was told. `hold`: the one that stands against the subject.
 */
export type Fact = 'activating' | 'deprovisioning' | 'counts' | 'role' | 'window' | 'hold';

export interface LimitFacts {
  readonly counts: { readonly total: number; readonly active: number };
  readonly roleStays: boolean;
  readonly window: Window;
  readonly hold: Hold | undefined;
}

/** What was deprovisioned within the guard's window, this write not counted. */
export interface Window {
  readonly state: GuardState;
  readonly count: number;
  /** How many users were active at its first. */
  readonly baseline: number | undefined;
}
