import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScimReply, scim, sendRaw, startServer } from '../harness/index.ts';
import {
  type Customer,
  ENTERPRISE,
  expectRefusal,
  GROUP,
  isAlive,
  isScimError,
  leavesNoTrace,
  openWorld,
  query,
  type Representation,
  rowsOf,
  USER,
  user,
  type World,
} from './world.ts';

let world: World;
let acme: Customer;
let globex: Customer;
let mine: { user: Representation; other: Representation; group: Representation };
let theirs: { user: Representation; group: Representation };

beforeAll(async () => {
  world = await openWorld();
  ({ acme, globex } = world);
  const member = await acme.user('own.member', { externalId: '00u-own' });
  mine = {
    user: member,
    other: await acme.user('own.other'),
    group: await acme.group('Own group', [member.id]),
  };
  const foreign = await globex.user('their.user', {
    externalId: '00u-their',
    displayName: 'Their User',
    emails: [{ value: 'their@globex.example', type: 'work', primary: true }],
  });
  theirs = { user: foreign, group: await globex.group('Their group', [foreign.id]) };
});

afterAll(() => world.close());

describe('T-TEN-01 an id of another directory is an id of nobody', () => {
  const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const paths = [
    '/Users/{user}',
    '/Users/{user}/',
    '/Users/{user}?attributes=userName',
    '/Users/{user}?excludedAttributes=groups',
    '/Users/{group}',
    '/Users/{user}/groups',
    '/Groups/{group}',
    '/Groups/{group}?excludedAttributes=members',
    '/Groups/{user}',
    '/Groups/{group}/members/{user}',
    '/Me/{user}',
    '/Schemas/{user}',
    '/ResourceTypes/{group}',
    '/Bulk/{user}',
    '/{user}',
    '/tokens/{credential}',
    '/{directory}/Users',
    '/{directory}/Users/{user}',
    '/organizations/globex',
  ];

  for (const method of methods) {
    test(`${method} at every path`, async () => {
      const foreign = {
        user: theirs.user.id,
        group: theirs.group.id,
        credential: globex.credential,
        directory: globex.directory,
      };
      const random = { user: randomUUID(), group: randomUUID(), credential: randomUUID(), directory: randomUUID() };
      await leavesNoTrace(world, async () => {
        for (const path of paths) {
          const [one, other] = [await asked(method, path, foreign), await asked(method, path, random)];
          expect(withoutIds(one, foreign), `${method} ${path}`).toEqual(withoutIds(other, random));
          expect(one.text.replace(path, '')).not.toMatch(/globex|their/i);
          if (method === 'OPTIONS' && one.status === 204) continue;
          expect([401, 403, 404, 405, 501], `${method} ${path} ${one.text}`).toContain(one.status);
          if (method !== 'HEAD') isScimError(one);
          if (/^\/(Users|Groups)\/\{\w+\}(\?|\/?$)/.test(path) && method !== 'POST') expect(one.status).toBe(404);
        }
      });
    });
  }

  type Ids = Readonly<Record<'user' | 'group' | 'credential' | 'directory', string>>;

  function asked(method: string, path: string, ids: Ids): Promise<ScimReply> {
    const place = path.replaceAll(/\{(\w+)\}/g, (_, name: keyof Ids) => ids[name]);
    const body = path.startsWith('/Groups')
      ? { schemas: [GROUP], displayName: 'Taken over' }
      : { schemas: [USER], userName: 'taken.over' };
    switch (method) {
      case 'POST':
      case 'PUT':
        return acme.request(method, place, { body });
      case 'PATCH':
        return acme.patch(place, [{ op: 'replace', path: 'displayName', value: 'Taken over' }]);
      default:
        return acme.request(method, place);
    }
  }

  function withoutIds(reply: ScimReply, ids: Ids): object {
    const neutral = (text: string) => Object.values(ids).reduce((cut, id) => cut.replaceAll(id, '{id}'), text);
    const headers = [...reply.headers]
      .filter(([name]) => name !== 'x-request-id' && name !== 'date')
      .map(([name, value]) => [name, neutral(value)]);
    return { status: reply.status, headers, text: neutral(reply.text) };
  }
});

describe('T-TEN-02 a token opens its own directory, whatever else the request hints at', () => {
  test('hints in headers, query and Host are not heard', async () => {
    const hints: Record<string, string>[] = [
      { 'x-tenant': 'globex' },
      { 'x-tenant-id': globex.directory },
      { 'x-organization': 'globex' },
      { 'x-organization-id': 'globex' },
      { 'x-directory': globex.directory },
      { 'x-scim-tenant': 'globex' },
      { 'x-forwarded-host': 'globex.example.com' },
      { 'x-original-url': `/scim/v2/Users/${theirs.user.id}` },
      { 'x-rewrite-url': `/scim/v2/Users/${theirs.user.id}` },
      { 'x-forwarded-prefix': '/globex' },
      { forwarded: 'host=globex.example.com' },
      { cookie: 'organization=globex' },
    ];
    await leavesNoTrace(world, async () => {
      const plain = await acme.get('/Users');
      for (const headers of hints) {
        expect((await acme.get('/Users', headers)).text, JSON.stringify(headers)).toBe(plain.text);
        expectRefusal(await acme.get(`/Users/${theirs.user.id}`, headers), { status: 404 });
      }
      for (const hint of [
        'organization=globex',
        `directory=${globex.directory}`,
        'tenant=globex',
        'application=board',
      ]) {
        expect((await acme.get(`/Users?${hint}`)).text).toBe(plain.text);
      }
    });
  });

  test('a Host of the other customer opens nothing of theirs, and makes no link', async () => {
    const { port } = world.server;
    await leavesNoTrace(world, async () => {
      const [reply] = await sendRaw(
        { port },
        `GET /scim/v2/Users HTTP/1.1\r\nHost: globex.example.com\r\nAuthorization: Bearer ${acme.token}\r\nConnection: close\r\n\r\n`,
      );
      expect(reply?.status).toBe(200);
      expect(reply?.body).toContain('own.member');
      expect(reply?.body).not.toMatch(/globex|their/);
    });
  });

  test('paths that name a directory or an organization are nowhere', async () => {
    const origin = new URL(acme.baseUrl).origin;
    await leavesNoTrace(world, async () => {
      for (const path of [
        '/globex/scim/v2/Users',
        '/scim/v2/globex/Users',
        `/scim/v2/${globex.directory}/Users`,
        `/scim/v2/organizations/globex/Users/${theirs.user.id}`,
        '/scim/globex/v2/Users',
      ]) {
        const reply = await scim({ baseUrl: origin, token: acme.token }).get(path);
        expect(reply.status, path).toBe(404);
        expect(reply.text).not.toContain('their');
      }
    });
  });

  test("a token on another application's base is 401, like a token that nobody has", async () => {
    const server = await startServer({
      config: {
        applications: {
          app: {},
          board: { basePath: '/board/scim/v2' },
          named: { hosts: ['named.example.com'], basePath: '/named/v2' },
        },
      },
    });
    try {
      const app = await server.mint('app', { organization: 'globex', application: 'app' });
      const board = await server.mint('board', { organization: 'globex', application: 'board' });
      const inApp = scim({ baseUrl: app.baseUrl, token: app.token });
      const inBoard = scim({ baseUrl: board.baseUrl, token: board.token });
      const person = (await inApp.post('/Users', user('app.person'))).body;
      expect((await inBoard.get('/Users')).body.totalResults).toBe(0);

      for (const [baseUrl, token] of [
        [board.baseUrl, app.token],
        [app.baseUrl, board.token],
        [board.baseUrl, server.token],
      ] as const) {
        const lost = scim({ baseUrl, token });
        const nobody = scim({ baseUrl, token: `jn-${'A'.repeat(43)}` });
        for (const path of ['/Users', `/Users/${person.id}`, '/Groups', '/Schemas', '/Nope']) {
          const reply = await lost.get(path);
          expectRefusal(reply, { status: 401 });
          expect(reply.text).toBe((await nobody.get(path)).text);
          expect(reply.headers.get('www-authenticate')).toContain('invalid_token');
        }
      }
      // The same organization's two directories do not see each other either.
      expectRefusal(await inBoard.get(`/Users/${person.id}`), { status: 404 });
      expect((await inBoard.post('/Users', user('app.person'))).status).toBe(201);
    } finally {
      await server.close();
    }
  });
});

describe('T-TEN-03 the id in the URL decides, not one in the body', () => {
  test('PUT with the id, location and schemas of a foreign user changes the user of the URL', async () => {
    const before = rowsOf(world.server, globex.directory);
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
    expect(rowsOf(world.server, globex.directory)).toEqual(before);
    await isAlive(acme);
  });

  test('PATCH with a foreign id in its value leaves ids alone', async () => {
    const before = rowsOf(world.server, globex.directory);
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
      expect(now).toMatchObject({ id: target.id, userName: 'ten-03-patch', meta: { location: target.meta.location } });
      expect(now.groups).toBeUndefined();
    }
    expect(rowsOf(world.server, globex.directory)).toEqual(before);
  });

  test('PUT on a group with the id of a foreign one, POST with an id', async () => {
    const before = rowsOf(world.server, globex.directory);
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
    expect(rowsOf(world.server, globex.directory)).toEqual(before);
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
        acme.patch(`/Groups/${target.id}`, [{ op: 'replace', value: { displayName: 'ten-04 x', members: [member] } }]),
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
    const other = rowsOf(world.server, globex.directory);
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
    expect(rowsOf(world.server, globex.directory)).toEqual(other);
  });

  test('Bulk is not offered, whatever its paths name', async () => {
    await leavesNoTrace(world, async () => {
      const reply = await acme.post('/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [{ method: 'DELETE', path: `/Users/${theirs.user.id}` }],
      });
      expectRefusal(reply, { status: 501 });
    });
  });
});

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
    const own = query(
      world.server.databasePath,
      "SELECT id FROM resources WHERE directory = ? AND type = 'User' ORDER BY seq",
      acme.directory,
    ).map(({ id }) => id);
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

  test('a root query, .search and a cursor of nobody are refused or not heard', async () => {
    await leavesNoTrace(world, async () => {
      for (const path of [`/?filter=${encodeURIComponent(`id eq "${theirs.user.id}"`)}`, '/', '']) {
        expectRefusal(await acme.get(path), { status: 501 });
      }
      for (const path of ['/.search', '/Users/.search']) {
        const body = {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
          filter: `id eq "${theirs.user.id}"`,
        };
        expectRefusal(await acme.post(path, body), { status: 501 });
      }
      const plain = await acme.get('/Users?count=1');
      const cursor = await acme.get(`/Users?count=1&cursor=${theirs.user.id}`);
      expect(cursor.text).toBe(plain.text);
    });
  });
});

describe('T-TEN-07 what one directory has is free in the other', () => {
  test('userName, externalId, e-mail and group names: 201', async () => {
    const other = rowsOf(world.server, globex.directory);
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
    expect(rowsOf(world.server, globex.directory)).toEqual(other);
    for (const path of [`/Users/${reply.body.id}`, `/Groups/${group.body.id}`]) await acme.delete(path);
  });

  test('an inactive record of the other directory is not brought back', async () => {
    const asleep = await globex.user('asleep', { active: false, externalId: '00u-asleep' });
    const other = rowsOf(world.server, globex.directory);
    const reply = await acme.post('/Users', user('asleep', { externalId: '00u-asleep' }));
    expect(reply.status).toBe(201);
    expect(reply.body.id).not.toBe(asleep.id);
    expect(rowsOf(world.server, globex.directory)).toEqual(other);
  });
});

describe('T-TEN-09 what a client chooses is never a key of ours', () => {
  test('userName and externalId equal to internal ids, numbers and UUIDs are plain strings', async () => {
    const { databasePath } = world.server;
    const internal = [
      ...query(databasePath, 'SELECT id FROM resources').map(({ id }) => String(id)),
      ...query(databasePath, 'SELECT id FROM directories').map(({ id }) => String(id)),
      ...query(databasePath, 'SELECT id FROM organizations').map(({ id }) => String(id)),
      ...query(databasePath, 'SELECT id FROM credentials').map(({ id }) => String(id)),
      ...query(databasePath, 'SELECT number, seq FROM resources').flatMap(({ number, seq }) => [`${number}`, `${seq}`]),
      '0',
      '1',
      '-1',
      '1e0',
      '00000000-0000-0000-0000-000000000000',
      randomUUID(),
    ];
    const other = rowsOf(world.server, globex.directory);
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
    expect(rowsOf(world.server, globex.directory)).toEqual(other);
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
        expectRefusal(await acme.patch(`/Groups/${target.id}`, [{ op: 'add', path: 'members', value: [{ value }] }]), {
          status: 400,
          scimType: 'invalidValue',
          says: /members/,
        });
      }
    });
  });
});
