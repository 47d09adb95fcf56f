import { describe, expect, test, vi } from 'vitest';
import { DATABASES } from '../harness/index.ts';
import { change, send } from './bulk-requests.ts';
import { rulesWorld } from './rules-world.ts';
import { USER, user } from './world.ts';

/** Okta's, Entra ID's, and what else is legal or rewritten to be. */
const PATCHES: readonly (readonly [string, object])[] = [
  ['no path', { op: 'replace', value: { active: false } }],
  ['a path', { op: 'replace', path: 'active', value: false }],
  ['a text', { op: 'Replace', path: 'active', value: 'False' }],
  ['add', { op: 'Add', path: 'ACTIVE', value: false }],
  ['a URN', { op: 'replace', path: `${USER}:active`, value: false }],
  ['a text without a path', { op: 'replace', value: { active: 'false' } }],
];

describe.each(DATABASES)('on %s', async (database) => {
  const { clients, server } = await rulesWorld(database, {
    suspending: {},
    removing: { deactivation: 'remove' },
    ignoring: { deactivation: 'remove', updates: 'ignore' },
  });
  const { suspending, removing, ignoring } = clients;

  describe('T-DEP-01 a deactivation is applied by every syntax, or not told as applied', () => {
    test.each(PATCHES)('PATCH with %s', async (name, operation) => {
      const userName = `dep.${name.replaceAll(' ', '.')}`;
      const stays = await suspending.user(userName);
      expect((await suspending.patch(`/Users/${stays.id}`, [operation])).status).toBe(200);
      expect((await suspending.get(`/Users/${stays.id}`)).body).toMatchObject({ active: false });
      for (const client of [removing, ignoring]) {
        const goes = await client.user(userName);
        const reply = await client.patch(`/Users/${goes.id}`, [operation]);
        expect(reply).toMatchObject({ status: 204, text: '' });
        expect((await client.get(`/Users/${goes.id}`)).status).toBe(404);
        const inBulk = await client.user(userName);
        const bulk = await send(client, [change(`/Users/${inBulk.id}`, operation)]);
        expect(bulk.body.Operations).toMatchObject([{ method: 'PATCH', status: '204' }]);
        expect(await client.named(userName)).toEqual([]);
      }
    });

    test('PUT', async () => {
      for (const client of [suspending, removing, ignoring]) {
        const before = await client.user('dep.put', { title: 'Guide' });
        const group = await client.group('Of dep.put', [before.id]);
        const read = (await client.get(`/Users/${before.id}`)).body;
        const reply = await client.put(`/Users/${before.id}`, { ...read, active: false });
        expect(reply).toMatchObject({
          status: 200,
          body: { id: before.id, userName: 'dep.put', title: 'Guide', active: false },
        });
        expect(reply.headers.get('etag')).toBe('W/"2"');
        if (client === suspending) continue;
        expect(reply.body).not.toHaveProperty('groups');
        expect((await client.get(`/Users/${before.id}`)).status).toBe(404);
        expect((await client.get(`/Groups/${group.id}`)).body).not.toHaveProperty('members');
      }
    });
  });

  describe('deactivation: remove (decision 36)', () => {
    test('who is assigned again is somebody new', async () => {
      const first = await removing.user('assigned', { externalId: '00u-assigned', roles: [{ value: 'admin' }] });
      await removing.put(`/Users/${first.id}`, user('assigned', { active: false }));
      const again = await removing.user('assigned', { externalId: '00u-assigned' });
      expect(again.id).not.toBe(first.id);
      expect(again).not.toHaveProperty('roles');
    });

    test('a PATCH that names attributes shows them (RFC 7644 §3.5.2)', async () => {
      const { id } = await removing.user('asked.for');
      const reply = await removing.patch(`/Users/${id}?attributes=active`, [
        { op: 'replace', value: { active: false } },
      ]);
      expect(reply).toMatchObject({ status: 200, body: { id, active: false } });
      expect(reply.body).not.toHaveProperty('userName');
    });

    test('a PUT in a bulk is told as 200', async () => {
      const { id } = await removing.user('in.bulk');
      const reply = await send(removing, [
        { method: 'PUT', path: `/Users/${id}`, data: user('in.bulk', { active: false }) },
      ]);
      expect(reply.body.Operations).toMatchObject([{ method: 'PUT', status: '200', version: 'W/"2"' }]);
      expect((await removing.get(`/Users/${id}`)).status).toBe(404);
    });

    test('to deactivate who is gone is 404, and no failure is left, as it is what was wanted', async () => {
      const { id } = await removing.user('twice.gone');
      const off = [{ op: 'replace', value: { active: false } }];
      expect((await removing.patch(`/Users/${id}`, off)).status).toBe(204);
      expect((await removing.patch(`/Users/${id}`, off)).status).toBe(404);
      expect((await removing.put(`/Users/${id}`, user('twice.gone', { active: false }))).status).toBe(404);
      const failures = await server.rows("SELECT subject FROM failures WHERE subject = 'twice.gone'");
      expect(failures).toEqual([]);
    });

    test('somebody who is created inactive is there, and is deactivated by nothing', async () => {
      const { id } = await removing.user('made.inactive', { active: false });
      expect(
        (await removing.put(`/Users/${id}`, user('made.inactive', { active: false, title: 'x' }))).body,
      ).toMatchObject({
        active: false,
        title: 'x',
      });
      expect((await removing.patch(`/Users/${id}`, [{ op: 'replace', value: { active: true } }])).status).toBe(200);
      expect((await removing.patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }])).status).toBe(204);
    });
  });

  test('updates: ignore: what is accepted and has no effect stands in the log, by its name', async () => {
    const before = await ignoring.user('ignored', { title: 'Guide' });
    const put = await ignoring.put(`/Users/${before.id}`, user('ignored', { title: 'T-secret', nickName: 'Babs' }));
    expect(put).toMatchObject({ status: 200, body: before });
    const line = await vi.waitFor(() => {
      const lines = server.logs().split('\n');
      const found = lines.find((one) => one.includes(put.headers.get('x-request-id') ?? '-'));
      if (found === undefined) throw new Error('not logged yet');
      return found;
    });
    expect(JSON.parse(line)).toMatchObject({ outcome: 'unchanged', ignored: ['title', 'nickName'] });
    expect(line).not.toContain('T-secret');
  });
});
