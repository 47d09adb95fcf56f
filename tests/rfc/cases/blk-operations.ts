import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, bulk, found, foundGroups, get, group, ok, patch, refused, told, user } from '../shorthand.ts';

const data = user('new');
const title = (value: string) => patch('', { op: 'replace', path: 'title', value }).body;

/** One operation that cannot be tried, between two that are done. */
function faulty(operation: unknown, result: object): Pick<Case, 'request' | 'expect' | 'afterwards'> {
  return {
    request: bulk([
      { method: 'POST', path: '/Users', bulkId: 'first', data: user('first') },
      operation,
      { method: 'POST', path: '/Users', bulkId: 'last', data: user('last') },
    ]),
    expect: told({ bulkId: 'first', status: '201' }, result, { bulkId: 'last', status: '201' }),
    afterwards: [
      { request: get('/Users'), expect: found('first', 'last') },
      { request: get('/Groups'), expect: foundGroups() },
    ],
  };
}

export const coverage: Coverage = {
  cases: [
    ...['POST', 'post', 'Post', 'pOsT'].map(
      (method): Case => ({
        ids: ['BLK-05'],
        title: `${method} is a method: their case does not count`,
        request: bulk([{ method, path: '/Users', bulkId: 'q', data }]),
        expect: told({ method: 'POST', bulkId: 'q', status: '201' }),
        afterwards: [{ request: get('/Users'), expect: found('new') }],
      }),
    ),
    ...['put', 'patch', 'delete'].map(
      (method): Case => ({
        ids: ['BLK-05'],
        title: `${method} in lower case too`,
        given: [aUser('bob')],
        request: bulk([{ method, path: '/Users/{{bob.id}}', data: method === 'put' ? user('bob') : title('x') }]),
        expect: told({ method: method.toUpperCase(), status: method === 'delete' ? '204' : '200' }),
      }),
    ),
    ...[
      'GET',
      'HEAD',
      'OPTIONS',
      'TRACE',
      'QUERY',
      '',
      ' POST',
      'POST ',
      'ＰＯＳＴ',
      '__proto__',
      5,
      null,
      ['POST'],
      { x: 1 },
    ].map(
      (method): Case => ({
        ids: ['BLK-05', 'BLK-29'],
        title: `${JSON.stringify(method)} is no method of a bulk`,
        ...faulty(
          { method, path: '/Users', bulkId: 'q', data },
          { bulkId: 'q', ...refused(400, 'invalidSyntax', /Operations\[1\].*POST/) },
        ),
      }),
    ),
    {
      ids: ['BLK-05'],
      title: 'no method at all',
      ...faulty({ path: '/Users', bulkId: 'q', data }, refused(400, 'invalidSyntax', /method/)),
    },
    ...[null, 5, 'x', [], [{}]].map(
      (operation): Case => ({
        ids: ['BLK-05'],
        title: `an operation that is ${JSON.stringify(operation)}`,
        ...faulty(operation, refused(400, 'invalidSyntax', /Operations\[1\]/)),
      }),
    ),
    ...[undefined, null, '', 5, {}, ['q']].map(
      (bulkId): Case => ({
        ids: ['BLK-06'],
        title: `a POST with the bulkId ${JSON.stringify(bulkId)}`,
        ...faulty(
          { method: 'POST', path: '/Users', bulkId, data },
          { location: '{{absent}}', ...refused(400, '{{any}}', /bulkId/) },
        ),
      }),
    ),
    {
      ids: ['BLK-06', 'BLK-09'],
      title: 'the others need none, and theirs is told back when they have one',
      given: [aUser('bob'), aUser('eve')],
      request: bulk([
        { method: 'PATCH', path: '/Users/{{bob.id}}', bulkId: 'p', data: title('x') },
        { method: 'DELETE', path: '/Users/{{bob.id}}', bulkId: 'd' },
        { method: 'DELETE', path: '/Users/{{eve.id}}' },
      ]),
      expect: told(
        { method: 'PATCH', bulkId: 'p', status: '200' },
        { method: 'DELETE', bulkId: 'd', status: '204' },
        { method: 'DELETE', bulkId: '{{absent}}', status: '204' },
      ),
    },
    ...(
      [
        ['POST', undefined],
        ['POST', null],
        ['POST', 5],
        ['POST', ''],
        ['POST', '/'],
        ['POST', 'Users'],
        ['POST', '/Users/x'],
        ['POST', '/Users/'],
        ['POST', '/Users?attributes=id'],
        ['PUT', undefined],
        ['PUT', '/Users'],
        ['PUT', '/Users/x/y'],
        ['PUT', 'Users/x'],
        ['PATCH', '/Users'],
        ['PATCH', '/Users/x?count=1'],
        ['PATCH', '/Users/x#y'],
        ['DELETE', '/Groups'],
        ['DELETE', '/'],
        ['DELETE', '/Users/x;y'],
        ['DELETE', `/Users/${'x'.repeat(2000)}`],
      ] as const
    ).map(
      ([method, path]): Case => ({
        ids: ['BLK-07'],
        title: `${method} with the path ${JSON.stringify(path)?.slice(0, 40)}`,
        ...faulty({ method, path, bulkId: 'q', data }, { method, bulkId: 'q', ...refused(400, '{{any}}', /path/) }),
      }),
    ),
    ...(['POST', 'PUT', 'PATCH'] as const).flatMap((method) =>
      [undefined, null].map(
        (none): Case => ({
          ids: ['BLK-08'],
          title: `${method} with the data ${none}`,
          ...faulty(
            { method, path: method === 'POST' ? '/Users' : '/Users/x', bulkId: 'q', data: none },
            { method, ...refused(400, 'invalidSyntax', /data/) },
          ),
        }),
      ),
    ),
    ...[5, 'x', [], true].map(
      (wrong): Case => ({
        ids: ['BLK-08'],
        title: `a POST with the data ${JSON.stringify(wrong)}`,
        ...faulty({ method: 'POST', path: '/Users', bulkId: 'q', data: wrong }, refused(400, 'invalidSyntax')),
      }),
    ),
    {
      ids: ['BLK-08'],
      title: 'the data of a DELETE is nobody’s business',
      given: [aUser('bob')],
      request: bulk([{ method: 'DELETE', path: '/Users/{{bob.id}}', data: { members: ['bulkId:nope'], x: 1 } }]),
      expect: told({ status: '204' }),
      afterwards: [{ request: get('/Users'), expect: found() }],
    },
    {
      ids: ['BLK-10'],
      title: 'what failed has its location, but for what was to be created',
      given: [aUser('bob'), aUser('eve'), aGroup('staff')],
      request: bulk([
        { method: 'PUT', path: '/Users/{{bob.id}}', data: user('eve') },
        { method: 'PATCH', path: '/users/{{bob.id}}', data: {} },
        { method: 'DELETE', path: '/Groups/{{bob.id}}' },
        { method: 'PATCH', path: '/Users/{{bob.id}}', data: title('x'), version: 'W/"9"' },
        { method: 'POST', path: '/Users', bulkId: 'q', data: user('eve') },
      ]),
      expect: told(
        { location: '{{base}}/Users/{{bob.id}}', ...refused(409, 'uniqueness') },
        { location: '{{base}}/Users/{{bob.id}}', ...refused(400, 'invalidSyntax') },
        { location: '{{base}}/Groups/{{bob.id}}', ...refused(404) },
        { location: '{{base}}/Users/{{bob.id}}', ...refused(412) },
        { location: '{{absent}}', ...refused(409, 'uniqueness') },
      ),
      unchanged: ['/Users', '/Groups'],
    },
    {
      ids: ['BLK-10', 'BLK-13'],
      title: 'all four methods at both types',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}'), aGroup('old')],
      request: bulk([
        {
          method: 'PATCH',
          path: '/Groups/{{staff.id}}',
          data: patch('', { op: 'add', path: 'members', value: [{ value: '{{eve.id}}' }] }).body,
        },
        { method: 'PUT', path: '/Groups/{{old.id}}', data: group('new', '{{eve.id}}') },
        { method: 'POST', path: '/Groups', bulkId: 'g', data: group('more', '{{eve.id}}') },
        { method: 'DELETE', path: '/Users/{{bob.id}}' },
        { method: 'PATCH', path: '/Users/{{eve.id}}', data: title('Boss') },
      ]),
      expect: told(
        { status: /^20[04]$/, location: '{{base}}/Groups/{{staff.id}}', version: 'W/"2"' },
        { status: '200', location: '{{base}}/Groups/{{old.id}}', version: 'W/"2"' },
        { status: '201', version: 'W/"1"' },
        { status: '204', location: '{{base}}/Users/{{bob.id}}', version: '{{absent}}' },
        { status: '200', version: 'W/"2"' },
      ),
      afterwards: [
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{eve.id}}' }] }) },
        { request: get('/Groups/{{old.id}}'), expect: ok({ displayName: 'new', members: [{ value: '{{eve.id}}' }] }) },
        {
          request: get('/Users/{{eve.id}}'),
          expect: ok({
            title: 'Boss',
            groups: ['{{in any order}}', { display: 'staff' }, { display: 'new' }, { display: 'more' }],
          }),
        },
      ],
    },
    {
      ids: ['BLK-24'],
      title: 'version is an If-Match: the operation is done, or 412',
      given: [aUser('bob')],
      request: bulk([
        { method: 'PATCH', path: '/Users/{{bob.id}}', version: '{{bob.meta.version}}', data: title('a') },
        { method: 'PATCH', path: '/Users/{{bob.id}}', version: '{{bob.meta.version}}', data: title('b') },
        { method: 'PUT', path: '/Users/{{bob.id}}', version: 'W/"9"', data: user('bob', { title: 'c' }) },
        { method: 'DELETE', path: '/Users/{{bob.id}}', version: '"9"' },
        { method: 'PUT', path: '/Users/{{bob.id}}', version: '*', data: user('bob', { title: 'd' }) },
        { method: 'PATCH', path: '/Users/nope', version: '*', data: title('e') },
      ]),
      expect: told(
        { status: '200', version: 'W/"2"' },
        refused(412),
        refused(412),
        refused(412),
        { status: '200', version: 'W/"3"' },
        refused(404),
      ),
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: ok({ title: 'd' }) }],
    },
    ...[3, 'x', '3', '', 'W/3', {}, ['W/"1"']].map(
      (version): Case => ({
        ids: ['BLK-24'],
        title: `a version that cannot be read never matches: ${JSON.stringify(version)}`,
        given: [aUser('bob')],
        request: bulk([{ method: 'DELETE', path: '/Users/{{bob.id}}', version }]),
        expect: told(refused(400, '{{any}}', /version/)),
        unchanged: ['/Users'],
      }),
    ),
    {
      ids: ['BLK-24'],
      title: 'a version of what is created is nobody’s business, also in a circle',
      request: bulk([
        { method: 'POST', path: '/Users', bulkId: 'q', version: 'W/"9"', data: user('new') },
        { method: 'POST', path: '/Groups', bulkId: 'a', version: 'W/"9"', data: group('a', 'bulkId:b') },
        { method: 'POST', path: '/Groups', bulkId: 'b', version: 'W/"9"', data: group('b', 'bulkId:a') },
      ]),
      expect: told({ status: '201' }, { status: '201' }, { status: '201' }),
    },
    {
      ids: ['BLK-28'],
      title: 'one who is deleted makes room for the next of that name, in this order only',
      given: [aUser('bob')],
      request: bulk([
        { method: 'DELETE', path: '/Users/{{bob.id}}' },
        { method: 'POST', path: '/Users', bulkId: 'q', data: user('bob', { title: 'new' }) },
      ]),
      expect: told({ status: '204' }, { status: '201' }),
      afterwards: [
        { request: get('/Users'), expect: ok({ totalResults: 1, Resources: [{ userName: 'bob', title: 'new' }] }) },
        {
          request: bulk([
            { method: 'POST', path: '/Users', bulkId: 'q', data: user('bob') },
            { method: 'DELETE', path: '/Users/{{reply.Resources.0.id}}' },
          ]),
          expect: told(refused(409, 'uniqueness'), { status: '204' }),
        },
        { request: get('/Users'), expect: found() },
      ],
    },
    {
      ids: ['BLK-28'],
      title: 'what waits for a later creation still comes before what follows it at the same resource',
      given: [aUser('bob'), aUser('eve'), aGroup('staff')],
      request: bulk([
        {
          method: 'PATCH',
          path: '/Groups/{{staff.id}}',
          data: patch('', { op: 'add', path: 'members', value: [{ value: 'bulkId:q' }, { value: '{{bob.id}}' }] }).body,
        },
        {
          method: 'PATCH',
          path: '/Groups/{{staff.id}}',
          data: patch('', { op: 'replace', path: 'members', value: [{ value: '{{eve.id}}' }] }).body,
        },
        { method: 'DELETE', path: '/Users/{{bob.id}}' },
        { method: 'POST', path: '/Users', bulkId: 'q', data: user('new') },
      ]),
      expect: told({ status: /^20[04]$/ }, { status: /^20[04]$/ }, { status: '204' }, { status: '201' }),
      afterwards: [
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{eve.id}}' }] }) },
        { request: get('/Users'), expect: found('eve', 'new') },
      ],
    },
    ...(
      [
        ['POST', '/Bulk'],
        ['POST', '/bulk'],
        ['PUT', '/Bulk/x'],
        ['POST', '/Me'],
        ['PATCH', '/Me/x'],
        ['DELETE', '/me/{{bob.id}}'],
        ['PATCH', '/Users/.search'],
        ['POST', '/Users/.search'],
        ['POST', '/.search'],
      ] as const
    ).map(
      ([method, path]): Case => ({
        ids: ['BLK-29'],
        title: `${method} ${path} is no operation of a bulk`,
        given: [aUser('bob')],
        request: bulk([{ method, path, bulkId: 'q', data: bulk([]).body }]),
        expect: told(refused(400, 'invalidValue', /path|bulk/)),
        unchanged: ['/Users'],
      }),
    ),
    ...(
      [
        ['POST', '/Schemas', 405],
        ['PUT', '/ServiceProviderConfig/x', 405],
        ['DELETE', '/ResourceTypes/User', 405],
        ['POST', '/Nope', 404],
        ['POST', '/constructor', 404],
        ['PATCH', '/hasOwnProperty/x', 404],
      ] as const
    ).map(
      ([method, path, status]): Case => ({
        ids: ['BLK-29'],
        title: `${method} ${path} is ${status}, as on its own`,
        request: bulk([{ method, path, bulkId: 'q', data }]),
        expect: told(refused(status)),
      }),
    ),
    ...[
      'https://evil.example/Users/{{bob.id}}',
      '//evil.example/Users/{{bob.id}}',
      '{{base}}/Users/{{bob.id}}',
      '/scim/v2/Users/{{bob.id}}',
      '/../v2/Users/{{bob.id}}',
      '/Users/../Users/{{bob.id}}',
      '/Users//{{bob.id}}',
      '\\Users\\{{bob.id}}',
      '/Users%2f{{bob.id}}',
      '/Users/%7B{{bob.id}}',
      '/Users/{{bob.id}}/',
      ' /Users/{{bob.id}}',
    ].map(
      (path): Case => ({
        ids: ['BLK-30'],
        title: `the path ${path} leads nowhere else`,
        given: [aUser('bob')],
        request: bulk([{ method: 'DELETE', path }]),
        expect: told({ location: '{{absent}}', ...refused(400, 'invalidValue', /path/) }),
        unchanged: ['/Users'],
      }),
    ),
    {
      ids: ['BLK-30'],
      title: 'the id of another customer’s is as unknown here as any',
      run: async (world) => {
        const other = await world.another();
        const bob = await other.user('bob');
        const staff = (await other.post('/Groups', group('staff', bob.id))).body;
        const reply = await world.post('/Bulk', {
          ...(bulk([]).body as object),
          Operations: [
            { method: 'DELETE', path: `/Users/${bob.id}` },
            { method: 'PATCH', path: `/Users/${bob.id}`, data: title('x') },
            { method: 'PUT', path: `/Groups/${staff.id}`, data: group('mine') },
            { method: 'POST', path: '/Groups', bulkId: 'g', data: group('mine', bob.id) },
          ],
        });
        expect(reply.body.Operations).toMatchObject([
          { status: '404' },
          { status: '404' },
          { status: '404' },
          { status: '400' },
        ]);
        const unknown = await world.post('/Bulk', {
          ...(bulk([]).body as object),
          Operations: [{ method: 'DELETE', path: `/Users/${bob.id.replace(/.$/, 'x')}` }],
        });
        expect(unknown.body.Operations[0].response.detail.replace(/"[^"]*"/, '')).toBe(
          reply.body.Operations[0].response.detail.replace(/"[^"]*"/, ''),
        );
        expect((await other.get(`/Users/${bob.id}`)).body).toMatchObject({ meta: { version: bob.meta.version } });
        expect((await other.get(`/Groups/${staff.id}`)).body).toEqual(staff);
        expect((await world.get('/Groups')).body.totalResults).toBe(0);
      },
    },
    {
      ids: ['BLK-36'],
      title: 'what is created may be changed and deleted by its bulkId in the same job',
      request: bulk([
        { method: 'POST', path: '/Users', bulkId: 'q', data: user('q') },
        { method: 'PATCH', path: '/Users/bulkId:q', data: title('a') },
        { method: 'PUT', path: '/Users/bulkId:q', data: user('p', { title: 'b' }) },
        { method: 'DELETE', path: '/Users/bulkId:q' },
        { method: 'PATCH', path: '/Users/bulkId:q', data: title('c') },
      ]),
      expect: told(
        { status: '201', version: 'W/"1"', location: '{{any}}' },
        { status: '200', version: 'W/"2"', location: /\/Users\/[0-9a-f-]{36}$/ },
        { status: '200', version: 'W/"3"' },
        { status: '204', location: /\/Users\/[0-9a-f-]{36}$/ },
        refused(404),
      ),
      afterwards: [
        { request: get('/Users'), expect: found() },
        { request: get('/Users/bulkId:q'), expect: { status: 404 } },
      ],
    },
    {
      ids: ['BLK-36'],
      title: 'a deletion by bulkId that is sent before the creation waits for it',
      request: bulk([
        { method: 'DELETE', path: '/Users/bulkId:q' },
        { method: 'POST', path: '/Users', bulkId: 'q', data: user('q') },
      ]),
      expect: told({ method: 'DELETE', status: '204' }, { method: 'POST', status: '201' }),
      afterwards: [
        { request: get('/Users'), expect: found() },
        { request: { method: 'DELETE', path: '/Users/x' }, expect: { status: 404 } },
      ],
    },
  ],
  decided: {
    'BLK-05': 'The case of method does not count; it is told back in upper case.',
    'BLK-28':
      'Operations are done in their order, but what refers to a later creation waits for it, and what follows at the same resource waits with it.',
    'BLK-29': 'GET, another bulk, a search and /Me are 400 for the operation, and the others are tried.',
    'BLK-30':
      'A path stands below this base, without escapes; anything else is 400 for the operation, and another customer’s id 404 as an unknown one is.',
    'BLK-36':
      'An operation may name what the same request creates by bulkId, also before its creation: it then waits for it.',
  },
};
