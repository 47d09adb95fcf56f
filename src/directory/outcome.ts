import type { GroupReference, Member, StoredRecord } from './record.ts';
import type { Refusal } from './refusal.ts';

/** What became of an operation. */
export type Outcome =
  | { readonly kind: 'created' | 'changed' | 'unchanged' | 'found'; readonly shown: Shown }
  | { readonly kind: 'removed' }
  | {
      readonly kind: 'listed';
      readonly total: number;
      readonly startIndex: number;
      readonly shown: readonly Shown[];
      /** Set when members are still to be read: call it when the reply is written, or given up. */
      readonly release?: () => void;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A record with what its view needs from other tables. */
export interface Shown {
  readonly record: StoredRecord;
  readonly groups?: readonly GroupReference[];
  /** In pieces when they are too many to hold; absent when the view leaves them out. */
  readonly members?: readonly Member[] | AsyncIterable<readonly Member[]>;
  readonly release?: () => void;
}
