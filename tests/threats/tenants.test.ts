import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DATABASES, type ScimReply, scim, sendRaw, startServer } from '../harness/index.ts';
import { peopleOf, worldOfFile } from './file-world.ts';
import { expectRefusal, GROUP, isScimError, leavesNoTrace, USER, user } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const world = await worldOfFile({ database });
  const { acme, globex } = world;
  const { theirs } = await peopleOf(world);

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
});
