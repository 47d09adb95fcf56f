import type { Random } from '../../random.ts';
import { makeGroup } from '../group.ts';
import { guid } from '../people.ts';
import type { Person } from '../person.ts';

/** Fewer people could not play every part. */
export const LEAST_PEOPLE = 12;

/** Who plays what. People may play several parts, but never two that spoil each other. */
export interface Cast {
  /** Provisioned by hand, on demand. */
  readonly late: readonly Person[];
  /** In the app already under the same userName when the job starts. */
  readonly linked: readonly Person[];
  /** In the app under another userName: found by externalId, or by the work address. */
  readonly byExternalId: Person;
  readonly byMail: Person;
  readonly newcomers: readonly Person[];
  readonly updated: readonly Person[];
  readonly cleared: readonly Person[];
  readonly renamed: Person;
  /** Wants a sign-in name that somebody has. */
  readonly rival: Person;
  /** Switched off in Entra and on again, still assigned. */
  readonly disabled: readonly Person[];
  /** Unassigned and assigned again. */
  readonly returning: readonly Person[];
  /** Deleted in Entra and restored. */
  readonly restored: readonly Person[];
  /** Deleted in Entra, softly and then for good. */
  readonly purged: readonly Person[];
  /** Deleted at once, as from an app without soft delete, and made anew. */
  readonly renewed: readonly Person[];
  /** Edited in the app behind Entra's back; the last is deleted there. */
  readonly meddled: readonly Person[];
}

export function castPeople(people: readonly Person[]): Cast {
  const few = Math.max(1, Math.floor(people.length / 12));
  const [byExternalId, byMail, ...rest] = people as [Person, Person, ...Person[]];
  const late = rest.slice(-few);
  const linked = rest.slice(0, few);
  const newcomers = rest.slice(few, -few);
  const stage = [...linked, ...newcomers];
  const part = (offset: number): Person[] => stage.filter((_, index) => index % 8 === offset);
  const [renamed, ...meddled] = part(1);
  const [rival, ...more] = part(2);
  return {
    ...{ late, linked, byExternalId, byMail, newcomers },
    updated: stage.filter((_, index) => index % 2 === 0),
    cleared: stage.filter((_, index) => index % 2 === 1),
    renamed: renamed as Person,
    rival: rival as Person,
    disabled: part(3),
    returning: part(4),
    restored: part(5),
    purged: part(6),
    renewed: part(7),
    meddled: [...linked, ...meddled, ...more, ...part(3).slice(0, 1)],
  };
}

/** Everyone but the late has a manager: the one before. */
export function seatManagers(people: readonly Person[]): void {
  for (const [index, person] of people.entries()) {
    if (index === 0) continue;
    person.manager = people[Math.floor((index - 1) / 3)];
    person.managerChanged = true;
  }
}

/** The groups of a run. Names with quotes, a backslash and an emoji: they go through a filter's string and a URL. */
export function makeGroups(run: string, random: Random) {
  const group = (index: number, name: string) => makeGroup(guid(random), index, `${name} ${run}`);
  return {
    everyone: group(0, 'All Employees'),
    empty: group(1, 'Nobody yet'),
    team: group(2, 'Team "Zürich" \\ R&D + 🚀'),
    linked: group(3, "Sales & l'équipe"),
    shortLived: group(4, 'Project X'),
  };
}

export type Groups = ReturnType<typeof makeGroups>;
