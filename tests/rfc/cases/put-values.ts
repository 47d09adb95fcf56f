import type { Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  ENT,
  filtered,
  found,
  foundGroups,
  GROUP,
  get,
  group,
  ok,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['PUT-01', 'PUT-03'],
      title: 'a user is replaced: 200 with all of it',
      given: [
        aUser('bob', {
          title: 'Boss',
          name: { givenName: 'B', familyName: 'J' },
          emails: [{ value: 'a@example.com', type: 'work', primary: true }],
          [ENT]: { department: 'x', costCenter: 'c' },
        }),
      ],
      request: put(
        '/Users/{{bob.id}}',
        user('rob', {
          externalId: 'x1',
          title: 'Cook',
          name: { givenName: 'R' },
          emails: [{ value: 'r@example.com' }],
          password: 'a long enough secret',
          active: false,
          [ENT]: { department: 'y' },
        }),
      ),
      expect: {
        status: 200,
        exactly: {
          schemas: [USER, ENT],
          id: '{{bob.id}}',
          externalId: 'x1',
          userName: 'rob',
          title: 'Cook',
          name: { givenName: 'R' },
          emails: [{ value: 'r@example.com' }],
          active: false,
          [ENT]: { department: 'y' },
          meta: {
            resourceType: 'User',
            created: '{{bob.meta.created}}',
            lastModified: '{{any}}',
            location: '{{bob.meta.location}}',
            version: '{{not {{bob.meta.version}}}}',
          },
        },
        headers: { location: '{{bob.meta.location}}' },
      },
      as: 'rob',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{rob}}' } },
        { request: filtered('/Users', 'userName eq "bob"'), expect: found() },
        { request: filtered('/Users', 'userName eq "rob" and emails.value eq "r@example.com"'), expect: found('rob') },
      ],
    },
    {
      ids: ['PUT-01', 'PUT-03'],
      title: 'a group is replaced: 200 with all of it',
      given: [aUser('bob', { displayName: 'Bob' }), aGroup('staff')],
      request: put('/Groups/{{staff.id}}', { ...group('board', '{{bob.id}}'), externalId: 'g1' }),
      expect: {
        status: 200,
        exactly: {
          schemas: [GROUP],
          id: '{{staff.id}}',
          externalId: 'g1',
          displayName: 'board',
          members: [{ value: '{{bob.id}}', $ref: '{{bob.meta.location}}', type: 'User', display: 'Bob' }],
          meta: '{{any}}',
        },
      },
      as: 'board',
      afterwards: [
        { request: get('/Groups/{{staff.id}}'), expect: { status: 200, exactly: '{{board}}' } },
        { request: filtered('/Groups', 'displayName eq "staff"'), expect: foundGroups() },
        { request: filtered('/Groups', 'displayName eq "board"'), expect: foundGroups('board') },
      ],
    },
    {
      ids: ['PUT-09'],
      title: 'what is left out is cleared; active stays as it is by default, and is true again strictly',
      given: [
        aUser('bob', {
          externalId: 'x1',
          title: 'Boss',
          nickName: 'B',
          name: { givenName: 'B' },
          emails: [{ value: 'b@example.com' }],
          active: false,
        }),
      ],
      request: put('/Users/{{bob.id}}', user('bob', { nickName: 'Bobby' })),
      expect: {
        ...ok({ id: '{{bob.id}}', nickName: 'Bobby', active: true }),
        absent: ['externalId', 'title', 'name', 'emails'],
      },
      default: {
        because: 'keepActiveOnReplace',
        expect: {
          ...ok({ id: '{{bob.id}}', nickName: 'Bobby', active: false }),
          absent: ['externalId', 'title', 'name', 'emails'],
        },
      },
      as: 'after',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } },
        { request: filtered('/Users', 'externalId eq "x1"'), expect: found() },
        { request: filtered('/Users', 'emails.value eq "b@example.com"'), expect: found() },
      ],
    },
    {
      ids: ['PUT-09', 'PUT-10'],
      title: 'active that is null is the default again strictly, and as it was by default',
      given: [aUser('bob', { active: false })],
      request: put('/Users/{{bob.id}}', user('bob', { active: null })),
      expect: ok({ active: true }),
      default: { because: 'keepActiveOnReplace', expect: ok({ active: false }) },
      as: 'after',
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
    },
    {
      ids: ['PUT-09'],
      title: 'the externalId and the members of a group are cleared likewise',
      given: [aUser('bob'), post('/Groups', { ...group('staff', '{{bob.id}}'), externalId: 'g1' })],
      request: filtered('/Groups', 'externalId eq "g1"'),
      expect: foundGroups('staff'),
      as: 'list',
      afterwards: [
        {
          request: put('/Groups/{{list.Resources.0.id}}', { schemas: [GROUP], displayName: 'staff' }),
          expect: { ...ok({ displayName: 'staff' }), absent: ['externalId', 'members'] },
        },
        { request: filtered('/Groups', 'externalId eq "g1" or members pr'), expect: foundGroups() },
      ],
    },
    {
      ids: ['PUT-03', 'PUT-23'],
      title: 'a full name that is sent back with another given name is kept strictly, and out of date by default',
      given: [aUser('bob', { name: { formatted: 'B J', givenName: 'B', familyName: 'J' } })],
      request: put('/Users/{{bob.id}}', user('bob', { name: { formatted: 'B J', givenName: 'X', familyName: 'J' } })),
      expect: ok({ name: { formatted: 'B J', givenName: 'X', familyName: 'J' } }),
      default: {
        because: 'dropStaleFormatted',
        expect: ok({ name: { formatted: '{{absent}}', givenName: 'X', familyName: 'J' } }),
      },
      as: 'after',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } },
        {
          request: put(
            '/Users/{{bob.id}}',
            user('bob', { name: { formatted: 'Mr. X', givenName: 'Y', familyName: 'J' } }),
          ),
          expect: ok({ name: { formatted: 'Mr. X', givenName: 'Y', familyName: 'J' } }),
        },
      ],
    },
    {
      ids: ['PUT-09'],
      title: 'sub-attributes that are left out are cleared',
      given: [
        aUser('bob', { name: { givenName: 'B', familyName: 'J' }, emails: [{ value: 'b@example.com', type: 'work' }] }),
      ],
      request: put(
        '/Users/{{bob.id}}',
        user('bob', { name: { familyName: 'K' }, emails: [{ value: 'b@example.com' }] }),
      ),
      expect: ok({
        name: { familyName: 'K', givenName: '{{absent}}' },
        emails: [{ value: 'b@example.com', type: '{{absent}}' }],
      }),
      as: 'after',
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
    },
    {
      ids: ['PUT-10'],
      title: 'null and [] clear',
      given: [
        aUser('bob', {
          nickName: 'B',
          title: 'Boss',
          name: { givenName: 'B', familyName: 'J' },
          emails: [{ value: 'b@example.com' }],
          roles: [{ value: 'r' }],
          [ENT]: { department: 'x', costCenter: 'c' },
        }),
        aGroup('staff', '{{bob.id}}'),
        aGroup('board', '{{bob.id}}'),
      ],
      request: put(
        '/Users/{{bob.id}}',
        user('bob', {
          nickName: null,
          title: 'Boss',
          name: { givenName: null, familyName: 'J' },
          emails: [],
          roles: null,
          [ENT]: { department: null, costCenter: 'c' },
        }),
      ),
      expect: {
        ...ok({
          title: 'Boss',
          name: { familyName: 'J', givenName: '{{absent}}' },
          [ENT]: { costCenter: 'c', department: '{{absent}}' },
        }),
        absent: ['nickName', 'emails', 'roles'],
      },
      as: 'after',
      afterwards: [
        {
          request: get('/Users/{{bob.id}}'),
          expect: ok({ title: 'Boss', emails: '{{absent}}', nickName: '{{absent}}' }),
        },
        { request: filtered('/Users', 'emails pr or nickName pr or roles pr'), expect: found() },
        {
          request: put('/Groups/{{staff.id}}', { schemas: [GROUP], displayName: 'staff', members: [] }),
          expect: { ...ok(), absent: ['members'] },
        },
        {
          request: put('/Groups/{{board.id}}', { schemas: [GROUP], displayName: 'board', members: null }),
          expect: { ...ok(), absent: ['members'] },
        },
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['groups'] } },
      ],
    },
    {
      ids: ['PUT-13'],
      title: 'an extension that the body does not have is cleared, and its URN is gone',
      given: [
        aUser('bob', { [ENT]: { department: 'x', employeeNumber: '7' } }),
        aUser('eve', { [ENT]: { department: 'y' } }),
      ],
      request: put('/Users/{{bob.id}}', user('bob')),
      expect: { ...ok({ schemas: [USER] }), absent: [ENT] },
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { ...ok({ schemas: [USER] }), absent: [ENT] } },
        { request: filtered('/Users', `${ENT}:department pr`), expect: found('eve') },
        {
          request: put('/Users/{{eve.id}}', { schemas: [USER, ENT], userName: 'eve' }),
          expect: { ...ok({ schemas: [USER] }), absent: [ENT] },
        },
        {
          request: put('/Users/{{eve.id}}', { schemas: [USER], userName: 'eve', [ENT]: { department: 'z' } }),
          expect: ok({ schemas: [USER, ENT], [ENT]: { department: 'z' } }),
        },
      ],
    },
    {
      ids: ['PUT-23'],
      title: 'what was read and is sent back is what it was, to the byte',
      given: [
        aUser('eve'),
        aUser('bob', {
          externalId: 'x1',
          name: { formatted: 'B J', givenName: 'B', familyName: 'J' },
          locale: 'en-US',
          emails: [
            { value: 'B@Example.com', type: 'Work', display: 'B', primary: true },
            { value: 'b@home.example', type: 'home', primary: false },
          ],
          addresses: [{ formatted: '1 Main St\nBerlin', country: 'DE', type: 'work' }],
          roles: [{ value: 'admin' }],
          [ENT]: { employeeNumber: '007', manager: { value: '{{eve.id}}' } },
        }),
        aGroup('staff', '{{bob.id}}', '{{eve.id}}'),
      ],
      request: get('/Users/{{bob.id}}'),
      expect: ok(),
      as: 'read',
      afterwards: [
        {
          request: put('/Users/{{bob.id}}', '{{read}}'),
          expect: { status: 200, exactly: '{{read}}' },
          unchanged: ['/Users/{{bob.id}}', '/Groups/{{staff.id}}'],
        },
        { request: get('/Groups/{{staff.id}}'), expect: ok(), as: 'group' },
        {
          request: put('/Groups/{{staff.id}}', '{{group}}'),
          expect: { status: 200, exactly: '{{group}}' },
          unchanged: ['/Users/{{bob.id}}', '/Groups/{{staff.id}}'],
        },
      ],
    },
  ],
  elsewhere: {
    'PUT-08': { file: 'tests/unit/scim/replace.test.ts', test: 'PUT-06 to PUT-08 an immutable value' },
  },
  decided: {
    'PUT-08': 'An immutable value that a PUT leaves out is kept, as one that only the server sets is.',
    'PUT-09':
      'What a client may write and a PUT leaves out is cleared; active alone keeps its value by default, and is true again when strict.',
  },
};
