import { count, expect } from '../../tour.ts';
import { nameOf } from '../person.ts';
import { assign, create, deactivate, suspend, unassign } from '../users.ts';
import { checkFound, checkPeople } from './check.ts';
import { forEach, type Step } from './tour.ts';

export const leaving: readonly Step[] = [
  {
    title: 'Suspend people',
    run: async (tour) => {
      const { suspended } = tour.cast;
      const calls = tour.oktaCalls();
      await forEach(tour, suspended, suspend);
      expect(tour, ['Suspending', 'the number of calls'], { expected: 0, found: tour.oktaCalls() - calls });
      await checkPeople(tour, suspended);
      return `${count(suspended.length, 'person', 'people')}; the app is told nothing`;
    },
  },
  {
    title: 'Deactivate and unassign people',
    run: async (tour) => {
      const { gone, returning, revived } = tour.cast;
      const leavers = [...gone, ...returning, ...revived];
      await forEach(tour, leavers, (okta, person) =>
        gone.includes(person) ? unassign(okta, person) : deactivate(okta, person),
      );
      await checkPeople(tour, leavers);
      // An account that the look-up no longer finds is made a second time on reassignment (growthbook#1680).
      await checkFound(tour, leavers);
      return `${count(leavers.length, 'account', 'accounts')} off, still there to be read and found`;
    },
  },
  {
    title: 'Bring people back',
    run: async (tour) => {
      const { returning } = tour.cast;
      await forEach(tour, returning, assign);
      await checkPeople(tour, returning);
      return `${count(returning.length, 'account', 'accounts')} on again under the same id`;
    },
  },
  {
    title: 'Bring people back whom the look-up missed',
    run: async (tour) => {
      const { revived } = tour.cast;
      await forEach(tour, revived, create);
      for (const person of revived) {
        expect(tour, [nameOf(person), 'id'], { expected: person.firstAppId, found: person.appId });
      }
      await checkPeople(tour, revived);
      return `${count(revived.length, 'create', 'creates')} gave the old account back`;
    },
  },
];
