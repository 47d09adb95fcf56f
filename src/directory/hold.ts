import type { By } from './change.ts';

/** A deprovisioning that the guard stopped until a person decides. At most one that is open or rejected a subject. */
export interface Hold {
  readonly id: string;
  /** `User`, `Group`. */
  readonly type: string;
  /** The record's id. */
  readonly subject: string;
  /** The userName, or displayName. */
  readonly label: string;
  readonly work: HeldWork;
  /** Why, as the provider was told. */
  readonly why: string;
  /** Who asked for it last. */
  readonly by: By;
  readonly requestId: string;
  readonly first: string;
  readonly last: string;
  /** How often it was asked for. */
  readonly times: number;
  /** `rejected` goes on refusing the same; `withdrawn`: the provider wants the user after all. */
  readonly state: 'open' | 'rejected' | 'approved' | 'withdrawn';
  readonly decided?: { readonly by: By; readonly at: string };
}

/** What was held, and what approving it applies: this, and nothing else that the request may have asked. */
export type HeldWork =
  | { readonly kind: 'deactivate' }
  | { readonly kind: 'remove' }
  /** Memberships of the group. */
  | { readonly kind: 'removeMembers'; readonly ids: readonly string[] };

/** A hold as a refusal leaves it: a second one of the same subject bumps the first, and takes its place in `work`. */
export type NewHold = Omit<Hold, 'first' | 'last' | 'times' | 'state' | 'decided'> & {
  readonly at: string;
  /** The one that stands has less to hold, and was not asked for once more. */
  readonly isLessened?: true;
};

/** What a person told the guard of a directory. */
export interface GuardState {
  /** What was deprovisioned before is not counted (lift). */
  readonly since: string | undefined;
  /** Until then nothing is held. */
  readonly snoozedUntil: string | undefined;
}
