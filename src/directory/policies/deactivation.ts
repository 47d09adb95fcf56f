import type { ResourceType } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import type { Proposal } from '../propose.ts';
import { isProvider } from './provider.ts';

/**
 * `deactivation: remove`: an identity provider that deactivates a user removes it (decision 36). Who is inactive already,
 * as they were created or imported so, is deactivated by nothing: what is said of them is an ordinary update.
 */
export function becomesRemoval(type: ResourceType, { before, after }: Proposal, { directory, by }: Actor): boolean {
  if (directory.policy.deactivation !== 'remove' || type.name !== 'User' || !isProvider(by)) return false;
  return before !== undefined && before.active !== false && after.active === false;
}
