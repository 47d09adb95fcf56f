import type { ScimClient } from '../../client.ts';
import { type Tour as AnyTour, note, overAll, type Step as StepOf } from '../../tour.ts';
import { type Cycle, runCycle, whoIs } from '../cycle.ts';
import type { Entra, Task } from '../entra.ts';
import type { PushedGroup } from '../group.ts';
import { nameOf, type Person } from '../person.ts';
import type { Cast } from './cast.ts';

/** One run of a simulated Entra ID. */
export interface Tour extends AnyTour {
  readonly entra: Entra;
  readonly cast: Cast;
  /** The same server, asked with a token that it never issued. */
  readonly stranger: ScimClient;
  /** Entra's calls so far. */
  readonly calls: () => number;
  /** Most of a cycle failed: Entra tries once a day from then on, and an administrator reads a mail. */
  quarantined: boolean;
}

export type Step = StepOf<Tour>;

/** The next cycle: what failed goes to the ledger, but for those who were meant to fail. */
export async function cycle(tour: Tour, meant: ReadonlySet<Person | PushedGroup> = new Set()): Promise<Cycle> {
  const done = await runCycle(tour.entra, (title, items, task) =>
    overAll(tour, { title: `${tour.ledger.step}: ${title.toLowerCase()}`, items }, task),
  );
  note(tour, 'Keep-alive', done.connection);
  for (const [item, problem] of done.failed) if (!meant.has(item)) note(tour, whoIs(item), problem);
  const unforeseen = [...done.failed.keys()].filter((item) => !meant.has(item));
  tour.quarantined ||= done.quarantine && (unforeseen.length > 0 || done.connection !== undefined);
  return done;
}

/** Lets Entra do one task for each person; what fails goes to the ledger under the person's name. */
export async function forEach(tour: Tour, people: readonly Person[], task: (person: Person) => Task): Promise<void> {
  await overAll(tour, { title: tour.ledger.step, items: people }, async (person) => {
    note(tour, nameOf(person), await task(person));
  });
}

/** An edit in Entra: the next cycle sees it. */
export function change(people: readonly Person[], edit: (person: Person) => void): void {
  for (const person of people) {
    edit(person);
    person.changed = true;
  }
}
