import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApplicationConfig, loadApplications } from '../../src/config.ts';
import { runOktaEntitlementDiscovery, runOktaEntitlements } from '../../src/idp/index.ts';
import {
  type ScimClient,
  type ScimReply,
  scim,
  startServer,
  type TestServer,
  temporaryDatabase,
} from '../harness/index.ts';

/** Roles and licenses that an application declares, as Okta's entitlement management and others meet them. */
const EXAMPLE = fileURLToPath(new URL('../../examples/extensions/joinery.config.ts', import.meta.url));
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ROLE = 'urn:okta:scim:schemas:core:1.0:Role';
const ENTITLEMENT = 'urn:okta:scim:schemas:core:1.0:Entitlement';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

let server: TestServer;
let okta: ScimClient;
/** Of an application that is strict, and declares roles alone. */
let pure: ScimClient;
/** Of an application that declares nothing. */
let plain: ScimClient;
beforeAll(async () => {
  const [planner] = await loadApplications(EXAMPLE);
  if (planner === undefined) throw new Error('the example declares no application');
  const { entitlements } = planner;
  const roles = entitlements.filter(({ kind }) => kind === 'role');
  const applications = {
    planner: { entitlements },
    strict: { basePath: '/strict/v2', strict: true, entitlements: roles },
    plain: { basePath: '/plain/v2' },
  };
  server = await startServer({ config: { applications } });
  okta = scim(server);
  pure = scim(await server.mint('strict', { application: 'strict' }));
  plain = scim(await server.mint('plain', { application: 'plain' }));
});
afterAll(() => server.close());

let made = 0;
const person = (more: object) => {
  made += 1;
  return { schemas: [CORE], userName: `entitled${made}@example.com`, ...more };
};
const create = async (client: ScimClient, more: object) => {
  const { status, body, text } = await client.post('/Users', person(more));
  if (status !== 201) throw new Error(text);
  return body;
};

describe('what Okta reads, in its order', () => {
  test('1. /ResourceTypes has each kind, under its own name and endpoint, with the schema that Okta knows', async () => {
    const { body } = await okta.get('/ResourceTypes');
    expect(body.Resources.map(({ name }: { name: string }) => name)).toEqual([
      'User',
      'Group',
      'Role',
      'License',
      'Entitlement',
    ]);
    expect(body.Resources[3]).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
      id: 'License',
      name: 'License',
      description: expect.any(String),
      endpoint: '/Licenses',
      schema: ENTITLEMENT,
      schemaExtensions: [],
      meta: { resourceType: 'ResourceType', location: `${server.baseUrl}/ResourceTypes/License` },
    });
    expect(body.Resources[2]).toMatchObject({ id: 'Role', endpoint: '/Roles', schema: ROLE });
    expect((await okta.get('/ResourceTypes/License')).body).toEqual(body.Resources[3]);
  });

  test('2. /Schemas describes both, once, and all of it is readOnly', async () => {
    const { body } = await okta.get('/Schemas');
    const ids = body.Resources.map(({ id }: { id: string }) => id);
    expect(ids.filter((id: string) => id.startsWith('urn:okta:'))).toEqual([ROLE, ENTITLEMENT]);
    const { attributes } = body.Resources[ids.indexOf(ENTITLEMENT)];
    expect(attributes.map((one: { name: string; mutability: string }) => `${one.name} ${one.mutability}`)).toEqual([
      'displayName readOnly',
      'description readOnly',
      'type readOnly',
    ]);
  });

  test('3. each endpoint lists what there is, an entitlement with its type', async () => {
    expect((await okta.get('/Licenses?count=100&startIndex=1')).body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 2,
      startIndex: 1,
      itemsPerPage: 2,
      Resources: [
        {
          schemas: [ENTITLEMENT],
          id: 'basic',
          displayName: 'Basic',
          type: 'License',
          meta: { resourceType: 'License', location: `${server.baseUrl}/Licenses/basic` },
        },
        {
          schemas: [ENTITLEMENT],
          id: 'pro',
          displayName: 'Professional',
          type: 'License',
          description: 'With forecasts.',
          meta: { resourceType: 'License', location: `${server.baseUrl}/Licenses/pro` },
        },
      ],
    });
  });

  test('4. users say what they have', async () => {
    const user = await create(okta, {
      entitlements: [{ value: 'pro', display: 'Professional', type: 'License' }],
      roles: [{ value: 'planner', display: 'First Role' }],
    });
    expect((await okta.get(`/Users/${user.id}`)).body).toMatchObject({
      entitlements: [{ value: 'pro', display: 'Professional', type: 'License' }],
      roles: [{ value: 'planner', display: 'First Role' }],
    });
  });

  test("Okta's own Entitlements suite holds for every endpoint", async () => {
    const suite = { baseUrl: server.baseUrl, authorization: `Bearer ${server.token}` };
    const outcomes = await runOktaEntitlementDiscovery(suite);
    expect(outcomes.filter(({ held }) => !held)).toEqual([]);
    expect(outcomes.slice(2).map(({ request }) => request.split('?')[0])).toEqual([
      'GET /Roles',
      'GET /Licenses',
      'GET /Entitlements',
    ]);
    expect((await runOktaEntitlements('/Nowhere', suite)).held).toBe(false);
  });
});

describe('reading the endpoints', () => {
  const idsOf = ({ body }: ScimReply): string[] => body.Resources.map(({ id }: { id: string }) => id);

  test.each([
    ['/Roles?startIndex=2&count=1', ['approver']],
    ['/Roles?count=0', []],
    ['/Roles?startIndex=9', []],
    ['/Roles?filter=displayName%20eq%20%22administrator%22', ['admin']],
    ['/Roles?filter=description%20pr%20and%20not%20(id%20eq%20%22planner%22)', ['approver']],
    ['/Roles?sortBy=displayName', ['admin', 'approver', 'planner']],
    ['/Roles?sortBy=displayName&sortOrder=descending', ['planner', 'approver', 'admin']],
    ['/Licenses?filter=type%20eq%20%22license%22', ['basic', 'pro']],
    ['/roles?count=1', ['planner']],
  ])('%s', async (path, ids) => {
    const reply = await okta.get(path);
    expect({ status: reply.status, ids: idsOf(reply) }).toEqual({ status: 200, ids });
  });

  test('startIndex and totalResults are those of the whole list', async () => {
    const { body } = await okta.get('/Roles?startIndex=3&count=2');
    expect(body).toMatchObject({ totalResults: 3, startIndex: 3, itemsPerPage: 1 });
  });

  test('CUR cursors walk it, and are of no use elsewhere', async () => {
    const first = await okta.get('/Roles?cursor&count=2');
    expect(idsOf(first)).toEqual(['planner', 'approver']);
    expect(first.body.startIndex).toBeUndefined();
    const second = await okta.get(`/Roles?cursor=${first.body.nextCursor}&count=2`);
    expect(idsOf(second)).toEqual(['admin']);
    expect(second.body.nextCursor).toBeUndefined();
    const elsewhere = await okta.get(`/Licenses?cursor=${first.body.nextCursor}`);
    expect(elsewhere.body).toMatchObject({ status: '400', scimType: 'invalidCursor' });
  });

  test('POST .search asks the same', async () => {
    const reply = await okta.post('/Roles/.search', {
      schemas: [SEARCH],
      filter: 'id sw "a"',
      attributes: ['displayName'],
    });
    expect(reply.body.Resources).toEqual([
      { schemas: [ROLE], id: 'approver', displayName: 'Approver' },
      { schemas: [ROLE], id: 'admin', displayName: 'Administrator' },
    ]);
  });

  test('one by its id, to the letter', async () => {
    const { status, body, headers } = await okta.get('/Roles/admin');
    expect(status).toBe(200);
    expect(body).toEqual({
      schemas: [ROLE],
      id: 'admin',
      displayName: 'Administrator',
      meta: { resourceType: 'Role', location: `${server.baseUrl}/Roles/admin` },
    });
    expect(headers.get('content-location')).toBe(body.meta.location);
    for (const id of ['nobody', 'ADMIN', '__proto__']) expect((await okta.get(`/Roles/${id}`)).status).toBe(404);
  });

  test('ROL-03 nothing is written there: 405, with what is possible', async () => {
    const bodies = { schemas: [ROLE], id: 'x', displayName: 'X' };
    for (const reply of [
      await okta.post('/Roles', bodies),
      await okta.put('/Roles/admin', bodies),
      await okta.patch('/Roles/admin', [{ op: 'replace', path: 'displayName', value: 'X' }]),
      await okta.delete('/Roles/admin'),
    ]) {
      expect(reply.status).toBe(405);
      expect(reply.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    }
    expect((await okta.get('/Roles/admin')).body.displayName).toBe('Administrator');
  });

  test('ROL-04 where nothing is declared there is no such endpoint, and no word of it', async () => {
    for (const path of ['/Roles', '/Entitlements', '/Licenses/pro', `/Schemas/${ROLE}`, '/ResourceTypes/Role']) {
      expect((await plain.get(path)).status).toBe(404);
    }
    expect((await pure.get('/Licenses')).status).toBe(404);
    expect((await plain.get('/ResourceTypes')).body.totalResults).toBe(2);
  });

  test('the list of everything is of people and groups', async () => {
    const { body } = await okta.get('/?count=200');
    const types = new Set(body.Resources.map(({ meta }: { meta: { resourceType: string } }) => meta.resourceType));
    expect([...types]).toEqual(['User']);
  });
});

describe('ROL-03 users are given what is declared', () => {
  test.each<[string, object, readonly string[]]>([
    [
      'a role that is none',
      { roles: [{ value: 'emperor' }] },
      ['roles', '"emperor"', '"planner", "approver", "admin"'],
    ],
    ['a role without a value', { roles: [{ display: 'Admin' }] }, ['roles', 'no value']],
    [
      'an entitlement that is none',
      { entitlements: [{ value: 'gold', type: 'License' }] },
      ['entitlements', '"gold" of the type "License"', '"basic" (License), "pro" (License)'],
    ],
    [
      'an entitlement of another type',
      { entitlements: [{ value: 'pro', type: 'Entitlement' }] },
      ['entitlements', '"pro" of the type "Entitlement"', '"export" (Entitlement)'],
    ],
    ['a type that is none', { entitlements: [{ value: 'pro', type: 'Seat' }] }, ['"Seat"', '"pro" (License)']],
    ['one good and one wrong', { roles: [{ value: 'admin' }, { value: 'owner' }] }, ['"owner"']],
  ])(
    '%s: 400 that names the attribute, the value and what is possible; POST, PUT and PATCH alike',
    async (_, wrong, says) => {
      const user = await create(okta, {});
      const [[attribute, value]] = Object.entries(wrong) as [[string, object]];
      const replies = [
        await okta.post('/Users', person(wrong)),
        await okta.put(`/Users/${user.id}`, { ...user, ...wrong }),
        await okta.patch(`/Users/${user.id}`, [{ op: 'add', path: attribute, value }]),
        await okta.patch(`/Users/${user.id}`, [{ op: 'replace', value: wrong }]),
      ];
      for (const { body } of replies) {
        expect(body).toMatchObject({ status: '400', scimType: 'invalidValue' });
        for (const part of says) expect(body.detail).toContain(part);
      }
      expect((await okta.get(`/Users/${user.id}`)).body).toEqual(user);
    },
  );

  test('their ids are found in any case, and stored as they are declared', async () => {
    expect((await create(okta, { roles: [{ value: 'ADMIN' }] })).roles).toEqual([{ value: 'admin' }]);
    expect((await create(pure, { roles: [{ value: 'Admin' }] })).roles).toEqual([{ value: 'admin' }]);
  });

  test('the name that people are shown will do; strict: it will not', async () => {
    const roles = [{ value: 'administrator', display: 'Whatever', primary: true }];
    expect((await create(okta, { roles })).roles).toEqual([{ value: 'admin', display: 'Whatever', primary: true }]);
    expect((await pure.post('/Users', person({ roles }))).body).toMatchObject({ scimType: 'invalidValue' });
  });

  test('a type that was not sent is the one that has the id', async () => {
    const { entitlements } = await create(okta, {
      entitlements: [{ value: 'pro' }, { value: 'EXPORT', type: 'entitlement' }],
    });
    expect(entitlements).toEqual([
      { value: 'pro', type: 'License' },
      { value: 'export', type: 'Entitlement' },
    ]);
  });

  test('what comes to the same is stored once, and sending it again changes nothing', async () => {
    const user = await create(okta, { roles: [{ value: 'admin' }, { value: 'Administrator' }] });
    expect(user.roles).toEqual([{ value: 'admin' }]);
    const again = await okta.put(`/Users/${user.id}`, { ...user, roles: [{ value: 'ADMINISTRATOR' }] });
    expect(again.body.meta.version).toBe(user.meta.version);
  });

  test("Entra's forms of the same", async () => {
    const { id } = await create(okta, {});
    const added = await okta.patch(`/Users/${id}`, [
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'Approver' },
      { op: 'Add', path: 'roles[primary eq "True"].type', value: 'WindowsAzureActiveDirectoryRole' },
    ]);
    expect(added.body.roles).toEqual([{ value: 'approver', type: 'WindowsAzureActiveDirectoryRole', primary: true }]);
    const refused = await okta.patch(`/Users/${id}`, [
      { op: 'Replace', path: 'roles[primary eq "True"].value', value: 'Nobody' },
    ]);
    expect(refused.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
  });

  test('only what is declared is looked at', async () => {
    const free = { roles: [{ value: 'emperor' }], entitlements: [{ value: 'all of it' }] };
    expect(await create(plain, free)).toMatchObject(free);
    expect((await create(pure, { entitlements: free.entitlements })).entitlements).toEqual(free.entitlements);
  });
});

describe('a configuration that changed holds nobody up', () => {
  const database = temporaryDatabase();
  afterAll(() => database.remove());
  const EXTENSION = 'urn:example:scim:schemas:extension:planner:2.0:User';
  const serve = async <T>(app: ApplicationConfig, work: (client: ScimClient) => Promise<T>): Promise<T> => {
    const one = await startServer({ config: { applications: { app } }, env: database.env });
    try {
      return await work(scim(one));
    } finally {
      await one.close();
    }
  };
  const roles = (...ids: string[]): ApplicationConfig => ({
    entitlements: [{ name: 'Role', kind: 'role', values: ids.map((id) => ({ id, displayName: id })) }],
  });

  test('a role that is declared no more stays with who has it, and is given to nobody', async () => {
    const user = await serve(roles('a', 'b'), (client) => create(client, { roles: [{ value: 'a' }, { value: 'b' }] }));
    await serve(roles('b', 'c'), async (client) => {
      const path = `/Users/${user.id}`;
      const off = await client.patch(path, [{ op: 'replace', value: { active: false } }]);
      expect(off.body).toMatchObject({ active: false, roles: [{ value: 'a' }, { value: 'b' }] });
      const echoed = await client.put(path, { ...user, active: true, roles: [...user.roles, { value: 'c' }] });
      expect(echoed.body.roles).toEqual([{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
      expect((await client.post('/Users', person({ roles: [{ value: 'a' }] }))).status).toBe(400);
      const taken = await client.patch(path, [{ op: 'remove', path: 'roles[value eq "a"]' }]);
      expect(taken.body.roles).toEqual([{ value: 'b' }, { value: 'c' }]);
      expect((await client.patch(path, [{ op: 'add', path: 'roles', value: [{ value: 'a' }] }])).status).toBe(400);
    });
  });

  test('RST-05 an extension that comes to be required is asked of who is new, and of who has it', async () => {
    const extension = { urn: EXTENSION, of: 'User', attributes: { badge: {}, floor: {} } } as const;
    const required: ApplicationConfig = {
      extensions: [{ ...extension, required: true, attributes: { badge: { required: true }, floor: {} } }],
    };
    const [bare, half] = await serve({ extensions: [extension] }, async (client) => [
      await create(client, {}),
      await create(client, { [EXTENSION]: { floor: '3' } }),
    ]);
    await serve(required, async (client) => {
      const types = await client.get('/ResourceTypes/User');
      expect(types.body.schemaExtensions).toContainEqual({ schema: EXTENSION, required: true });
      for (const user of [bare, half]) {
        const off = await client.patch(`/Users/${user.id}`, [{ op: 'replace', path: 'active', value: false }]);
        expect(off.body.active).toBe(false);
        expect((await client.put(`/Users/${user.id}`, { ...user, title: 'x' })).status).toBe(200);
      }
      const without = await client.post('/Users', person({}));
      expect(without.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
      expect(without.body.detail).toContain(EXTENSION);
      expect((await client.post('/Users', person({ [EXTENSION]: { floor: '1' } }))).body.detail).toContain('badge');
      const user = await create(client, { [EXTENSION]: { badge: '1' } });
      for (const operation of [
        { op: 'remove', path: EXTENSION },
        { op: 'remove', path: `${EXTENSION}:badge` },
      ]) {
        const { body } = await client.patch(`/Users/${user.id}`, [operation]);
        expect(body).toMatchObject({ status: '400', scimType: 'mutability' });
      }
      const { [EXTENSION]: _, ...rest } = user;
      expect((await client.put(`/Users/${user.id}`, rest)).body).toMatchObject({
        status: '400',
        scimType: 'invalidValue',
      });
      const given = await client.patch(`/Users/${bare.id}`, [{ op: 'add', value: { [EXTENSION]: { floor: '2' } } }]);
      expect(given.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
    });
  });
});
