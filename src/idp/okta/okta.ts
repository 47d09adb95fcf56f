import type { ScimClient } from '../client.ts';
import type { Random } from '../random.ts';
import type { Flavour } from './flavour.ts';
import type { PushedGroup } from './group.ts';
import type { Mapping } from './mapping.ts';
import type { Person } from './person.ts';

/** One app integration in one Okta org: its connection and everything it believes. */
export interface Okta {
  readonly client: ScimClient;
  readonly flavour: Flavour;
  /** Its rows of "To App". */
  readonly mappings: readonly Mapping[];
  readonly random: Random;
  readonly people: Person[];
  readonly groups: PushedGroup[];
}

/** What a task ends with: the message in Okta's task list, or undefined when it went through. */
export type Task = Promise<string | undefined>;
