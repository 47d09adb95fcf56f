import type { JsonValue } from '../../scim/index.ts';
import type { HistoryRow } from '../history.ts';

/** One change as a person reads it. */
export interface HistoryEntry {
  readonly seq: number;
  /** The number of its change set, by which that is undone. */
  readonly set: number;
  /** The seq of the change that it follows from. */
  readonly cause?: number;
  readonly at: string;
  readonly by: HistoryRow['by'];
  readonly requestId: string;
  readonly kind: HistoryRow['kind'];
  readonly type: string;
  readonly subject: string;
  /** The userName, or displayName, that it has now, or had; the id where neither is known. */
  readonly label: string;
  /** What differs: all attributes of what came or went; null is nothing. */
  readonly attributes?: readonly EntryAttribute[];
  readonly joined?: readonly EntryMember[];
  readonly left?: readonly EntryMember[];
}

export interface EntryAttribute {
  readonly name: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

export interface EntryMember {
  readonly id: string;
  /** Of the first few, as far as it is known. */
  readonly label?: string;
}
