import type { HeldWork, Hold } from '../hold.ts';

/** What a person decides about holds; each is looked at again as it stands. The operator's, and not measured by the guard. */
export interface DecideHolds {
  readonly kind: 'approve-holds' | 'reject-holds';
  readonly holds: readonly HoldNamed[];
}

export type HoldNamed = Pick<Hold, 'id' | 'type' | 'subject'>;

export interface HoldDecided {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** The userName, or displayName; '' when it stands no more. */
  readonly label: string;
  readonly work: HeldWork['kind'] | undefined;
  /**
   * `applied`: from our side, just now. `done-before`: there was nothing left to do. `refused`: another rule stands
   * against it, and the hold stays. `not-standing`: somebody decided, or the provider took it back, meanwhile.
   */
  readonly became: 'applied' | 'done-before' | 'rejected' | 'refused' | 'not-standing';
  /** The sentence of the refusal. */
  readonly detail?: string;
}
