import { describe, expect, test } from 'vitest';
import { DATABASES } from '../harness/index.ts';
import { change, send } from './bulk-requests.ts';
import { race, statuses } from './race.ts';
import { rulesWorld } from './rules-world.ts';
import { expectRefusal, USER, user } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const { clients, disown } = await rulesWorld(database, {
    rejecting: {},
    linking: { conflict: 'link' },
    emails: { userNameIsEmail: true },
    recreating: { reactivation: 'recreate' },
  });
  const { rejecting, linking, emails, recreating } = clients;
  const mail = (value: string) => ({ emails: [{ value, type: 'work', primary: true }] });

  describe("T-ATO-01 the application's own people", () => {
    test('are joined with nobody, altered and removed by nobody, under conflict: reject', async () => {
      const victim = await rejecting.user('victim', { ...mail('victim@example.com'), externalId: '00u-victim' });
      await disown(victim.id);
      const before = (await rejecting.get(`/Users/${victim.id}`)).text;
      const path = `/Users/${victim.id}`;
      const takenOver = { schemas: [USER], userName: 'victim', ...mail('attacker@example.com') };
      for (const body of [
        user('victim', mail('victim@example.com')),
        user('VICTIM'),
        user('other', { externalId: '00u-victim' }),
        user('victim', { active: false }),
      ]) {
        const reply = await rejecting.post('/Users', body);
        expectRefusal(reply, {
          status: 409,
          scimType: 'uniqueness',
          says: /"victim".*not managed by your identity provider/s,
        });
      }
      const says = /"victim".*not managed by your identity provider/s;
      for (const reply of [
        await rejecting.put(path, takenOver),
        await rejecting.put(path, JSON.parse(before)),
        await rejecting.patch(path, [
          { op: 'replace', path: 'emails[type eq "work"].value', value: 'attacker@example.com' },
        ]),
        await rejecting.patch(path, [{ op: 'replace', value: { active: false } }]),
        await rejecting.delete(path),
      ]) {
        expectRefusal(reply, { status: 409, says });
        expect(reply.body).not.toHaveProperty('scimType');
      }
      const bulk = await send(rejecting, [
        { method: 'POST', path: '/Users', bulkId: 'a', data: user('victim') },
        { method: 'PUT', path, data: takenOver },
        change(path, { op: 'replace', value: { active: false } }),
        { method: 'DELETE', path },
      ]);
      expect(bulk.body.Operations.map(({ status }: { status: string }) => status)).toEqual([
        '409',
        '409',
        '409',
        '409',
      ]);
      expect((await rejecting.get(path)).text).toBe(before);
      // They are listed, so that an import sees them.
      expect(await rejecting.named('victim')).toHaveLength(1);
    });

    test('are not joined by an e-mail address, whatever the rules', async () => {
      for (const [index, client] of [rejecting, linking].entries()) {
        const own = await client.user(`own.${index}`, mail('shared@example.com'));
        await disown(own.id);
        const newcomer = await client.user(`newcomer.${index}`, mail('shared@example.com'));
        expect(newcomer.id).not.toBe(own.id);
        expect((await client.get(`/Users/${own.id}`)).body).toEqual(own);
      }
    });

    test('are taken over under conflict: link, by userName: the old id, the memberships kept, PUT semantics', async () => {
      const own = await linking.user('linked', { title: 'Guide', ...mail('linked@example.com') });
      const group = await linking.group('Linked', [own.id]);
      await disown(own.id);
      const reply = await linking.post('/Users', user('LINKED', { externalId: '00u-linked' }));
      expect(reply).toMatchObject({
        status: 201,
        body: { id: own.id, userName: 'LINKED', externalId: '00u-linked', groups: [{ value: group.id }] },
      });
      expect(reply.body).not.toHaveProperty('title');
      // Owned now: a second one is a clash.
      expectRefusal(await linking.post('/Users', user('linked')), {
        status: 409,
        scimType: 'uniqueness',
        says: /already exists/,
      });
    });

    test('are taken over by a first PUT that alters nothing, once', async () => {
      const own = await linking.user('first.put');
      await disown(own.id);
      const read = (await linking.get(`/Users/${own.id}`)).body;
      const replies = await race(() => linking.put(`/Users/${own.id}`, read));
      for (const reply of replies) {
        expect(reply).toMatchObject({ status: 200, body: { meta: { version: 'W/"1"' } } });
      }
      expectRefusal(await linking.post('/Users', user('first.put')), {
        status: 409,
        scimType: 'uniqueness',
        says: /already exists/,
      });
    });
  });

  describe('T-ATO-03 an e-mail address that another has', () => {
    test('is an address, and no key: each keeps the own name, and is found by it alone', async () => {
      const [a, b] = [
        await rejecting.user('ato.a', mail('a@example.com')),
        await rejecting.user('ato.b', mail('b@example.com')),
      ];
      const work = { op: 'replace', path: 'emails[type eq "work"].value', value: 'a@example.com' };
      expect((await rejecting.patch(`/Users/${b.id}`, [work])).status).toBe(200);
      expect((await rejecting.named('ato.a')).map(({ id }) => id)).toEqual([a.id]);
      expect((await rejecting.named('a@example.com')).map(({ id }) => id)).toEqual([]);
    });

    test('cannot be taken where the userName is the e-mail address', async () => {
      const a = await emails.user('a@example.com', mail('a@example.com'));
      const b = await emails.user('b@example.com', mail('b@example.com'));
      const path = `/Users/${b.id}`;
      const says = /userName and emails: the userName "b@example.com"/;
      expectRefusal(await emails.put(path, user('b@example.com', mail('a@example.com'))), {
        status: 400,
        scimType: 'invalidValue',
        says,
      });
      expectRefusal(
        await emails.patch(path, [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'a@example.com' }]),
        { status: 400, scimType: 'invalidValue', says },
      );
      expectRefusal(await emails.put(path, user('A@example.com', mail('a@example.com'))), {
        status: 409,
        scimType: 'uniqueness',
      });
      expectRefusal(await emails.post('/Users', user('c', mail('c@example.com'))), {
        status: 400,
        scimType: 'invalidValue',
        says: /"c" is not an e-mail address/,
      });
      expect((await emails.get(path)).body).toEqual(b);
      expect((await emails.get(`/Users/${a.id}`)).body).toEqual(a);
    });
  });

  describe('T-ATO-04 deactivated, and created again', () => {
    const deactivated = async (userName: string) => {
      const old = await recreating.user(userName, {
        roles: [{ value: 'owner' }],
        title: 'Guide',
        externalId: userName,
      });
      const group = await recreating.group(`Of ${userName}`, [old.id]);
      const reply = await recreating.patch(`/Users/${old.id}`, [{ op: 'replace', value: { active: false } }]);
      expect(reply.status).toBe(200);
      return { old, group };
    };

    test('there is a new id, no old role, no membership, and nothing at the old id', async () => {
      const { old, group } = await deactivated('ato.recreated');
      const reply = await recreating.post('/Users', user('ATO.recreated'));
      expect(reply.status).toBe(201);
      expect(reply.body.id).not.toBe(old.id);
      const { body } = await recreating.get(`/Users/${reply.body.id}`);
      for (const name of ['roles', 'groups', 'title', 'externalId']) expect(body).not.toHaveProperty(name);
      expect((await recreating.get(`/Users/${old.id}`)).status).toBe(404);
      expect((await recreating.get(`/Groups/${group.id}`)).body).not.toHaveProperty('members');
      expect((await recreating.named('ato.recreated')).map(({ id }) => id)).toEqual([reply.body.id]);
    });

    test('by many at once: once', async () => {
      const { old } = await deactivated('ato.race');
      const replies = await race(() => recreating.post('/Users', user('ato.race')));
      expect(statuses(replies)).toEqual({ 201: 1, 409: replies.length - 1 });
      const [found, ...others] = await recreating.named('ato.race');
      expect(others).toEqual([]);
      expect(found?.id).not.toBe(old.id);
    });

    test('by somebody else, by the externalId, is a clash, and the old record stays', async () => {
      const { old } = await deactivated('ato.other');
      const reply = await recreating.post('/Users', user('ato.other', { externalId: '00u-other' }));
      expectRefusal(reply, { status: 409, scimType: 'uniqueness' });
      expect((await recreating.get(`/Users/${old.id}`)).body).toMatchObject({ active: false });
    });
  });
});
