import type { ScimError } from '../scim/index.ts';

/** Whose token it was, of a call that nobody was let in by. */
export interface Whose {
  /** `key-expired`, `key-revoked`, `plan`, `sso`: what the failure list and the journal have for it. */
  readonly outcome: string;
  readonly directory: string;
  readonly credential: { readonly id: string; readonly name: string };
}

const known = new WeakMap<ScimError, Whose>();

/** The same error, of which it is known afterwards whose failure list it belongs to. The client is told nothing of that. */
export function belonging(error: ScimError, whose: Whose | undefined): ScimError {
  if (whose !== undefined) known.set(error, whose);
  return error;
}

export function whoseIs(error: unknown): Whose | undefined {
  return known.get(error as ScimError);
}
