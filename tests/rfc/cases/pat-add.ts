import type { Case, Coverage } from '../case.ts';
import { changing } from '../changing.ts';
import { aGroup, aUser, E, ENT, get, NO_CONTENT, ok, patch, USER } from '../shorthand.ts';

const WORK = { value: 'a@example.com', type: 'work', primary: true };
const HOME = { value: 'b@example.com', type: 'home' };

const adds = changing('add');

export const coverage: Coverage = {
  cases: [
    ...[{ path: 'title' }, { path: 'emails' }, { path: 'name.givenName' }, { path: ENT }, {}].map(
      (operation): Case => ({
        ids: ['PAT-16'],
        title: `add without a value is 400 invalidValue: ${JSON.stringify(operation)}`,
        given: [aUser('bob', { title: 'Boss' })],
        request: patch('/Users/{{bob.id}}', { op: 'add', ...operation }),
        expect: E(400, 'invalidValue', /value/),
      }),
    ),
    adds(['PAT-17'], 'without a path, the attributes of the value are added to what is there', {
      bob: { nickName: 'B', title: 'Boss' },
      operation: { value: { title: 'Cook', displayName: 'Bob', NAME: { givenName: 'B' } } },
      becomes: { title: 'Cook', displayName: 'Bob', nickName: 'B', name: { givenName: 'B' } },
    }),
    adds(['PAT-17'], 'without a path, what only the server sets and what nobody knows is ignored', {
      bob: { nickName: 'B' },
      operation: { value: { title: 'Cook', id: 'x', meta: { created: 'x' }, groups: [{ value: 'x' }], nope: 1 } },
      becomes: { id: '{{bob.id}}', title: 'Cook', nickName: 'B', meta: { created: '{{bob.meta.created}}' } },
      absent: ['nope', 'groups'],
    }),
    ...['Cook', 5, true, ['title'], [{ title: 'Cook' }], null].map(
      (value): Case => ({
        ids: ['PAT-18'],
        title: `without a path, a value that is no object is 400 invalidValue: ${JSON.stringify(value)}`,
        given: [aUser('bob', { title: 'Boss' })],
        request: patch('/Users/{{bob.id}}', { op: 'add', value }),
        expect: E(400, 'invalidValue', /path/),
        afterwards: [
          { request: patch('/Users/{{bob.id}}', { op: 'replace', value }), expect: E(400, 'invalidValue', /path/) },
        ],
      }),
    ),
    adds(['PAT-19'], 'a single value that is not there is set', {
      operation: { path: 'title', value: 'Cook' },
      becomes: { title: 'Cook' },
    }),
    adds(['PAT-19'], 'a single value that is there is replaced', {
      bob: { title: 'Boss' },
      operation: { path: 'title', value: 'Cook' },
      becomes: { title: 'Cook' },
    }),
    adds(['PAT-19'], 'a sub-attribute that is not there is set, and its attribute with it', {
      operation: { path: 'name.givenName', value: 'B' },
      becomes: { name: { givenName: 'B' } },
    }),
    adds(['PAT-19'], 'a boolean is replaced', {
      operation: { path: 'active', value: false },
      becomes: { active: false },
    }),
    adds(['PAT-20'], 'a list is appended', {
      bob: { emails: [WORK] },
      operation: { path: 'emails', value: [HOME, { value: 'c@example.com', type: 'other' }] },
      becomes: { emails: [WORK, HOME, { value: 'c@example.com', type: 'other' }] },
    }),
    adds(['PAT-20'], 'one element alone is appended', {
      bob: { emails: [WORK] },
      operation: { path: 'emails', value: HOME },
      becomes: { emails: [WORK, HOME] },
    }),
    adds(['PAT-20'], 'to a list that is not there', {
      operation: { path: 'roles', value: [{ value: 'admin' }] },
      becomes: { roles: [{ value: 'admin' }] },
    }),
    {
      ids: ['PAT-20'],
      title: 'members are appended, as a list and alone, and shown by their users',
      given: [aUser('bob'), aUser('eve'), aUser('joe'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{eve.id}}' }] }),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: { value: '{{joe.id}}' } }),
          expect: NO_CONTENT,
        },
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({
            members: ['{{in any order}}', { value: '{{bob.id}}' }, { value: '{{eve.id}}' }, { value: '{{joe.id}}' }],
          }),
        },
        { request: get('/Users/{{joe.id}}'), expect: ok({ groups: [{ value: '{{staff.id}}' }] }) },
      ],
    },
    ...(
      [
        ['a single value', { path: 'title', value: 'Boss' }],
        ['a sub-attribute', { path: 'name.givenName', value: 'B' }],
        ['a complex value', { path: 'name', value: { givenName: 'B' } }],
        ['an element', { path: 'emails', value: [WORK] }],
        ['an element of two', { path: 'emails', value: [HOME] }],
        [
          'an element whose text differs only in case',
          { path: 'emails', value: [{ value: 'A@EXAMPLE.COM', type: 'Work', primary: true }] },
        ],
        ['an attribute of an extension', { path: `${ENT}:department`, value: 'x' }],
        ['an extension', { value: { [ENT]: { department: 'x' } } }],
        ['some of all', { value: { title: 'Boss', emails: [HOME], active: true } }],
        ['null', { path: 'title', value: null }],
        ['an empty list', { path: 'emails', value: [] }],
        ['nothing', { value: {} }],
      ] as const
    ).map(
      ([title, operation]): Case => ({
        ids: ['PAT-21'],
        title: `adding what is there already changes nothing: ${title}`,
        given: [
          aUser('bob', {
            title: 'Boss',
            name: { givenName: 'B' },
            emails: [WORK, HOME],
            active: true,
            [ENT]: { department: 'x' },
          }),
        ],
        request: patch('/Users/{{bob.id}}', { op: 'add', ...operation }),
        expect: { status: 200, exactly: '{{bob}}', headers: { etag: '{{bob.meta.version}}' } },
        unchanged: ['/Users/{{bob.id}}'],
      }),
    ),
    {
      ids: ['PAT-21'],
      title: 'adding a member who is one changes nothing',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
      expect: { ...NO_CONTENT, headers: { etag: '{{staff.meta.version}}' } },
      unchanged: ['/Groups/{{staff.id}}', '/Users/{{bob.id}}'],
    },
    adds(['PAT-22'], 'a complex value adds its sub-attributes to those that are there', {
      bob: { name: { givenName: 'B', familyName: 'J' } },
      operation: { path: 'name', value: { middleName: 'M', familyName: 'K' } },
      becomes: { name: { givenName: 'B', middleName: 'M', familyName: 'K' } },
    }),
    adds(['PAT-22'], 'without a path too', {
      bob: { name: { givenName: 'B', familyName: 'J' } },
      operation: { value: { name: { middleName: 'M' } } },
      becomes: { name: { givenName: 'B', middleName: 'M', familyName: 'J' } },
    }),
    adds(['PAT-23'], 'without a path, lists are appended (the example of §3.5.2.1)', {
      bob: { emails: [WORK] },
      operation: { value: { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickName: 'Babs' } },
      becomes: { nickName: 'Babs', emails: [WORK, { value: 'babs@jensen.org', type: 'home' }] },
    }),
    {
      ids: ['PAT-23'],
      title: 'without a path, members are appended',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'add', value: { members: [{ value: '{{eve.id}}' }] } }),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ members: ['{{in any order}}', { value: '{{bob.id}}' }, { value: '{{eve.id}}' }] }),
        },
      ],
    },
    {
      ids: ['PAT-25'],
      title: 'a member’s value is set as the member comes, and not added to afterwards',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', {
        op: 'add',
        path: 'members[value eq "{{bob.id}}"].value',
        value: '{{eve.id}}',
      }),
      expect: E(400, 'mutability', /members/),
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members.type', value: 'Group' }),
          expect: E(400, 'mutability', /members/),
        },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{eve.id}}' }] }),
          expect: NO_CONTENT,
        },
      ],
    },
    ...(
      [
        ['id', 'x'],
        ['ID', 'x'],
        ['meta', { created: '2020-01-01T00:00:00Z' }],
        ['meta.created', '2020-01-01T00:00:00Z'],
        ['meta.version', 'W/"9"'],
        ['groups', [{ value: '{{staff.id}}' }]],
        ['groups[value eq "{{staff.id}}"].display', 'x'],
        [`${USER}:id`, 'x'],
        [`${ENT}:manager.displayName`, 'x'],
      ] as const
    ).map(
      ([path, value]): Case => ({
        ids: ['PAT-26'],
        title: `add to ${path}, which only the server sets, is 400 mutability`,
        given: [
          aUser('eve'),
          aUser('bob', { [ENT]: { manager: { value: '{{eve.id}}' } } }),
          aGroup('staff', '{{bob.id}}'),
        ],
        request: patch('/Users/{{bob.id}}', { op: 'add', path, value }),
        expect: E(400, 'mutability'),
      }),
    ),
  ],
  elsewhere: {
    'PAT-25': {
      file: 'tests/unit/scim/apply-patch.test.ts',
      test: 'PAT-25, PAT-51 immutable attributes take a first value',
    },
  },
};
