import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aUser, E, get, ok, patch, post, user } from '../shorthand.ts';

const SPC = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const coverage: Coverage = {
  cases: [
    {
      ids: ['SPC-01', 'SPC-08'],
      title: 'one object, which says what it is and where',
      request: get('/ServiceProviderConfig'),
      expect: {
        ...ok({
          schemas: [SPC],
          meta: { resourceType: 'ServiceProviderConfig', location: '{{base}}/ServiceProviderConfig' },
        }),
        absent: ['id', 'externalId', 'Resources', 'totalResults'],
      },
      afterwards: [
        {
          request: get('/ServiceProviderConfig', { Authorization: null }),
          expect: ok({ schemas: [SPC], meta: { location: '{{base}}/ServiceProviderConfig' } }),
        },
      ],
    },
    {
      ids: ['SPC-02'],
      title: 'patch is supported, and works',
      given: [aUser('bob')],
      request: get('/ServiceProviderConfig'),
      expect: ok({ patch: { supported: true } }),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: 'title', value: 'Boss' }),
          expect: ok({ title: 'Boss' }),
        },
      ],
    },
    {
      ids: ['SPC-03'],
      title: 'bulk is supported, up to the numbers that it says, and one operation more is 413',
      run: async (world) => {
        const { bulk } = (await world.get('/ServiceProviderConfig')).body;
        expect(bulk).toEqual({
          supported: true,
          maxOperations: expect.any(Number),
          maxPayloadSize: expect.any(Number),
        });
        expect(Number.isInteger(bulk.maxOperations) && Number.isInteger(bulk.maxPayloadSize)).toBe(true);
        const operation = { method: 'DELETE', path: '/Users/00000000-0000-4000-8000-000000000000' };
        const send = (count: number) =>
          world.post('/Bulk', { schemas: [BULK], Operations: Array.from({ length: count }, () => operation) });
        const within = await send(bulk.maxOperations);
        expect(within.status).toBe(200);
        expect(within.body.Operations).toHaveLength(bulk.maxOperations);
        expect(await send(bulk.maxOperations + 1)).toMatchObject({ status: 413, body: { status: '413' } });
        const heavy = await world.post('/Bulk', `${' '.repeat(bulk.maxPayloadSize)}{}`);
        expect(heavy).toMatchObject({ status: 413, body: { status: '413' } });
      },
    },
    {
      ids: ['SPC-05'],
      title: 'etag is supported, and works; changing passwords is not, and changes nothing',
      given: [aUser('bob')],
      request: get('/ServiceProviderConfig'),
      expect: ok({ etag: { supported: true }, changePassword: { supported: false } }),
      afterwards: [
        {
          request: get('/Users/{{bob.id}}', { 'If-None-Match': '{{bob.meta.version}}' }),
          expect: { status: 304, body: '' },
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'password', value: 'new' }),
          expect: ok({ meta: '{{bob.meta}}' }),
          unchanged: ['/Users/{{bob.id}}'],
        },
      ],
    },
    {
      ids: ['SPC-05'],
      title: 'sort is supported, and works',
      given: [aUser('eve'), aUser('Bob')],
      request: get('/ServiceProviderConfig'),
      expect: ok({ sort: { supported: true } }),
      afterwards: [
        {
          request: get('/Users?sortBy=userName'),
          expect: ok({ Resources: [{ userName: 'Bob' }, { userName: 'eve' }] }),
        },
      ],
    },
    {
      ids: ['SPC-06', 'SPC-07'],
      title: 'the schemes by which a token is shown, the primary one first, and where they are specified',
      request: get('/ServiceProviderConfig'),
      expect: ok({
        authenticationSchemes: [
          {
            type: 'oauthbearertoken',
            name: '{{any}}',
            description: '{{any}}',
            specUri: /^https:\/\/\S+$/,
            primary: true,
          },
          { type: 'httpbasic', name: '{{any}}', description: '{{any}}', specUri: /^https:\/\/\S+$/, primary: false },
        ],
      }),
      afterwards: [
        { request: get('/Users', { Authorization: 'Bearer {{token}}' }), expect: ok() },
        { request: get('/Users', { Authorization: 'Basic {{basic}}' }), expect: ok() },
      ],
    },
    ...['POST', 'PUT', 'PATCH', 'DELETE'].map(
      (method): Case => ({
        ids: ['SPC-09'],
        title: `${method} is not possible`,
        request: {
          method,
          path: '/ServiceProviderConfig',
          ...(method === 'DELETE' ? {} : { body: { schemas: [SPC], patch: { supported: false } } }),
        },
        expect: { ...E(405), headers: { allow: 'GET, HEAD, OPTIONS' } },
        afterwards: [{ request: get('/ServiceProviderConfig'), expect: ok({ patch: { supported: true } }) }],
      }),
    ),
    {
      ids: ['SPC-10'],
      title: 'a filter is 403, and all other parameters do nothing',
      request: get('/ServiceProviderConfig?filter=patch.supported%20eq%20true'),
      expect: E(403),
      afterwards: [
        { request: get('/ServiceProviderConfig'), expect: ok(), as: 'plain' },
        {
          request: get('/ServiceProviderConfig?attributes=patch&excludedAttributes=etag&count=0&startIndex=9&sortBy=x'),
          expect: { status: 200, exactly: '{{plain}}' },
        },
        { request: get('/ServiceProviderConfig?filter='), expect: E(403) },
      ],
    },
    {
      ids: ['SPC-11'],
      title: 'pagination says that there are cursors, and there are; events, which there are not, are not said',
      given: [aUser('bob'), aUser('eve')],
      request: get('/ServiceProviderConfig'),
      expect: {
        ...ok({ pagination: { cursor: true, index: true, defaultPaginationMethod: 'index', maxPageSize: 200 } }),
        absent: ['securityEvents'],
      },
      afterwards: [
        {
          request: get('/Users?cursor&count=1'),
          expect: ok({ Resources: [{ userName: 'bob' }], nextCursor: '{{any}}' }),
        },
        {
          request: get('/Users?cursor={{reply.nextCursor}}&count=1'),
          expect: { ...ok({ Resources: [{ userName: 'eve' }] }), absent: ['nextCursor'] },
        },
      ],
    },
    {
      ids: ['SPC-12'],
      title: '/ServiceProviderConfigs is nothing',
      request: get('/ServiceProviderConfigs'),
      expect: E(404),
      afterwards: [{ request: post('/ServiceProviderConfigs', user('bob')), expect: E(404) }],
    },
  ],
  decided: {
    'SPC-11': 'pagination (RFC 9865) says what works; securityEvents (RFC 9967) comes with the events.',
    'SPC-12': 'The plural of erratum 4978 (reported only) is 404: there is one name for one thing.',
  },
};
