import type { ResourceType, ScimRequest, ScimWrite, Tolerances } from '../scim/index.ts';
import type { By } from './change.ts';
import type { DecideHolds } from './holds/operation.ts';
import type { ImportUsers } from './import/operation.ts';
import type { Outcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Undo } from './undo/operation.ts';

/** One organization's people in one application, with the rules that hold there. */
export interface DirectoryContext {
  readonly id: string;
  readonly tolerances: Tolerances;
  readonly types: readonly ResourceType[];
  readonly policy: Policy;
  /** The public SCIM base URL, for filters on `$ref` and `meta.location`. */
  readonly base: string;
}

/** Who acts, and where: made by `admit` for a provider's call, by the command line for an operator's. */
export interface Actor {
  readonly directory: DirectoryContext;
  readonly by: By;
  readonly requestId: string;
}

/**
 * What `perform` can be asked. A provider's request is one kind; undo, approval and import become others, so that the
 * same policies, changes and records serve them all.
 */
export type Operation = ScimRequest | Together | Undo | DecideHolds | ImportUsers;

/**
 * Writes of which all are committed or none: each is made of what became of those before it. They end with the first that
 * is refused.
 */
export interface Together {
  readonly kind: 'together';
  readonly steps: readonly ((done: readonly Outcome[]) => ScimWrite)[];
}
