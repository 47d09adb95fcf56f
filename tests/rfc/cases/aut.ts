import { expect } from 'vitest';
import { sendRaw } from '../../harness/index.ts';
import type { Case, Coverage } from '../case.ts';
import { aUser, created, E, found, get, ok, post, put, raw, user } from '../shorthand.ts';
import { openWorld } from '../world.ts';

const NO_TOKEN = { Authorization: null };
const unauthorized = (challenge: RegExp) => ({ ...E(401), headers: { 'www-authenticate': challenge } });
const ANYTHING = /^Bearer realm="[^"]+"$/;
const INVALID = /^Bearer realm="[^"]+", error="invalid_token"/;

export const coverage: Coverage = {
  cases: [
    ...(
      [
        ['GET', '/Users'],
        ['GET', '/Users/x'],
        ['POST', '/Users'],
        ['PUT', '/Users/x'],
        ['PATCH', '/Groups/x'],
        ['DELETE', '/Groups/x'],
        ['GET', '/Schemas'],
        ['GET', '/ResourceTypes'],
        ['GET', '/Nope'],
        ['POST', '/Bulk'],
        ['GET', '/Me'],
        ['OPTIONS', '/Users'],
      ] as const
    ).map(
      ([method, path]): Case => ({
        ids: ['AUT-02'],
        title: `${method} ${path} without credentials is 401, and names the scheme`,
        request: { method, path, headers: NO_TOKEN },
        expect: unauthorized(ANYTHING),
      }),
    ),
    ...[
      'Bearer jn-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      'Bearer {{token}}x',
      'Bearer x',
      'Basic eDp5',
      '{{token}}{{token}}',
    ].map(
      (Authorization): Case => ({
        ids: ['AUT-03'],
        title: `a token that is none is 401 invalid_token: ${Authorization}`,
        request: get('/Users', { Authorization }),
        expect: unauthorized(INVALID),
        afterwards: [{ request: post('/Users', user('bob'), { Authorization }), expect: unauthorized(INVALID) }],
      }),
    ),
    {
      ids: ['AUT-03'],
      title: 'a revoked token is 401 invalid_token, and says so',
      run: async (world) => {
        const { token, id } = await world.mint();
        const headers = { authorization: `Bearer ${token}` };
        expect((await world.get('/Users', headers)).status).toBe(200);
        await world.server.revoke(id);
        const refused = await world.get('/Users', headers);
        expect(refused).toMatchObject({
          status: 401,
          body: { status: '401', detail: expect.stringMatching(/revoked/) },
        });
        expect(refused.headers.get('www-authenticate')).toMatch(INVALID);
        expect((await world.get('/Users')).status).toBe(200);
      },
    },
    {
      ids: ['AUT-03', 'AUT-06'],
      title: 'a token past its end is 401 invalid_token, and says so',
      run: async (world) => {
        const { token } = await world.mint({ expires: new Date(Date.now() + 100).toISOString() });
        await new Promise((resolve) => setTimeout(resolve, 120));
        const refused = await world.get('/Users', { authorization: `Bearer ${token}` });
        expect(refused).toMatchObject({
          status: 401,
          body: { status: '401', detail: expect.stringMatching(/expired/) },
        });
        expect(refused.headers.get('www-authenticate')).toMatch(INVALID);
      },
    },
    {
      ids: ['AUT-04', 'AUT-05'],
      title: 'a token that may only read is 403 for every write, and changes nothing',
      run: async (world) => {
        const bob = await world.user('bob');
        const { token } = await world.mint({ scope: 'read' });
        const headers = { authorization: `Bearer ${token}` };
        expect((await world.get(`/Users/${bob.id}`, headers)).body).toEqual(bob);
        const refused = [
          await world.post('/Users', user('eve'), headers),
          await world.put(`/Users/${bob.id}`, user('bob', { title: 'x' }), headers),
          await world.patch(`/Users/${bob.id}`, [{ op: 'replace', path: 'active', value: false }], headers),
          await world.delete(`/Users/${bob.id}`, headers),
        ];
        for (const reply of refused) {
          expect(reply, reply.text).toMatchObject({
            status: 403,
            body: { status: '403', detail: expect.stringMatching(/insufficient_scope/) },
          });
        }
        const { body } = await world.get('/Users');
        expect(body.Resources).toEqual([bob]);
      },
    },
    {
      ids: ['AUT-08', 'AUT-13'],
      title: 'a token of another application is as unknown here as a wrong one',
      run: async (world) => {
        const other = await openWorld(world.server, world.mode === 'strict' ? 'default' : 'strict');
        for (const path of ['/Users', '/Users/x', '/ResourceTypes']) {
          const foreign = await world.get(path, { authorization: `Bearer ${other.token}` });
          const wrong = await world.get(path, { authorization: 'Bearer jn-wrong' });
          expect(foreign.status).toBe(401);
          expect(foreign.text).toBe(wrong.text);
        }
      },
    },
    ...['access_token', 'token', 'Authorization'].map(
      (name): Case => ({
        ids: ['AUT-09'],
        title: `a token in the URL opens nothing: ?${name}=`,
        request: get(`/Users?${name}={{token}}`, NO_TOKEN),
        expect: unauthorized(ANYTHING),
      }),
    ),
    {
      ids: ['AUT-09'],
      title: 'a token in the body opens nothing',
      request: raw('POST', '/Users', 'access_token={{token}}', {
        ...NO_TOKEN,
        'Content-Type': 'application/x-www-form-urlencoded',
      }),
      expect: unauthorized(ANYTHING),
    },
    {
      ids: ['AUT-09'],
      title: 'a token that was sent in a URL is not in the log',
      run: async (world) => {
        await world.get(`/Users?access_token=${world.token}`);
        await world.get(`/Users?access_token=${world.token}`, { authorization: '' });
        expect(world.server.logs()).not.toContain(world.token);
      },
    },
    ...['bearer {{token}}', 'BEARER {{token}}', 'Basic {{basic}}', 'basic {{basic}}', '{{token}}'].map(
      (Authorization): Case => ({
        ids: ['AUT-10'],
        title: `a scheme has no case, and Basic or nothing will do: ${Authorization}`,
        request: get('/Users', { Authorization }),
        expect: found(),
      }),
    ),
    {
      ids: ['AUT-10'],
      title: 'two Authorization headers are refused, whichever is the good one',
      run: async (world) => {
        const { pathname } = new URL(world.baseUrl);
        for (const pair of [
          [world.token, 'jn-x'],
          ['jn-x', world.token],
          [world.token, world.token],
        ]) {
          const lines = pair.map((token) => `Authorization: Bearer ${token}\r\n`).join('');
          const [reply] = await sendRaw(
            world.server,
            `GET ${pathname}/Users HTTP/1.1\r\nHost: x\r\n${lines}Connection: close\r\n\r\n`,
          );
          expect(reply?.status).toBe(400);
          expect(JSON.parse(reply?.body ?? '')).toMatchObject({ status: '400', detail: /two Authorization/ });
        }
      },
    },
    {
      ids: ['AUT-11'],
      title: '/ServiceProviderConfig may be read without credentials, and says how to get in',
      request: get('/ServiceProviderConfig', NO_TOKEN),
      expect: ok({
        authenticationSchemes: [
          '{{in any order}}',
          { type: 'oauthbearertoken', name: '{{any}}', description: '{{any}}' },
          { type: 'httpbasic', name: '{{any}}', description: '{{any}}' },
        ],
      }),
    },
    {
      ids: ['AUT-12'],
      title: 'nobody is created anonymously',
      request: post('/Users', user('bob'), NO_TOKEN),
      expect: unauthorized(ANYTHING),
    },
    {
      ids: ['AUT-13', 'AUT-16'],
      title: 'an id of another customer is an id of nobody: the same 404, whatever the method',
      run: async (world) => {
        const other = await world.another();
        const bob = await other.user('bob');
        const missing = crypto.randomUUID();
        const told = async (id: string) =>
          [
            await world.get(`/Users/${id}`),
            await world.put(`/Users/${id}`, user('bob', { title: 'x' })),
            await world.patch(`/Users/${id}`, [{ op: 'replace', path: 'title', value: 'x' }]),
            await world.delete(`/Users/${id}`),
          ].map(({ status, text }) => ({ status, text: text.replaceAll(id, '{id}') }));
        const foreign = await told(bob.id);
        expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
        expect(foreign).toEqual(await told(missing));
        expect((await other.get(`/Users/${bob.id}`)).body).toEqual(bob);
      },
    },
    {
      ids: ['AUT-14', 'AUT-15', 'ERR-11'],
      title: 'externalId and userName are free in one directory though another has them',
      run: async (world) => {
        const other = await world.another();
        const one = await world.user('bob', { externalId: 'x1' });
        const two = await other.user('bob', { externalId: 'x1' });
        expect(one.id).not.toBe(two.id);
        for (const [mine, id] of [
          [world, one.id],
          [other, two.id],
        ] as const) {
          const { body } = await mine.get('/Users?filter=externalId%20eq%20%22x1%22');
          expect(body.Resources.map((each: { id: string }) => each.id)).toEqual([id]);
        }
      },
    },
    {
      ids: ['AUT-18'],
      title: 'every link of a user, a group, a member and a manager stands below the caller’s own base',
      given: [
        aUser('eve'),
        aUser('bob', {
          'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: '{{eve.id}}' } },
        }),
        {
          ...post('/Groups', {
            schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
            displayName: 'staff',
            members: [{ value: '{{bob.id}}' }],
          }),
          as: 'staff',
        },
      ],
      request: get('/Groups', { Host: 'evil.example.com', 'X-Forwarded-Host': 'evil.example.com' }),
      expect: ok({
        Resources: [
          {
            members: [{ $ref: '{{base}}/Users/{{bob.id}}' }],
            meta: { location: '{{base}}/Groups/{{staff.id}}' },
          },
        ],
      }),
      afterwards: [
        {
          request: get('/Users/{{bob.id}}'),
          expect: ok({
            groups: [{ value: '{{staff.id}}', $ref: '{{base}}/Groups/{{staff.id}}' }],
            'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
              manager: { value: '{{eve.id}}', $ref: '{{base}}/Users/{{eve.id}}' },
            },
            meta: { location: '{{base}}/Users/{{bob.id}}' },
          }),
        },
        {
          request: put('/Users/{{bob.id}}', user('bob')),
          expect: { ...ok(), headers: { location: '{{base}}/Users/{{bob.id}}' } },
        },
        { request: post('/Users', user('joe')), expect: created({ meta: { location: '{{contains /Users/}}' } }) },
      ],
    },
  ],
  elsewhere: {
    'AUT-03': { file: 'tests/threats/auth.test.ts', test: 'T-AUTH-05' },
    'AUT-05': { file: 'tests/threats/auth.test.ts', test: 'T-AUTH-07 a credential of no directory' },
    'AUT-06': { file: 'tests/unit/access/identify.test.ts', test: 'expires at its moment' },
    'AUT-07': { file: 'tests/unit/access/token.test.ts', test: 'tokens are 256 random bits' },
    'AUT-13': { file: 'tests/threats/tenants.test.ts', test: 'T-TEN-02' },
    'AUT-19': { file: 'tests/threats/too-many-requests.test.ts', test: 'is 429 with whole seconds' },
    'AUT-18': { file: 'tests/threats/tenants.test.ts', test: 'a Host of the other customer opens nothing' },
  },
  decided: {
    'AUT-09':
      'A token is looked for in the Authorization header alone; in a URL or a body it opens nothing, and is not logged.',
    'AUT-10':
      'The scheme has no case, Basic with the token as password and the bare token are taken, and two Authorization headers are 400.',
    'AUT-15':
      'A userName is unique in its directory: another organization, or another application of the same one, may have it too.',
  },
  waits: {
    'AUT-01': 'TLS',
    'AUT-17': 'who may come in',
  },
};
