import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScimClient, scim, startServer, type TestServer } from '../../harness/index.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const EXTENSION = 'urn:example:scim:schemas:extension:app:2.0:User';

let server: TestServer;
let all: ScimClient;
let without: ScimClient;
let noGroups: ScimClient;
let noImport: ScimClient;
let passwords: ScimClient;

beforeAll(async () => {
  server = await startServer({
    config: {
      applications: {
        app: {},
        without: { basePath: '/without/v2', features: { import: false, pushGroups: false } },
        'no-groups': { basePath: '/no-groups/v2', features: { pushGroups: false } },
        'no-import': {
          basePath: '/no-import/v2',
          features: { import: false },
          extensions: [{ urn: EXTENSION, of: 'User', attributes: { badge: { type: 'integer', indexed: true } } }],
        },
        passwords: { basePath: '/passwords/v2', features: { syncPassword: true } },
      },
    },
  });
  const client = async (application: string) => scim(await server.mint(application, { application }));
  all = scim(server);
  [without, noGroups, noImport, passwords] = await Promise.all([
    client('without'),
    client('no-groups'),
    client('no-import'),
    client('passwords'),
  ]);
  for (const one of [all, without, noGroups, noImport]) {
    for (const name of ['ann', 'bob', 'cat']) {
      const made = await one.post('/Users', {
        schemas: [USER, ENTERPRISE],
        userName: name,
        externalId: `00u-${name}`,
        emails: [{ value: `${name}@example.com`, type: 'work' }],
        [ENTERPRISE]: { employeeNumber: `7-${name}` },
      });
      expect(made.status).toBe(201);
    }
  }
  const [{ id }] = (await noImport.get('/Users?filter=userName+eq+"ann"')).body.Resources;
  await noImport.patch(`/Users/${id}`, [{ op: 'add', path: `${EXTENSION}:badge`, value: 3 }]);
});

afterAll(() => server.close());

const schemaIds = async (client: ScimClient): Promise<string[]> =>
  (await client.get('/Schemas')).body.Resources.map(({ id }: { id: string }) => id);
const typeNames = async (client: ScimClient): Promise<string[]> =>
  (await client.get('/ResourceTypes')).body.Resources.map(({ name }: { name: string }) => name);
const search = (filter?: string) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter });

describe('where groups are not pushed', () => {
  test('discovery has none', async () => {
    expect(await typeNames(all)).toEqual(['User', 'Group']);
    expect(await typeNames(noGroups)).toEqual(['User']);
    expect(await schemaIds(all)).toContain(GROUP);
    expect(await schemaIds(noGroups)).not.toContain(GROUP);
    expect((await noGroups.get('/ResourceTypes/Group')).status).toBe(404);
    expect((await noGroups.get(`/Schemas/${GROUP}`)).status).toBe(404);
  });

  test.each<[string, string, unknown]>([
    ['POST', '/Groups', { schemas: [GROUP], displayName: 'Editors' }],
    ['POST', '/groups', { schemas: [GROUP], displayName: 'Editors' }],
    ['PUT', '/Groups/6f2c1f6e-52a3-4d8e-9a51-0a1f2b3c4d5e', { schemas: [GROUP], displayName: 'Editors' }],
    ['PATCH', '/Groups/6f2c1f6e-52a3-4d8e-9a51-0a1f2b3c4d5e', {}],
    ['DELETE', '/Groups/6f2c1f6e-52a3-4d8e-9a51-0a1f2b3c4d5e', undefined],
  ])('%s %s is 403 with what to do', async (method, path, body) => {
    const refused = await noGroups.request(method, path, { body });
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toMatch(/takes no groups.*Nothing was changed.*Push Groups/);
  });

  test('nor are they in a bulk', async () => {
    const { body } = await noGroups.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Groups', bulkId: 'a', data: { schemas: [GROUP], displayName: 'Editors' } },
        { method: 'POST', path: '/Users', bulkId: 'b', data: { schemas: [USER], userName: 'bulk' } },
      ],
    });
    expect(body.Operations.map(({ status }: { status: string }) => status)).toEqual(['403', '201']);
  });

  test('a list of them is empty, so that an import and the look-up before a push go on', async () => {
    for (const path of [
      '/Groups?startIndex=1&count=100',
      '/Groups?filter=displayName+eq+"Editors"&startIndex=1&count=100',
    ]) {
      expect((await noGroups.get(path)).body).toMatchObject({ totalResults: 0, startIndex: 1, Resources: [] });
    }
    expect((await noGroups.post('/Groups/.search', search())).body).toMatchObject({ totalResults: 0 });
    expect((await noGroups.get('/Groups?cursor=')).body).toEqual(
      expect.not.objectContaining({ startIndex: expect.anything() }),
    );
    expect((await noGroups.get('/Groups?filter=shoe+eq+1')).status).toBe(400);
    expect((await noGroups.get('/Groups/6f2c1f6e-52a3-4d8e-9a51-0a1f2b3c4d5e')).status).toBe(404);
    const { Resources } = (await noGroups.post('/.search', search())).body;
    expect(new Set(Resources.map(({ meta }: { meta: { resourceType: string } }) => meta.resourceType))).toEqual(
      new Set(['User']),
    );
  });
});

describe('where there is no import', () => {
  const refusals: readonly (readonly [string, (client: ScimClient) => ReturnType<ScimClient['get']>])[] = [
    ['Okta’s import of people', (client) => client.get('/Users?startIndex=1&count=100')],
    ['a list without a count', (client) => client.get('/Users')],
    ['the page after the first two', (client) => client.get('/Users?startIndex=3&count=2')],
    ['a walk by cursor', (client) => client.get('/Users?cursor=&count=2')],
    ['the first two of an order', (client) => client.get('/Users?sortBy=userName&count=2')],
    ['a filter that many match', (client) => client.get('/Users?filter=active+eq+true&count=2')],
    ['a filter that names nobody', (client) => client.get('/Users?filter=userName+sw+"a"&count=1')],
    ['all but one', (client) => client.get('/Users?filter=not+(userName+eq+"ann")&count=1')],
    ['one, or all', (client) => client.get('/Users?filter=userName+eq+"ann"+or+userName+pr&count=1')],
    ['those of a kind of e-mail', (client) => client.get('/Users?filter=emails[type+eq+"work"]&count=1')],
    ['those who have none', (client) => client.get('/Users?filter=externalId+eq+null&count=1')],
    ['those with an e-mail of nothing', (client) => client.get('/Users?filter=emails[value+eq+null]&count=1')],
    ['everything', (client) => client.get('/')],
    ['a search', (client) => client.post('/Users/.search', search())],
    ['a search of everything', (client) => client.post('/.search', search('userName pr'))],
  ];
  test.each(refusals)('%s is 403 with what to do', async (_, ask) => {
    for (const client of [noImport, without]) {
      const refused = await ask(client);
      expect(refused.status).toBe(403);
      expect(refused.body.detail).toMatch(/offers no import.*Turn the import off/);
    }
    expect((await ask(all)).status).toBe(200);
  });

  test('Okta’s import of groups is 403 too, and empty where there are none to import', async () => {
    const ask = (client: ScimClient) => client.get('/Groups?startIndex=1&count=100');
    expect((await ask(noImport)).status).toBe(403);
    expect((await ask(without)).body).toMatchObject({ totalResults: 0, Resources: [] });
  });

  test.each([
    ['userName eq "ann"'],
    ['externalId eq "00u-ann"'],
    ['emails eq "ann@example.com"'],
    ['emails.value eq "ann@example.com"'],
    ['emails[type eq "work" and value eq "ann@example.com"]'],
    ['emails[type eq "work"].value eq "ann@example.com"'],
    [`${ENTERPRISE}:employeeNumber eq "7-ann"`],
    ['active eq true and userName eq "ANN"'],
    ['userName eq "ann" or externalId eq "00u-ann"'],
    [`${EXTENSION}:badge eq 3`],
  ])('who is named is found: %s', async (filter) => {
    const found = await noImport.get(`/Users?filter=${encodeURIComponent(filter)}&startIndex=1&count=100`);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ userName: 'ann' }] });
    const [{ id }] = found.body.Resources;
    expect((await noImport.get(`/Users/${id}`)).status).toBe(200);
    expect((await noImport.get(`/Users?filter=id+eq+"${id}"`)).body.totalResults).toBe(1);
  });

  test('Okta’s test of the connection passes, and tells the truth', async () => {
    for (const client of [noImport, without]) {
      const tested = await client.get('/Users?startIndex=1&count=2');
      expect(tested.status).toBe(200);
      expect(tested.body.totalResults).toBeGreaterThanOrEqual(3);
      expect(tested.body.Resources).toHaveLength(2);
    }
  });

  test('groups are pushed all the same: the look-up before it, and the push', async () => {
    const look = () => noImport.get('/Groups?filter=displayName+eq+"Editors"&startIndex=1&count=100');
    expect((await look()).body.totalResults).toBe(0);
    expect((await noImport.post('/Groups', { schemas: [GROUP], displayName: 'Editors' })).status).toBe(201);
    expect((await look()).body.totalResults).toBe(1);
  });
});

test('passwords are in discovery where they are taken, and nowhere else', async () => {
  const attributes = async (client: ScimClient): Promise<string[]> =>
    (await client.get(`/Schemas/${USER}`)).body.attributes.map(({ name }: { name: string }) => name);
  expect(await attributes(passwords)).toContain('password');
  expect(await attributes(all)).not.toContain('password');
  const supported = async (base: string) => {
    const reply = await fetch(`http://127.0.0.1:${server.port}${base}/ServiceProviderConfig`);
    return ((await reply.json()) as { changePassword: unknown }).changePassword;
  };
  expect(await supported('/passwords/v2')).toEqual({ supported: true });
  expect(await supported('/scim/v2')).toEqual({ supported: false });
  // Okta sends one with every person (idp-clients §1.4b).
  const made = await all.post('/Users', { schemas: [USER], userName: 'dan', password: '1mz050nq' });
  expect([made.status, made.body.password]).toEqual([201, undefined]);
});
