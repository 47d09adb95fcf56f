import type { Transaction } from '../ports.ts';
import type { Deciding } from './deciding.ts';
import type { HoldDecided } from './operation.ts';
import { decidedOf, eachStanding } from './standing.ts';

/** From now on the same is refused as rejected, until the provider takes it back, or a person approves it after all. */
export async function reject(transaction: Transaction, deciding: Deciding): Promise<readonly HoldDecided[]> {
  const results: HoldDecided[] = [];
  const ids: string[] = [];
  for await (const { named, hold } of eachStanding(transaction, deciding)) {
    if (hold !== undefined) ids.push(hold.id);
    results.push(decidedOf(named, hold, hold === undefined ? 'not-standing' : 'rejected'));
  }
  const { actor, services } = deciding;
  if (ids.length > 0) {
    await transaction.decideHolds(ids, { state: 'rejected', by: actor.by, at: services.clock().toISOString() });
  }
  return results;
}
