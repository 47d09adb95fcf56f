import { count, expect } from '../../tour.ts';
import { nameOf, type Person } from '../person.ts';
import { edited } from '../profile.ts';
import { removeUser } from '../users.ts';
import type { Groups } from './cast.ts';
import { checkFound, checkGone, checkGroups, checkPeople } from './check.ts';
import { change, cycle, forEach, type Step, type Tour } from './tour.ts';

export function leaving({ everyone, team }: Groups): readonly Step[] {
  const groups = [everyone, team];
  return [
    {
      title: 'Block sign-in, and allow it again',
      run: async (tour) => {
        const { disabled } = tour.cast;
        change(disabled, (person) => {
          person.accountEnabled = false;
          person.profile = edited(person.profile, { jobTitle: 'On leave', department: 'None' });
        });
        await cycle(tour);
        await checkPeople(tour, disabled);
        await checkFound(tour, disabled);
        change(disabled, (person) => {
          person.accountEnabled = true;
        });
        await cycle(tour);
        await checkPeople(tour, disabled);
        return `${count(disabled.length, 'account', 'accounts')} off, edited while off, and on again`;
      },
    },
    {
      title: 'Unassign people, and assign them again',
      run: async (tour) => {
        const { returning } = tour.cast;
        const ids = returning.map(({ accountId }) => accountId);
        change(returning, (person) => {
          person.assigned = false;
        });
        await cycle(tour);
        await checkPeople(tour, returning);
        // An account that the look-up no longer finds is made a second time (growthbook#1680).
        await checkFound(tour, returning);
        change(returning, (person) => {
          person.assigned = true;
          person.profile = edited(person.profile, { jobTitle: 'Back again' });
        });
        await cycle(tour);
        compareIds(tour, returning, ids);
        await checkPeople(tour, returning);
        await checkGroups(tour, groups);
        return `${count(returning.length, 'account', 'accounts')} off, and on again under the same id`;
      },
    },
    {
      title: 'Delete people softly, and restore some',
      run: async (tour) => {
        const { restored, purged } = tour.cast;
        const people = [...restored, ...purged];
        const ids = people.map(({ accountId }) => accountId);
        change(people, (person) => {
          person.deleted = 'softly';
        });
        await cycle(tour);
        await checkPeople(tour, people);
        await checkFound(tour, people);
        change(restored, (person) => {
          person.deleted = 'no';
        });
        await cycle(tour);
        compareIds(tour, people, ids);
        await checkPeople(tour, people);
        // Memberships are not sent again on a restore (ED-how): the app must have kept them.
        await checkGroups(tour, groups);
        return `${count(people.length, 'account', 'accounts')} off, ${restored.length} on again, with their groups`;
      },
    },
    {
      title: 'Delete people for good',
      run: async (tour) => {
        const { purged } = tour.cast;
        const gone = purged.map((person) => ({ who: nameOf(person), path: `/Users/${person.accountId}` }));
        purge(tour, purged);
        await cycle(tour);
        for (const { who, path } of gone) await checkGone(tour, who, { path, status: 404 });
        // A DELETE that is repeated finds nothing, and that is as good (idp-clients §2.2).
        for (const { who, path } of gone) {
          const request = { operation: 'delete user', method: 'DELETE', path } as const;
          const { status } = await tour.entra.client.call(request);
          expect(tour, [who, 'the status of a second DELETE'], { expected: 404, found: status });
        }
        await checkGroups(tour, groups);
        return `${count(purged.length, 'account', 'accounts')} gone, from their groups too`;
      },
    },
    {
      title: 'Delete people at once, and make them anew',
      run: async (tour) => {
        const { renewed } = tour.cast;
        const ids = renewed.map(({ accountId }) => accountId);
        await forEach(tour, renewed, (person) => removeUser(tour.entra, person));
        change(renewed, (person) => {
          for (const each of tour.entra.people) if (each.manager === person) each.managerChanged = true;
          person.managerChanged = true;
        });
        await cycle(tour);
        for (const [at, person] of renewed.entries()) {
          if (person.appId === undefined) continue;
          const isOld = person.appId === ids[at];
          expect(tour, [nameOf(person), 'the id of the deleted account, used again'], {
            expected: false,
            found: isOld,
          });
        }
        await checkPeople(tour, renewed);
        await checkGroups(tour, groups);
        return `${count(renewed.length, 'account', 'accounts')} under the same name and a new id, in the same groups`;
      },
    },
  ];
}

function compareIds(tour: Tour, people: readonly Person[], ids: readonly (string | undefined)[]): void {
  for (const [at, person] of people.entries()) {
    expect(tour, [nameOf(person), 'id'], { expected: ids[at], found: person.accountId });
  }
}

/** Thirty days later. Whoever reported to them has no manager now. */
function purge(tour: Tour, people: readonly Person[]): void {
  change(people, (person) => {
    person.deleted = 'for good';
  });
  for (const person of tour.entra.people) {
    if (person.manager === undefined || !people.includes(person.manager)) continue;
    person.manager = undefined;
    person.managerChanged = true;
  }
}
