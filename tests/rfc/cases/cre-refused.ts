import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  E,
  ENT,
  found,
  foundGroups,
  get,
  group,
  NOBODY,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['CRE-07'],
      title: 'a userName that somebody has is 409 uniqueness, in any case of its letters',
      given: [aUser('bob', { externalId: 'x1' })],
      request: post('/Users', user('bob')),
      expect: E(409, 'uniqueness', /userName/),
      afterwards: [
        { request: post('/Users', user('BOB', { externalId: 'x2' })), expect: E(409, 'uniqueness', /userName/) },
        { request: post('/Users', user('eve', { externalId: 'x1' })), expect: E(409, 'uniqueness', /externalId/) },
        { request: get('/Users'), expect: found('bob') },
      ],
    },
    {
      ids: ['CRE-07'],
      title: 'a userName and an externalId that two others have are 409 too',
      given: [aUser('bob', { externalId: 'x1' }), aUser('eve', { externalId: 'x2' })],
      request: post('/Users', user('bob', { externalId: 'x2' })),
      expect: E(409, 'uniqueness'),
    },
    {
      ids: ['CRE-07'],
      title: 'a displayName that a group has',
      given: [aGroup('staff')],
      request: post('/Groups', group('Staff')),
      expect: created({ displayName: 'Staff' }),
      default: { because: 'uniqueGroupNames', expect: E(409, 'uniqueness', /displayName/) },
    },
    ...(
      [
        ['userName that is an object', { userName: {} }, /userName/],
        ['userName that is empty', { userName: '' }, /userName/],
        ['no userName', { userName: null }, /userName/],
        ['active that is neither true nor false', { active: 'maybe' }, /active/],
        ['title that is an array', { title: ['Boss'] }, /title/],
        ['name that is a string', { name: 'Bob' }, /name/],
        ['emails of a number', { emails: [1] }, /emails/],
        ['value of emails that is an object', { emails: [{ value: {} }] }, /emails\.value/],
        ['primary that is a number', { emails: [{ value: 'b@example.com', primary: 1 }] }, /emails\.primary/],
        ['an extension that is a string', { [ENT]: 'x' }, /enterprise/],
        ['department that is an array', { [ENT]: { department: ['x'] } }, /department/],
      ] as const
    ).map(
      ([title, attributes, says]): Case => ({
        ids: ['CRE-08'],
        title,
        request: post('/Users', user('bob', attributes)),
        expect: E(400, 'invalidValue', says),
      }),
    ),
    {
      ids: ['CRE-08'],
      title: 'numbers and booleans where there should be text, and text where there should be a boolean',
      request: post('/Users', user('bob', { title: 5 })),
      expect: E(400, 'invalidValue', /title/),
      default: { because: 'number-for-string', expect: created({ title: '5' }) },
      afterwards: [
        {
          request: post('/Users', user('eve', { active: 'False' })),
          expect: E(400, 'invalidValue', /active/),
          default: { because: 'boolean-as-string', expect: created({ active: false }) },
        },
        {
          request: post('/Users', user('joe', { emails: { value: 'j@example.com' } })),
          expect: E(400, 'invalidValue', /emails/),
          default: {
            because: 'single-value-for-multi-valued',
            expect: created({ emails: [{ value: 'j@example.com' }] }),
          },
        },
        { request: post('/Users', user('may', { title: true })), expect: E(400, 'invalidValue', /title/) },
      ],
    },
    ...(
      [
        ['text that is no JSON', '{"schemas":'],
        ['nothing at all', ''],
        ['an array', '[]'],
        ['a string', '"bob"'],
        ['no schemas', '{"userName":"bob"}'],
        ['empty schemas', '{"schemas":[],"userName":"bob"}'],
        ['schemas that are a number', '{"schemas":1,"userName":"bob"}'],
        ['schemas of numbers', '{"schemas":[1],"userName":"bob"}'],
        ['a name twice', `{"schemas":["${USER}"],"userName":"bob","userName":"eve"}`],
      ] as const
    ).map(
      ([title, text]): Case => ({
        ids: ['CRE-09'],
        title: `a body that is ${title} is 400 invalidSyntax`,
        request: { method: 'POST', path: '/Users', text },
        expect: E(400, 'invalidSyntax'),
      }),
    ),
    {
      ids: ['CRE-10'],
      title: 'POST to somebody’s own URI is 405, and says what is possible there',
      given: [aUser('bob'), aGroup('staff')],
      request: post('/Users/{{bob.id}}', user('eve')),
      expect: { ...E(405), headers: { allow: /GET.*PUT.*PATCH.*DELETE/ } },
      afterwards: [
        { request: post('/Groups/{{staff.id}}', group('board')), expect: E(405) },
        { request: post(`/Users/${NOBODY}`, user('eve')), expect: E(405) },
      ],
    },
    {
      ids: ['CRE-11'],
      title: 'PUT to an id that nobody has is 404 and creates nobody',
      request: put(`/Users/${NOBODY}`, user('bob')),
      expect: E(404),
      afterwards: [
        { request: put(`/Groups/${NOBODY}`, group('staff')), expect: E(404) },
        { request: put('/Users/bob', { ...user('bob'), id: 'bob' }), expect: E(404) },
        { request: get('/Users'), expect: found() },
        { request: get('/Groups'), expect: foundGroups() },
      ],
    },
  ],
};
