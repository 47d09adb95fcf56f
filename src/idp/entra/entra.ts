import type { ScimClient } from '../client.ts';
import type { Random } from '../random.ts';
import type { EntraFlavour } from './flavour.ts';
import type { PushedGroup } from './group.ts';
import type { Person } from './person.ts';
import type { ProfileName } from './profile.ts';

/** The attributes by which a job looks for someone before it creates, in this order. */
export type Matching = readonly Extract<ProfileName, 'userPrincipalName' | 'mailNickname' | 'mail'>[];

/** One provisioning job of one enterprise application: its connection and everything it believes. */
export interface Entra {
  readonly client: ScimClient;
  readonly flavour: EntraFlavour;
  readonly random: Random;
  readonly people: Person[];
  readonly groups: PushedGroup[];
  matching: Matching;
  /** What failed, when it failed last, and after how many tries: it is tried again in a later cycle (ED-how). */
  readonly escrow: Map<Person | PushedGroup, Retry>;
  /** How many cycles have been run. */
  cycle: number;
}

export interface Retry {
  readonly attempts: number;
  /** The cycle in which it is tried again. */
  readonly due: number;
}

/** What a task ends with: the message in the provisioning log, or undefined when it went through. */
export type Task = Promise<string | undefined>;
