import { describe, expect, test } from 'vitest';
import { DATABASES, type ScimReply } from '../harness/index.ts';
import { type RuledCustomer, ruledServer } from './ruled.ts';
import { expectRefusal, GROUP, type Representation, USER } from './world.ts';

const ADMIN = { roles: [{ value: 'admin' }] };

describe.each(DATABASES)('on %s', async (database) => {
  const entitlements = [
    {
      name: 'Role',
      kind: 'role' as const,
      values: [
        { id: 'admin', displayName: 'Administrator' },
        { id: 'viewer', displayName: 'Viewer' },
      ],
    },
  ];
  const { server, customer } = await ruledServer(database, {
    admins: {
      entitlements,
      policy: {
        protect: { lastWithRole: 'admin' },
        roles: { byGroup: { Admins: 'admin', Owners: 'admin', Viewers: 'viewer' } },
        guard: { users: 1, percent: 0, window: '1h', memberships: 1 },
      },
    },
    named: { basePath: '/named', policy: { protect: { users: ['Break.Glass@example.com'] } } },
    both: {
      basePath: '/both',
      entitlements,
      policy: {
        protect: { lastWithRole: 'admin', atLeast: 1 },
        guard: { users: 1, percent: 0, window: '1h' },
      },
    },
    few: { basePath: '/few', policy: { protect: { atLeast: 2 }, guard: { users: 1, percent: 0, window: '1h' } } },
    existing: { basePath: '/existing', policy: { protect: { existing: true }, conflict: 'link' } },
  });
  const { holds, guard } = server.app;

  describe('T-PRIV-05 the last administrator', () => {
    test.each<[string, (acme: RuledCustomer, admin: Representation) => Promise<ScimReply>]>([
      ['PATCH active:false', (acme, { id }) => acme.deactivate(id)],
      [
        'PUT active:false',
        (acme, { id, userName }) => acme.put(`/Users/${id}`, { schemas: [USER], userName, ...ADMIN, active: false }),
      ],
      ['DELETE', (acme, { id }) => acme.delete(`/Users/${id}`)],
      [
        'PUT without roles',
        (acme, { id, userName }) => acme.put(`/Users/${id}`, { schemas: [USER], userName, active: true }),
      ],
      ['PATCH remove roles', (acme, { id }) => acme.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles' }])],
      [
        'PATCH another role',
        (acme, { id }) => acme.patch(`/Users/${id}`, [{ op: 'replace', value: { roles: [{ value: 'viewer' }] } }]),
      ],
      [
        'PATCH by a filter',
        (acme, { id }) => acme.patch(`/Users/${id}`, [{ op: 'remove', path: 'roles[value eq "admin"]' }]),
      ],
      ['Bulk DELETE', (acme, { id }) => inBulk(acme, { method: 'DELETE', path: `/Users/${id}` })],
    ])('who has the role by itself, %s: 409, and is as before; one of two is let go', async (_, take) => {
      const acme = await customer('admins');
      const admin = await acme.user('only.admin', ADMIN);
      await acme.user('sleeping.admin', { ...ADMIN, active: false });
      await acme.user('a.viewer', { roles: [{ value: 'viewer' }] });
      isLast(await take(acme, admin), 'only.admin');
      expect((await acme.get(`/Users/${admin.id}`)).body).toMatchObject({ active: true, roles: [{ value: 'admin' }] });
      expect(await heldOf(acme)).toEqual([]);
      await acme.user('second.admin', ADMIN);
      expect((await take(acme, admin)).status).toBeLessThan(300);
    });

    test.each<[string, (acme: RuledCustomer, group: Representation, admin: Representation) => Promise<ScimReply>]>([
      ['PATCH remove members', (acme, { id }) => acme.patch(`/Groups/${id}`, [{ op: 'remove', path: 'members' }])],
      [
        'PATCH takes the one out',
        (acme, { id }, admin) =>
          acme.patch(`/Groups/${id}`, [{ op: 'remove', path: `members[value eq "${admin.id}"]` }]),
      ],
      [
        'PUT with others',
        (acme, { id, displayName }) => acme.put(`/Groups/${id}`, { schemas: [GROUP], displayName, members: [] }),
      ],
      ['DELETE of the group', (acme, { id }) => acme.delete(`/Groups/${id}`)],
      ['the user is deactivated', (acme, _, { id }) => acme.deactivate(id)],
      ['the user is removed', (acme, _, { id }) => acme.delete(`/Users/${id}`)],
    ])('who has the role by a group, %s: 409; not when another has it', async (_, take) => {
      const acme = await customer('admins');
      const admin = await acme.user('grouped.admin');
      const asleep = await acme.user('asleep', { active: false });
      const group = await acme.group('admins', [admin, asleep]);
      isLast(await take(acme, group, admin));
      expect((await acme.get(`/Groups/${group.id}`)).body.members).toHaveLength(2);
      expect(await acme.isActive(admin.id)).toBe(true);
      await acme.group('Owners', [await acme.user('an.owner')]);
      await guard.snooze(acme, 60_000);
      expect((await take(acme, group, admin)).status).toBeLessThan(300);
    });

    test('a role by itself and by a group: one of them may go', async () => {
      const acme = await customer('admins');
      const admin = await acme.user('both.ways', ADMIN);
      const group = await acme.group('Admins', [admin]);
      expect((await acme.patch(`/Users/${admin.id}`, [{ op: 'remove', path: 'roles' }])).status).toBe(200);
      isLast(await acme.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members' }]));
      isLast(await acme.deactivate(admin.id));
    });

    test('where nobody has the role, nobody is kept for it', async () => {
      const acme = await customer('admins');
      const one = await acme.user('just.one');
      expect((await acme.deactivate(one.id)).status).toBe(200);
      const group = await acme.group('Admins', [one]);
      expect((await acme.delete(`/Groups/${group.id}`)).status).toBe(204);
    });

    test('one write may put another in the place of the last; not one who is inactive, or whom it takes out again', async () => {
      const acme = await customer('admins');
      const [admin, next, asleep] = [
        await acme.user('old.admin'),
        await acme.user('new.admin'),
        await acme.user('asleep', { active: false }),
      ];
      const group = await acme.group('Admins', [admin]);
      const write = (...members: readonly Representation[]) =>
        acme.put(`/Groups/${group.id}`, {
          schemas: [GROUP],
          displayName: 'Admins',
          members: members.map(({ id }) => ({ value: id })),
        });
      isLast(await write(asleep));
      isLast(
        await acme.patch(`/Groups/${group.id}`, [
          { op: 'add', path: 'members', value: [{ value: next.id }] },
          { op: 'remove', path: `members[value eq "${next.id}"]` },
          { op: 'remove', path: `members[value eq "${admin.id}"]` },
        ]),
      );
      expect((await write(asleep, next)).status).toBe(200);
    });

    test('who has the role is approved after the others, and they are counted once', async () => {
      const acme = await customer('both');
      const people = await acme.users('b', 3);
      const admins = [await acme.user('b.admin', ADMIN), await acme.user('c.admin', ADMIN)];
      for (const { id } of [...people, ...admins.slice(0, 1)]) await acme.deactivate(id);
      const answer = await holds.decideAll('approve-holds', acme);
      expect(answer).toMatchObject({ results: Array(3).fill({ became: 'applied' }) });
      expect(await acme.isActive(admins[1]?.id ?? '')).toBe(true);
    });

    test('32 administrators who are all deactivated at once: one stays', async () => {
      const acme = await customer('admins');
      await guard.snooze(acme, 60_000);
      const admins = await Promise.all(Array.from({ length: 32 }, (_, index) => acme.user(`admin${index}`, ADMIN)));
      const replies = await Promise.all(admins.map(({ id }) => acme.deactivate(id)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(31);
      isLast(replies.find(({ status }) => status !== 200) as ScimReply);
    });

    test('two administrators whose deactivation was held, approved together: one stays, and so does its hold', async () => {
      const acme = await customer('admins');
      const [first, a, b, c] = [
        await acme.user('first'),
        await acme.user('held.a', ADMIN),
        await acme.user('held.b', ADMIN),
        await acme.user('held.c'),
      ];
      expect((await acme.deactivate(first.id)).status).toBe(200);
      for (const { id } of [a, b, c]) expect((await acme.deactivate(id)).status).toBe(409);
      const answer = await holds.decideAll('approve-holds', acme);
      if (answer.kind === 'refused') throw new Error(answer.detail);
      expect(answer.results.map(({ became }) => became)).toEqual(['applied', 'refused', 'applied']);
      expect(answer.results[1]?.detail).toMatch(/"held.b".*"admin"/);
      expect(await Promise.all([a, b, c].map(({ id }) => acme.isActive(id)))).toEqual([false, true, false]);
      expect((await heldOf(acme)).map(({ hold }) => hold.label)).toEqual(['held.b']);
    });
  });

  test('a protected user is neither deprovisioned nor renamed; all else of them may change', async () => {
    const acme = await customer('named');
    const { id } = await acme.user('break.glass@EXAMPLE.com');
    const says = /"break.glass@EXAMPLE.com" is protected/;
    for (const reply of [
      await acme.deactivate(id),
      await acme.delete(`/Users/${id}`),
      await acme.put(`/Users/${id}`, { schemas: [USER], userName: 'break.glass@example.com', active: false }),
      await acme.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: 'nobody@example.com' }]),
    ]) {
      expectRefusal(reply, { status: 409, says });
    }
    expect((await acme.patch(`/Users/${id}`, [{ op: 'replace', path: 'title', value: 'Owner' }])).status).toBe(200);
    expect(
      (await acme.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: 'Break.Glass@example.com' }]))
        .status,
    ).toBe(200);
    expect(await acme.isActive(id)).toBe(true);
  });

  test('so many stay, also of those who are deactivated at once, or approved together', async () => {
    const acme = await customer('few');
    const people = await acme.users('f', 5);
    const replies = await Promise.all(people.map(({ id }) => acme.deactivate(id)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const answer = await holds.decideAll('approve-holds', acme);
    if (answer.kind === 'refused') throw new Error(answer.detail);
    expect(answer.results.map(({ became }) => became)).toEqual(['applied', 'applied', 'refused', 'refused']);
    await guard.snooze(acme, 60_000);
    const active = await Promise.all(people.map(async ({ id }) => ((await acme.isActive(id)) ? id : undefined)));
    const left = active.filter((id) => id !== undefined);
    expect(left).toHaveLength(2);
    expectRefusal(await acme.deactivate(left[0] as string), { status: 409, says: /at least 2 must stay/ });
    expectRefusal(await acme.delete(`/Users/${left[0]}`), { status: 409, says: /at least 2 must stay/ });
  });

  function heldOf({ organization, application }: RuledCustomer) {
    return Array.fromAsync(holds.list({ organization, application, states: ['open'] }));
  }
});

async function inBulk(acme: RuledCustomer, operation: object): Promise<ScimReply> {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
  const reply = await acme.post('/Bulk', { schemas, Operations: [operation] });
  const [{ status, response }] = reply.body.Operations;
  return { ...reply, status: Number(status), body: response };
}

function isLast(reply: ScimReply, label = ''): void {
  expect(reply.status, reply.text).toBe(409);
  expect(reply.body.detail).toMatch(new RegExp(`^Nothing was changed: without .*${label}.*the role "admin"`));
}
