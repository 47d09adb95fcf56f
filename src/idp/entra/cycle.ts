import { randomUUID } from 'node:crypto';
import { shown } from '../json.ts';
import { resourcesOf } from '../records.ts';
import type { Entra, Task } from './entra.ts';
import type { PushedGroup } from './group.ts';
import { provisionGroup, provisionMembers } from './groups.ts';
import { nameOf, type Person } from './person.ts';
import { provisionManager, provisionUser } from './users.ts';

/** Works on many at once; whoever draws a bar decides how. */
export type Work = <Item>(title: string, items: readonly Item[], task: (item: Item) => Promise<void>) => Promise<void>;

/** What one cycle did. */
export interface Cycle {
  /** Users and groups that it had something to do for. */
  readonly tasks: number;
  /** What stands in the provisioning log as failed, and is in escrow now. */
  readonly failed: ReadonlyMap<Person | PushedGroup, string>;
  /** The keep-alive failed, or most tasks did (ED-how: "most or all"). */
  readonly quarantine: boolean;
  readonly connection: string | undefined;
}

/**
 * The test of the connection, and what every cycle starts with (idp-clients §2.1): someone whom nobody can be. Only 200
 * with an empty list will do.
 */
export async function keepAlive({ client }: Entra): Task {
  const filter = `userName eq "${randomUUID()}"`;
  const request = { operation: 'keep-alive', method: 'GET', path: '/Users', query: { filter } } as const;
  const { json, problem } = await client.call(request);
  if (problem !== undefined) return problem;
  const records = resourcesOf(json);
  if (records === undefined) return 'The test of the connection was not answered with a list.';
  if (records.length > 0) return `The test of the connection found ${records.length} records for ${filter}.`;
  return undefined;
}

/**
 * One cycle (idp-clients §2.7): the keep-alive, then users, then their managers, then groups, then members, of what
 * changed since the last one and of what waits in escrow.
 */
export async function runCycle(entra: Entra, work: Work): Promise<Cycle> {
  entra.cycle++;
  const failed = new Map<Person | PushedGroup, string>();
  const connection = await keepAlive(entra);
  if (connection !== undefined) return { tasks: 0, failed, quarantine: true, connection };
  const isDue = (item: Person | PushedGroup): boolean => {
    const retry = entra.escrow.get(item);
    return item.changed || (retry !== undefined && entra.cycle >= retry.due);
  };
  const run = async <Item extends Person | PushedGroup>(
    [title, items]: readonly [string, readonly Item[]],
    task: (entra: Entra, item: Item) => Task,
  ): Promise<void> => {
    await work(title, items, async (item) => {
      if (failed.has(item)) return;
      const problem = await task(entra, item);
      if (problem !== undefined) failed.set(item, problem);
    });
  };
  const people = entra.people.filter(isDue);
  const groups = entra.groups.filter((group) => isDue(group) || hasMoved(group, people));
  await run(['Users', people], provisionUser);
  const reports = entra.people.filter((person) => person.managerChanged);
  await run(['Managers', reports], withReferences);
  await run(['Groups', groups.filter(isDue)], provisionGroup);
  await run(['Members', groups.filter(({ deleted }) => !deleted)], provisionMembers);
  const items = new Set<Person | PushedGroup>([...people, ...reports, ...groups]);
  settle(entra, items, failed);
  return { tasks: items.size, failed, quarantine: failed.size > items.size / 2, connection };
}

/** A group's members changed when someone in it has another account, or none. */
function hasMoved(group: PushedGroup, people: readonly Person[]): boolean {
  return group.appId !== undefined && people.some((person) => group.members.has(person));
}

async function withReferences(entra: Entra, person: Person): Task {
  const problem = await provisionManager(entra, person);
  // A manager without an account is written when there is one.
  const isWaiting = person.manager !== undefined && person.manager.appId === undefined;
  if (problem === undefined) person.managerChanged = isWaiting;
  return problem;
}

/** What failed is tried again in a later cycle, each time later; the rest is behind the watermark. */
function settle(
  { escrow, cycle }: Entra,
  items: ReadonlySet<Person | PushedGroup>,
  failed: ReadonlyMap<Person | PushedGroup, string>,
): void {
  for (const item of items) {
    item.changed = false;
    if (!failed.has(item)) escrow.delete(item);
  }
  for (const item of failed.keys()) {
    const attempts = (escrow.get(item)?.attempts ?? 0) + 1;
    escrow.set(item, { attempts, due: cycle + 2 ** (attempts - 1) });
  }
}

/** "Restart provisioning": watermarks, escrow and what was read before are forgotten, the links are not (ED-how). */
export function restart(entra: Entra): void {
  entra.cycle = 0;
  entra.escrow.clear();
  for (const person of entra.people) {
    person.changed = person.appId !== undefined || person.assigned;
    person.managerChanged = person.manager !== undefined;
  }
  for (const group of entra.groups) {
    group.changed = !group.deleted;
    group.resend = true;
  }
}

export function whoIs(item: Person | PushedGroup): string {
  return 'profile' in item ? nameOf(item) : `Group ${shown(item.name)}`;
}
