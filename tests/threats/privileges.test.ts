import { describe, expect, test } from 'vitest';
import { effectiveRoles } from '../../src/directory/policies/roles.ts';
import { DATABASES } from '../harness/index.ts';
import { change, send } from './bulk-requests.ts';
import { rulesWorld } from './rules-world.ts';
import { expectRefusal, GROUP, USER, user } from './world.ts';

const byGroup = { Editors: 'editor' };
const ceiling = ['viewer', 'editor'];

describe.each(DATABASES)('on %s', async (database) => {
  const { clients } = await rulesWorld(database, { app: { roles: { byGroup, ceiling } } });
  const { app } = clients;
  const owner = [{ value: 'owner' }];
  const says = /roles: the role "owner".*"viewer", "editor"/s;
  const put = (userName: string, attributes: object) => ({ schemas: [USER], userName, ...attributes });
  const rolesOf = async (id: string): Promise<unknown> => (await app.get(`/Users/${id}`)).body.roles;

  describe('T-PRIV-01 what a provider says of itself gives no privilege', () => {
    test('a role above the ceiling is refused on POST, PUT, PATCH and in a bulk, and nobody is made', async () => {
      const reply = await app.post('/Users', user('priv.post', { roles: owner }));
      expectRefusal(reply, { status: 409, says });
      expect(reply.body).not.toHaveProperty('scimType');
      expect(await app.named('priv.post')).toEqual([]);
      const { id } = await app.user('priv.update', { roles: [{ value: 'viewer' }] });
      expectRefusal(await app.put(`/Users/${id}`, put('priv.update', { roles: owner, title: 'x' })), {
        status: 409,
        says,
      });
      expectRefusal(await app.patch(`/Users/${id}`, [{ op: 'add', path: 'roles', value: owner }]), {
        status: 409,
        says,
      });
      const bulk = await send(app, [
        { method: 'POST', path: '/Users', bulkId: 'a', data: user('priv.bulk', { roles: owner }) },
        { method: 'PUT', path: `/Users/${id}`, data: put('priv.update', { roles: owner }) },
        change(`/Users/${id}`, { op: 'add', path: 'roles', value: owner }),
      ]);
      expect(bulk.body.Operations.map(({ status }: { status: string }) => status)).toEqual(['409', '409', '409']);
      expect((await app.get(`/Users/${id}`)).body).toMatchObject({
        roles: [{ value: 'viewer' }],
        meta: { version: 'W/"1"' },
      });
    });

    test('groups, userType, entitlements and what no schema has are no roles', async () => {
      const group = await app.group('T-PRIV-01 editors');
      const { id } = await app.user('priv.more', {
        groups: [{ value: group.id, display: 'Editors' }],
        userType: 'owner',
        entitlements: [{ value: 'owner', type: 'Role' }],
        isAdmin: true,
        tenantId: 'globex',
      });
      const { body } = await app.get(`/Users/${id}`);
      for (const name of ['groups', 'roles', 'isAdmin', 'tenantId']) expect(body).not.toHaveProperty(name);
      expect(
        effectiveRoles(body, body.groups ?? [], { byGroup: new Map([['editors', 'editor']]), default: undefined }),
      ).toEqual([]);
    });
  });

  describe('T-PRIV-02 by no syntax', () => {
    test.each<[string, object]>([
      ['a path', { op: 'add', path: 'roles', value: owner }],
      ['an object in place of a list', { op: 'add', path: 'roles', value: owner[0] }],
      ['another case', { op: 'Replace', path: 'RoLeS', value: [{ VALUE: 'OWNER' }] }],
      ['the name in place of the id', { op: 'add', path: 'roles', value: [{ value: 'The Owner' }] }],
      ['a URN', { op: 'add', path: `${USER}:roles`, value: owner }],
      ['no path', { op: 'replace', value: { roles: owner } }],
      ['a URN as the key', { op: 'add', value: { [`${USER}:roles`]: owner } }],
      ['a filter as the key', { op: 'add', value: { 'roles[primary eq true].value': 'owner' } }],
      ['a filter', { op: 'replace', path: 'roles[value eq "viewer"].value', value: 'owner' }],
      ['a filter that matches nothing', { op: 'replace', path: 'roles[type eq "x"].value', value: 'owner' }],
      ['a filter with a text for a boolean', { op: 'replace', path: 'roles[primary eq "True"].value', value: 'owner' }],
      ['a sub-attribute', { op: 'replace', path: 'roles.value', value: 'owner' }],
      ['bare texts', { op: 'add', path: 'roles', value: ['owner'] }],
    ])('PATCH through %s', async (name, operation) => {
      const { id } = await app.user(`priv.${name.replaceAll(' ', '.')}`, {
        roles: [{ value: 'viewer', primary: true }],
      });
      const reply = await app.patch(`/Users/${id}`, [operation]);
      if (reply.status < 300) expect(reply.status).toBe(200);
      else expectRefusal(reply, { status: [400, 409] });
      expect(await rolesOf(id)).toEqual([{ value: 'viewer', primary: true }]);
      const bulk = await send(app, [change(`/Users/${id}`, operation)]);
      expect(bulk.body.Operations[0].status).toBe(String(reply.status));
      expect(await rolesOf(id)).toEqual([{ value: 'viewer', primary: true }]);
    });

    test('beside what is allowed, nothing is applied', async () => {
      const { id } = await app.user('priv.beside');
      const operations = [
        { op: 'replace', path: 'title', value: 'Head' },
        { op: 'add', path: 'roles', value: [{ value: 'editor' }] },
        { op: 'add', path: 'roles', value: owner },
      ];
      expectRefusal(await app.patch(`/Users/${id}`, operations), { status: 409, says });
      expect((await app.get(`/Users/${id}`)).body).not.toHaveProperty('title');
      expect((await app.patch(`/Users/${id}`, operations.slice(0, 2))).body).toMatchObject({
        roles: [{ value: 'editor' }],
      });
    });
  });

  describe('a role through a group', () => {
    const rules = { byGroup: new Map([['editors', 'editor']]), default: undefined };
    const effective = async (id: string): Promise<readonly string[]> => {
      const { body } = await app.get(`/Users/${id}`);
      return effectiveRoles(body, body.groups ?? [], rules).map(({ role }) => role);
    };

    test('does not outlast the membership, though Okta sends back what it reads', async () => {
      const { id } = await app.user('echo');
      const editors = await app.group('Editors', [id]);
      expect(await effective(id)).toEqual(['editor']);
      const read = (await app.get(`/Users/${id}`)).body;
      expect(read).toMatchObject({ groups: [{ value: editors.id }] });
      expect(read).not.toHaveProperty('roles');
      expect((await app.put(`/Users/${id}`, { ...read, title: 'Head' })).status).toBe(200);
      const left = await app.patch(`/Groups/${editors.id}`, [{ op: 'remove', path: `members[value eq "${id}"]` }]);
      expect(left.status).toBe(204);
      expect(await effective(id)).toEqual([]);
      expect(await rolesOf(id)).toBeUndefined();
    });
  });

  describe('T-PRIV-03 a name that gives a role', () => {
    test('is neither given to, nor taken from, a group with members; by no syntax', async () => {
      const { id } = await app.user('priv.renamed');
      const group = await app.group('Renamers', [id]);
      const named = { schemas: [GROUP], displayName: 'editors', members: [{ value: id }] };
      const refused = { status: 409, says: /displayName: the group "Renamers".*"editor"/s };
      for (const reply of [
        await app.put(`/Groups/${group.id}`, named),
        await app.patch(`/Groups/${group.id}`, [{ op: 'replace', value: { id: group.id, displayName: 'Editors' } }]),
        await app.patch(`/Groups/${group.id}`, [{ op: 'Replace', path: 'DISPLAYNAME', value: 'EDITORS' }]),
        await app.patch(`/Groups/${group.id}`, [{ op: 'replace', path: `${GROUP}:displayName`, value: 'Editors' }]),
      ]) {
        // Where a group has the name, that it is taken comes first.
        expectRefusal(reply, reply.body.scimType === 'uniqueness' ? { status: 409 } : refused);
      }
      const [editors] = (await app.get('/Groups?filter=displayName%20eq%20%22Editors%22')).body.Resources;
      const away = await app.patch(`/Groups/${editors.id}`, [{ op: 'replace', path: 'displayName', value: 'Retired' }]);
      expectRefusal(away, { status: 409, says: /displayName: the group "Editors".*"editor"/s });
      expect((await app.get(`/Groups/${group.id}`)).body).toMatchObject({
        displayName: 'Renamers',
        meta: { version: 'W/"1"' },
      });
      expect((await app.delete(`/Groups/${editors.id}`)).status).toBe(204);
      expectRefusal(await app.put(`/Groups/${group.id}`, named), refused);
      expect(
        (await app.patch(`/Groups/${group.id}`, [{ op: 'replace', path: 'displayName', value: 'Others' }])).status,
      ).toBe(204);
    });
  });
});
