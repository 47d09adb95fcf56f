import { eachOf } from '../each.ts';
import { type Json, shown } from '../json.ts';
import type { Reader } from '../judge/reader.ts';
import type { Ledger } from '../ledger.ts';
import type { OktaClient } from '../okta/client.ts';
import type { Okta, Task } from '../okta/okta.ts';
import { nameOf, type Person } from '../okta/person.ts';
import type { Cast } from './cast.ts';

/** A bar on long runs; whoever draws it decides how. */
export interface Progress {
  begin(title: string, total: number): void;
  advance(): void;
  end(): void;
}

/** One run: Okta, the judge beside it, and what both know. */
export interface Tour {
  readonly okta: Okta;
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly cast: Cast;
  /** In every name that this run makes. */
  readonly run: string;
  /** How many requests Okta has under way at once. Not published; a handful was observed (idp-clients §1.9). */
  readonly lanes: number;
  readonly progress: Progress | undefined;
  /** The same server, asked with a token that it never issued. */
  readonly stranger: OktaClient;
  /** Okta's calls so far. */
  readonly oktaCalls: () => number;
  /** `totalResults` before anything was made. */
  before: { users: number | undefined; groups: number | undefined };
  /** The ids of this run in the order of the last import, to hold the next one against. */
  readonly order: Map<string, readonly string[]>;
}

/** One line of the tour. */
export interface Step {
  readonly title: string;
  /** What was done, in a few words: `22 created, each read back`. */
  run(tour: Tour): Promise<string>;
}

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

/** Work on many things, a few at a time, under a bar. */
export async function overAll<Item>(
  tour: Tour,
  { title, items }: { title: string; items: readonly Item[] },
  task: (item: Item) => Promise<void>,
): Promise<void> {
  if (items.length === 0) return;
  tour.progress?.begin(title, items.length);
  await eachOf(items, tour.lanes, async (item) => {
    await task(item);
    tour.progress?.advance();
  });
  tour.progress?.end();
}

export function note(tour: Tour, who: string, problem: string | undefined): void {
  if (problem !== undefined) tour.ledger.fail(who, problem);
}

/** A check that is no attribute: `expect(tour, 'A wrong token', 'the status', {expected: 401, found: 200})`. */
export function expect(
  tour: Tour,
  [who, what]: readonly [string, string],
  { expected, found }: { expected: Json | undefined; found: Json | undefined },
): void {
  if (expected !== found) tour.ledger.remark(who, what, { expected: shown(expected), found: shown(found) });
}

/** `1 person`, `3 people`. */
export function count(many: number, one: string, more: string): string {
  return `${many} ${many === 1 ? one : more}`;
}
