import type { PlaceWanted } from '../access/index.ts';
import {
  createVerifyPassword,
  type EffectiveRole,
  effectiveRoles,
  findSubject,
  type GroupReference,
  type Hold,
  type ImportReport,
  type ImportUsers,
  type Perform,
  readUsers,
  type StoredRecord,
  type UsersFile,
} from '../directory/index.ts';
import type { JsonObject } from '../scim/index.ts';
import type { Store } from '../store/index.ts';
import type { Operator } from './operator.ts';
import type { Refused } from './policies.ts';

export type UsersImported =
  | {
      readonly kind: 'imported';
      readonly report: ImportReport;
      /** By which all of it can be taken back. */
      readonly requestId: string;
    }
  | Refused;

export type UserShown =
  | {
      readonly kind: 'shown';
      /** As it is kept: without `groups` and `meta`. */
      readonly resource: JsonObject;
      readonly record: Pick<StoredRecord, 'id' | 'version' | 'created' | 'modified' | 'active'>;
      /** Who manages the user: the identity provider, or nobody but the application itself. */
      readonly owner: 'provider' | 'application';
      readonly groups: readonly GroupReference[];
      /** What the application should let them do, and from where each comes. */
      readonly roles: readonly EffectiveRole[];
      /** A deprovisioning that waits for a person. */
      readonly hold: Hold | undefined;
    }
  | Refused;

export type PasswordVerified = { readonly kind: 'verified'; readonly matches: boolean } | Refused;

/** The people of one directory, as who operates the instance has them. */
export interface Users {
  readonly import: (
    place: PlaceWanted,
    file: UsersFile,
    options: Omit<ImportUsers, 'kind' | 'lines'>,
  ) => Promise<UsersImported>;
  /** By the userName, or the id. */
  readonly show: (place: PlaceWanted, user: string) => Promise<UserShown>;
  readonly verifyPassword: (
    place: PlaceWanted,
    given: { readonly userName: string; readonly password: string },
  ) => Promise<PasswordVerified>;
}

export interface UsersMeans {
  readonly store: Store;
  readonly operator: Operator;
  readonly perform: Perform;
}

export function createUsers({ store, operator, perform }: UsersMeans): Users {
  const verify = createVerifyPassword(store);
  return {
    async import(place, file, options) {
      const found = await operator.find(place);
      if (found.kind === 'refused') return found;
      const actor = await operator.actorAt(found);
      const lines = readUsers(file, actor.directory.types);
      const report = await perform(actor, { kind: 'import-users', lines, ...options });
      return { kind: 'imported', report, requestId: actor.requestId };
    },

    async show(place, user) {
      const found = await operator.find(place);
      if (found.kind === 'refused') return found;
      const { directory } = await operator.actorAt(found);
      const reader = store.reader(directory.id);
      const id = await findSubject(store, directory.id, { type: 'User', name: user });
      const record = id === undefined ? undefined : await reader.record('User', id);
      if (record === undefined) return { kind: 'refused', detail: nobody(user, id) };
      const { unowned, version, created, modified, active } = record;
      const resource = JSON.parse(record.text) as JsonObject;
      const groups = await allGroups((after) => reader.groups(record.id, after, GROUPS_AT_ONCE));
      return {
        kind: 'shown',
        resource,
        record: { id: record.id, version, created, modified, active },
        owner: unowned === true ? 'application' : 'provider',
        groups,
        roles: effectiveRoles(resource, groups, directory.policy.roles),
        hold: await store.write(directory.id, (transaction) => transaction.standingHold('User', record.id)),
      };
    },

    async verifyPassword(place, given) {
      const found = await operator.find(place);
      if (found.kind === 'refused') return found;
      const { directory } = await operator.actorAt(found);
      if (!directory.policy.features.syncPassword) return { kind: 'refused', detail: NO_PASSWORDS };
      return { kind: 'verified', matches: await verify(directory, given) };
    },
  };
}

const NO_PASSWORDS =
  'This application takes no passwords from identity providers: features.syncPassword is off in joinery.config.ts.';
const GROUPS_AT_ONCE = 1000;

async function allGroups(
  page: (after: string | undefined) => Promise<readonly GroupReference[]>,
): Promise<readonly GroupReference[]> {
  const groups: GroupReference[] = [];
  for (;;) {
    // Fewer where names are long; none at the end.
    const piece = await page(groups.at(-1)?.value);
    if (piece.length === 0) return groups;
    groups.push(...piece);
  }
}

function nobody(user: string, id: string | undefined): string {
  const name = JSON.stringify(user);
  return id === undefined
    ? `There is no user ${name} in this directory, and none that was removed as far back as its history goes.`
    : `The user ${name} was removed. What became of them: history --user ${id}.`;
}
