import { findPlace, type PlaceWanted } from '../access/index.ts';
import type { Application } from '../config.ts';
import type { OrganizationStore } from '../directory/index.ts';
import type { Store } from '../store/index.ts';
import { compilePolicy } from './compile-policy.ts';
import { mergePolicies, readOverrides } from './overrides.ts';
import type { Refused } from './policies.ts';

export interface SeatsShown {
  readonly kind: 'shown';
  readonly organization: string;
  readonly application: string;
  readonly used: number;
  /** Undefined: as many as come. */
  readonly limit: number | undefined;
  readonly reserve: number;
  readonly counts: 'active' | 'all';
}

export interface Seats {
  readonly show: (wanted: PlaceWanted) => Promise<SeatsShown | Refused>;
}

/** How many seats a directory has, and how many of them are taken. They are set as rules are (`seats.limit`). */
export function createSeats(
  applications: readonly Application[],
  store: OrganizationStore & Pick<Store, 'userCounts'>,
): Seats {
  return {
    async show(wanted) {
      const place = await findPlace(wanted, { store, applications: applications.map(({ name }) => name) });
      if (place.kind === 'refused') return place;
      const { organization, directory } = place;
      const application = applications.find(({ name }) => name === directory.application) as Application;
      const { overrides } = await readOverrides(directory.policy ?? '{}', application);
      const { seats } = compilePolicy(mergePolicies(application.policy, overrides), application);
      const { total, active } = await store.userCounts(directory.id);
      return {
        kind: 'shown',
        organization: organization.slug,
        application: application.name,
        used: seats.counts === 'all' ? total : active,
        ...seats,
      };
    },
  };
}
