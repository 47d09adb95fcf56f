import type { Person } from './person.ts';

/** An Okta group and its push mapping. */
export interface PushedGroup {
  /** `00g…` */
  readonly oktaId: string;
  name: string;
  readonly members: Set<Person>;
  /** Ids that were in the app's group before it was linked: they stay until a Push Now (plan case C9315). */
  readonly others: Set<string>;
  /** The id that the server issued; undefined while nothing is pushed. */
  appId: string | undefined;
}

/** Only people with an account in the app can be pushed (idp-clients §1.6), so every id is one that the server issued. */
export function pushable(people: Iterable<Person>): Person[] {
  return [...people].filter((person) => person.assigned && person.appId !== undefined);
}
