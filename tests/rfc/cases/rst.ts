import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { inDeclaredWorld } from '../declared-world.ts';
import { E, ENT, GROUP, get, ok, post, USER, user } from '../shorthand.ts';

const TYPE = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const BADGE = 'urn:example:scim:schemas:extension:badge:2.0:User';
const USERS = {
  schemas: [TYPE],
  id: 'User',
  name: 'User',
  description: '{{any}}',
  endpoint: '/Users',
  schema: USER,
  schemaExtensions: [{ schema: ENT, required: false }],
  meta: { resourceType: 'ResourceType', location: '{{base}}/ResourceTypes/User' },
};
const GROUPS = {
  schemas: [TYPE],
  id: 'Group',
  name: 'Group',
  description: '{{any}}',
  endpoint: '/Groups',
  schema: GROUP,
  meta: { resourceType: 'ResourceType', location: '{{base}}/ResourceTypes/Group' },
};

export const coverage: Coverage = {
  cases: [
    {
      ids: ['RST-01', 'RST-02', 'RST-04', 'RST-07', 'RST-08', 'RST-09'],
      title: 'User and Group, each with its name, its endpoint below the base and its schemas',
      request: get('/ResourceTypes'),
      expect: ok({ totalResults: 2, startIndex: 1, itemsPerPage: 2, Resources: [USERS, GROUPS] }),
    },
    {
      ids: ['RST-06', 'RST-08', 'RST-09'],
      title: 'each alone, by its name in any case; another name is 404',
      request: get('/ResourceTypes/User'),
      expect: { ...ok(USERS), absent: ['Resources', 'totalResults'] },
      afterwards: [
        { request: get('/ResourceTypes/Group'), expect: ok(GROUPS) },
        { request: get('/ResourceTypes/group'), expect: ok(GROUPS) },
        { request: get('/ResourceTypes/Device'), expect: E(404) },
        { request: get('/ResourceTypes/Users'), expect: E(404) },
        { request: get('/ResourceTypes/__proto__'), expect: E(404) },
      ],
    },
    {
      ids: ['RST-03', 'RST-04', 'RST-07'],
      title: 'every schema that is named is there, and every endpoint answers, one for each type',
      run: async (world) => {
        const { Resources: types } = (await world.get('/ResourceTypes')).body;
        expect(types.length).toBeGreaterThanOrEqual(2);
        for (const { name, endpoint, schema, schemaExtensions = [] } of types) {
          expect(endpoint).toMatch(/^\/\w+$/);
          expect((await world.get(endpoint)).status).toBe(200);
          for (const { schema: urn, required } of [{ schema, required: true }, ...schemaExtensions]) {
            expect({ name, status: (await world.get(`/Schemas/${urn}`)).status }).toEqual({ name, status: 200 });
            expect(typeof required).toBe('boolean');
          }
        }
        expect(new Set(types.map(({ endpoint }: { endpoint: string }) => endpoint)).size).toBe(types.length);
      },
    },
    {
      ids: ['RST-05', 'RST-04'],
      title: 'a resource without a required extension is refused',
      run: (world) =>
        inDeclaredWorld(
          world.mode,
          [{ urn: BADGE, of: 'User', required: true, attributes: { number: { type: 'integer', required: true } } }],
          async (declared) => {
            const { schemaExtensions } = (await declared.get('/ResourceTypes/User')).body;
            expect(schemaExtensions).toContainEqual({ schema: BADGE, required: true });
            const without = await declared.post('/Users', user('bob'));
            expect(without).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
            expect(without.body.detail).toContain(BADGE);
            const bob = await declared.user('bob', { schemas: [USER, BADGE], [BADGE]: { number: 7 } });
            expect(bob[BADGE]).toEqual({ number: 7 });
            const put = await declared.put(`/Users/${bob.id}`, user('bob'));
            expect(put).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
            const removed = await declared.patch(`/Users/${bob.id}`, [{ op: 'remove', path: `${BADGE}:number` }]);
            expect(removed).toMatchObject({ status: 400 });
            expect((await declared.get(`/Users/${bob.id}`)).body).toEqual(bob);
          },
        ),
    },
    {
      ids: ['RST-10'],
      title: 'a filter is 403; sorting, paging and choosing do nothing',
      request: get('/ResourceTypes?filter=name%20eq%20%22User%22'),
      expect: E(403),
      afterwards: [
        { request: get('/ResourceTypes/User?filter=name%20pr'), expect: E(403) },
        {
          request: get('/ResourceTypes?sortBy=name&sortOrder=ascending&startIndex=2&count=1&attributes=name'),
          expect: ok({ totalResults: 2, startIndex: 1, itemsPerPage: 2, Resources: [USERS, GROUPS] }),
        },
        { request: get('/ResourceTypes?count=0'), expect: ok({ totalResults: 2, Resources: [USERS, GROUPS] }) },
      ],
    },
    ...(
      [
        ['POST', '/ResourceTypes'],
        ['PUT', '/ResourceTypes/User'],
        ['PATCH', '/ResourceTypes/User'],
        ['DELETE', '/ResourceTypes/User'],
      ] as const
    ).map(
      ([method, path]): Case => ({
        ids: ['RST-11'],
        title: `${method} is not possible`,
        request: method === 'DELETE' ? { method, path } : { ...post(path, { ...USERS, name: 'Device' }), method },
        expect: { ...E(405), headers: { allow: 'GET, HEAD, OPTIONS' } },
      }),
    ),
  ],
};
