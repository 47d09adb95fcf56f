import { asArray, member } from '../../json.ts';
import { recordsOf } from '../../judge/reader.ts';
import { CHECKS } from '../../report.ts';
import { count, expect, note } from '../../tour.ts';
import { testCredentials } from '../import.ts';
import type { Step } from './tour.ts';

/** Plan case C9340 and everything before the first assignment. */
export const connecting: readonly Step[] = [
  {
    title: 'Test the API credentials',
    run: async (tour) => {
      note(tour, 'Test API Credentials', await testCredentials(tour.okta));
      const { total } = tour.reader;
      tour.before = { users: await total('/Users'), groups: await total('/Groups') };
      const { users = 0, groups = 0 } = tour.before;
      return `accepted; ${count(users, 'user', 'users')} and ${count(groups, 'group', 'groups')} are there`;
    },
  },
  {
    title: 'Try a wrong token',
    run: async (tour) => {
      const query = { startIndex: 1, count: 2 };
      const reply = await tour.stranger.call({ operation: CHECKS, method: 'GET', path: '/Users', query });
      expect(tour, ['A wrong token', 'the status'], { expected: 401, found: reply.status });
      return `refused with ${reply.status}`;
    },
  },
  {
    title: 'Ask for what is not there',
    run: async (tour) => {
      for (const endpoint of ['/Users', '/Groups'] as const) {
        const missing = await tour.reader.get(endpoint, '010101001010101011001010101011');
        expect(tour, [`GET ${endpoint}/{unknown}`, 'the status'], { expected: 404, found: missing.status });
        const attribute = endpoint === '/Users' ? 'userName' : 'displayName';
        const miss = await tour.reader.find(endpoint, attribute, `abcdefgh.${tour.run}@atko.com`);
        expect(tour, [`A look-up in ${endpoint} that finds nothing`, 'the status'], {
          expected: 200,
          found: miss.status,
        });
        const total = member(miss.json, 'totalResults');
        expect(tour, [`A look-up in ${endpoint} that finds nothing`, 'totalResults'], { expected: 0, found: total });
        const beyond = await tour.reader.page(endpoint, 1_000_000_001, 100);
        const found = asArray(member(beyond.json, 'Resources')) ? recordsOf(beyond).length : undefined;
        expect(tour, [`A page of ${endpoint} past the end`, 'the status'], { expected: 200, found: beyond.status });
        expect(tour, [`A page of ${endpoint} past the end`, 'its length'], { expected: 0, found });
      }
      return 'unknown ids are 404, look-ups and pages beyond the end are empty lists';
    },
  },
];
