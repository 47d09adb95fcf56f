import type { JsonObject } from '../scim/index.ts';
import type { GroupStanding, NewRecord, StoredRecord } from './record.ts';

/** Who acts: shown in history, never trusted for access. */
export interface By {
  readonly kind: 'credential' | 'operator' | 'system';
  readonly id: string;
  readonly name: string;
}

/** What one request commits: all of it or none, and the unit of undo and approval. */
export interface ChangeSet {
  readonly by: By;
  readonly requestId: string;
  /** UTC, fixed width; never earlier than the `modified` of what it changes. */
  readonly at: string;
  readonly changes: readonly Change[];
}

/**
 * One alteration, one row of history. `cause` is the index (in the same set) of the change that this one follows from.
 */
export type Change =
  | { readonly kind: 'created'; readonly after: NewRecord; readonly cause?: number }
  | {
      readonly kind: 'updated';
      readonly before: StoredRecord;
      readonly after: NewRecord;
      /** The top-level attributes that differ, as they were and as they are; null where there was or is nothing. */
      readonly difference: { readonly before: JsonObject; readonly after: JsonObject };
      readonly cause?: number;
    }
  | {
      readonly kind: 'removed';
      readonly before: StoredRecord;
      /** The groups that it was in (their own changes follow, caused by this one). */
      readonly memberOf: readonly string[];
      readonly cause?: number;
    }
  /** A provider takes over a user who was there (`owned: true`), or an undo gives them back. The version stays. */
  | { readonly kind: 'owner'; readonly record: StoredRecord; readonly owned: boolean; readonly cause?: number }
  /** The user has another password. History says that, and not which. The version stays. */
  | { readonly kind: 'password'; readonly record: StoredRecord; readonly hash: string; readonly cause?: number }
  /** At most 1,000 ids in a change; more are several changes of one set. Its group's version moves once a set. */
  | {
      readonly kind: 'members';
      readonly group: GroupStanding;
      readonly added: readonly { readonly value: string; readonly type: string }[];
      readonly removed: readonly string[];
      /** The group's version after the set. */
      readonly version: number;
      readonly cause?: number;
    };

/** A subject whose latest provisioning call was refused; gone when a later write of it succeeds. */
export interface Failure {
  /** `User`, `Group`; `Connection` for what concerns a whole connection. */
  readonly type: string;
  /** The id, else the folded userName or displayName; of a connection, the reason and its credential's id. */
  readonly subject: string;
  /** As its administrator knows it: the userName or displayName as sent, else the id; the credential's name. */
  readonly label: string;
  /** Of a connection's failure: `read` or `write`. */
  readonly operation: 'create' | 'replace' | 'patch' | 'remove' | 'read' | 'write';
  /** The refusal's name: `name-taken`. */
  readonly reason: string;
  /** The sentence that was told. */
  readonly detail: string;
  readonly requestId: string;
  readonly at: string;
  /** How many calls it stands for; 1 when absent. */
  readonly count?: number;
}
