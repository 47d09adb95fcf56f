import type { JsonObject } from '../json.ts';
import type { Profile, ProfileName } from './profile.ts';

/** What Entra believes of someone's account in the app. */
export interface Belief {
  readonly values: Map<ProfileName, string | undefined>;
  active: boolean;
  /** The id of the manager's account. */
  manager: string | undefined;
}

/** Entra's own record of a user, and of the assignment that ties the user to an account in the app. */
export interface Person {
  readonly objectId: string;
  /** Decides which of two shapes this user's requests take, where both were seen. */
  readonly index: number;
  profile: Profile;
  accountEnabled: boolean;
  /** Deleted in Entra: for thirty days softly, then for good. */
  deleted: 'no' | 'softly' | 'for good';
  assigned: boolean;
  manager: Person | undefined;
  /** The id that the server issued; undefined while Entra manages no account. */
  appId: string | undefined;
  /** The account that the judge looks at: it outlives an unassignment, which Entra forgets. */
  accountId: string | undefined;
  belief: Belief | undefined;
  /** The server's reply to the create, to hold its later replies against. */
  created: JsonObject | undefined;
  /** Changed since the last cycle: the watermark has not passed it. */
  changed: boolean;
  managerChanged: boolean;
}

/** How sentences name a person. */
export function nameOf({ profile }: Person): string {
  const name = profile.joinedName;
  return `${name.length > 40 ? `${name.slice(0, 39)}…` : name} (${profile.userPrincipalName})`;
}

/** Whether the job has this user in its scope: assigned, and in Entra at all. */
export function isInScope({ assigned, deleted }: Person): boolean {
  return assigned && deleted === 'no';
}

/** `Switch([IsSoftDeleted], , "False", "True", "True", "False")`, the default mapping of `active`. */
export function shouldBeActive(person: Person): boolean {
  return isInScope(person) && person.accountEnabled;
}
