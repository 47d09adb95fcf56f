import type { Perform } from '../../directory/index.ts';
import type { BulkOperation, ScimError } from '../../scim/index.ts';
import type { Call } from '../call.ts';
import type { Caller } from '../caller.ts';

export interface BulkMeans {
  readonly perform: Perform;
  readonly used: Set<string>;
  /** Who asks, as of now: a token may be revoked, or expire, before the last operation. */
  readonly admit: () => Promise<Caller>;
}

/** One bulk, as it comes along. */
export interface Run extends BulkMeans {
  readonly call: Call;
  readonly caller: Caller;
  /** Whatever goes through all of an operation lets others have their turn meanwhile. */
  readonly isLong: boolean;
  readonly operations: readonly BulkOperation[];
  /** By operation: what its data refers to. */
  readonly bulkIds: readonly ReadonlySet<string>[];
  /** The ids of what was created, by bulkId. */
  readonly ids: Map<string, string>;
  readonly results: Result[];
  /** The attributes that were sent and are not kept. */
  readonly ignored: Set<string>;
  /** The causes of 5xx, for the operator. */
  readonly logged: unknown[];
}

/** RFC 7644 §3.7: an element of `Operations` in the response; `status` as a string (conflict D7). */
export interface Result {
  readonly location?: string;
  readonly method: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly status: string;
  readonly response?: ScimError;
}
