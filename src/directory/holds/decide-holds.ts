import type { Actor } from '../actor.ts';
import type { DirectoryServices } from '../perform.ts';
import { transact } from '../transact.ts';
import { approve } from './approve.ts';
import type { DecideHolds, HoldDecided } from './operation.ts';
import { reject } from './reject.ts';

/** More than these wait for nobody, and nobody for them: they have a transaction of their own, which yields. */
const IN_SHARED_COMMIT = 50;

/**
 * Applies what was held, or says for good that it is not to be done: of all holds or, when the database fails, of none.
 *
 * @throws StoreUnavailable
 */
export function decideHolds(
  services: DirectoryServices,
  actor: Actor,
  { kind, holds }: DecideHolds,
): Promise<readonly HoldDecided[]> {
  const decided = kind === 'approve-holds' ? approve : reject;
  return transact(services.store, actor.directory.id, {
    alone: holds.length > IN_SHARED_COMMIT,
    work: (transaction, alone) => decided(transaction, { services, actor, holds, alone }),
  });
}
