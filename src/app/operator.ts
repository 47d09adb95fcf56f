import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { findPlace, type PlaceFound, type PlaceWanted } from '../access/index.ts';
import type { Actor, DirectoryRow, Organization, OrganizationStore } from '../directory/index.ts';
import type { Rules } from '../provisioning/index.ts';

/** What an operator works in: one organization's people in one application. */
export interface Place {
  readonly organization: Organization;
  readonly directory: DirectoryRow;
}

/** Absent: all. */
export interface PlacesAsked {
  readonly organization?: string | undefined;
  readonly application?: string | undefined;
}

export interface Operator {
  readonly find: (wanted: PlaceWanted) => Promise<PlaceFound>;
  /** By the id of a directory; undefined for one that is not there, or whose application is declared no longer. */
  readonly findDirectory: (id: string) => Promise<Place | undefined>;
  /** All places, or those of one organization, in order of slugs. */
  readonly places: (asked: PlacesAsked) => Promise<readonly Place[]>;
  /** Acts in a place, with the rules that hold there. */
  readonly actorAt: (place: Place) => Promise<Actor>;
}

export interface OperatorMeans {
  readonly store: OrganizationStore;
  /** By the application's name. */
  readonly rules: ReadonlyMap<string, Rules>;
  readonly baseUrl: (application: string, organization: string) => string;
}

/** Who runs the instance, at the command line: known by their name on this machine. */
export function createOperator({ store, rules, baseUrl }: OperatorMeans): Operator {
  const names = [...rules.keys()];
  return {
    find: (wanted) => findPlace(wanted, { store, applications: names }),
    async findDirectory(id) {
      const place = await store.directoryById(id);
      return place !== undefined && rules.has(place.directory.application) ? place : undefined;
    },
    async places({ organization: slug, application }) {
      const places: Place[] = [];
      for (const organization of await store.organizations()) {
        if (slug !== undefined && organization.slug !== slug) continue;
        for (const name of names) {
          if (application !== undefined && application !== name) continue;
          const directory = await store.directory(organization.id, name);
          if (directory !== undefined) places.push({ organization, directory });
        }
      }
      return places;
    },
    async actorAt({ organization, directory }) {
      const held = rules.get(directory.application);
      if (held === undefined) throw new Error(`joinery.config.ts declares no application "${directory.application}"`);
      return {
        directory: {
          id: directory.id,
          tolerances: held.tolerances,
          types: held.types,
          policy: await held.policyOf(directory.policy),
          base: baseUrl(directory.application, organization.slug),
        },
        by: { kind: 'operator', id: 'command-line', name: nameOfUser() },
        requestId: randomUUID(),
      };
    },
  };
}

/** A container may run as a number that has no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}
