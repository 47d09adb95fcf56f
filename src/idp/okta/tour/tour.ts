import type { ScimClient } from '../../client.ts';
import { type Tour as AnyTour, note, overAll, type Step as StepOf } from '../../tour.ts';
import type { Okta, Task } from '../okta.ts';
import { nameOf, type Person } from '../person.ts';
import type { Cast } from './cast.ts';

/** One run of a simulated Okta. */
export interface Tour extends AnyTour {
  readonly okta: Okta;
  readonly cast: Cast;
  /** The same server, asked with a token that it never issued. */
  readonly stranger: ScimClient;
  /** Okta's calls so far. */
  readonly oktaCalls: () => number;
}

export type Step = StepOf<Tour>;

/** Lets Okta do one task for each person; what fails goes to the ledger under the person's name. */
export async function forEach(
  tour: Tour,
  people: readonly Person[],
  task: (okta: Okta, person: Person) => Task,
): Promise<void> {
  await overAll(tour, { title: tour.ledger.step, items: people }, async (person) => {
    note(tour, nameOf(person), await task(tour.okta, person));
  });
}
