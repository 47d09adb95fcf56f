import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DATABASES } from '../harness/index.ts';
import { peopleOf, worldOfFile } from './file-world.ts';
import { ENTERPRISE, expectRefusal, GROUP, leavesNoTrace, type Representation, rowsOf, user } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const world = await worldOfFile({ database });
  const { acme, globex } = world;
  const { mine, theirs } = await peopleOf(world);

  describe('T-TEN-06 no query reaches into another directory', () => {
    const filters = (): readonly string[] => {
      const { id, meta } = theirs.user;
      return [
        `id eq "${id}"`,
        `id eq "${id}" or id eq "${theirs.group.id}"`,
        `id pr and id eq "${id}"`,
        `userName eq "their.user"`,
        `userName sw "their"`,
        `userName co "heir."`,
        `externalId eq "00u-their"`,
        `emails.value eq "their@globex.example"`,
        `emails[value ew "globex.example"]`,
        `displayName eq "Their User"`,
        `groups.value eq "${theirs.group.id}"`,
        `groups.display eq "Their group"`,
        `meta.location eq "${meta.location}"`,
        `meta.location co "${id}"`,
        `${ENTERPRISE}:manager.value eq "${id}"`,
        `userName eq "x' OR directory = '${globex.directory}"`,
        `userName eq "x\\" or \\"1\\" eq \\"1"`,
        `not (not (id eq "${id}"))`,
      ];
    };

    test('a filter that names what they have finds nothing', async () => {
      await leavesNoTrace(world, async () => {
        for (const filter of filters()) {
          const reply = await acme.get(`/Users?filter=${encodeURIComponent(filter)}`);
          expect(reply, `${filter}: ${reply.text}`).toMatchObject({
            status: 200,
            body: { totalResults: 0, Resources: [] },
          });
        }
        for (const filter of [
          `members.value eq "${theirs.user.id}"`,
          `members[value eq "${theirs.user.id}"]`,
          `displayName eq "Their group"`,
          `id eq "${theirs.group.id}"`,
          `displayName sw "Their"`,
        ]) {
          const reply = await acme.get(`/Groups?filter=${encodeURIComponent(filter)}`);
          expect(reply, `${filter}: ${reply.text}`).toMatchObject({
            status: 200,
            body: { totalResults: 0, Resources: [] },
          });
        }
      });
    });

    test('a filter that everybody satisfies, every page, and every total is of their own people only', async () => {
      const sql = "SELECT id FROM resources WHERE directory = ? AND type = 'User' ORDER BY seq";
      const own = (await world.server.rows(sql, acme.directory)).map(({ id }) => id);
      expect(own.length).toBeGreaterThan(1);
      const everybody = [
        'id pr',
        `id eq "${theirs.user.id}" or id pr`,
        `not (id eq "x")`,
        'userName ne "x"',
        'meta.created gt "1970-01-01T00:00:00Z"',
      ];
      await leavesNoTrace(world, async () => {
        for (const filter of ['', ...everybody]) {
          const where = filter === '' ? '' : `&filter=${encodeURIComponent(filter)}`;
          const whole = await acme.get(`/Users?count=200${where}`);
          expect(whole.body.Resources.map(({ id }: Representation) => id)).toEqual(own);
          expect(whole.body.totalResults).toBe(own.length);
          expect((await acme.get(`/Users?count=0${where}`)).body.totalResults).toBe(own.length);
          for (const startIndex of [own.length, own.length + 1, 1_000_000]) {
            const page = await acme.get(`/Users?startIndex=${startIndex}&count=200${where}`);
            expect(page.body.totalResults).toBe(own.length);
            expect(page.body.Resources.map(({ id }: Representation) => id)).toEqual(own.slice(startIndex - 1));
          }
        }
      });
    });

    test('a root query and .search find nobody of theirs, and their cursors are none', async () => {
      await leavesNoTrace(world, async () => {
        const filter = `id eq "${theirs.user.id}"`;
        const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter };
        for (const reply of [
          await acme.get(`/?filter=${encodeURIComponent(filter)}`),
          await acme.post('/.search', body),
          await acme.post('/Users/.search', body),
        ]) {
          expect(reply).toMatchObject({ status: 200, body: { totalResults: 0 } });
        }
        for (const path of ['/', '']) expect((await acme.get(path)).text).not.toContain(theirs.user.id);
        const { nextCursor } = (await world.globex.get('/Users?count=1&cursor')).body;
        for (const cursor of [theirs.user.id, nextCursor]) {
          const reply = await acme.get(`/Users?count=1&cursor=${cursor}`);
          expectRefusal(reply, { status: 400, scimType: 'invalidCursor' });
        }
      });
    });
  });

  describe('T-TEN-07 what one directory has is free in the other', () => {
    test('userName, externalId, e-mail and group names: 201', async () => {
      const other = await rowsOf(world.server, globex.directory);
      const reply = await acme.post(
        '/Users',
        user('their.user', {
          externalId: '00u-their',
          displayName: 'Their User',
          emails: [{ value: 'their@globex.example', type: 'work', primary: true }],
        }),
      );
      expect(reply.status, reply.text).toBe(201);
      const group = await acme.post('/Groups', { schemas: [GROUP], displayName: 'Their group' });
      expect(group.status, group.text).toBe(201);
      expect(reply.body.id).not.toBe(theirs.user.id);
      expect((await acme.put(`/Users/${mine.other.id}`, user('THEIR.user.2'))).status).toBe(200);
      expect(await rowsOf(world.server, globex.directory)).toEqual(other);
      for (const path of [`/Users/${reply.body.id}`, `/Groups/${group.body.id}`]) await acme.delete(path);
    });

    test('an inactive record of the other directory is not brought back', async () => {
      const asleep = await globex.user('asleep', { active: false, externalId: '00u-asleep' });
      const other = await rowsOf(world.server, globex.directory);
      const reply = await acme.post('/Users', user('asleep', { externalId: '00u-asleep' }));
      expect(reply.status).toBe(201);
      expect(reply.body.id).not.toBe(asleep.id);
      expect(await rowsOf(world.server, globex.directory)).toEqual(other);
    });
  });

  describe('T-TEN-09 what a client chooses is never a key of ours', () => {
    test('userName and externalId equal to internal ids, numbers and UUIDs are plain strings', async () => {
      const { server } = world;
      const internal = [
        ...(await server.rows('SELECT id FROM resources')).map(({ id }) => String(id)),
        ...(await server.rows('SELECT id FROM directories')).map(({ id }) => String(id)),
        ...(await server.rows('SELECT id FROM organizations')).map(({ id }) => String(id)),
        ...(await server.rows('SELECT id FROM credentials')).map(({ id }) => String(id)),
        ...(
          await server.rows(database === 'sqlite' ? 'SELECT number, seq FROM resources' : 'SELECT seq FROM resources')
        ).flatMap((row) => Object.values(row).map(String)),
        '0',
        '1',
        '-1',
        '1e0',
        '00000000-0000-0000-0000-000000000000',
        randomUUID(),
      ];
      const other = await rowsOf(world.server, globex.directory);
      const known = new Set(internal);
      for (const chosen of known) {
        const reply = await acme.post('/Users', user(chosen, { externalId: chosen }));
        expect(reply, `${chosen}: ${reply.text}`).toMatchObject({
          status: 201,
          body: { userName: chosen, externalId: chosen },
        });
        expect(known.has(reply.body.id)).toBe(false);
        // Found by what it is called, under its own id; and never by its name where an id stands.
        const found = await acme.get(`/Users?filter=${encodeURIComponent(`externalId eq "${chosen}"`)}`);
        expect(found.body.Resources.map(({ id }: Representation) => id)).toEqual([reply.body.id]);
        const at = await acme.get(`/Users/${chosen}`);
        if (at.status === 200) expect(at.body).toMatchObject({ id: chosen });
        else expectRefusal(at, { status: 404 });
        const byId = await acme.get(`/Users?filter=${encodeURIComponent(`id eq "${chosen}"`)}`);
        expect(byId.body.Resources.every(({ id }: Representation) => id === chosen)).toBe(true);
        expect((await acme.delete(`/Users/${reply.body.id}`)).status).toBe(204);
      }
      expect(await rowsOf(world.server, globex.directory)).toEqual(other);
    });

    test('a numeric externalId is the text of it, and nobody is found by their row', async () => {
      const reply = await acme.post('/Users', user('numeric', { externalId: 1 }));
      expect(reply).toMatchObject({ status: 201, body: { externalId: '1' } });
      for (const id of ['1', '01', '1.0', '%31']) {
        expectRefusal(await acme.get(`/Users/${id}`), { status: 404 });
      }
      for (const filter of ['id eq "1"', 'id eq 1', 'id eq "01"']) {
        const found = await acme.get(`/Users?filter=${encodeURIComponent(filter)}`);
        if (found.status === 200) expect(found.body.totalResults).toBe(0);
        else expectRefusal(found, { status: 400, scimType: 'invalidFilter' });
      }
    });

    test('a member or a manager is an id, never an externalId or a userName', async () => {
      const target = await acme.group('ten-09');
      await leavesNoTrace(world, async () => {
        for (const value of ['own.member', '00u-own', 'OWN.MEMBER', '1']) {
          expectRefusal(
            await acme.patch(`/Groups/${target.id}`, [{ op: 'add', path: 'members', value: [{ value }] }]),
            {
              status: 400,
              scimType: 'invalidValue',
              says: /members/,
            },
          );
        }
      });
    });
  });
});
