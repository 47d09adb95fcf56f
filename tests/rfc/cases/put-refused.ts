import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  E,
  ENT,
  found,
  foundGroups,
  GROUP,
  get,
  group,
  NOBODY,
  ok,
  patch,
  put,
  raw,
  USER,
  user,
} from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['PUT-02'],
      title: 'an id that nobody has is 404, and nobody is created',
      request: put(`/Users/${NOBODY}`, user('bob')),
      expect: E(404, '{{absent}}', new RegExp(NOBODY)),
      afterwards: [
        { request: put(`/Groups/${NOBODY}`, group('staff')), expect: E(404) },
        { request: put(`/Users/${NOBODY}`, { ...user('bob'), id: NOBODY }, { 'If-Match': '*' }), expect: E(404) },
        { request: get('/Users'), expect: found() },
        { request: get('/Groups'), expect: foundGroups() },
      ],
    },
    ...(
      [
        ['is missing', { schemas: [USER], title: 'x' }],
        ['is null', { schemas: [USER], userName: null }],
        ['is empty', { schemas: [USER], userName: '' }],
      ] as const
    ).map(
      ([how, body]): Case => ({
        ids: ['PUT-11'],
        title: `a userName that ${how} is 400 invalidValue`,
        given: [aUser('bob')],
        request: put('/Users/{{bob.id}}', body),
        expect: E(400, 'invalidValue', /userName/),
      }),
    ),
    {
      ids: ['PUT-11'],
      title: 'a displayName that is missing is 400 invalidValue',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: put('/Groups/{{staff.id}}', { schemas: [GROUP], members: [] }),
      expect: E(400, 'invalidValue', /displayName/),
      afterwards: [
        {
          request: put('/Groups/{{staff.id}}', { schemas: [GROUP], displayName: '' }),
          expect: E(400, 'invalidValue', /displayName/),
        },
      ],
    },
    {
      ids: ['PUT-16'],
      title: 'two primary values are 400 invalidValue',
      given: [aUser('bob', { emails: [{ value: 'b@example.com', primary: true }] })],
      request: put(
        '/Users/{{bob.id}}',
        user('bob', {
          emails: [
            { value: 'a@example.com', primary: true },
            { value: 'c@example.com', primary: true },
          ],
        }),
      ),
      expect: E(400, 'invalidValue', /emails/),
      afterwards: [
        {
          request: put(
            '/Users/{{bob.id}}',
            user('bob', {
              emails: [
                { value: 'a@example.com', primary: true },
                { value: 'c@example.com', primary: false },
              ],
            }),
          ),
          expect: ok({
            emails: [
              { value: 'a@example.com', primary: true },
              { value: 'c@example.com', primary: false },
            ],
          }),
        },
      ],
    },
    {
      ids: ['PUT-17'],
      title: 'a userName or externalId of another is 409 uniqueness; one’s own in another case is not',
      given: [aUser('bob', { externalId: 'x1' }), aUser('eve', { externalId: 'x2', title: 'Cook' })],
      request: put('/Users/{{eve.id}}', user('BOB', { externalId: 'x2' })),
      expect: E(409, 'uniqueness', /userName/),
      afterwards: [
        {
          request: put('/Users/{{eve.id}}', user('eve', { externalId: 'x1' })),
          expect: E(409, 'uniqueness', /externalId/),
        },
        { request: put('/Users/{{eve.id}}', user('EVE', { externalId: 'x2' })), expect: ok({ userName: 'EVE' }) },
        { request: get('/Users/{{eve.id}}'), expect: ok({ userName: 'EVE' }) },
      ],
    },
    {
      ids: ['PUT-17'],
      title: 'a displayName that another group has',
      given: [aGroup('staff'), aGroup('board')],
      request: put('/Groups/{{board.id}}', group('staff')),
      expect: ok({ displayName: 'staff' }),
      default: { because: 'uniqueGroupNames', expect: E(409, 'uniqueness', /displayName/) },
      afterwards: [
        {
          request: get('/Groups'),
          expect: foundGroups('staff', 'staff'),
          default: { because: 'uniqueGroupNames', expect: foundGroups('staff', 'board') },
        },
      ],
    },
    {
      ids: ['PUT-20'],
      title: 'If-Match: the version that is there passes, a stale one is 412',
      given: [aUser('bob'), patch('/Users/{{bob.id}}', { op: 'add', path: 'nickName', value: 'B' })],
      request: put('/Users/{{bob.id}}', user('bob', { title: 'Boss' }), { 'If-Match': '{{bob.meta.version}}' }),
      expect: E(412),
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ nickName: 'B' }), as: 'now' },
        {
          request: put('/Users/{{bob.id}}', user('bob', { title: 'Boss' }), { 'If-Match': '{{now.meta.version}}' }),
          expect: ok({ title: 'Boss' }),
        },
        {
          request: put('/Users/{{bob.id}}', user('bob', { title: 'Cook' }), { 'If-Match': '{{now.meta.version}}' }),
          expect: E(412),
        },
        {
          request: put('/Users/{{bob.id}}', user('bob', { title: 'Cook' }), { 'If-Match': '*' }),
          expect: ok({ title: 'Cook' }),
        },
      ],
    },
    ...(
      [
        ['one bad type', { active: 'maybe' }, 'invalidValue'],
        ['one bad element of many', { emails: [{ value: 'a@example.com' }, 7] }, 'invalidValue'],
        ['a bad value of an extension', { [ENT]: { department: 'x', manager: 7 } }, 'invalidValue'],
        ['schemas without the base', { schemas: [ENT] }, 'invalidValue'],
        ['schemas that are none', { schemas: 7 }, 'invalidSyntax'],
      ] as const
    ).map(
      ([title, attributes, scimType]): Case => ({
        ids: ['PUT-21'],
        title: `${title} leaves the user as it was`,
        given: [aUser('bob', { title: 'Boss', emails: [{ value: 'b@example.com' }] })],
        request: put('/Users/{{bob.id}}', user('rob', { title: 'Cook', ...attributes })),
        expect: E(400, scimType),
      }),
    ),
    {
      ids: ['PUT-21'],
      title: 'a body that breaks off, or names something twice, leaves the user as it was',
      given: [aUser('bob', { title: 'Boss' })],
      request: raw('PUT', '/Users/{{bob.id}}', `{"schemas":["${USER}"],"userName":"rob"`),
      expect: E(400, 'invalidSyntax'),
      afterwards: [
        {
          request: raw('PUT', '/Users/{{bob.id}}', `{"schemas":["${USER}"],"userName":"rob","USERNAME":"rob"}`),
          expect: E(400, 'invalidSyntax'),
        },
      ],
    },
    {
      ids: ['PUT-22'],
      title: 'PUT without an id is 405',
      given: [aUser('bob')],
      request: put('/Users', user('bob', { title: 'x' })),
      expect: { ...E(405), headers: { allow: /^(?!.*PUT).*POST/ } },
      afterwards: [{ request: put('/Groups', group('staff')), expect: E(405) }],
    },
  ],
  elsewhere: {
    'PUT-20': { file: 'tests/threats/races.test.ts', test: 'T-RACE-03 one If-Match, many who hold it' },
  },
  decided: {
    'PUT-22': 'PUT needs an id: at /Users and /Groups it is 405.',
  },
};
