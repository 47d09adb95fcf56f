import type { Random } from '../../random.ts';
import type { PushedGroup } from '../group.ts';
import { oktaId } from '../people.ts';
import type { Person } from '../person.ts';

/** Fewer people could not play every part. */
export const LEAST_PEOPLE = 8;

/** Who plays what. People may play several parts, but never two that spoil each other. */
export interface Cast {
  /** Assigned before provisioning was switched on. */
  readonly late: readonly Person[];
  /** Already in the app when they are assigned. */
  readonly linked: readonly Person[];
  readonly newcomers: readonly Person[];
  readonly updated: readonly Person[];
  readonly cleared: readonly Person[];
  readonly renamed: readonly Person[];
  readonly suspended: readonly Person[];
  /** Leave and come back by reassignment. */
  readonly returning: readonly Person[];
  /** Leave and come back by a create, because the look-up missed them. */
  readonly revived: readonly Person[];
  /** Leave for good. */
  readonly gone: readonly Person[];
  /** Get a new password; edited in the app behind Okta's back. */
  readonly secret: readonly Person[];
  readonly meddled: readonly Person[];
}

export function castPeople(people: readonly Person[]): Cast {
  const few = Math.max(1, Math.floor(people.length / 10));
  const late = people.slice(-few);
  const linked = people.slice(0, few);
  const newcomers = people.slice(few, -few);
  const stage = [...linked, ...newcomers];
  const leavers = pick(stage, { every: 3, offset: 1, least: 3 });
  const staying = stage.filter((person) => !leavers.includes(person));
  const third = Math.floor(leavers.length / 3);
  return {
    late,
    linked,
    newcomers,
    updated: pick(stage, { every: 2, offset: 0, least: 3 }),
    cleared: pick(stage, { every: 2, offset: 1, least: 3 }),
    renamed: staying.slice(0, 1),
    suspended: staying.slice(-few),
    returning: leavers.slice(third * 2),
    revived: leavers.slice(0, third),
    gone: leavers.slice(third, third * 2),
    secret: staying.slice(0, few * 2),
    meddled: staying.slice(0, few),
  };
}

function pick(
  people: readonly Person[],
  { every, offset, least }: { every: number; offset: number; least: number },
): Person[] {
  const picked = people.filter((_, index) => index % every === offset);
  return picked.length >= least ? picked : people.slice(0, least);
}

/** The groups of a run. Names with quotes, a backslash and an emoji: they go through a filter's string and a URL. */
export function makeGroups(run: string, random: Random) {
  const group = (name: string): PushedGroup => ({
    oktaId: oktaId('00g', random),
    name: `${name} ${run}`,
    members: new Set(),
    others: new Set(),
    appId: undefined,
  });
  return {
    everyone: group('Everyone'),
    empty: group('Nobody yet'),
    team: group('Team "Zürich" \\ R&D + 🚀'),
    linked: group("Sales & l'équipe"),
    shortLived: group('Project X'),
  };
}
