import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  del,
  E,
  found,
  get,
  NO_CONTENT,
  ok,
  patch,
  post,
  put,
  search,
  user,
} from '../shorthand.ts';

const BOB = '/Users/{{bob.id}}';
const CURRENT = '{{bob.meta.version}}';
const title = (value: string, headers: Readonly<Record<string, string>> = {}) => ({
  ...patch(BOB, { op: 'replace', path: 'title', value }),
  headers,
});
/** Every write with these headers is answered so, and changes nothing. */
const refusedWrites = (
  headers: Readonly<Record<string, string>>,
  status: number,
  scimType?: string,
): Pick<Case, 'request' | 'expect' | 'afterwards'> => ({
  request: title('x', headers),
  expect: E(status, scimType),
  afterwards: [
    { request: put(BOB, user('bob', { title: 'x' }), headers), expect: E(status, scimType) },
    { request: del(BOB, headers), expect: E(status, scimType) },
  ],
});
/** Each write with these headers is done. */
const takenWrites = (headers: Readonly<Record<string, string>>): Pick<Case, 'request' | 'expect'> => ({
  request: title('x', headers),
  expect: ok({ title: 'x', meta: { version: 'W/"2"' } }),
});
const MALFORMED = [
  '',
  '1',
  'W/1',
  "'1'",
  '"1',
  '1"',
  'W/"1',
  'w/"1"',
  '"a" "b"',
  '"a"; "b"',
  '*, "1"',
  '"1", *',
  '""x',
  ',',
  '"a b"',
  '{}',
];

export const coverage: Coverage = {
  cases: [
    {
      ids: ['ETG-01', 'ETG-02'],
      title: 'etags are advertised, and there: the header is meta.version on every answer about a resource',
      request: get('/ServiceProviderConfig'),
      expect: ok({ etag: { supported: true } }),
      afterwards: [
        {
          request: post('/Users', user('bob')),
          expect: { ...created({ meta: { version: 'W/"1"' } }), headers: { etag: 'W/"1"' } },
          as: 'bob',
        },
        { request: get(BOB), expect: { ...ok({ meta: { version: 'W/"1"' } }), headers: { etag: 'W/"1"' } } },
        { request: { method: 'HEAD', path: BOB }, expect: { status: 200, body: '', headers: { etag: 'W/"1"' } } },
        { request: title('a'), expect: { ...ok({ meta: { version: 'W/"2"' } }), headers: { etag: 'W/"2"' } } },
        {
          request: put(BOB, user('bob')),
          expect: { ...ok({ meta: { version: 'W/"3"' } }), headers: { etag: 'W/"3"' } },
        },
        {
          request: post('/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'staff' }),
          expect: { ...created(), headers: { etag: 'W/"1"' } },
          as: 'staff',
        },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
          expect: { ...NO_CONTENT, headers: { etag: 'W/"2"' } },
        },
        {
          request: get('/Groups/{{staff.id}}'),
          expect: { ...ok({ meta: { version: 'W/"2"' } }), headers: { etag: 'W/"2"' } },
        },
        {
          request: get('/Users'),
          expect: { ...ok({ Resources: [{ meta: { version: 'W/"3"' } }] }), headers: { etag: '{{absent}}' } },
        },
        { request: search('/Users'), expect: ok({ Resources: [{ meta: { version: 'W/"3"' } }] }) },
      ],
    },
    {
      ids: ['ETG-03'],
      title: 'the version of a user moves with it, and not with its memberships; a group’s with its members',
      given: [aUser('bob'), aGroup('staff')],
      request: title('a'),
      expect: ok({ meta: { version: 'W/"2"' } }),
      afterwards: [
        { request: title('a'), expect: ok({ meta: { version: 'W/"2"' } }), unchanged: [BOB] },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
          expect: { ...NO_CONTENT, headers: { etag: 'W/"2"' } },
        },
        { request: get(BOB), expect: ok({ groups: [{ value: '{{staff.id}}' }], meta: { version: 'W/"2"' } }) },
        { request: del(BOB), expect: NO_CONTENT },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: '{{none}}', meta: { version: 'W/"3"' } }) },
      ],
    },
    ...[CURRENT, '"1"', '*', 'W/"0", W/"1"', '"a","1"', ' W/"1" ', ',W/"1",', 'W/"a,b", "1"'].map(
      (tag): Case => ({
        ids: ['ETG-04', 'ETG-05', 'ETG-06'],
        title: `If-None-Match: ${tag} is 304, without a body`,
        given: [aUser('bob')],
        request: get(BOB, { 'If-None-Match': tag }),
        expect: { status: 304, body: '', headers: { etag: 'W/"1"', 'content-type': '{{absent}}' } },
        afterwards: [
          {
            request: { method: 'HEAD', path: BOB, headers: { 'If-None-Match': tag } },
            expect: { status: 304, body: '' },
          },
        ],
      }),
    ),
    ...['W/"2"', '"0"', 'W/"x", "2"', '"W/1"', '"11"', '""', ...MALFORMED].map(
      (tag): Case => ({
        ids: ['ETG-04', 'ETG-06', 'ETG-11'],
        title: `If-None-Match: ${tag || 'nothing'} is the whole representation`,
        given: [aUser('bob')],
        request: get(BOB, { 'If-None-Match': tag }),
        expect: { ...ok({ userName: 'bob' }), headers: { etag: 'W/"1"' } },
      }),
    ),
    {
      ids: ['ETG-04'],
      title: 'what was known and has changed is told; what is gone is 404',
      given: [aUser('bob')],
      request: title('a'),
      expect: ok(),
      afterwards: [
        { request: get(BOB, { 'If-None-Match': CURRENT }), expect: ok({ title: 'a' }) },
        { request: get('/Users/nope', { 'If-None-Match': '*' }), expect: E(404) },
        { request: get('/Groups/{{bob.id}}', { 'If-None-Match': '*' }), expect: E(404) },
      ],
    },
    ...['W/"2"', '"0"', 'W/"x", "2"', '"W/1"', '""', '"01"', '"1.0"', '" 1"'].slice(0, -1).map(
      (tag): Case => ({
        ids: ['ETG-07'],
        title: `If-Match: ${tag} is 412 for every write`,
        given: [aUser('bob')],
        ...refusedWrites({ 'If-Match': tag }, 412),
      }),
    ),
    {
      ids: ['ETG-07'],
      title: 'a stale version is 412 for a group as well, and says which it is now',
      given: [aUser('bob'), aGroup('staff')],
      request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: {
            ...patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members' }),
            headers: { 'If-Match': '{{staff.meta.version}}' },
          },
          expect: E(412, undefined, /W\/"2"/),
        },
        { request: del('/Groups/{{staff.id}}', { 'If-Match': '{{staff.meta.version}}' }), expect: E(412) },
      ],
    },
    ...[CURRENT, '"1"', 'W/"1"', ' W/"1"\t'].map(
      (tag): Case => ({
        ids: ['ETG-08'],
        title: `If-Match: ${JSON.stringify(tag)} is a match`,
        given: [aUser('bob')],
        ...takenWrites({ 'If-Match': tag }),
      }),
    ),
    ...['W/"x", W/"1"', '"x","1"', 'W/"1" , "x"', ',,"1",'].map(
      (tag): Case => ({
        ids: ['ETG-10'],
        title: `If-Match: ${tag} has a match in it`,
        given: [aUser('bob')],
        ...takenWrites({ 'If-Match': tag }),
      }),
    ),
    {
      ids: ['ETG-08'],
      title: 'a PUT and a DELETE of what is still as it was',
      given: [aUser('bob')],
      request: put(BOB, user('bob', { title: 'a' }), { 'If-Match': CURRENT }),
      expect: ok({ title: 'a', meta: { version: 'W/"2"' } }),
      afterwards: [
        { request: del(BOB, { 'If-Match': CURRENT }), expect: E(412) },
        { request: del(BOB, { 'If-Match': 'W/"2"' }), expect: NO_CONTENT },
        { request: get(BOB), expect: E(404) },
      ],
    },
    {
      ids: ['ETG-09'],
      title: 'If-Match: * is met by what is there; what is not there is 404',
      given: [aUser('bob')],
      ...takenWrites({ 'If-Match': '*' }),
      afterwards: [
        { request: put('/Users/nope', user('x'), { 'If-Match': '*' }), expect: E(404) },
        {
          request: { ...patch('/Users/nope', { op: 'add', path: 'title', value: 'x' }), headers: { 'If-Match': '*' } },
          expect: E(404),
        },
        { request: del('/Users/nope', { 'If-Match': '*' }), expect: E(404) },
        { request: del('/Users/nope', { 'If-Match': 'W/"1"' }), expect: E(404) },
        { request: del(BOB, { 'If-Match': '*' }), expect: NO_CONTENT },
        { request: del(BOB, { 'If-Match': '*' }), expect: E(404) },
      ],
    },
    ...MALFORMED.map(
      (tag): Case => ({
        ids: ['ETG-11'],
        title: `If-Match: ${tag || 'nothing'} cannot be read, and is never a match`,
        given: [aUser('bob')],
        ...refusedWrites({ 'If-Match': tag }, 400, 'invalidSyntax'),
      }),
    ),
    {
      ids: ['ETG-11', 'ETG-07'],
      title: 'a GET with an If-Match is told only what it asks for',
      given: [aUser('bob')],
      request: get(BOB, { 'If-Match': CURRENT }),
      expect: ok({ userName: 'bob' }),
      afterwards: [
        { request: get(BOB, { 'If-Match': 'W/"9"' }), expect: E(412) },
        { request: get(BOB, { 'If-Match': 'W/"9"', 'If-None-Match': '*' }), expect: E(412) },
        { request: get(BOB, { 'If-Match': '*', 'If-None-Match': CURRENT }), expect: { status: 304, body: '' } },
        { request: get(BOB, { 'If-Match': 'nonsense' }), expect: E(400, 'invalidSyntax') },
      ],
    },
    ...['*', CURRENT, '"x", "1"'].map(
      (tag): Case => ({
        ids: ['ETG-06'],
        title: `If-None-Match: ${tag} on a write is 412 for what matches (RFC 9110 §13.1.2)`,
        given: [aUser('bob')],
        ...refusedWrites({ 'If-None-Match': tag }, 412),
      }),
    ),
    {
      ids: ['ETG-06'],
      title: 'If-None-Match of another version lets a write pass',
      given: [aUser('bob')],
      ...takenWrites({ 'If-None-Match': 'W/"9"' }),
    },
    {
      ids: ['ETG-08'],
      title: 'a creation and a list have no version, so conditions do nothing there',
      given: [aUser('bob')],
      request: get('/Users', { 'If-None-Match': '*', 'If-Match': '"x"' }),
      expect: found('bob'),
      afterwards: [
        { request: post('/Users', user('eve'), { 'If-None-Match': '*' }), expect: created({ userName: 'eve' }) },
      ],
    },
    ...(['PUT', 'PATCH'] as const).map(
      (method): Case => ({
        ids: ['ETG-12'],
        title: `of ten who ${method} with one If-Match, one wins`,
        run: async (world) => {
          const bob = await world.user('bob');
          const headers = { 'if-match': bob.meta.version };
          const replies = await Promise.all(
            Array.from({ length: 10 }, (_, n) =>
              method === 'PUT'
                ? world.put(`/Users/${bob.id}`, user('bob', { title: `t${n}` }), headers)
                : world.patch(`/Users/${bob.id}`, [{ op: 'replace', path: 'title', value: `t${n}` }], headers),
            ),
          );
          expect(replies.map(({ status }) => status).toSorted()).toEqual([
            200,
            ...Array.from({ length: 9 }, () => 412),
          ]);
          const winner = replies.find(({ status }) => status === 200);
          const { body } = await world.get(`/Users/${bob.id}`);
          expect(body).toEqual(winner?.body);
          expect(body.meta.version).toBe('W/"2"');
        },
      }),
    ),
    {
      ids: ['ETG-13', 'ETG-15'],
      title: 'without If-Match the last one wins, and a PATCH loses nobody else’s attribute',
      run: async (world) => {
        const bob = await world.user('bob');
        const names = ['title', 'nickName', 'displayName', 'userType', 'preferredLanguage', 'profileUrl'];
        const values = new Map(
          names.map((name) => [
            name,
            name === 'preferredLanguage' ? 'de' : name === 'profileUrl' ? 'https://example.com/' : name,
          ]),
        );
        const replies = await Promise.all(
          [...values].map(([path, value]) => world.patch(`/Users/${bob.id}`, [{ op: 'replace', path, value }])),
        );
        expect(replies.map(({ status }) => status)).toEqual(names.map(() => 200));
        const { body } = await world.get(`/Users/${bob.id}`);
        expect(body).toMatchObject(Object.fromEntries(values));
        expect(body.meta.version).toBe(`W/"${names.length + 1}"`);
      },
    },
    {
      ids: ['ETG-14'],
      title: 'dates are no conditions: they are ignored',
      given: [aUser('bob')],
      request: get(BOB, { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' }),
      expect: ok({ userName: 'bob' }),
      afterwards: [
        {
          request: get(BOB, { 'If-Unmodified-Since': 'Sat, 01 Jan 2000 00:00:00 GMT' }),
          expect: ok({ userName: 'bob' }),
        },
        { request: get(BOB, { 'If-Range': '"x"', Range: 'bytes=0-1' }), expect: ok({ userName: 'bob' }) },
        { request: title('a', { 'If-Unmodified-Since': 'Sat, 01 Jan 2000 00:00:00 GMT' }), expect: ok({ title: 'a' }) },
        { request: del(BOB, { 'If-Unmodified-Since': 'nonsense' }), expect: NO_CONTENT },
      ],
    },
    {
      ids: ['ETG-15'],
      title: 'no write needs an If-Match',
      given: [aUser('bob')],
      request: title('a'),
      expect: ok({ title: 'a' }),
      afterwards: [
        { request: put(BOB, user('bob')), expect: ok() },
        { request: del(BOB), expect: NO_CONTENT },
      ],
    },
    ...['?attributes=id', '?attributes=userName', '?excludedAttributes=title,name', '?attributes=meta.location'].map(
      (query): Case => ({
        ids: ['ETG-16'],
        title: `the ETag does not vary with ${query}`,
        given: [aUser('bob', { title: 'Boss' })],
        request: get(`${BOB}${query}`),
        expect: { ...ok({ id: '{{bob.id}}' }), headers: { etag: '{{bob.meta.version}}' } },
        afterwards: [
          { request: get(`${BOB}${query}`, { 'If-None-Match': CURRENT }), expect: { status: 304, body: '' } },
        ],
      }),
    ),
  ],
  decided: {
    'ETG-13': 'Without If-Match the last write wins; each is atomic, so a PATCH loses nothing that another one wrote.',
    'ETG-14':
      'If-Modified-Since and If-Unmodified-Since are ignored: versions are counted, and dates are not exact enough.',
    'ETG-15': 'If-Match is never required.',
  },
};
