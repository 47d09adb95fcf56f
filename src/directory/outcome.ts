import type { Position } from '../scim/index.ts';
import type { GroupReference, Member, StoredRecord } from './record.ts';
import type { Refusal } from './refusal.ts';

/** What became of an operation. */
export type Outcome =
  | {
      readonly kind: 'created' | 'changed' | 'unchanged' | 'found';
      readonly shown: Shown;
      /** The attributes that a write gave and that have no effect here, each once. */
      readonly ignored?: readonly string[];
    }
  /** `shown`: by an update that deactivated the user, and how that is told. */
  | { readonly kind: 'removed'; readonly shown?: Shown }
  | {
      readonly kind: 'listed';
      readonly total?: number;
      readonly startIndex: number;
      /** Where the next page of a walk goes on. */
      readonly next?: Position;
      /** How many are on this page. */
      readonly count: number;
      /** One by one when they are too much to hold. */
      readonly shown: readonly Shown[] | AsyncIterable<Shown>;
      /** Set when they are still to be read: call it when the reply is written, or given up. */
      readonly release?: () => void;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A record with what its view needs from other tables. */
export interface Shown {
  readonly record: StoredRecord;
  /** Groups and members are in pieces when they are too much to hold; absent when the view leaves them out. */
  readonly groups?: readonly GroupReference[] | AsyncIterable<readonly GroupReference[]>;
  readonly members?: readonly Member[] | AsyncIterable<readonly Member[]>;
  readonly release?: () => void;
  /** There is more to show than could be held, and it has not been read. */
  readonly partial?: true;
}
