import { patchOf } from '../../patch-op.ts';
import { expect } from '../../tour.ts';
import type { PushedGroup } from '../group.ts';
import { isInScope, type Person } from '../person.ts';
import type { Groups } from './cast.ts';
import { checkGone, checkGroups, checkPeople } from './check.ts';
import { cycle, type Step, type Tour } from './tour.ts';

/** The steps share the run's groups. */
export function grouping({ everyone, empty, team, linked, shortLived }: Groups): readonly Step[] {
  return [
    {
      title: 'Add and remove members',
      run: async (tour) => {
        const [left, removed, present, joined] = settled(team.members);
        if (!(left && removed && present && joined)) return 'nobody to move';
        await move(tour, team, { leave: [present, joined] });
        // What the app's own hand did first must not make Entra's change fail: a remove of one who is out, an add of one in.
        await meddle(tour, team, { op: 'remove', path: `members[value eq "${left.appId}"]` });
        await meddle(tour, team, { op: 'add', path: 'members', value: [{ value: present.appId ?? null }] });
        await move(tour, team, { leave: [left, removed], join: [present, joined] });
        return '4 left, 2 came back, a PATCH each; two changes had been made already';
      },
    },
    {
      title: 'Fill an empty group, and empty it',
      run: async (tour) => {
        const people = settled(everyone.members).slice(0, 3);
        await move(tour, empty, { join: people });
        await move(tour, empty, { leave: people });
        return `${people.length} in, one by one, and out again`;
      },
    },
    {
      title: 'Rename groups',
      run: async (tour) => {
        for (const group of [team, everyone]) {
          group.name = `Renamed ${group.name}`;
          group.changed = true;
        }
        await cycle(tour);
        await checkGroups(tour, [team, everyone]);
        return '2 groups, members untouched';
      },
    },
    {
      title: 'Delete a group',
      run: async (tour) => {
        const path = `/Groups/${shortLived.appId}`;
        shortLived.deleted = true;
        shortLived.changed = true;
        await cycle(tour);
        await checkGone(tour, `Group "${shortLived.name}"`, { path, status: 404 });
        await checkPeople(tour, [...shortLived.members]);
        return 'gone; its members are still users';
      },
    },
    {
      title: 'Link a group again',
      run: async (tour) => {
        const { appId } = linked;
        // Unassigned, which tells the app nothing, and assigned again: matched by its name, in another case.
        linked.appId = undefined;
        linked.name = linked.name.replace('Sales', 'SALES');
        linked.changed = true;
        await cycle(tour);
        expect(tour, [`Group "${linked.name}"`, 'id'], { expected: appId, found: linked.appId });
        await checkGroups(tour, [linked]);
        return 'the same group, with its members';
      },
    },
  ];
}

function settled(people: Iterable<Person>): Person[] {
  return [...people].filter((person) => isInScope(person) && person.appId !== undefined);
}

interface Move {
  readonly join?: readonly Person[];
  readonly leave?: readonly Person[];
}

async function move(tour: Tour, group: PushedGroup, { join = [], leave = [] }: Move): Promise<void> {
  for (const person of leave) group.members.delete(person);
  for (const person of join) group.members.add(person);
  group.changed = true;
  await cycle(tour);
  await checkGroups(tour, [group]);
}

/** The app's own administrator edits a group. */
async function meddle(tour: Tour, { appId }: PushedGroup, operation: Parameters<typeof patchOf>[0][number]) {
  if (appId !== undefined) await tour.reader.change('PATCH', `/Groups/${appId}`, patchOf([operation]));
}
