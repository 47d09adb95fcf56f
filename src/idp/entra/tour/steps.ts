import { eachOf } from '../../each.ts';
import { count, expect } from '../../tour.ts';
import type { Groups } from './cast.ts';
import { changing } from './change.ts';
import { connecting } from './connect.ts';
import { grouping } from './groups.ts';
import { takingStock } from './inventory.ts';
import { joining } from './join.ts';
import { leaving } from './leave.ts';
import { restarting } from './restart.ts';
import type { Step } from './tour.ts';
import { validating } from './validator.ts';

/** What a run does after the initial cycle, in this order; all of it unless told. */
export const PARTS = ['change', 'leave', 'groups', 'restart', 'validator'] as const;

export type Part = (typeof PARTS)[number];

interface Course {
  readonly parts: readonly Part[];
  readonly clean: boolean;
}

/** The tour, in order: what stands between the initial cycle and the last look at everything is a matter of choice. */
export function stepsOf(groups: Groups, { parts, clean }: Course): readonly Step[] {
  const stepsIn: Record<Part, readonly Step[]> = {
    change: changing,
    leave: [
      ...leaving(groups),
      ...takingStock(groups, { users: 'Hold all users against Entra', groups: 'Hold all groups against Entra' }),
    ],
    groups: grouping(groups),
    restart: restarting(groups),
    validator: validating,
  };
  return [
    ...connecting,
    ...joining(groups),
    ...PARTS.flatMap((part) => (parts.includes(part) ? stepsIn[part] : [])),
    ...takingStock(groups, { users: 'Hold all users once more', groups: 'Hold all groups once more' }),
    ...(clean ? [cleaning(groups)] : []),
  ];
}

/** Another hand sweeps up, and the counts are what they were. */
function cleaning(groups: Groups): Step {
  return {
    title: 'Delete what this run made',
    run: async (tour) => {
      const users = tour.entra.people.flatMap(({ accountId }) => accountId ?? []);
      const made = Object.values(groups).flatMap(({ appId }) => appId ?? []);
      const paths = [...made.map((id) => `/Groups/${id}`), ...users.map((id) => `/Users/${id}`)];
      await eachOf(paths, tour.lanes, async (path) => {
        const { status } = await tour.reader.change('DELETE', path);
        expect(tour, [`DELETE ${path}`, 'the status'], { expected: 204, found: status });
      });
      const after = { users: await tour.reader.total('/Users'), groups: await tour.reader.total('/Groups') };
      for (const kind of ['users', 'groups'] as const) {
        const sides = { expected: tour.before[kind], found: after[kind] };
        expect(tour, ['After the sweep', `the number of ${kind}`], sides);
      }
      return `${count(users.length, 'user', 'users')} and ${count(made.length, 'group', 'groups')} deleted`;
    },
  };
}
