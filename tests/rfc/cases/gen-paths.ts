import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, created, E, ENT, found, foundInOrder, get, ok, post, put, USER, user } from '../shorthand.ts';

const SCIM = /^application\/scim\+json(; ?charset=utf-8)?$/i;

const asScim = { status: 200, headers: { 'content-type': SCIM } };

export const coverage: Coverage = {
  cases: [
    {
      ids: ['GEN-18'],
      title: 'the order of attributes, of sub-attributes and of schemas does not matter',
      given: [
        {
          ...post('/Users', {
            [ENT]: { department: 'x', costCenter: 'y' },
            emails: [{ type: 'work', value: 'bob@example.com' }],
            name: { familyName: 'B', givenName: 'A' },
            userName: 'bob',
            schemas: [ENT, USER],
          }),
          as: 'bob',
        },
      ],
      request: put('/Users/{{bob.id}}', {
        schemas: [USER, ENT],
        userName: 'bob',
        name: { givenName: 'A', familyName: 'B' },
        emails: [{ value: 'bob@example.com', type: 'work' }],
        active: true,
        [ENT]: { costCenter: 'y', department: 'x' },
      }),
      expect: ok('{{bob}}'),
      unchanged: ['/Users/{{bob.id}}'],
    },
    ...['userName%20eq%20%22bob%22', 'userName+eq+%22bob%22', '%75serName%20eq%20%22b%6Fb%22'].map(
      (filter): Case => ({
        ids: ['GEN-19'],
        title: `a URL is percent-decoded once: ${filter}`,
        given: [aUser('bob'), aUser('eve')],
        request: get(`/Users?filter=${filter}`),
        expect: found('bob'),
      }),
    ),
    {
      ids: ['GEN-19'],
      title: 'a + and a % that are meant are sent encoded',
      given: [aUser('bob', { title: 'a+b%20' }), aUser('eve', { title: 'a b ' })],
      request: get('/Users?filter=title%20eq%20%22a%2Bb%2520%22'),
      expect: found('bob'),
    },
    {
      ids: ['GEN-20'],
      title: 'query parameters that nobody knows do nothing',
      given: [aUser('eve'), aUser('bob')],
      request: get('/Users?foo=bar&filter_=x&Foo&__proto__=1&count[]=0&order=desc&sort=userName'),
      expect: foundInOrder('eve', 'bob'),
      afterwards: [
        { request: get('/Users/{{bob.id}}?foo=bar'), expect: ok({ userName: 'bob' }) },
        { request: post('/Users?foo=bar', user('joe')), expect: created({ userName: 'joe' }) },
      ],
    },
    ...['/Nope', '/Users/x/y', '/Nope/1', '/Users/x/Groups', '/Schemas/urn:x:y', '/ResourceTypes/Nope'].map(
      (path): Case => ({
        ids: ['GEN-21'],
        title: `an endpoint that is not there: ${path}`,
        request: get(path),
        expect: E(404),
      }),
    ),
    ...(
      [
        ['DELETE', '/Users', 'GET, HEAD, OPTIONS, POST'],
        ['PUT', '/Users', 'GET, HEAD, OPTIONS, POST'],
        ['PATCH', '/Groups', 'GET, HEAD, OPTIONS, POST'],
        ['POST', '/Users/{{bob.id}}', 'GET, HEAD, OPTIONS, PUT, PATCH, DELETE'],
        ['POST', '/Schemas', 'GET, HEAD, OPTIONS'],
        ['DELETE', '/ServiceProviderConfig', 'GET, HEAD, OPTIONS'],
        ['PUT', '/ResourceTypes', 'GET, HEAD, OPTIONS'],
      ] as const
    ).map(
      ([method, path, allow]): Case => ({
        ids: ['GEN-22'],
        title: `${method} ${path} is 405, with Allow`,
        given: [aUser('bob')],
        request: { method, path },
        expect: { ...E(405), headers: { allow } },
      }),
    ),
    {
      ids: ['GEN-24'],
      title: 'HEAD is answered as GET is, without the body',
      given: [aUser('bob')],
      request: { method: 'HEAD', path: '/Users/{{bob.id}}' },
      expect: {
        status: 200,
        headers: { 'content-type': SCIM, etag: '{{bob.meta.version}}', location: '{{bob.meta.location}}' },
        body: '',
      },
      afterwards: [
        { request: { method: 'HEAD', path: '/Users' }, expect: { ...asScim, body: '' } },
        { request: { method: 'HEAD', path: '/Users/nobody' }, expect: { status: 404, body: '' } },
      ],
    },
    {
      ids: ['GEN-25'],
      title: 'OPTIONS is 204 with Allow, and tells nothing',
      request: { method: 'OPTIONS', path: '/Users' },
      expect: { status: 204, headers: { allow: 'GET, HEAD, OPTIONS, POST' }, body: '' },
      afterwards: [
        {
          request: { method: 'OPTIONS', path: '/Users/nobody' },
          expect: { status: 204, headers: { allow: 'GET, HEAD, OPTIONS, PUT, PATCH, DELETE' }, body: '' },
        },
      ],
    },
    {
      ids: ['GEN-26'],
      title: 'names of endpoints are taken in any case, and shown as they are registered',
      given: [aUser('bob')],
      request: get('/users/{{bob.id}}'),
      expect: ok({ meta: { location: '{{base}}/Users/{{bob.id}}' } }),
      afterwards: [
        { request: get('/USERS'), expect: found('bob') },
        { request: get('/serviceproviderconfig'), expect: ok() },
        { request: get('/schemas'), expect: ok() },
      ],
    },
    {
      ids: ['GEN-27'],
      title: 'slashes too many do nothing',
      given: [aUser('bob')],
      request: get('/Users/'),
      expect: found('bob'),
      afterwards: [
        { request: get('//Users'), expect: found('bob') },
        { request: get('/Users/{{bob.id}}/'), expect: ok({ userName: 'bob' }) },
        { request: post('/Users/', user('eve')), expect: created({ userName: 'eve' }) },
      ],
    },
    {
      ids: ['GEN-28'],
      title: 'what a write answers is what a read finds: nothing unknown, nothing readOnly, nothing twice',
      request: post('/Users', {
        ...user('bob', { title: 'Boss', nickName: null, ims: [] }),
        id: 'mine',
        meta: { created: '1970-01-01T00:00:00Z' },
        groups: [{ value: 'x' }],
        shoeSize: 44,
        emails: [
          { value: 'bob@example.com', type: 'work' },
          { value: 'bob@example.com', type: 'work' },
        ],
      }),
      expect: {
        ...created({ title: 'Boss', emails: [{ value: 'bob@example.com', type: 'work' }] }),
        absent: ['shoeSize', 'groups', 'nickName', 'ims'],
      },
      as: 'bob',
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{bob}}' } }],
    },
    {
      ids: ['GEN-29'],
      title: 'the schemas of messages are not among the /Schemas',
      run: async (world) => {
        const { status, body } = await world.get('/Schemas');
        expect(status).toBe(200);
        expect(body.Resources.length).toBeGreaterThanOrEqual(3);
        expect(JSON.stringify(body.Resources)).not.toContain('api:messages');
        const one = await world.get('/Schemas/urn:ietf:params:scim:api:messages:2.0:PatchOp');
        expect(one.status).toBe(404);
      },
    },
    {
      ids: ['GEN-30'],
      title: 'no suffix chooses a format',
      given: [aUser('bob')],
      request: get('/Users/{{bob.id}}.scim'),
      expect: E(404),
      afterwards: [
        { request: get('/Users.scim'), expect: E(404) },
        { request: get('/Users/{{bob.id}}.json'), expect: E(404) },
      ],
    },
    {
      ids: ['GEN-31'],
      title: 'links carry no query, whatever was asked',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: get('/Users?x=1&filter=userName+eq+%22bob%22'),
      expect: ok({ Resources: [{ meta: { location: '{{base}}/Users/{{bob.id}}' } }] }),
      afterwards: [
        { request: get('/Groups/{{staff.id}}?x=1'), expect: ok({ members: [{ $ref: '{{base}}/Users/{{bob.id}}' }] }) },
        {
          request: post('/Users?x=1', user('eve')),
          expect: { ...created(), headers: { location: '{{contains /Users/}}' } },
        },
      ],
    },
  ],
  decided: {
    'GEN-22': 'A method that an endpoint does not have is 405 with Allow and a SCIM error.',
    'GEN-24': 'HEAD is answered with the status and headers of GET, and no body.',
    'GEN-25': 'OPTIONS is answered with 204 and Allow, to who has a token; there are no CORS headers.',
    'GEN-27': 'Slashes too many, at the end or in between, do nothing; there is never a redirect.',
  },
  elsewhere: {
    'GEN-22': { file: 'tests/unit/provisioning/route.test.ts', test: 'every method at every endpoint' },
  },
  notApplicable: {
    'GEN-23': 'Every operation of RFC 7644 is offered, so /ServiceProviderConfig declares none of them unsupported.',
  },
};
