import { beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../harness/index.ts';
import { worldOfFile } from './file-world.ts';
import { isSettled, RACERS, race, statuses } from './race.ts';
import { crowd, expectRefusal, GROUP } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const world = await worldOfFile({ database });
  const { acme } = world;

  /** Beyond 1,000 members a write has a transaction of its own, in slices: others have their turn between its steps. */
  describe('T-RACE-04 groups of more than 1,000 members', () => {
    const LARGE = 1100;
    let people: readonly string[];
    const listed = (ids: readonly string[]) => ids.map((value) => ({ value }));
    const put = (path: string, displayName: string, ids: readonly string[]) =>
      acme.put(path, { schemas: [GROUP], displayName, members: listed(ids) });
    const add = (path: string, ids: readonly string[]) =>
      acme.patch(path, [{ op: 'add', path: 'members', value: listed(ids) }]);
    const remove = (path: string, id: string) =>
      acme.patch(path, [{ op: 'remove', path: `members[value eq "${id}"]` }]);

    beforeAll(async () => {
      people = await crowd(acme, 'race.crowd', LARGE + RACERS);
    });

    test('one is deleted while members come and go: nobody is left in it', async () => {
      const { id } = await acme.group('race crowd', people.slice(0, LARGE));
      const path = `/Groups/${id}`;
      const replies = await Promise.all(
        Array.from({ length: RACERS }, (_, index) => [
          add(path, [people[LARGE + index] ?? '']),
          remove(path, people[index] ?? ''),
          ...(index % 8 === 2 ? [add(path, people)] : []),
          ...(index % 8 === 5 ? [put(path, 'race crowd', people.slice(index))] : []),
          ...(index === RACERS / 2 ? [acme.delete(path), acme.delete(path)] : []),
        ]).flat(),
      );
      const counted = statuses(replies);
      expect(Object.keys(counted).filter((status) => !['200', '204', '404'].includes(status))).toEqual([]);
      expect(counted[404]).toBeGreaterThan(0);
      expectRefusal(await acme.get(path), { status: 404 });
      expect(await membershipsOf(id)).toEqual([]);
      for (const person of people.slice(0, 3)) {
        expect((await acme.get(`/Users/${person}`)).body.groups).toBeUndefined();
      }
      await isSettled(world);
    });

    test('racing adds and removals, of one and of all: none is lost', async () => {
      const { id } = await acme.group('race large');
      const path = `/Groups/${id}`;
      const ofAll = (index: number) => index % 8 === 0;
      const replies = await race((index) =>
        ofAll(index) ? add(path, people.slice(0, LARGE)) : add(path, [people[LARGE + index] ?? '']),
      );
      expect(statuses(replies)).toEqual({ 204: RACERS });
      const late = people.slice(LARGE).filter((_, index) => !ofAll(index));
      expect(await membershipsOf(id)).toEqual([...people.slice(0, LARGE), ...late].sort());
      const gone = await race((index) =>
        index === 7
          ? acme.patch(path, [{ op: 'remove', path: 'members', value: listed(people.slice(0, LARGE)) }])
          : remove(path, people[LARGE + index] ?? ''),
      );
      expect(statuses(gone)).toEqual({ 204: RACERS });
      expect(await membershipsOf(id)).toEqual([people[LARGE + 7]]);
      await isSettled(world);
    });

    test('its members are deleted as users meanwhile: nobody who is gone is a member', async () => {
      const { id } = await acme.group('race leaving', people.slice(0, LARGE));
      const path = `/Groups/${id}`;
      const stayers = people.slice(RACERS);
      const replies = await Promise.all(
        people
          .slice(0, RACERS)
          .flatMap((leaver, index) => [
            acme.delete(`/Users/${leaver}`),
            ...(index % 8 === 1 ? [put(path, 'race leaving', people)] : []),
            ...(index % 8 === 4 ? [add(path, people)] : []),
            ...(index % 8 === 6 ? [put(path, 'race leaving', stayers)] : []),
          ]),
      );
      const counted = statuses(replies);
      // 400: one who is named is nobody any more.
      expect(Object.keys(counted).filter((status) => !['200', '204', '400'].includes(status))).toEqual([]);
      expect(counted[204]).toBeGreaterThanOrEqual(RACERS);
      const alive = new Set(stayers);
      expect((await membershipsOf(id)).filter((member) => !alive.has(member))).toEqual([]);
      await isSettled(world);
      expect((await put(path, 'race leaving', stayers)).status).toBe(200);
      expect(await membershipsOf(id)).toEqual([...stayers].sort());
      await isSettled(world);
    });

    async function membershipsOf(group: string): Promise<string[]> {
      const sql = 'SELECT member_id FROM memberships WHERE directory = ? AND group_id = ? ORDER BY member_id';
      const found = await world.server.rows(sql, acme.directory, group);
      return found.map(({ member_id }) => String(member_id));
    }
  });
});
