import { StoreUnavailable } from '../../directory/index.ts';

/** A write that waits for its turn, or has had it. */
export interface Job {
  readonly work: (scope: Scope) => Promise<unknown>;
  readonly scope: Scope;
  readonly since: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Handed to a write: `live` while it runs, so that nothing writes into a neighbour's part. */
export interface Scope {
  live: boolean;
  /** It has a transaction for itself, and may take several turns of the event loop. */
  readonly alone: boolean;
}

export type Done =
  | { readonly failed: false; readonly value: unknown }
  | { readonly failed: true; readonly error: unknown };

export interface Result {
  readonly job: Job;
  readonly done: Done;
}

export const UNFINISHED: Done = { failed: true, error: new StoreUnavailable('the write was not finished') };

export async function settle({ work, scope }: Job): Promise<Done> {
  scope.live = true;
  try {
    return { failed: false, value: await work(scope) };
  } catch (error) {
    return { failed: true, error };
  } finally {
    scope.live = false;
  }
}
