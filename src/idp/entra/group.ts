import type { Person } from './person.ts';

/** An Entra group that is assigned to the app, and what Entra believes of it there. */
export interface PushedGroup {
  readonly objectId: string;
  readonly index: number;
  name: string;
  deleted: boolean;
  readonly members: Set<Person>;
  /** Whom Entra has put into the app's group: the ids of their accounts. */
  readonly pushed: Set<string>;
  /** Who was in the app's group before it was linked: Entra never looks. */
  readonly others: Set<string>;
  appId: string | undefined;
  changed: boolean;
  /** After a restart everybody is sent once more, whoever was pushed before. */
  resend: boolean;
}

export function makeGroup(objectId: string, index: number, name: string): PushedGroup {
  return {
    ...{ objectId, index, name, deleted: false, members: new Set(), pushed: new Set(), others: new Set() },
    ...{ appId: undefined, changed: false, resend: false },
  };
}
