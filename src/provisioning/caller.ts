import type { Actor } from '../directory/index.ts';

/** Who asks, and where: only `admit` makes one, so what takes a Caller cannot be reached unauthenticated. */
export interface Caller extends Actor {
  readonly scope: 'provision' | 'read';
  /** The pure standard, without rewrites and tolerances. */
  readonly strict: boolean;
}
