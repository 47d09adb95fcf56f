import { labelOf } from './label.ts';
import type { Asked, Limit } from './limit.ts';
import { isProvider } from './provider.ts';

/**
 * The limit of users in a directory, for providers and operators alike; only the reserve is the operators'. A write that
 * takes no seat is never asked: neither is what leaves an active user active.
 */
export const SEATS: Limit = {
  name: 'seats',
  why: 'Last: a seat is asked for only by what nothing else stands against, and whoever deprovisions takes none.',
  needs: (asked) => (takenBy(asked) > 0 ? ['activating', 'counts'] : []),
  check: (asked, { counts }) => {
    const { limit, reserve } = asked.policy.seats;
    const taken = takenBy(asked);
    if (limit === undefined || taken <= 0) return undefined;
    const used = asked.policy.seats.counts === 'active' ? counts.active : counts.total;
    const kept = isProvider(asked.by) ? reserve : 0;
    if (used + taken <= limit - kept) return undefined;
    return { reason: 'seats-full', label: labelOf(asked.record), used, limit, reserve: kept };
  },
};

function takenBy({ policy: { seats }, effect }: Asked): number {
  if (seats.limit === undefined) return 0;
  return seats.counts === 'active' ? effect.active : effect.total;
}
