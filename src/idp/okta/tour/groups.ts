import type { JsonObject } from '../../json.ts';
import { idOf } from '../../judge/reader.ts';
import { patchOf } from '../../patch-op.ts';
import { GROUP } from '../../scim.ts';
import { count, expect, note } from '../../tour.ts';
import { type PushedGroup, pushable } from '../group.ts';
import { memberDelta, pushGroup, pushNow, renameGroup, unlink } from '../groups.ts';
import type { Person } from '../person.ts';
import type { makeGroups } from './cast.ts';
import { checkGroups, checkPeople } from './check.ts';
import type { Step, Tour } from './tour.ts';

/** The steps share the run's groups. */
export function grouping(groups: ReturnType<typeof makeGroups>): readonly Step[] {
  const { everyone, empty, team, linked, shortLived } = groups;
  return [
    {
      title: 'Push groups',
      run: async (tour) => {
        const people = pushable(tour.okta.people);
        fill(everyone, people);
        fill(team, people.slice(0, Math.max(4, Math.floor(people.length / 2))));
        fill(shortLived, people.slice(-3));
        await push(tour, [everyone, empty, team, shortLived]);
        return `4 groups: one with all ${count(people.length, 'member', 'members')}, one empty`;
      },
    },
    {
      title: 'Push a group that is there already',
      run: async (tour) => {
        const [before, ...ours] = pushable(tour.okta.people).slice(0, 4);
        const members = before?.appId === undefined ? [] : [{ value: before.appId }];
        const body = { schemas: [GROUP], displayName: linked.name, members };
        const made = idOf((await tour.reader.change('POST', '/Groups', body)).json);
        fill(linked, ours);
        await push(tour, [linked]);
        expect(tour, [`Group "${linked.name}"`, 'the linked group'], { expected: made, found: linked.appId });
        expect(tour, [`Group "${linked.name}"`, 'members before'], {
          expected: members.length,
          found: linked.others.size,
        });
        return 'linked; the member it had stays';
      },
    },
    {
      title: 'Add and remove members',
      run: async (tour) => {
        const [left, removed, present, joined] = pushable(team.members);
        if (!(left && removed && present && joined)) return 'nobody to move';
        await memberChange(tour, team, { remove: [joined, present], add: [] });
        // What the app's own hand did first must not make Okta's delta fail: a remove of one who is out, an add of one in.
        await meddle(tour, team, removalOf(left));
        await meddle(tour, team, additionOf(present));
        await memberChange(tour, team, { remove: [left, removed], add: [present, joined] });
        return '4 left, 2 came back; two changes had been made already';
      },
    },
    {
      title: 'Push Now after edits in the app',
      run: async (tour) => {
        const [someone] = pushable(everyone.members);
        if (someone) {
          await meddle(tour, everyone, removalOf(someone));
          await meddle(tour, empty, additionOf(someone));
        }
        for (const group of [everyone, empty]) note(tour, `Group "${group.name}"`, await pushNow(tour.okta, group));
        await checkGroups(tour, [everyone, empty]);
        return 'the full group is full again, the empty one empty';
      },
    },
    {
      title: 'Rename groups',
      run: async (tour) => {
        for (const group of [team, everyone]) {
          note(tour, `Group "${group.name}"`, await renameGroup(tour.okta, group, `Renamed ${group.name}`));
        }
        await checkGroups(tour, [team, everyone]);
        return '2 groups, members untouched';
      },
    },
    {
      title: 'Unlink a group and delete it',
      run: async (tour) => {
        const { appId, members } = shortLived;
        note(tour, `Group "${shortLived.name}"`, await unlink(tour.okta, shortLived, 'delete'));
        const status = appId === undefined ? undefined : (await tour.reader.get('/Groups', appId)).status;
        expect(tour, [`Group "${shortLived.name}"`, 'the status of a read by id'], { expected: 404, found: status });
        await checkPeople(tour, [...members]);
        return 'gone; its members are still users';
      },
    },
    {
      title: 'Unlink a group and leave it, then link it again',
      run: async (tour) => {
        const { appId } = linked;
        const calls = tour.oktaCalls();
        note(tour, `Group "${linked.name}"`, await unlink(tour.okta, linked, 'leave'));
        expect(tour, ['Leaving a group', 'the number of calls'], { expected: 0, found: tour.oktaCalls() - calls });
        await push(tour, [linked]);
        expect(tour, [`Group "${linked.name}"`, 'id'], { expected: appId, found: linked.appId });
        return 'the same group, with its members';
      },
    },
  ];
}

function fill(group: PushedGroup, people: readonly Person[]): void {
  for (const person of people) group.members.add(person);
}

async function push(tour: Tour, groups: readonly PushedGroup[]): Promise<void> {
  for (const group of groups) note(tour, `Group "${group.name}"`, await pushGroup(tour.okta, group));
  await checkGroups(tour, groups);
}

async function memberChange(tour: Tour, group: PushedGroup, delta: Parameters<typeof memberDelta>[2]): Promise<void> {
  note(tour, `Group "${group.name}"`, await memberDelta(tour.okta, group, delta));
  await checkGroups(tour, [group]);
}

/** The app's own administrator edits a group. */
async function meddle(tour: Tour, { appId }: PushedGroup, operation: JsonObject): Promise<void> {
  if (appId !== undefined) await tour.reader.change('PATCH', `/Groups/${appId}`, patchOf([operation]));
}

function removalOf({ appId }: Person): JsonObject {
  return { op: 'remove', path: `members[value eq "${appId}"]` };
}

function additionOf({ appId }: Person): JsonObject {
  return { op: 'add', path: 'members', value: [{ value: appId ?? null }] };
}
