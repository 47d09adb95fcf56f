import type { Actor } from '../actor.ts';
import type { DirectoryServices } from '../perform.ts';
import type { HoldNamed } from './operation.ts';

/** A person decides, in a transaction. */
export interface Deciding {
  readonly services: DirectoryServices;
  readonly actor: Actor;
  readonly holds: readonly HoldNamed[];
  /** The transaction is shared with nobody. */
  readonly alone: boolean;
}
