import { eachOf } from '../../each.ts';
import { count, expect } from '../../tour.ts';
import type { makeGroups } from './cast.ts';
import type { Step } from './tour.ts';

/** Okta never deletes a user (idp-clients §1.4f): another hand sweeps up, and the counts are what they were. */
export function cleaning(groups: ReturnType<typeof makeGroups>): readonly Step[] {
  return [
    {
      title: 'Delete what this run made',
      run: async (tour) => {
        const made = Object.values(groups).filter(({ appId }) => appId !== undefined);
        const people = tour.okta.people.filter(({ firstAppId }) => firstAppId !== undefined);
        const paths = [
          ...made.map(({ appId }) => `/Groups/${appId}`),
          ...people.map(({ firstAppId }) => `/Users/${firstAppId}`),
        ];
        await eachOf(paths, tour.lanes, async (path) => {
          const { status } = await tour.reader.change('DELETE', path);
          expect(tour, [`DELETE ${path}`, 'the status'], { expected: 204, found: status });
        });
        const { total } = tour.reader;
        const { users, groups: groupsBefore } = tour.before;
        expect(tour, ['After the sweep', 'the number of users'], { expected: users, found: await total('/Users') });
        expect(tour, ['After the sweep', 'the number of groups'], {
          expected: groupsBefore,
          found: await total('/Groups'),
        });
        return `${count(people.length, 'user', 'users')} and ${count(made.length, 'group', 'groups')} deleted`;
      },
    },
  ];
}
