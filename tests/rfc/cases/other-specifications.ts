import { expect } from 'vitest';
import type { ApplicationConfig } from '../../../src/config.ts';
import { type ScimClient, scim, startServer } from '../../harness/index.ts';
import type { Case, Coverage, Mode } from '../case.ts';
import { aUser, bulk, E, filtered, found, GROUP, get, NO_CONTENT, ok, patch, post, USER, user } from '../shorthand.ts';

const APP = 'urn:example:scim:schemas:extension:app:2.0:User';
const DECLARED: ApplicationConfig = {
  extensions: [
    {
      urn: APP,
      of: 'User',
      attributes: {
        costCenter: { indexed: true },
        seats: { type: 'integer' },
        badges: {
          type: 'complex',
          multiValued: true,
          attributes: { value: {}, color: { canonicalValues: ['red', 'blue'] } },
        },
      },
    },
  ],
  entitlements: [
    {
      name: 'Role',
      kind: 'role',
      values: [
        { id: 'admin', displayName: 'Administrator' },
        { id: 'reader', displayName: 'Reader', description: 'May look' },
      ],
    },
    {
      name: 'License',
      kind: 'entitlement',
      values: [
        { id: 'pro', displayName: 'Professional' },
        { id: 'basic', displayName: 'Basic' },
      ],
    },
  ],
};

/** On a server whose application declares an extension, roles and licenses. */
async function declared(mode: Mode, play: (client: ScimClient) => Promise<void>): Promise<void> {
  const server = await startServer({
    config: { applications: { app: { ...DECLARED, strict: mode === 'strict' } } },
    env: { LOG_LEVEL: 'fatal' },
  });
  try {
    await play(scim(server));
  } finally {
    await server.close();
  }
}

export const coverage: Coverage = {
  cases: [
    {
      ids: ['EXT-01'],
      title: 'devices are not provisioned here, and nothing says they are',
      request: get('/Devices'),
      expect: E(404),
      afterwards: [
        {
          request: post('/Devices', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Device'], displayName: 'x' }),
          expect: E(404),
        },
        { request: get('/Schemas/urn:ietf:params:scim:schemas:core:2.0:Device'), expect: E(404) },
        { request: get('/EndpointApps'), expect: E(404) },
        {
          request: get('/ResourceTypes'),
          expect: ok({ totalResults: 2, Resources: ['{{in any order}}', { id: 'User' }, { id: 'Group' }] }),
        },
      ],
    },
    {
      ids: ['EXT-02'],
      title:
        'attributes that an application declares are written, patched, filtered, sorted and sent in bulk like the standard’s',
      run: async ({ mode }) =>
        declared(mode, async (client) => {
          const made = await client.post('/Users', {
            schemas: [USER, APP],
            userName: 'bob',
            [APP]: { costCenter: 'A1', seats: 10, badges: [{ value: 'x', color: 'red' }] },
          });
          expect(made).toMatchObject({
            status: 201,
            body: { schemas: [USER, APP], [APP]: { costCenter: 'A1', seats: 10 } },
          });
          expect(
            (await client.post('/Users', { schemas: [USER, APP], userName: 'eve', [APP]: { seats: 'ten' } })).body,
          ).toMatchObject({ status: '400', scimType: 'invalidValue' });
          const patched = await client.patch(`/Users/${made.body.id}`, [
            { op: 'replace', path: `${APP}:seats`, value: 2 },
            { op: 'replace', path: `${APP}:badges[value eq "x"].color`, value: 'blue' },
          ]);
          expect(patched).toMatchObject({
            status: 200,
            body: { [APP]: { seats: 2, badges: [{ value: 'x', color: 'blue' }] } },
          });
          const inBulk = await client.post(
            '/Bulk',
            bulk([
              {
                method: 'POST',
                path: '/Users',
                bulkId: 'q',
                data: { schemas: [USER, APP], userName: 'carl', [APP]: { seats: 10 } },
              },
            ]).body,
          );
          expect(inBulk.body.Operations).toMatchObject([{ status: '201' }]);
          for (const [filter, names] of [
            [`${APP}:costCenter eq "a1"`, ['bob']],
            [`${APP}:seats gt 5`, ['carl']],
            [`${APP}:badges[color eq "blue"]`, ['bob']],
            [`${APP}:seats pr`, ['bob', 'carl']],
          ] as const) {
            const { body } = await client.get(`/Users?sortBy=${APP}:seats&filter=${encodeURIComponent(filter)}`);
            expect(
              body.Resources.map(({ userName }: { userName: string }) => userName),
              filter,
            ).toEqual(names);
          }
          const { body } = await client.get(`/Schemas/${APP}`);
          expect(body.attributes.map(({ name }: { name: string }) => name)).toEqual(['costCenter', 'seats', 'badges']);
        }),
    },
    {
      ids: ['EXT-02', 'ROL-02'],
      title: 'a type that an application declares is read, filtered, sorted, paged and searched like the standard’s',
      run: async ({ mode }) =>
        declared(mode, async (client) => {
          expect((await client.get('/Roles')).body).toMatchObject({
            totalResults: 2,
            Resources: [
              { id: 'admin', displayName: 'Administrator', meta: { resourceType: 'Role' } },
              { id: 'reader', displayName: 'Reader', description: 'May look' },
            ],
          });
          const ids = async (path: string): Promise<string[]> => {
            const { status, body, text } = await client.get(path);
            expect(status, text).toBe(200);
            return body.Resources.map(({ id }: { id: string }) => id);
          };
          expect(await ids('/Licenses?filter=displayName%20sw%20%22pro%22')).toEqual(['pro']);
          expect(await ids('/Licenses?sortBy=displayName')).toEqual(['basic', 'pro']);
          expect(await ids('/Licenses?startIndex=2&count=1')).toEqual(['basic']);
          expect(await ids('/licenses?attributes=id&sortBy=id&sortOrder=descending')).toEqual(['pro', 'basic']);
          const first = (await client.get('/Licenses?cursor&count=1')).body;
          expect(first).toMatchObject({ itemsPerPage: 1, nextCursor: expect.any(String), Resources: [{ id: 'pro' }] });
          expect(first).not.toHaveProperty('startIndex');
          const second = (await client.get(`/Licenses?count=1&cursor=${first.nextCursor}`)).body;
          expect(second).toMatchObject({ Resources: [{ id: 'basic' }] });
          expect(second).not.toHaveProperty('nextCursor');
          expect((await client.get(`/Roles?count=1&cursor=${first.nextCursor}`)).body).toMatchObject({
            scimType: 'invalidCursor',
          });
          const searched = await client.post('/Roles/.search', {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
            filter: 'description pr',
          });
          expect(searched.body).toMatchObject({ totalResults: 1, Resources: [{ id: 'reader' }] });
          expect((await client.get('/Licenses/pro')).body).toMatchObject({ id: 'pro', displayName: 'Professional' });
          expect((await client.get('/Licenses/nope')).body).toMatchObject({ status: '404' });
          expect((await client.get('/Licenses?filter=nope%20pr')).body).toMatchObject({
            status: '400',
            scimType: 'invalidFilter',
          });
          expect((await client.get('/ResourceTypes')).body.totalResults).toBe(4);
          // People and groups alone are found at the root.
          expect((await client.get('')).body.totalResults).toBe(0);
        }),
    },
    {
      ids: ['ROL-03'],
      title: 'roles and licenses are read only, and users are given only those that there are',
      run: async ({ mode }) =>
        declared(mode, async (client) => {
          const body = { schemas: [USER], displayName: 'x' };
          for (const [method, path] of [
            ['POST', '/Roles'],
            ['PUT', '/Roles/admin'],
            ['PATCH', '/Roles/admin'],
            ['DELETE', '/Licenses/pro'],
            ['POST', '/Licenses'],
          ] as const) {
            const reply = await client.request(method, path, method === 'DELETE' ? {} : { body });
            expect(reply, `${method} ${path}`).toMatchObject({ status: 405, body: { status: '405' } });
            expect(reply.headers.get('allow')).not.toContain(method);
            const inBulk = await client.post('/Bulk', bulk([{ method, path, bulkId: 'q', data: body }]).body);
            expect(inBulk.body.Operations, `${method} ${path}`).toMatchObject([{ status: '405' }]);
          }
          const given = await client.post(
            '/Users',
            user('bob', { roles: [{ value: 'admin' }], entitlements: [{ value: 'pro', type: 'License' }] }),
          );
          expect(given).toMatchObject({
            status: 201,
            body: { roles: [{ value: 'admin' }], entitlements: [{ value: 'pro' }] },
          });
          for (const wrong of [
            { roles: [{ value: 'root' }] },
            { entitlements: [{ value: 'gold' }] },
            { roles: [{ value: 'pro' }] },
          ]) {
            const refused = await client.post('/Users', user('eve', wrong));
            expect(refused.body, JSON.stringify(wrong)).toMatchObject({ status: '400', scimType: 'invalidValue' });
            const [name = ''] = Object.keys(wrong);
            const changed = await client.patch(`/Users/${given.body.id}`, [
              { op: 'replace', path: name, value: Object.values(wrong)[0] },
            ]);
            expect(changed.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
          }
          expect((await client.get(`/Users/${given.body.id}`)).body).toEqual(given.body);
        }),
    },
    {
      ids: ['ROL-01', 'ROL-04', 'ROL-02'],
      title: 'where nothing is declared there are no roles to read, and nothing is advertised',
      request: get('/ServiceProviderConfig'),
      expect: { ...ok(), absent: ['RolesAndEntitlements'] },
      afterwards: [
        { request: get('/Roles'), expect: E(404) },
        { request: get('/Entitlements'), expect: E(404) },
        { request: post('/Roles', { value: 'x' }), expect: E(404) },
        {
          request: post('/Users', user('bob', { roles: [{ value: 'whatever' }] })),
          expect: { status: 201, body: { roles: [{ value: 'whatever' }] } },
        },
      ],
    },
    {
      ids: ['DLT-01'],
      title: 'delta queries are not built: their endpoints are nowhere',
      request: get('/Users/.deltaToken'),
      expect: E(404),
      afterwards: [
        {
          request: post('/Users/.delta', { schemas: ['urn:ietf:params:scim:api:messages:2.0:delta:request'] }),
          expect: E(405),
        },
        { request: get('/Users/.delta'), expect: E(404) },
        { request: get('/.deltaToken'), expect: E(404) },
      ],
    },
    {
      ids: ['DLT-02'],
      title: 'who has changed is found by meta.lastModified',
      given: [aUser('bob'), aUser('eve')],
      run: async (world) => {
        const users = (await world.get('/Users')).body.Resources;
        const [bob, eve] = users;
        await new Promise((resolve) => setTimeout(resolve, 2));
        await world.patch(`/Users/${bob.id}`, [{ op: 'replace', path: 'title', value: 'x' }]);
        const filter = encodeURIComponent(`meta.lastModified gt "${eve.meta.lastModified}"`);
        const { body } = await world.get(`/Users?filter=${filter}`);
        expect(body.Resources.map(({ userName }: { userName: string }) => userName)).toEqual(['bob']);
      },
    },
    {
      ids: ['IOP-01'],
      title: 'conformance with the interop profile is not claimed',
      request: get('/ServiceProviderConfig'),
      expect: { ...ok(), absent: ['interopProfileConformant'] },
    },
    {
      ids: ['IOP-02'],
      title: 'a PATCH without a path is taken, as RFC 7644 has it',
      given: [aUser('bob')],
      request: patch('/Users/{{bob.id}}', { op: 'replace', value: { title: 'Boss', name: { givenName: 'B' } } }),
      expect: ok({ title: 'Boss', name: { givenName: 'B' } }),
    },
    {
      ids: ['IOP-03'],
      title: 'whole elements are targets, and a filter may match several, as RFC 7644 has it',
      given: [
        aUser('bob', {
          emails: [
            { value: 'a@example.com', type: 'work' },
            { value: 'b@example.com', type: 'work' },
            { value: 'c@example.com', type: 'home' },
          ],
        }),
      ],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'emails[type eq "work"].display', value: 'W' }),
      expect: ok({
        emails: [
          { value: 'a@example.com', display: 'W' },
          { value: 'b@example.com', display: 'W' },
          { value: 'c@example.com', display: '{{absent}}' },
        ],
      }),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'emails[type eq "work"]' }),
          expect: ok({ emails: [{ value: 'c@example.com' }] }),
        },
      ],
    },
    ...(['add', 'replace'] as const).map(
      (op): Case => ({
        ids: ['IOP-04'],
        title: `${op} of a single value leaves it as it says, with one before and without`,
        given: [aUser('bob', { title: 'old' }), aUser('eve')],
        request: patch('/Users/{{bob.id}}', { op, path: 'title', value: 'new' }),
        expect: ok({ title: 'new', meta: { version: 'W/"2"' } }),
        afterwards: [
          {
            request: patch('/Users/{{eve.id}}', { op, path: 'title', value: 'new' }),
            expect: ok({ title: 'new', meta: { version: 'W/"2"' } }),
          },
        ],
      }),
    ),
    {
      ids: ['IOP-05'],
      title: 'eq and and are there, and an attribute that is not is invalidFilter',
      given: [aUser('bob', { title: 'x' }), aUser('eve', { title: 'x' })],
      request: filtered('/Users', 'title eq "x" and userName eq "bob"'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'nope eq "x"'), expect: E(400, 'invalidFilter', /nope/) },
        { request: filtered('/Groups', 'userName eq "x"'), expect: E(400, 'invalidFilter', /userName/) },
      ],
    },
    {
      ids: ['IOP-06'],
      title: 'case counts in a filter exactly where it counts for uniqueness',
      given: [aUser('jsmith', { externalId: 'x1' })],
      request: post('/Users', user('JSMITH')),
      expect: E(409, 'uniqueness'),
      afterwards: [
        { request: filtered('/Users', 'userName eq "JSmith"'), expect: found('jsmith') },
        {
          request: post('/Users', user('other', { externalId: 'X1' })),
          expect: { status: 201, body: { externalId: 'X1' } },
        },
        { request: filtered('/Users', 'externalId eq "X1"'), expect: found('other') },
        { request: filtered('/Users', 'externalId eq "x1"'), expect: found('jsmith') },
        { request: post('/Users', user('third', { externalId: 'x1' })), expect: E(409, 'uniqueness') },
        { request: filtered('/Users', 'id eq "{{jsmith.id}}"'), expect: found('jsmith') },
      ],
    },
    {
      ids: ['IOP-07'],
      title: 'each type sub-attribute that RFC 7643 gives canonical values to says them',
      run: async (world) => {
        const { body } = await world.get(`/Schemas/${USER}`);
        const withValues = body.attributes
          .filter(({ subAttributes = [] }) =>
            subAttributes.some(
              ({ name, canonicalValues = [] }: { name: string; canonicalValues?: string[] }) =>
                name === 'type' && canonicalValues.length > 0,
            ),
          )
          .map(({ name }: { name: string }) => name);
        expect(withValues).toEqual(['emails', 'phoneNumbers', 'ims', 'photos', 'addresses', 'groups']);
        const members = (await world.get(`/Schemas/${GROUP}`)).body.attributes.find(
          ({ name }: { name: string }) => name === 'members',
        );
        expect(members.subAttributes.find(({ name }: { name: string }) => name === 'type').canonicalValues).toEqual([
          'User',
          'Group',
        ]);
      },
    },
    {
      ids: ['IPS-02'],
      title: 'a hundred requests at once are all answered, and bulk is there',
      run: async (world) => {
        const replies = await Promise.all(
          Array.from({ length: 100 }, (_, n) =>
            n % 4 === 0 ? world.post('/Users', user(`u${n}`)) : world.get('/Users?count=1'),
          ),
        );
        expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 201]));
        expect((await world.send(bulk([]))).status).toBe(200);
      },
    },
    {
      ids: ['IPS-04'],
      title: 'the filters of AL1',
      given: [
        aUser('bob', {
          externalId: 'x1',
          emails: [
            { value: 'b@example.com', type: 'work' },
            { value: 'h@example.com', type: 'home' },
          ],
        }),
        aUser('eve', { externalId: 'x2', emails: [{ value: 'b@example.com', type: 'home' }] }),
      ],
      request: filtered('/Users', 'userName eq "bob"'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'externalId eq "x2"'), expect: found('eve') },
        { request: filtered('/Users', 'emails[value eq "b@example.com"]'), expect: found('bob', 'eve') },
        { request: filtered('/Users', 'emails[type eq "work" and value eq "b@example.com"]'), expect: found('bob') },
        { request: filtered('/Users', 'emails[type eq "work" and value eq "h@example.com"]'), expect: found() },
      ],
    },
    {
      ids: ['IPS-05'],
      title: 'the filters of AL2, groups without members, externalId of groups, fifty member operations in a PATCH',
      run: async (world) => {
        const people: { id: string }[] = [];
        for (let n = 0; n < 50; n += 1) people.push(await world.user(`u${n}`));
        const { body: group } = await world.post('/Groups', {
          schemas: [GROUP],
          displayName: 'staff',
          externalId: 'g1',
        });
        expect(group).toMatchObject({ externalId: 'g1' });
        const added = await world.patch(
          `/Groups/${group.id}`,
          people.map(({ id }) => ({ op: 'add', path: 'members', value: [{ value: id }] })),
        );
        expect(added.status).toBe(204);
        expect((await world.get(`/Groups/${group.id}`)).body.members).toHaveLength(50);
        for (const filter of ['displayName eq "staff"', 'externalId eq "g1"', `members[value eq "${people[7]?.id}"]`]) {
          const { body } = await world.get(`/Groups?filter=${encodeURIComponent(filter)}&excludedAttributes=members`);
          expect(body.Resources, filter).toMatchObject([{ id: group.id }]);
        }
        const removed = await world.patch(
          `/Groups/${group.id}`,
          people.map(({ id }) => ({ op: 'remove', path: `members[value eq "${id}"]` })),
        );
        expect(removed.status).toBe(204);
        expect((await world.get(`/Groups/${group.id}`)).body).not.toHaveProperty('members');
      },
    },
    {
      ids: ['IPS-05'],
      title: 'a password is taken, and kept nowhere',
      request: post('/Users', user('bob', { password: 'correct horse battery' })),
      expect: { status: 201, body: { password: '{{absent}}' } },
      as: 'bob',
      afterwards: [
        { request: get('/Users/{{bob.id}}?attributes=password'), expect: { ...ok(), absent: ['password'] } },
        { request: { method: 'DELETE', path: '/Users/{{bob.id}}' }, expect: NO_CONTENT },
      ],
    },
  ],
  elsewhere: {
    'IPS-06': {
      file: 'tests/threats/bulk.test.ts',
      test: 'IPS-06 each operation of a bulk is a change of its own in the history',
    },
  },
  waits: { 'IOP-08': 'TLS', 'IPS-01': 'who may come in', 'IPS-03': 'who may come in' },
  decided: {
    'EXT-02':
      'Extensions and types of roles and entitlements are declared in the configuration; the engine for filters, paths, sorting and bulk knows no type by name.',
    'ROL-03':
      'Declared roles and entitlements are read only (405), and a user is given none that is not declared (400 invalidValue).',
    'ROL-04':
      'The draft’s block is not advertised; /Roles and the like exist exactly where an application declares them.',
    'DLT-02': 'Delta queries are not built; a filter on meta.lastModified finds who has changed.',
    'IOP-01': 'interopProfileConformant is left out: RFC 7644 is followed where the profile is narrower.',
    'IOP-02':
      'A PATCH operation without a path is taken in both modes, as RFC 7644 §3.5.2 has it and Entra and Okta send it.',
    'IOP-03': 'Whole elements are targets and filters may match several, as RFC 7644 §3.5.2 has it.',
    'IOP-04': 'For a single value, add and replace do the same.',
    'IOP-05': 'All operators are there, so eq and and are; an attribute that no schema has is invalidFilter.',
    'IOP-06': 'One fold decides for filters and for uniqueness: userName without case, externalId and id with it.',
    'IOP-07':
      'Canonical values are declared for the type of emails, phoneNumbers, ims, photos, addresses, groups and members, as in RFC 7643 §8.7.1; roles, entitlements and x509Certificates have none there.',
    'IOP-08': 'TLS is ended by the proxy in front.',
    'IPS-01': 'OAuth for connections comes with signing in; until then connections have tokens.',
    'IPS-02': 'Requests are not limited below what the machine does; each directory has a fair share.',
    'IPS-03': 'Sessions and tokens of people come with signing in; a deactivated user is inactive from the reply on.',
    'IPS-04': 'The four filters of AL1 are filters of RFC 7644, so they are there.',
    'IPS-05': 'A password is accepted and kept nowhere; everything else of AL2 on users and groups is there.',
    'IPS-06':
      'Every write is a change in the history of its directory; errors are sentences without anything internal.',
  },
};
