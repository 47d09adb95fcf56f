import { expect } from 'vitest';
import type { Case, Coverage, Expected, Sent } from '../case.ts';
import { aGroup, aUser, del, E, filtered, get, NO_CONTENT, ok, patch, post, put, raw, user } from '../shorthand.ts';

/** One request for each word of table 9 that a request alone can bring about, and what the detail must name. */
const TABLE_9: readonly (readonly [string, Sent, Expected])[] = [
  ['invalidFilter', filtered('/Users', 'userName eq'), E(400, 'invalidFilter', /filter/)],
  ['uniqueness', post('/Users', user('bob')), E(409, 'uniqueness', /userName "bob"/)],
  [
    'mutability',
    patch('/Users/{{bob.id}}', { op: 'replace', path: 'meta.created', value: 'x' }),
    E(400, 'mutability', /meta\.created/),
  ],
  ['invalidSyntax', raw('POST', '/Users', '{"userName'), E(400, 'invalidSyntax', /JSON/)],
  [
    'invalidPath',
    patch('/Users/{{bob.id}}', { op: 'replace', path: 'name..givenName', value: 'x' }),
    E(400, 'invalidPath', /path/),
  ],
  [
    'noTarget',
    patch('/Users/{{bob.id}}', { op: 'replace', path: 'emails[value eq "x"].display', value: 'x' }),
    E(400, 'noTarget', /emails/),
  ],
  ['invalidValue', post('/Users', user('eve', { active: 'perhaps' })), E(400, 'invalidValue', /active.*true or false/)],
  ['invalidVers', get('{{parent}}/v1/Users'), E(400, 'invalidVers', /version 2/)],
];

/** Every status that a client can bring about by itself, from whatever layer it comes. */
const STATUSES: readonly (readonly [number, string, Sent])[] = [
  [400, 'a body that is no JSON', raw('POST', '/Users', '[')],
  [404, 'a URL that decodes to nothing', get('/Users/%zz')],
  [401, 'no token', get('/Users', { Authorization: null })],
  [403, 'a filter where none may be', get('/Schemas?filter=id+pr')],
  [404, 'an id of nobody', get('/Users/nobody')],
  [404, 'an endpoint that is not there', get('/Nope')],
  [404, 'a path that is as long as it may be', get(`/${'x'.repeat(8000)}`)],
  [405, 'a method that an endpoint does not have', { method: 'PUT', path: '/Users' }],
  [405, 'a method that nobody has', { method: 'PROPFIND', path: '/Users' }],
  [409, 'a name that is taken', post('/Users', user('bob'))],
  [412, 'a version that has passed', put('/Users/{{bob.id}}', user('bob'), { 'If-Match': 'W/"0"' })],
  [414, 'a URL that is too long', get(`/Users?filter=${'x'.repeat(17_000)}`)],
  [415, 'a body of another type', raw('POST', '/Users', 'x', { 'Content-Type': 'text/plain' })],
  [415, 'a body that is compressed', post('/Users', user('eve'), { 'Content-Encoding': 'gzip' })],
  [417, 'an Expect that nobody knows', post('/Users', user('eve'), { Expect: 'the-unexpected' })],
  [431, 'headers that are too long', get('/Users', { 'X-Long': 'x'.repeat(40_000) })],
];

export const coverage: Coverage = {
  cases: [
    {
      ids: ['ERR-01', 'ERR-04'],
      title: 'an error is a message of its own, with its status as a string',
      request: get('/Users/none'),
      expect: {
        status: 404,
        headers: { 'content-type': /^application\/scim\+json/ },
        exactly: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
          status: '404',
          detail:
            'There is no user with the id "none" in this directory. It may have been deleted; assign or push it again to create a new one.',
        },
      },
    },
    {
      ids: ['ERR-02'],
      title: 'a body with three faults has one detail, which is a string',
      request: post('/Users', { schemas: [], active: 'x', emails: 5 }),
      expect: E(400, 'invalidSyntax', /^[^\n]+\.$/),
    },
    ...STATUSES.map(
      ([status, what, request]): Case => ({
        ids: ['ERR-05', 'GEN-32'],
        title: `${what} is ${status}, as SCIM JSON`,
        given: [aUser('bob')],
        request,
        expect: { status, body: { status: String(status), detail: '{{any}}' } },
      }),
    ),
    ...TABLE_9.map(
      ([scimType, request, expected]): Case => ({
        ids: ['ERR-03', 'ERR-08'],
        title: `${scimType} is answered, and says what was wrong with what`,
        given: [aUser('bob')],
        request,
        expect: expected,
      }),
    ),
    {
      ids: ['ERR-08', 'ERR-09'],
      title: 'sensitive is 403: a token in a URL is refused, though the right one stands in the header',
      request: get('/Users?access_token={{token}}'),
      expect: E(403, 'sensitive'),
    },
    {
      ids: ['ERR-07'],
      title: '304 and 204 have no body',
      given: [aUser('bob'), aGroup('staff')],
      request: get('/Users/{{bob.id}}', { 'If-None-Match': '{{bob.meta.version}}' }),
      expect: { status: 304, headers: { etag: '{{bob.meta.version}}' }, body: '' },
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
          expect: NO_CONTENT,
        },
        { request: del('/Users/{{bob.id}}'), expect: NO_CONTENT },
      ],
    },
    {
      ids: ['ERR-11'],
      title: 'a name, an id or a member of another customer is told no differently than one of nobody',
      run: async (world) => {
        const other = await world.another();
        const bob = await other.user('bob', { externalId: 'x1' });
        const mine = await world.post('/Users', user('bob', { externalId: 'x1' }));
        expect(mine.status).toBe(201);
        const told = async (id: string) => {
          const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
          const reply = await world.post('/Groups', { schemas, displayName: 'g', members: [{ value: id }] });
          return { status: reply.status, text: reply.text.replaceAll(id, '{id}') };
        };
        expect(await told(bob.id)).toMatchObject({ status: 400 });
        expect(await told(bob.id)).toEqual(await told(crypto.randomUUID()));
      },
    },
    ...[{ password: ['hunter2'] }, { password: { value: 'hunter2' } }].map(
      (attributes): Case => ({
        ids: ['ERR-12'],
        title: `a password is named and never quoted: ${JSON.stringify(attributes)}`,
        given: [aUser('bob')],
        request: post('/Users', user('eve', attributes)),
        expect: E(400, 'invalidValue', /^(?!.*hunter2).*password/),
        afterwards: [
          {
            request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'password', value: attributes.password }),
            expect: E(400, 'invalidValue', /^(?!.*hunter2).*password/),
          },
          {
            request: filtered('/Users', 'password eq "hunter2"'),
            expect: E(400, 'invalidFilter', /^(?!.*hunter2).*password/),
          },
        ],
      }),
    ),
    {
      ids: ['ERR-12'],
      title: 'a token that does not open is not quoted',
      request: get('/Users', { Authorization: 'Bearer hunter2' }),
      expect: E(401, '{{absent}}', /^(?!.*hunter2)/),
      afterwards: [
        { request: get('/Users'), expect: ok() },
        {
          request: get('/Users', { Authorization: 'hunter2 hunter2' }),
          expect: E(401, '{{absent}}', /^(?!.*hunter2)/),
        },
      ],
    },
  ],
  elsewhere: {
    'ERR-05': [
      { file: 'tests/threats/dos.test.ts', test: 'T-DOS-01 a body over the limit is 413' },
      {
        file: 'tests/unit/provisioning/refuse.test.ts',
        test: 'a database that cannot: 503 with whole seconds to wait',
      },
    ],
    'ERR-06': {
      file: 'tests/unit/http/server.test.ts',
      test: 'whose serve rejects is a 500 with the request id, and the cause is logged',
    },
    'ERR-08': { file: 'tests/unit/store/scan.test.ts', test: 'tooMany' },
    'ERR-12': { file: 'tests/threats/secrets.test.ts', test: 'T-AUTH-08 a token is shown once' },
  },
  decided: {
    'ERR-11': 'Nothing of another directory is ever looked at: its names are free, and its ids are ids of nobody.',
    'ERR-12': 'A detail quotes names, ids and URNs, shortened, and never a password, a token or another value.',
  },
};
