import type { JsonObject } from '../json.ts';
import type { Clearing } from './clearing.ts';
import type { Profile } from './profile.ts';

/** Okta's own record of a person, and of the assignment that ties the person to an account in the app. */
export interface Person {
  /** `00u…`; the app gets it as `externalId`. */
  readonly oktaId: string;
  readonly clearing: Clearing;
  profile: Profile;
  status: 'active' | 'suspended' | 'deactivated';
  assigned: boolean;
  /** The id that the server issued and Okta keeps for ever. */
  appId: string | undefined;
  /** The id at the first provisioning: a later one is a second account for the same person. */
  firstAppId: string | undefined;
  /** The profile as last accepted by the server. */
  pushed: Profile | undefined;
  /** The server's reply to the create, to hold its later replies against. */
  created: JsonObject | undefined;
}

/** Somebody who is in Okta, and whom nobody has assigned. */
export function newPerson(given: Pick<Person, 'oktaId' | 'profile'> & { readonly clearing?: Clearing }): Person {
  return {
    clearing: 'omit',
    ...given,
    status: 'active',
    assigned: false,
    appId: undefined,
    firstAppId: undefined,
    pushed: undefined,
    created: undefined,
  };
}

/** How sentences name a person. */
export function nameOf({ profile }: Person): string {
  const name = `${profile.firstName} ${profile.lastName}`;
  return `${name.length > 40 ? `${name.slice(0, 39)}…` : name} (${profile.login})`;
}

/** Whether the account should be on in the app. Suspending someone in Okta tells the app nothing (§1.4d). */
export function shouldBeActive(person: Person): boolean {
  return person.assigned && person.status !== 'deactivated';
}
