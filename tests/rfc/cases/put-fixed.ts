import type { Coverage } from '../case.ts';
import { aGroup, aUser, E, ENT, found, GROUP, get, group, NOBODY, ok, put, USER, user } from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['PUT-04'],
      title: 'what only the server sets stays as it is: meta, groups, the manager’s name',
      given: [
        aUser('eve'),
        aUser('bob', { [ENT]: { manager: { value: '{{eve.id}}' } } }),
        aGroup('staff', '{{bob.id}}'),
      ],
      request: put('/Users/{{bob.id}}', {
        ...user('bob', { active: true, [ENT]: { manager: { value: '{{eve.id}}', displayName: 'Somebody Else' } } }),
        meta: { created: '1970-01-01T00:00:00Z', resourceType: 'Group', version: 'W/"99"', location: 'https://x' },
        groups: [],
      }),
      expect: ok({
        meta: '{{bob.meta}}',
        groups: [{ value: '{{staff.id}}' }],
        [ENT]: { manager: { value: '{{eve.id}}', displayName: '{{not Somebody Else}}' } },
      }),
      unchanged: ['/Users/{{bob.id}}', '/Groups/{{staff.id}}'],
      afterwards: [
        {
          request: put('/Users/{{eve.id}}', { ...user('eve'), groups: [{ value: '{{staff.id}}' }], meta: 7 }),
          expect: { ...ok({ userName: 'eve' }), absent: ['groups'] },
          unchanged: ['/Groups/{{staff.id}}'],
        },
      ],
    },
    {
      ids: ['PUT-05', 'PUT-04'],
      title: 'the id of the URL counts, and not another’s in the body',
      given: [aUser('bob'), aUser('eve', { title: 'Cook' })],
      request: put('/Users/{{bob.id}}', { ...user('bob', { title: 'Boss' }), id: '{{eve.id}}' }),
      expect: ok({ id: '{{bob.id}}', title: 'Boss', meta: { location: '{{bob.meta.location}}' } }),
      unchanged: ['/Users/{{eve.id}}'],
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ id: '{{bob.id}}', userName: 'bob', title: 'Boss' }) },
        {
          request: put('/Users/{{bob.id}}', { ...user('bob'), id: 7 }),
          expect: { ...ok({ id: '{{bob.id}}' }), absent: ['title'] },
        },
        { request: get('/Users'), expect: found('bob', 'eve') },
      ],
    },
    {
      ids: ['PUT-05'],
      title: 'of groups too',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}'), aGroup('board')],
      request: put('/Groups/{{board.id}}', { ...group('board', '{{bob.id}}'), id: '{{staff.id}}' }),
      expect: ok({ id: '{{board.id}}', displayName: 'board', members: [{ value: '{{bob.id}}' }] }),
      unchanged: ['/Groups/{{staff.id}}'],
    },
    {
      ids: ['PUT-14'],
      title: 'the members of the body take the place of those that were',
      given: [aUser('bob'), aUser('eve'), aUser('joe'), aGroup('staff', '{{bob.id}}', '{{joe.id}}')],
      request: put('/Groups/{{staff.id}}', group('staff', '{{eve.id}}', '{{joe.id}}')),
      expect: ok({ members: ['{{in any order}}', { value: '{{eve.id}}' }, { value: '{{joe.id}}' }] }),
      afterwards: [
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ members: ['{{in any order}}', { value: '{{eve.id}}' }, { value: '{{joe.id}}' }] }),
        },
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['groups'] } },
        { request: get('/Users/{{eve.id}}'), expect: ok({ groups: [{ value: '{{staff.id}}' }] }) },
        {
          request: put('/Groups/{{staff.id}}', { schemas: [GROUP], displayName: 'staff' }),
          expect: { ...ok(), absent: ['members'] },
        },
        { request: get('/Users/{{eve.id}}'), expect: { ...ok(), absent: ['groups'] } },
      ],
    },
    {
      ids: ['PUT-14'],
      title: 'a member that nobody is changes nothing of the group',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: put('/Groups/{{staff.id}}', group('board', NOBODY)),
      expect: E(400, 'invalidValue', new RegExp(NOBODY)),
    },
    {
      ids: ['PUT-15'],
      title: 'display, type and $ref of a member are taken, and ignored: they are ours to say',
      given: [aUser('bob', { displayName: 'Bob' }), aGroup('staff')],
      request: put('/Groups/{{staff.id}}', {
        ...group('staff'),
        members: [{ value: '{{bob.id}}', display: 'Somebody Else', type: 'User', $ref: 'https://example.com/x' }],
      }),
      expect: ok({
        members: [{ value: '{{bob.id}}', display: 'Bob', type: 'User', $ref: '{{bob.meta.location}}' }],
      }),
      as: 'after',
      afterwards: [
        { request: get('/Groups/{{staff.id}}'), expect: { status: 200, exactly: '{{after}}' } },
        { request: put('/Groups/{{staff.id}}', '{{after}}'), expect: { status: 200, exactly: '{{after}}' } },
      ],
    },
    {
      ids: ['PUT-18'],
      title: 'the same PUT twice is the same user at the same version',
      given: [aUser('bob')],
      request: put(
        '/Users/{{bob.id}}',
        user('bob', { title: 'Boss', active: true, emails: [{ value: 'b@example.com' }] }),
      ),
      expect: ok({ title: 'Boss', meta: { version: '{{not {{bob.meta.version}}}}' } }),
      as: 'after',
      afterwards: [
        {
          request: put(
            '/Users/{{bob.id}}',
            user('bob', { title: 'Boss', active: true, emails: [{ value: 'b@example.com' }] }),
          ),
          expect: { status: 200, exactly: '{{after}}' },
          unchanged: ['/Users/{{bob.id}}'],
        },
      ],
    },
    {
      ids: ['PUT-18'],
      title: 'the order of names in the body, and of members, changes nothing',
      given: [
        aUser('bob', { name: { givenName: 'B', familyName: 'J' }, title: 'Boss', active: true }),
        aUser('eve'),
        aGroup('staff', '{{bob.id}}', '{{eve.id}}'),
      ],
      request: put('/Users/{{bob.id}}', {
        title: 'Boss',
        active: true,
        NAME: { FAMILYNAME: 'J', GIVENNAME: 'B' },
        USERNAME: 'bob',
        SCHEMAS: [USER],
      }),
      expect: ok({ meta: '{{bob.meta}}' }),
      unchanged: ['/Users/{{bob.id}}'],
      afterwards: [
        {
          request: put('/Groups/{{staff.id}}', group('staff', '{{eve.id}}', '{{bob.id}}', '{{eve.id}}')),
          expect: ok({ meta: '{{staff.meta}}' }),
          unchanged: ['/Groups/{{staff.id}}'],
        },
      ],
    },
    {
      ids: ['PUT-19'],
      title: 'attributes and excludedAttributes shape the answer, and not what is stored',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: put('/Users/{{bob.id}}?attributes=userName', user('rob', { title: 'Boss' })),
      expect: { status: 200, exactly: { schemas: [USER], id: '{{bob.id}}', userName: 'rob' } },
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ userName: 'rob', title: 'Boss' }) },
        {
          request: put('/Users/{{bob.id}}?excludedAttributes=title,groups', user('rob', { title: 'Cook' })),
          expect: { ...ok({ userName: 'rob', meta: '{{any}}' }), absent: ['title', 'groups'] },
        },
        { request: get('/Users/{{bob.id}}'), expect: ok({ title: 'Cook', groups: [{ value: '{{staff.id}}' }] }) },
      ],
    },
  ],
  elsewhere: {
    'PUT-06': {
      file: 'tests/unit/scim/replace.test.ts',
      test: 'PUT-06 to PUT-08 an immutable value may be given once, repeated and left out, and never changed',
    },
    'PUT-07': { file: 'tests/unit/scim/replace.test.ts', test: 'PUT-06 to PUT-08 an immutable value' },
    'PUT-12': {
      file: 'tests/threats/passwords.test.ts',
      test: 'an update without a password keeps the one that is there (PUT-12)',
    },
  },
};
