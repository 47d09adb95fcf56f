import { expect } from 'vitest';
import type { Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  del,
  E,
  ENT,
  filtered,
  found,
  GROUP,
  get,
  ok,
  patch,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export const coverage: Coverage = {
  cases: [
    {
      ids: ['COM-07'],
      title: 'the id is the server’s: one in a body is ignored',
      given: [aUser('bob')],
      request: post('/Users', { ...user('eve'), id: 'mine' }),
      expect: created({ id: '{{not mine}}' }),
      afterwards: [
        {
          request: post('/Users', { ...user('joe'), id: '{{bob.id}}' }),
          expect: created({ id: '{{not {{bob.id}}}}' }),
        },
        { request: put('/Users/{{bob.id}}', { ...user('bob'), id: 'mine' }), expect: ok({ id: '{{bob.id}}' }) },
      ],
    },
    {
      ids: ['COM-08'],
      title: 'an id stays, and is never given again',
      given: [aUser('bob', { externalId: 'x1' })],
      request: put('/Users/{{bob.id}}', user('rob', { externalId: 'x2' })),
      expect: ok({ id: '{{bob.id}}' }),
      afterwards: [
        { request: del('/Users/{{bob.id}}'), expect: { status: 204, body: '' } },
        {
          request: post('/Users', user('rob', { externalId: 'x2' })),
          expect: created({ id: '{{not {{bob.id}}}}' }),
          as: 'again',
        },
        { request: get('/Users/{{bob.id}}'), expect: E(404) },
        { request: get('/Users/{{again.id}}'), expect: ok({ userName: 'rob' }) },
      ],
    },
    {
      ids: ['COM-09', 'COM-07'],
      title: 'ids are UUIDs, so none can have "bulkId" in it',
      given: [aUser('bob'), aGroup('staff')],
      request: get('/Users/{{bob.id}}'),
      expect: ok({ id: /^[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/ }),
      afterwards: [
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ id: /^[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/ }),
        },
      ],
    },
    {
      ids: ['COM-10'],
      title: 'an id in upper case is another id, in URLs and in filters',
      run: async (world) => {
        // Without a letter in it, an id has no other case.
        let { id } = await world.user('bob0');
        for (let n = 1; !/[a-f]/.test(id); n += 1) id = (await world.user(`bob${n}`)).id;
        expect((await world.get(`/Users/${id.toUpperCase()}`)).status).toBe(404);
        expect((await world.get(`/Users?filter=id%20eq%20%22${id.toUpperCase()}%22`)).body.totalResults).toBe(0);
        expect((await world.get(`/Users?filter=id%20eq%20%22${id}%22`)).body.totalResults).toBe(1);
      },
    },
    {
      ids: ['COM-10'],
      title: 'an id is not for clients to change',
      given: [aUser('bob')],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'id', value: 'mine' }),
      expect: E(400, 'mutability', /id/),
      afterwards: [
        { request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'id' }), expect: E(400, 'mutability', /id/) },
        { request: get('/Users/{{bob.id}}?excludedAttributes=id'), expect: ok({ id: '{{bob.id}}' }) },
        { request: get('/Users/{{bob.id}}?attributes=title'), expect: ok({ id: '{{bob.id}}' }) },
      ],
    },
    {
      ids: ['COM-11'],
      title: 'externalId is never the server’s to set',
      request: post('/Users', user('bob')),
      expect: { ...created(), absent: ['externalId'] },
      as: 'bob',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['externalId'] } },
        { request: put('/Users/{{bob.id}}', user('bob', { externalId: 'x1' })), expect: ok({ externalId: 'x1' }) },
        { request: put('/Users/{{bob.id}}', user('bob')), expect: { ...ok(), absent: ['externalId'] } },
      ],
    },
    {
      ids: ['COM-12'],
      title: 'externalId must be a string',
      request: post('/Users', user('bob', { externalId: 1 })),
      expect: E(400, 'invalidValue', /externalId/),
      default: { because: 'number-for-string', expect: created({ externalId: '1' }) },
      afterwards: [
        { request: post('/Users', user('eve', { externalId: {} })), expect: E(400, 'invalidValue', /externalId/) },
        {
          request: post('/Users', user('eve', { externalId: ['x'] })),
          expect: E(400, 'invalidValue', /externalId/),
        },
        { request: post('/Users', user('joe', { externalId: true })), expect: E(400, 'invalidValue', /externalId/) },
      ],
    },
    {
      ids: ['COM-12'],
      title: 'externalId can be changed and cleared, and is found by its exact case alone',
      given: [aUser('bob', { externalId: 'AbC' })],
      request: filtered('/Users', 'externalId eq "abc"'),
      expect: found(),
      afterwards: [
        { request: filtered('/Users', 'externalId eq "AbC"'), expect: found('bob') },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'externalId', value: 'abc' }),
          expect: ok({ externalId: 'abc' }),
        },
        { request: filtered('/Users', 'externalId eq "abc"'), expect: found('bob') },
        { request: get('/Users/abc'), expect: E(404) },
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'externalId' }),
          expect: { ...ok(), absent: ['externalId'] },
        },
      ],
    },
    {
      ids: ['COM-13'],
      title: 'an externalId that another has is refused; one that differs in case is another',
      given: [aUser('bob', { externalId: 'x1' })],
      request: post('/Users', user('eve', { externalId: 'x1' })),
      expect: E(409, 'uniqueness', /externalId/),
      afterwards: [
        { request: post('/Users', user('eve', { externalId: 'X1' })), expect: created({ externalId: 'X1' }) },
        {
          request: post('/Groups', { schemas: [GROUP], displayName: 'g', externalId: 'x1' }),
          expect: created({ externalId: 'x1' }),
        },
      ],
    },
    {
      ids: ['COM-14'],
      title: 'meta in a body is ignored',
      given: [aUser('bob')],
      request: post('/Users', {
        ...user('eve'),
        meta: { created: '1970-01-01T00:00:00Z', resourceType: 'Group', version: 'W/"99"', location: 'https://x' },
      }),
      expect: created({
        meta: { created: '{{not 1970-01-01T00:00:00Z}}', resourceType: 'User', version: '{{not W/"99"}}' },
      }),
      afterwards: [
        {
          request: put('/Users/{{bob.id}}', {
            ...user('bob', { active: true }),
            meta: { created: '1970-01-01T00:00:00Z', lastModified: '1970-01-01T00:00:00Z' },
          }),
          expect: ok({ meta: '{{bob.meta}}' }),
          unchanged: ['/Users/{{bob.id}}'],
        },
      ],
    },
    {
      ids: ['COM-15'],
      title: 'meta.resourceType is the type of the endpoint, and compares by case',
      given: [aUser('bob'), aGroup('staff')],
      request: get('/Groups/{{staff.id}}'),
      expect: ok({ meta: { resourceType: 'Group' } }),
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ meta: { resourceType: 'User' } }) },
        { request: filtered('/Users', 'meta.resourceType eq "User"'), expect: found('bob') },
        { request: filtered('/Users', 'meta.resourceType eq "user"'), expect: found() },
      ],
    },
    {
      ids: ['COM-16', 'COM-17'],
      title: 'created and lastModified are moments, equal until the first change; created never moves',
      given: [aUser('bob')],
      request: get('/Users/{{bob.id}}'),
      expect: ok({ meta: { created: MOMENT, lastModified: '{{bob.meta.created}}' } }),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'title', value: 'Boss' }),
          expect: ok({ meta: { created: '{{bob.meta.created}}', lastModified: MOMENT } }),
        },
        {
          request: put('/Users/{{bob.id}}', user('rob')),
          expect: ok({ meta: { created: '{{bob.meta.created}}', lastModified: MOMENT } }),
        },
      ],
    },
    {
      ids: ['COM-18'],
      title: 'lastModified and version move with a change, and not with what is there already',
      given: [aUser('bob', { title: 'Boss', active: true })],
      request: patch('/Users/{{bob.id}}', { op: 'add', path: 'title', value: 'Boss' }),
      expect: ok({ meta: '{{bob.meta}}' }),
      unchanged: ['/Users/{{bob.id}}'],
      afterwards: [
        {
          request: put('/Users/{{bob.id}}', user('bob', { title: 'Boss', active: true })),
          expect: ok({ meta: '{{bob.meta}}' }),
          unchanged: ['/Users/{{bob.id}}'],
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: 'title', value: 'boss' }),
          expect: ok({ title: 'boss', meta: { version: '{{not {{bob.meta.version}}}}' } }),
        },
      ],
    },
    {
      ids: ['COM-18'],
      title: 'lastModified is later after a change',
      run: async (world) => {
        const bob = await world.user('bob');
        await new Promise((resolve) => setTimeout(resolve, 3));
        const { body } = await world.patch(`/Users/${bob.id}`, [{ op: 'add', path: 'title', value: 'Boss' }]);
        expect(Date.parse(body.meta.lastModified)).toBeGreaterThan(Date.parse(bob.meta.lastModified));
      },
    },
    {
      ids: ['COM-19'],
      title: 'Location, Content-Location and meta.location are one URI, and it leads to the resource',
      request: post('/Users', user('bob')),
      expect: { ...created(), headers: { location: /\/Users\/[^/?]+$/ } },
      as: 'bob',
      afterwards: [
        {
          request: get('/Users/{{bob.id}}'),
          expect: {
            ...ok({ meta: { location: '{{base}}/Users/{{bob.id}}' } }),
            headers: { location: '{{bob.meta.location}}', 'content-location': '{{bob.meta.location}}' },
          },
        },
        {
          request: put('/Users/{{bob.id}}', user('bob', { title: 'x' })),
          expect: {
            ...ok(),
            headers: { location: '{{bob.meta.location}}', 'content-location': '{{bob.meta.location}}' },
          },
        },
      ],
    },
    {
      ids: ['COM-20', 'COM-21'],
      title: 'meta.version is the ETag, to the letter, and weak',
      request: post('/Users', user('bob')),
      expect: { ...created({ meta: { version: /^W\/"[^"]*"$/ } }), headers: { etag: /^W\/"[^"]*"$/ } },
      as: 'bob',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), headers: { etag: '{{bob.meta.version}}' } } },
        {
          request: filtered('/Users', 'userName eq "bob"'),
          expect: ok({ Resources: [{ meta: { version: '{{bob.meta.version}}' } }] }),
        },
      ],
    },
    {
      ids: ['COM-22'],
      title: 'what an extension describes stands under its URN, and not at the top',
      request: post('/Users', user('bob', { department: 'top', [ENT]: { department: 'x', employeeNumber: '701984' } })),
      expect: {
        ...created({ [ENT]: { department: 'x', employeeNumber: '701984' } }),
        absent: ['department', 'employeeNumber'],
      },
    },
    {
      ids: ['COM-23'],
      title: 'the URN of an extension is taken in any case, and stored once',
      given: [aUser('bob', { [ENT]: { department: 'x' } })],
      request: put('/Users/{{bob.id}}', { schemas: [USER], userName: 'bob', [ENT.toUpperCase()]: { department: 'y' } }),
      expect: { ...ok({ [ENT]: { department: 'y' } }), absent: [ENT.toUpperCase()] },
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: `${ENT.toLowerCase()}:costCenter`, value: 'z' }),
          expect: { ...ok({ [ENT]: { department: 'y', costCenter: 'z' } }), absent: [ENT.toLowerCase()] },
        },
        {
          request: post('/Users', {
            ...user('eve'),
            [ENT]: { department: 'x' },
            [ENT.toLowerCase()]: { department: 'y' },
          }),
          expect: E(400, 'invalidSyntax'),
        },
      ],
    },
  ],
  decided: {
    'COM-13':
      'An externalId belongs to one user, and to one group, of a directory: the second POST is 409, because providers look people up by it.',
    'COM-23': 'URNs compare without case, also as keys; data is stored and shown under the registered spelling.',
  },
};
