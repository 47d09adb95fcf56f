import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ScimReply } from '../harness/index.ts';
import { DATABASES } from '../harness/index.ts';
import { peopleOf, worldOfFile } from './file-world.ts';
import { ENTERPRISE, expectRefusal, GROUP, isAlive, leavesNoTrace, rowsOf, user } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const world = await worldOfFile({ database });
  const { acme, globex } = world;
  const { mine, theirs } = await peopleOf(world);

  describe('T-TEN-03 the id in the URL decides, not one in the body', () => {
    test('PUT with the id, location and schemas of a foreign user changes the user of the URL', async () => {
      const before = await rowsOf(world.server, globex.directory);
      const target = await acme.user('ten-03');
      const bystander = (await acme.get(`/Users/${mine.other.id}`)).text;
      for (const id of [theirs.user.id, mine.other.id, theirs.group.id, 'x', '']) {
        const reply = await acme.put(`/Users/${target.id}`, {
          ...user('ten-03', { title: `from ${id}` }),
          id,
          externalId: id === '' ? undefined : id,
          meta: {
            location: theirs.user.meta.location,
            resourceType: 'Group',
            version: 'W/"99"',
            created: '1970-01-01T00:00:00Z',
          },
          groups: [{ value: theirs.group.id }],
        });
        expect(reply, reply.text).toMatchObject({
          status: 200,
          body: {
            id: target.id,
            userName: 'ten-03',
            title: `from ${id}`,
            meta: { resourceType: 'User', location: target.meta.location, created: target.meta.created },
          },
        });
        expect(reply.body.groups).toBeUndefined();
      }
      expect((await acme.get(`/Users/${mine.other.id}`)).text).toBe(bystander);
      expect(await rowsOf(world.server, globex.directory)).toEqual(before);
      await isAlive(acme);
    });

    test('PATCH with a foreign id in its value leaves ids alone', async () => {
      const before = await rowsOf(world.server, globex.directory);
      const target = await acme.user('ten-03-patch');
      for (const operation of [
        { op: 'replace', value: { id: theirs.user.id, title: 'patched' } },
        { op: 'add', value: { id: theirs.user.id, title: 'patched' } },
        { op: 'replace', path: 'id', value: theirs.user.id },
        { op: 'replace', path: 'meta.location', value: theirs.user.meta.location },
        { op: 'add', path: 'groups', value: [{ value: theirs.group.id }] },
      ]) {
        const reply = await acme.patch(`/Users/${target.id}`, [operation]);
        if (reply.status !== 200) expectRefusal(reply, { status: 400, scimType: 'mutability' });
        const now = (await acme.get(`/Users/${target.id}`)).body;
        expect(now).toMatchObject({
          id: target.id,
          userName: 'ten-03-patch',
          meta: { location: target.meta.location },
        });
        expect(now.groups).toBeUndefined();
      }
      expect(await rowsOf(world.server, globex.directory)).toEqual(before);
    });

    test('PUT on a group with the id of a foreign one, POST with an id', async () => {
      const before = await rowsOf(world.server, globex.directory);
      const target = await acme.group('ten-03 group');
      const reply = await acme.put(`/Groups/${target.id}`, {
        schemas: [GROUP],
        id: theirs.group.id,
        displayName: 'renamed',
      });
      expect(reply).toMatchObject({ status: 200, body: { id: target.id, displayName: 'renamed' } });
      const posted = await acme.post('/Users', user('ten-03-post', { id: theirs.user.id }));
      expect(posted.status).toBe(201);
      expect(posted.body.id).not.toBe(theirs.user.id);
      expect(await rowsOf(world.server, globex.directory)).toEqual(before);
    });
  });

  describe('T-TEN-04 references to another directory are references to nobody', () => {
    test('members: 400 invalidValue, the same for a foreign id as for a random one', async () => {
      const target = await acme.group('ten-04', [mine.user.id]);
      const location = (id: string) => theirs.user.meta.location.replace(theirs.user.id, id);
      const members = (id: string): readonly object[] => [
        { value: id },
        { value: id, type: 'User' },
        { value: id, type: 'Group' },
        { value: id, $ref: location(id), display: 'Their User' },
      ];
      const requests: readonly ((member: object) => Promise<ScimReply>)[] = [
        (member) => acme.post('/Groups', { schemas: [GROUP], displayName: 'ten-04 new', members: [member] }),
        (member) =>
          acme.put(`/Groups/${target.id}`, {
            schemas: [GROUP],
            displayName: 'ten-04',
            members: [{ value: mine.user.id }, member],
          }),
        (member) => acme.patch(`/Groups/${target.id}`, [{ op: 'add', path: 'members', value: [member] }]),
        (member) => acme.patch(`/Groups/${target.id}`, [{ op: 'replace', path: 'members', value: [member] }]),
        (member) => acme.patch(`/Groups/${target.id}`, [{ op: 'add', value: { members: [member] } }]),
        (member) =>
          acme.patch(`/Groups/${target.id}`, [
            { op: 'replace', value: { displayName: 'ten-04 x', members: [member] } },
          ]),
        (member) =>
          acme.patch(`/Groups/${target.id}`, [
            { op: 'remove', path: 'members' },
            { op: 'add', path: 'members', value: [{ value: mine.other.id }] },
            { op: 'add', path: 'members', value: member },
          ]),
      ];
      await leavesNoTrace(world, async () => {
        for (const foreign of [theirs.user.id, theirs.group.id, globex.directory]) {
          const random = randomUUID();
          for (const request of requests) {
            for (const [index, member] of members(foreign).entries()) {
              const one = await request(member);
              const other = await request(members(random)[index] as object);
              expectRefusal(one, { status: 400, scimType: 'invalidValue', says: /^members/ });
              expect(one.text.replaceAll(foreign, '{id}')).toBe(other.text.replaceAll(random, '{id}'));
            }
          }
        }
      });
    });

    test('a member given by $ref alone is none', async () => {
      const target = await acme.group('ten-04 ref');
      await leavesNoTrace(world, async () => {
        for (const $ref of [theirs.user.meta.location, `../Users/${theirs.user.id}`, `Users/${theirs.user.id}`]) {
          expectRefusal(await acme.patch(`/Groups/${target.id}`, [{ op: 'add', path: 'members', value: [{ $ref }] }]), {
            status: 400,
            says: /members/,
          });
        }
      });
    });

    test('removing a foreign member is what removing a random one is: nothing', async () => {
      const target = await acme.group('ten-04 remove', [mine.user.id]);
      await leavesNoTrace(world, async () => {
        for (const id of [theirs.user.id, theirs.group.id, randomUUID()]) {
          const removals = [
            { op: 'remove', path: `members[value eq "${id}"]` },
            { op: 'remove', path: 'members', value: [{ value: id }] },
            { op: 'remove', path: `members[$ref eq "${theirs.user.meta.location}"]` },
            { op: 'remove', path: `members[value eq "${id}" or value eq "${theirs.group.id}"]` },
          ];
          for (const removal of removals) {
            expect((await acme.patch(`/Groups/${target.id}`, [removal])).status).toBe(204);
          }
        }
      });
    });

    test('a foreign manager is an unknown one: kept as text, without a reference', async () => {
      const other = await rowsOf(world.server, globex.directory);
      const random = randomUUID();
      const shown: string[] = [];
      for (const id of [theirs.user.id, random]) {
        const posted = await acme.post(
          '/Users',
          user(`ten-04 manager ${id}`, { [ENTERPRISE]: { manager: { value: id, $ref: `../Users/${id}` } } }),
        );
        expect(posted).toMatchObject({ status: 201 });
        shown.push(JSON.stringify(posted.body[ENTERPRISE]).replaceAll(id, '{id}'));
        await acme.delete(`/Users/${posted.body.id}`);
      }
      expect(shown).toEqual(['{"manager":{"value":"{id}"}}', '{"manager":{"value":"{id}"}}']);
      const known = await acme.post(
        '/Users',
        user('ten-04 known', { [ENTERPRISE]: { manager: { value: mine.user.id } } }),
      );
      expect(known.body[ENTERPRISE].manager).toHaveProperty('$ref');
      expect(await rowsOf(world.server, globex.directory)).toEqual(other);
    });
  });
});
