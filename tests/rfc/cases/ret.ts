import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  del,
  E,
  ENT,
  filtered,
  found,
  get,
  NOBODY,
  ok,
  patch,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

/** Ids that nobody can have, as they stand in a path. */
const MALFORMED: readonly (readonly [string, string])[] = [
  ['a null character', '%00'],
  ['four kilobytes', 'a'.repeat(4096)],
  ['a way up', '..%2f..%2fetc%2fpasswd'],
  ['a backslash', '..%5c..%5cwindows'],
  ['a quote', "'%20OR%20'1'='1"],
  ['a wildcard', '*'],
  ['a percent sign', '%25'],
  ['a newline', 'a%0d%0ab'],
  ['bytes that are no UTF-8', '%ff%fe'],
  ['a broken escape', '%zz'],
  ['a number', '1'],
  ['a name of every object', '__proto__'],
  ['a bulkId', 'bulkId:qwerty'],
];

export const coverage: Coverage = {
  cases: [
    {
      ids: ['RET-01', 'RET-04'],
      title: 'GET of a user is 200 with what was stored, its URI and its version',
      given: [aUser('bob', { title: 'Boss', [ENT]: { department: 'x' } })],
      request: get('/Users/{{bob.id}}'),
      expect: {
        status: 200,
        exactly: '{{bob}}',
        headers: {
          location: '{{base}}/Users/{{bob.id}}',
          'content-location': '{{base}}/Users/{{bob.id}}',
          etag: '{{bob.meta.version}}',
        },
      },
    },
    {
      ids: ['RET-01', 'RET-04'],
      title: 'GET of a group is 200 with what was stored, its URI and its version',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: get('/Groups/{{staff.id}}'),
      expect: {
        status: 200,
        exactly: '{{staff}}',
        headers: { location: '{{base}}/Groups/{{staff.id}}', etag: '{{staff.meta.version}}' },
      },
    },
    {
      ids: ['RET-02'],
      title: 'an id that nobody has is 404, and the detail names it',
      given: [aUser('bob'), aUser('eve'), del('/Users/{{eve.id}}')],
      request: get(`/Users/${NOBODY}`),
      expect: E(404, '{{absent}}', new RegExp(NOBODY)),
      afterwards: [
        { request: get(`/Groups/${NOBODY}`), expect: E(404, '{{absent}}', new RegExp(NOBODY)) },
        { request: get('/Users/{{eve.id}}'), expect: E(404) },
        { request: get('/Users/bob'), expect: E(404) },
        { request: get('/Users/{{bob.id}}x'), expect: E(404) },
      ],
    },
    {
      ids: ['RET-03'],
      title: 'what is shown by itself is all but the password, and nothing that has no value',
      given: [aUser('bob', { title: 'Boss', password: 'a long enough secret' })],
      request: get('/Users/{{bob.id}}'),
      expect: {
        status: 200,
        exactly: {
          schemas: [USER],
          id: '{{bob.id}}',
          userName: 'bob',
          title: 'Boss',
          active: true,
          meta: {
            resourceType: 'User',
            created: '{{any}}',
            lastModified: '{{any}}',
            location: '{{any}}',
            version: '{{any}}',
          },
        },
      },
      afterwards: [
        {
          request: filtered('/Users', 'userName eq "bob"'),
          expect: { status: 200, body: { Resources: ['{{bob}}'] } },
        },
      ],
    },
    {
      ids: ['RET-05'],
      title: 'who is inactive is still there, in lists too, and can be changed',
      given: [aUser('bob'), aUser('eve', { active: false })],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'active', value: false }),
      expect: ok({ active: false }),
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ userName: 'bob', active: false }) },
        { request: get('/Users/{{eve.id}}'), expect: ok({ userName: 'eve', active: false }) },
        { request: get('/Users'), expect: found('bob', 'eve') },
        { request: filtered('/Users', 'active eq false'), expect: found('bob', 'eve') },
        { request: put('/Users/{{eve.id}}', user('eve', { active: true })), expect: ok({ active: true }) },
        { request: filtered('/Users', 'active eq true'), expect: found('eve') },
      ],
    },
    {
      ids: ['RET-06'],
      title: 'what only a query has is ignored at one resource: filter, paging, sorting, names we do not know',
      given: [aUser('bob')],
      request: get('/Users/{{bob.id}}?filter=active%20eq%20false'),
      expect: { status: 200, exactly: '{{bob}}' },
      afterwards: [
        { request: get('/Users/{{bob.id}}?filter=(((('), expect: { status: 200, exactly: '{{bob}}' } },
        {
          request: get('/Users/{{bob.id}}?startIndex=9&count=0&sortBy=title&sortOrder=descending&nope=1'),
          expect: { status: 200, exactly: '{{bob}}' },
        },
      ],
    },
    ...MALFORMED.flatMap(([what, id]): Case[] => [
      {
        ids: ['RET-07'],
        title: `an id with ${what} is 404, whatever is asked of it`,
        given: [aUser('bob')],
        request: get(`/Users/${id}`),
        expect: E(404),
        afterwards: [
          { request: get(`/Groups/${id}`), expect: E(404) },
          { request: put(`/Users/${id}`, user('eve')), expect: E(404) },
          { request: patch(`/Users/${id}`, { op: 'replace', path: 'title', value: 'x' }), expect: E(404) },
          { request: del(`/Users/${id}`), expect: E(404) },
        ],
      },
    ]),
    ...['../Users', '..', '.', 'a/b', 'a/../b'].map(
      (id): Case => ({
        ids: ['RET-07'],
        title: `a path with ${id} in place of an id is 404, and no other path`,
        given: [aUser('bob')],
        request: get(`/Users/${id}`),
        expect: E(404),
        afterwards: [{ request: del(`/Users/${id}`), expect: E(404) }],
      }),
    ),
    {
      ids: ['RET-08'],
      title: 'the id of a group is nobody’s at /Users, and the other way round',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: get('/Users/{{staff.id}}'),
      expect: E(404),
      afterwards: [
        { request: get('/Groups/{{bob.id}}'), expect: E(404) },
        { request: put('/Users/{{staff.id}}', user('eve')), expect: E(404) },
        { request: patch('/Groups/{{bob.id}}', { op: 'replace', path: 'displayName', value: 'x' }), expect: E(404) },
        { request: del('/Users/{{staff.id}}'), expect: E(404) },
        { request: del('/Groups/{{bob.id}}'), expect: E(404) },
        { request: post('/Users', user('eve')), expect: { status: 201 } },
      ],
    },
  ],
  decided: {
    'RET-07':
      'An id that cannot be anybody’s, however it is written, is answered like one that nobody has: 404, without a look at what it might mean.',
    'RET-08': 'Users and groups do not share a space of paths: a group’s id below /Users is 404 for every method.',
  },
};
