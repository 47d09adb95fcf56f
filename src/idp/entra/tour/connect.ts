import { randomUUID } from 'node:crypto';
import { member } from '../../json.ts';
import { recordsOf } from '../../judge/reader.ts';
import { inspectSchemas } from '../../judge/schemas.ts';
import { CHECKS } from '../../report.ts';
import { count, expect, note } from '../../tour.ts';
import { keepAlive } from '../cycle.ts';
import { MANAGER, MAPPINGS } from '../mapping.ts';
import type { Step } from './tour.ts';

/** Everything before the first cycle. */
export const connecting: readonly Step[] = [
  {
    title: 'Test the connection',
    run: async (tour) => {
      note(tour, 'Test connection', await keepAlive(tour.entra));
      const { total } = tour.reader;
      tour.before = { users: await total('/Users'), groups: await total('/Groups') };
      const { users = 0, groups = 0 } = tour.before;
      return `accepted; ${count(users, 'user', 'users')} and ${count(groups, 'group', 'groups')} are there`;
    },
  },
  {
    title: 'Try a wrong token',
    run: async (tour) => {
      const query = { filter: `userName eq "${randomUUID()}"` };
      const reply = await tour.stranger.call({ operation: CHECKS, method: 'GET', path: '/Users', query });
      expect(tour, ['A wrong token', 'the status'], { expected: 401, found: reply.status });
      return `refused with ${reply.status}`;
    },
  },
  {
    title: 'Read the schemas',
    run: async (tour) => {
      const { client } = tour.entra;
      const reply = await client.call({ operation: 'read schemas', method: 'GET', path: '/Schemas' });
      note(tour, 'Test Schema', reply.problem);
      const user = MAPPINGS.map(({ place }) => place);
      const active = { at: 'user', name: 'active' } as const;
      if (reply.problem === undefined) inspectSchemas(tour.ledger, reply.json, [...user, active, MANAGER]);
      return `${recordsOf(reply).length} schemas; every mapped attribute can be derived`;
    },
  },
  {
    title: 'Ask for what is not there',
    run: async (tour) => {
      for (const endpoint of ['/Users', '/Groups'] as const) {
        const missing = await tour.reader.get(endpoint, randomUUID());
        expect(tour, [`GET ${endpoint}/{unknown}`, 'the status'], { expected: 404, found: missing.status });
        const attribute = endpoint === '/Users' ? 'externalId' : 'displayName';
        const miss = await tour.reader.find(endpoint, attribute, randomUUID());
        const who = `A look-up in ${endpoint} that finds nothing`;
        expect(tour, [who, 'the status'], { expected: 200, found: miss.status });
        expect(tour, [who, 'totalResults'], { expected: 0, found: member(miss.json, 'totalResults') });
      }
      return 'unknown ids are 404, look-ups that miss are empty lists';
    },
  },
];
