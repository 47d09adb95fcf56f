import type { PlaceWanted } from '../access/index.ts';
import { type GuardPolicy, type GuardState, windowBegin } from '../directory/index.ts';
import type { Store } from '../store/index.ts';
import type { Operator } from './operator.ts';

/** The guard of one directory, as it stands. */
export interface GuardShown {
  readonly kind: 'shown';
  readonly organization: string;
  readonly application: string;
  /** Undefined: there is none, and nothing is held. */
  readonly rule: GuardPolicy | undefined;
  readonly state: GuardState;
  /** Users deprovisioned, and memberships taken away, by the provider within the window. */
  readonly users: number;
  readonly memberships: number;
  /** More users than these trip it. */
  readonly usersLimit: number;
  readonly open: number;
}

export type GuardAnswer = GuardShown | { readonly kind: 'refused'; readonly detail: string };

export interface Guard {
  readonly show: (asked: PlaceWanted) => Promise<GuardAnswer>;
  /** What was deprovisioned before is not counted any more. */
  readonly lift: (asked: PlaceWanted) => Promise<GuardAnswer>;
  /** Nothing is held for so long; 0 ends that. */
  readonly snooze: (asked: PlaceWanted, milliseconds: number) => Promise<GuardAnswer>;
}

export interface GuardMeans {
  readonly store: Pick<Store, 'guardState' | 'setGuardState' | 'userCounts' | 'holds' | 'write'>;
  readonly operator: Operator;
}

/** Of holds that are counted to be shown. */
const MOST_COUNTED = 10_000;

export function createGuard({ store, operator }: GuardMeans): Guard {
  return {
    show,
    lift: (asked) => alter(asked, () => ({ since: new Date().toISOString() })),
    snooze: (asked, milliseconds) =>
      alter(asked, () => ({
        snoozedUntil: milliseconds === 0 ? undefined : new Date(Date.now() + milliseconds).toISOString(),
      })),
  };

  async function show(asked: PlaceWanted): Promise<GuardAnswer> {
    const found = await operator.find(asked);
    if (found.kind === 'refused') return found;
    const { organization, directory } = found;
    const { policy } = (await operator.actorAt(found)).directory;
    const rule = policy.guard;
    const [state, counts, holds] = await Promise.all([
      store.guardState(directory.id),
      store.userCounts(directory.id),
      store.holds(directory.id, { states: ['open'], after: undefined, limit: MOST_COUNTED }),
    ]);
    const counted = await inWindow(directory.id, rule, state);
    const baseline = counted.users.baseline ?? counts.active;
    return {
      kind: 'shown',
      organization: organization.slug,
      application: directory.application,
      rule,
      state,
      users: counted.users.count,
      memberships: counted.memberships.count,
      usersLimit: rule === undefined ? 0 : Math.floor(Math.max(rule.users, (rule.percent * baseline) / 100)),
      open: holds.length,
    };
  }

  async function inWindow(directory: string, rule: GuardPolicy | undefined, state: GuardState) {
    const none = { count: 0, baseline: undefined };
    if (rule === undefined) return { users: none, memberships: none };
    const since = windowBegin(rule, { state, now: new Date().toISOString() });
    return store.write(directory, async (transaction) => ({
      users: await transaction.deprovisionings({ what: 'users', since }),
      memberships: await transaction.deprovisionings({ what: 'memberships', since }),
    }));
  }

  async function alter(asked: PlaceWanted, state: () => Partial<GuardState>): Promise<GuardAnswer> {
    const found = await operator.find(asked);
    if (found.kind === 'refused') return found;
    await store.setGuardState(found.directory.id, state());
    return show(asked);
  }
}
