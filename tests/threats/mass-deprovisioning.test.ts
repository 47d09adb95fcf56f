import { describe, expect, test } from 'vitest';
import { DATABASES, type ScimReply } from '../harness/index.ts';
import { type RuledCustomer, ruledServer } from './ruled.ts';
import { expectRefusal, GROUP, type Representation, USER } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const { server, customer } = await ruledServer(database, {
    guarded: { policy: { guard: { users: 10, percent: 0, window: '1h' } } },
    share: { basePath: '/share', policy: { guard: { users: 2, percent: 50, window: '1h' } } },
    removing: {
      basePath: '/removing',
      policy: { deactivation: 'remove', guard: { users: 1, percent: 0, window: '1h' } },
    },
    members: { basePath: '/members', policy: { guard: { users: 100, percent: 100, window: '1h', memberships: 3 } } },
  });
  const { holds, guard, failures } = server.app;
  const failuresOf = async ({ organization, application }: RuledCustomer) => {
    const listed = await failures.list({ organization, application });
    return listed.kind === 'listed' ? listed.failures.length : Number.NaN;
  };
  const held = async ({ organization, application }: RuledCustomer, states = ['open'] as const) =>
    Array.fromAsync(holds.list({ organization, application, states: [...states] }));

  describe('T-DEP-04 mass deprovisioning', () => {
    test('1,000 at once against a guard of 10: exactly 10 are applied, 990 are held, none is lost or pretended', async () => {
      const acme = await customer('guarded');
      const people = await acme.users('p', 1000);
      const replies = await Promise.all(people.map(({ id }) => acme.deactivate(id)));
      expect(count(replies)).toEqual({ 200: 10, 409: 990 });
      for (const [index, reply] of replies.entries()) if (reply.status === 409) isHeld(reply, `p${index}`);

      const done = people.filter((_, index) => replies[index]?.status === 200);
      const inactive = await acme.get(`/Users?filter=${encodeURIComponent('active eq false')}&count=200`);
      expect(idsOf(inactive)).toEqual(done.map(({ id }) => id).sort());
      const open = await held(acme);
      expect(open).toHaveLength(990);
      expect(open.map(({ hold }) => hold.subject).sort()).toEqual(
        people
          .filter((_, index) => replies[index]?.status === 409)
          .map(({ id }) => id)
          .sort(),
      );
      expect(await failuresOf(acme)).toBe(990);

      const { organization, application } = acme;
      const answer = await holds.decideAll('approve-holds', { organization, application });
      if (answer.kind === 'refused') throw new Error(answer.detail);
      expect(answer.results.map(({ became }) => became)).toEqual(Array(990).fill('applied'));
      const stillActive = await acme.get(`/Users?filter=${encodeURIComponent('active eq true')}`);
      expect(stillActive.body.totalResults, stillActive.text).toBe(0);
      // One change set, of the operator's.
      await server.numbered();
      const sets = await server.rows(
        `SELECT ${SET[database]} AS one, count(*) AS count FROM changes
         WHERE directory = (SELECT d.id FROM directories d JOIN organizations o ON o.id = d.organization
                            WHERE o.slug = ? AND d.application = ?) AND by_kind = 'operator' GROUP BY 1`,
        organization,
        application,
      );
      expect(sets.map((row) => Number(row.count))).toEqual([990]);
      expect(await held(acme)).toEqual([]);
      expect(await failuresOf(acme)).toBe(0);
      // The provider tries again, and finds it done.
      for (const { id } of people.slice(0, 20)) expect((await acme.deactivate(id)).status).toBe(200);
    }, 120_000);

    test('exactly as many as the guard lets through are applied, by whatever way; the next is held, the next call works', async () => {
      const acme = await customer('guarded');
      const people = await acme.users('w', 14);
      const at = (index: number) => (people[index] as Representation).id;
      for (const index of [0, 1, 2]) expect((await acme.deactivate(at(index))).status).toBe(200);
      for (const index of [3, 4]) expect((await acme.delete(`/Users/${at(index)}`)).status).toBe(204);
      for (const index of [5, 6]) expect((await put(acme, people[index])).status).toBe(200);
      const bulk = await acme.post('/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [7, 8, 9, 10].map((index) => ({ method: 'DELETE', path: `/Users/${at(index)}` })),
      });
      expect(bulk.body.Operations.map(({ status }: { status: string }) => status)).toEqual([
        '204',
        '204',
        '204',
        '409',
      ]);
      isHeld(await acme.deactivate(at(11)), 'w11');
      isHeld(await put(acme, people[12]), 'w12');
      isHeld(await acme.delete(`/Users/${at(13)}`), 'w13');
      isHeld(await acme.patch(`/Users/${at(11)}`, [{ op: 'Replace', path: 'active', value: 'False' }]), 'w11');
      for (const index of [10, 11, 12, 13]) expect(await acme.isActive(at(index))).toBe(true);
      expect((await held(acme)).map(({ hold }) => [hold.label, hold.work.kind, hold.times])).toEqual([
        ['w10', 'remove', 1],
        ['w11', 'deactivate', 2],
        ['w12', 'deactivate', 1],
        ['w13', 'remove', 1],
      ]);
      // A hold never stops the provider's queue.
      const next = await acme.user('next.one');
      expect((await acme.patch(`/Users/${next.id}`, [{ op: 'add', path: 'title', value: 'CEO' }])).status).toBe(200);
      expect((await acme.patch(`/Users/${at(11)}`, [{ op: 'add', path: 'title', value: 'CTO' }])).status).toBe(200);
      expect(await held(acme)).toHaveLength(4);
    });

    test('where a deactivation removes, a removal is held, and approving it removes', async () => {
      const acme = await customer('removing');
      const [a, b, c] = (await acme.users('d', 3)) as [Representation, Representation, Representation];
      expect((await put(acme, a)).status).toBe(200);
      for (const reply of [await put(acme, b), await acme.deactivate(c.id)]) {
        expectRefusal(reply, { status: 409, says: /^The removal of the user "d[12]" was not done: it is held/ });
      }
      expect(await acme.isActive(b.id)).toBe(true);
      const open = await held(acme);
      expect(open.map(({ hold }) => hold.work.kind)).toEqual(['remove', 'remove']);
      await holds.decide('approve-holds', [open[0]?.hold.id ?? '']);
      expect((await acme.get(`/Users/${b.id}`)).status).toBe(404);
      expect(await acme.isActive(c.id)).toBe(true);
    });

    test('an operator, and the next customer, are not measured by it', async () => {
      const acme = await customer('guarded');
      const globex = await customer('guarded');
      for (const { id } of await acme.users('o', 11)) await acme.deactivate(id);
      expect(await held(acme)).toHaveLength(1);
      for (const { id } of await globex.users('o', 10)) expect((await globex.deactivate(id)).status).toBe(200);
    });

    test('the share is of those who were active when the window began', async () => {
      const acme = await customer('share');
      const people = await acme.users('s', 10);
      const replies: ScimReply[] = [];
      for (const { id } of people) replies.push(await acme.deactivate(id));
      expect(replies.map(({ status }) => status)).toEqual([...Array(5).fill(200), ...Array(5).fill(409)]);
    });

    test('what an operator approves makes no room: the share stays that of when the window began', async () => {
      const acme = await customer('share');
      const people = await acme.users('a', 12);
      for (const { id } of people.slice(0, 11)) await acme.deactivate(id);
      const answer = await holds.decideAll('approve-holds', acme);
      expect(answer).toMatchObject({ results: Array(5).fill({ became: 'applied' }) });
      isHeld(await acme.deactivate(people[11]?.id ?? ''), 'a11');
    });

    test('who reactivates and deactivates in turns is counted each time', async () => {
      const acme = await customer('guarded');
      const { id } = await acme.user('swing');
      const statuses: number[] = [];
      for (let turn = 0; turn < 11; turn += 1) {
        statuses.push((await acme.deactivate(id)).status);
        await acme.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: true }]);
      }
      expect(statuses).toEqual([...Array(10).fill(200), 409]);
      // The last write wanted the user: nothing is held of them any more.
      expect(await held(acme)).toEqual([]);
    });

    test('a rejected one is refused as such, whatever the window says, until it is approved or wanted again', async () => {
      const acme = await customer('share');
      const { organization, application } = acme;
      const [a, b, c, d] = (await acme.users('r', 4)) as [
        Representation,
        Representation,
        Representation,
        Representation,
      ];
      for (const { id } of [a, b]) expect((await acme.deactivate(id)).status).toBe(200);
      isHeld(await acme.deactivate(c.id), 'r2');
      isHeld(await acme.deactivate(d.id), 'r3');
      const ids = (await held(acme)).map(({ hold }) => hold.id);
      await holds.decide('reject-holds', ids);
      await guard.lift({ organization, application });
      expectRefusal(await acme.deactivate(c.id), { status: 409, says: /"r2".*rejected/ });
      expect(await acme.isActive(c.id)).toBe(true);

      expect((await acme.patch(`/Users/${d.id}`, [{ op: 'replace', path: 'active', value: true }])).status).toBe(200);
      expect((await acme.deactivate(d.id)).status).toBe(200);

      const approved = await holds.decide('approve-holds', ids);
      expect(approved).toMatchObject({ results: [{ became: 'applied' }, { became: 'not-standing' }] });
      expect(await acme.isActive(c.id)).toBe(false);
    });

    test('lifted, it counts anew; snoozed, nothing is held, and what was held goes through', async () => {
      const acme = await customer('share');
      const { organization, application } = acme;
      const place = { organization, application };
      const people = await acme.users('l', 8);
      const at = (index: number) => (people[index] as Representation).id;
      for (const index of [0, 1, 2, 3]) expect((await acme.deactivate(at(index))).status).toBe(200);
      isHeld(await acme.deactivate(at(4)), 'l4');
      await guard.lift(place);
      expect((await acme.deactivate(at(5))).status).toBe(200);
      isHeld(await acme.deactivate(at(4)), 'l4');
      await guard.snooze(place, 60_000);
      expect(await guard.show(place)).toMatchObject({ users: 1, open: 1 });
      for (const index of [4, 6, 7]) expect((await acme.deactivate(at(index))).status).toBe(200);
      expect(await held(acme)).toEqual([]);
      const again = await acme.user('l9');
      await guard.snooze(place, 0);
      isHeld(await acme.deactivate(again.id), 'l9');
    });

    test.each(['/Users', '/Users/', '/Groups', '/'])('DELETE %s is 405, and nobody is gone', async (path) => {
      const acme = await customer('guarded');
      const { id } = await acme.user('stays');
      expect((await acme.delete(path)).status).toBe(405);
      expect(await acme.isActive(id)).toBe(true);
    });
  });

  describe('T-DEP-05 mass deprovisioning through groups', () => {
    const everybody = async (acme: RuledCustomer, size: number) => {
      const people = await acme.users('m', size);
      return { people, group: await acme.group('Everybody', people) };
    };
    const membersOf = async (acme: RuledCustomer, id: string) =>
      ((await acme.get(`/Groups/${id}`)).body.members ?? []).map(({ value }: { value: string }) => value).sort();

    test.each([
      [
        'PATCH replaces members by none',
        (acme: RuledCustomer, id: string) =>
          acme.patch(`/Groups/${id}`, [{ op: 'replace', path: 'members', value: [] }]),
      ],
      [
        'PATCH removes members',
        (acme: RuledCustomer, id: string) => acme.patch(`/Groups/${id}`, [{ op: 'remove', path: 'members' }]),
      ],
      [
        'PUT without members',
        (acme: RuledCustomer, id: string) => acme.put(`/Groups/${id}`, { schemas: [GROUP], displayName: 'Everybody' }),
      ],
      ['DELETE', (acme: RuledCustomer, id: string) => acme.delete(`/Groups/${id}`)],
    ])('%s: held whole, and applied when it is approved', async (_, empty) => {
      const acme = await customer('members');
      const { people, group } = await everybody(acme, 5);
      isHeld(await empty(acme, group.id), 'Everybody');
      expect(await membersOf(acme, group.id)).toEqual(people.map(({ id }) => id).sort());
      const [one] = await held(acme);
      expect(await holds.decide('approve-holds', [one?.hold.id ?? ''])).toMatchObject({
        results: [{ became: 'applied' }],
      });
      const after = await acme.get(`/Groups/${group.id}`);
      if (one?.hold.work.kind === 'remove') expect(after.status).toBe(404);
      else expect(await membersOf(acme, group.id)).toEqual([]);
      expect([200, 204, 404]).toContain((await empty(acme, group.id)).status);
    });

    test('one by one: as many as are let through, then held, together; the rest of the group is as it was', async () => {
      const acme = await customer('members');
      const { people, group } = await everybody(acme, 6);
      const take = ({ id }: Representation) =>
        acme.patch(`/Groups/${group.id}`, [{ op: 'remove', path: `members[value eq "${id}"]` }]);
      const statuses: number[] = [];
      for (const one of people) statuses.push((await take(one)).status);
      expect(statuses).toEqual([204, 204, 204, 409, 409, 409]);
      const rest = people.slice(3).map(({ id }) => id);
      expect(await membersOf(acme, group.id)).toEqual([...rest].sort());
      const [one, ...others] = await held(acme);
      expect(others).toEqual([]);
      expect(one?.hold.work).toEqual({ kind: 'removeMembers', ids: rest });
      // One of them is wanted after all; and a rename of the group has nothing to do with it.
      expect(
        (await acme.patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: [{ value: rest[0] }] }])).status,
      ).toBe(204);
      expect(
        (await acme.patch(`/Groups/${group.id}`, [{ op: 'replace', path: 'displayName', value: 'All' }])).status,
      ).toBe(204);
      await holds.decide('approve-holds', [one?.hold.id ?? '']);
      expect(await membersOf(acme, group.id)).toEqual([rest[0]]);
    });

    test('held members whom a later write wants stay, though it takes others out; that is not to ask once more', async () => {
      const acme = await customer('members');
      const { people, group } = await everybody(acme, 6);
      const write = (members: readonly Representation[]) =>
        acme.put(`/Groups/${group.id}`, {
          schemas: [GROUP],
          displayName: 'Everybody',
          members: members.map(({ id }) => ({ value: id })),
        });
      isHeld(await write(people.slice(4)), 'Everybody');
      const [asked] = await held(acme);
      const but = (index: number) => people.filter((_, at) => at !== index);
      const [first] = people as [Representation];
      const patched = await acme.patch(`/Groups/${group.id}`, [
        { op: 'add', path: 'members', value: [{ value: first.id }] },
        { op: 'remove', path: `members[value eq "${people[5]?.id}"]` },
      ]);
      expect(patched.status, patched.text).toBe(204);
      const [lessened] = await held(acme);
      const ids = people.slice(1, 4).map(({ id }) => id);
      expect(lessened?.hold).toEqual({
        ...asked?.hold,
        work: {
          kind: 'removeMembers',
          ids: expect.toSatisfy((kept: string[]) => `${kept.sort()}` === `${ids.sort()}`),
        },
      });
      expect((await write(but(5))).status).toBe(200);
      expect(await held(acme)).toEqual([]);
    });

    test('a group that was to go and is written again does not go, though it loses a member', async () => {
      const acme = await customer('members');
      const { people, group } = await everybody(acme, 5);
      isHeld(await acme.delete(`/Groups/${group.id}`), 'Everybody');
      const members = people.slice(1).map(({ id }) => ({ value: id }));
      const reply = await acme.put(`/Groups/${group.id}`, { schemas: [GROUP], displayName: 'Everybody', members });
      expect(reply.status, reply.text).toBe(200);
      expect(await held(acme)).toEqual([]);
    });

    test('a request that also adds and renames is refused whole; approved is only what it takes away', async () => {
      const acme = await customer('members');
      const { people, group } = await everybody(acme, 4);
      const other = await acme.user('newcomer');
      const reply = await acme.put(`/Groups/${group.id}`, {
        schemas: [GROUP],
        displayName: 'Renamed',
        members: [{ value: other.id }],
      });
      isHeld(reply, 'Everybody');
      expect(await membersOf(acme, group.id)).toEqual(people.map(({ id }) => id).sort());
      const [one] = await held(acme);
      await holds.decide('approve-holds', [one?.hold.id ?? '']);
      expect((await acme.get(`/Groups/${group.id}`)).body.displayName).toBe('Everybody');
      expect(await membersOf(acme, group.id)).toEqual([]);
    });
  });
});

const SET = { sqlite: 'change_set', postgres: 'set_number' } as const;

function put(acme: RuledCustomer, person: Representation | undefined): Promise<ScimReply> {
  return acme.put(`/Users/${person?.id}`, { schemas: [USER], userName: person?.userName, active: false });
}

function isHeld(reply: ScimReply, label: string): void {
  expectRefusal(reply, { status: 409, says: new RegExp(`"${label}".* was not done: it is held.*Nothing was changed`) });
  expect(reply.body).not.toHaveProperty('scimType');
}

function count(replies: readonly ScimReply[]): Record<number, number> {
  return Object.fromEntries(
    [...Map.groupBy(replies, ({ status }) => status)].map(([status, some]) => [status, some.length]),
  );
}

function idsOf({ body }: ScimReply): string[] {
  return body.Resources.map(({ id }: Representation) => id).sort();
}
