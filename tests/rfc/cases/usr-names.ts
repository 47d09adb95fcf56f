import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  E,
  ENT,
  filtered,
  found,
  get,
  NO_CONTENT,
  ok,
  patch,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

const NAME = {
  formatted: 'Ms. Barbara J Jensen, III',
  familyName: 'Jensen',
  givenName: 'Barbara',
  middleName: 'Jane',
  honorificPrefix: 'Ms.',
  honorificSuffix: 'III',
};

export const coverage: Coverage = {
  cases: [
    ...[
      ['""', ''],
      ['null', null],
      ['nothing but spaces', '   '],
      ['an empty list', []],
    ].map(
      ([name, userName]): Case => ({
        ids: ['USR-01'],
        title: `a userName that is ${name}`,
        given: [aUser('eve')],
        request: post('/Users', { schemas: [USER], userName }),
        expect: E(400, 'invalidValue', /userName/),
        afterwards: [
          {
            request: put('/Users/{{eve.id}}', { schemas: [USER], userName }),
            expect: E(400, 'invalidValue', /userName/),
          },
          {
            request: patch('/Users/{{eve.id}}', { op: 'replace', path: 'userName', value: userName }),
            expect: { status: 400, body: { scimType: /^(invalidValue|mutability)$/, detail: /userName/ } },
          },
        ],
      }),
    ),
    {
      ids: ['USR-01'],
      title: 'no userName at all, and one that is taken away',
      given: [aUser('bob')],
      request: post('/Users', { schemas: [USER], displayName: 'Bob' }),
      expect: E(400, 'invalidValue', /userName/),
      afterwards: [
        {
          request: put('/Users/{{bob.id}}', { schemas: [USER], displayName: 'Bob' }),
          expect: E(400, 'invalidValue', /userName/),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'userName' }),
          expect: E(400, 'mutability', /userName/),
        },
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{bob}}' } },
      ],
    },
    {
      ids: ['USR-02'],
      title: 'BJENSEN after bjensen is taken',
      given: [aUser('bjensen')],
      request: post('/Users', user('BJENSEN')),
      expect: E(409, 'uniqueness', /userName/),
      afterwards: [
        { request: post('/Users', user('BJensen2')), expect: created({ userName: 'BJensen2' }) },
        { request: filtered('/Users', 'userName sw "BJENSEN"'), expect: found('bjensen', 'BJensen2') },
      ],
    },
    {
      ids: ['USR-03', 'USR-04'],
      title: 'nor can a user become another by PUT or by PATCH, in any case of the letters',
      given: [aUser('bjensen'), aUser('eve')],
      request: put('/Users/{{eve.id}}', user('BJensen')),
      expect: E(409, 'uniqueness', /userName/),
      afterwards: [
        ...['bjensen', 'BJENSEN'].flatMap((value) => [
          {
            request: patch('/Users/{{eve.id}}', { op: 'replace', path: 'userName', value }),
            expect: E(409, 'uniqueness', /userName/),
          },
          {
            request: patch('/Users/{{eve.id}}', { op: 'add', value: { userName: value, title: 'x' } }),
            expect: E(409, 'uniqueness', /userName/),
          },
        ]),
        { request: get('/Users/{{eve.id}}'), expect: { status: 200, exactly: '{{eve}}' } },
      ],
    },
    {
      ids: ['USR-05'],
      title: 'the case of one’s own userName can be changed',
      given: [aUser('bjensen')],
      request: patch('/Users/{{bjensen.id}}', { op: 'replace', path: 'userName', value: 'BJensen' }),
      expect: ok({ userName: 'BJensen' }),
      afterwards: [
        { request: put('/Users/{{bjensen.id}}', user('BJENSEN')), expect: ok({ userName: 'BJENSEN' }) },
        { request: get('/Users/{{bjensen.id}}'), expect: ok({ userName: 'BJENSEN' }) },
        { request: filtered('/Users', 'userName eq "bjensen"'), expect: found('BJENSEN') },
        { request: post('/Users', user('bjensen')), expect: E(409, 'uniqueness', /userName/) },
      ],
    },
    {
      ids: ['USR-06'],
      title: 'a name has six parts, and each is stored and found',
      request: post('/Users', user('bob', { name: NAME })),
      expect: created({ name: NAME }),
      as: 'bob',
      afterwards: [
        {
          request: get('/Users/{{bob.id}}?attributes=name'),
          expect: { status: 200, exactly: { schemas: [USER], id: '{{bob.id}}', name: NAME } },
        },
        ...Object.entries(NAME).map(([part, value]) => ({
          request: filtered('/Users', `name.${part} eq "${value.toUpperCase()}"`),
          expect: found('bob'),
        })),
      ],
    },
    ...Object.entries(NAME).map(
      ([part, value]): Case => ({
        ids: ['USR-06'],
        title: `a name may have its ${part} alone, and lose it`,
        request: post('/Users', user('bob', { name: { [part]: value } })),
        expect: created({ name: { [part]: value } }),
        as: 'bob',
        afterwards: [
          {
            request: patch('/Users/{{bob.id}}', { op: 'remove', path: `name.${part}` }),
            expect: { ...ok(), absent: ['name'] },
          },
          {
            request: patch('/Users/{{bob.id}}', { op: 'add', path: `name.${part}`, value: 'Änd' }),
            expect: ok({ name: { [part]: 'Änd' } }),
          },
        ],
      }),
    ),
    {
      ids: ['USR-07'],
      title: 'a formatted name is the client’s: never made of the parts, never changed with them',
      given: [aUser('bob', { name: { formatted: 'Bob the Boss', givenName: 'Bob', familyName: 'B' } })],
      request: get('/Users/{{bob.id}}'),
      expect: ok({ name: { formatted: 'Bob the Boss', givenName: 'Bob', familyName: 'B' } }),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'name.givenName', value: 'Rob' }),
          expect: ok({ name: { formatted: 'Bob the Boss', givenName: 'Rob', familyName: 'B' } }),
        },
        {
          request: post('/Users', user('eve', { name: { givenName: 'Eve', familyName: 'E' } })),
          expect: created({ name: { formatted: '{{absent}}', givenName: 'Eve', familyName: 'E' } }),
        },
        // A client that knows our formatted name, and a new given name, says both.
        {
          request: put(
            '/Users/{{bob.id}}',
            user('bob', { name: { formatted: 'Rob B', givenName: 'Rob', familyName: 'B' } }),
          ),
          expect: ok({ name: { formatted: 'Rob B', givenName: 'Rob', familyName: 'B' } }),
        },
        {
          request: put(
            '/Users/{{bob.id}}',
            user('bob', { name: { formatted: 'Rob B', givenName: 'Robert', familyName: 'B' } }),
          ),
          expect: ok({ name: { formatted: 'Rob B', givenName: 'Robert', familyName: 'B' } }),
          default: {
            because: 'dropStaleFormatted',
            expect: ok({ name: { formatted: '{{absent}}', givenName: 'Robert', familyName: 'B' } }),
          },
        },
      ],
    },
    ...['👩‍💻 שלום', 'Ærøskøbing\t"\\/', 'e\u0301 is not é here', 'Ⅷ ﬁ ｂ', ' with spaces '].map(
      (text): Case => ({
        ids: ['USR-08'],
        title: `displayName, nickName, title and userType are any text, kept as it is: ${text}`,
        request: post('/Users', user('bob', { displayName: text, nickName: text, title: text, userType: text })),
        expect: created({ displayName: text, nickName: text, title: text, userType: text }),
        as: 'bob',
        afterwards: [
          { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{bob}}' } },
          {
            request: filtered(
              '/Users',
              `displayName eq ${JSON.stringify(text)} and userType co ${JSON.stringify(text)}`,
            ),
            expect: found('bob'),
          },
        ],
      }),
    ),
    {
      ids: ['USR-13'],
      title: 'who is made without active is active, and the reply says so',
      request: post('/Users', user('bob')),
      expect: created({ active: true }),
      as: 'bob',
      afterwards: [
        { request: filtered('/Users', 'active eq true'), expect: found('bob') },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'active', value: false }),
          expect: ok({ active: false }),
        },
        { request: filtered('/Users', 'active eq true'), expect: found() },
        { request: get('/Users/{{bob.id}}'), expect: ok({ active: false }) },
        {
          request: put('/Users/{{bob.id}}', user('bob')),
          expect: ok({ active: true }),
          default: { because: 'keepActiveOnReplace', expect: ok({ active: false }) },
        },
      ],
    },
    {
      ids: ['USR-14'],
      title: 'a password, however weak, is taken and not told: it is not ours to judge while nobody signs in with it',
      given: [aUser('bob')],
      request: post('/Users', user('eve', { password: 'x', [ENT]: { department: 'x' } })),
      expect: { ...created({ userName: 'eve' }), absent: ['password'] },
      as: 'eve',
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'password', value: 't1meMa$heen' }),
          expect: { ...ok(), absent: ['password'] },
          unchanged: ['/Users/{{bob.id}}'],
        },
        {
          request: get('/Users/{{eve.id}}?attributes=password,userName'),
          expect: { status: 200, exactly: { schemas: [USER, ENT], id: '{{eve.id}}', userName: 'eve' } },
        },
        { request: filtered('/Users', 'password eq "x"'), expect: E(400, 'invalidFilter', /password/) },
        {
          request: post('/Users', user('joe', { password: { value: 'x' } })),
          expect: E(400, 'invalidValue', /password/),
        },
      ],
    },
    {
      ids: ['USR-24'],
      title: 'groups shows the groups that a user is in, with their ids, URIs and names',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}'), aGroup('board')],
      request: get('/Users/{{bob.id}}'),
      expect: ok({
        groups: [{ value: '{{staff.id}}', $ref: '{{base}}/Groups/{{staff.id}}', display: 'staff', type: 'direct' }],
      }),
      afterwards: [
        {
          request: patch('/Groups/{{board.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
          expect: NO_CONTENT,
        },
        {
          request: get('/Users/{{bob.id}}'),
          expect: ok({
            groups: ['{{in any order}}', { value: '{{staff.id}}' }, { value: '{{board.id}}', display: 'board' }],
          }),
        },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'replace', path: 'displayName', value: 'crew' }),
          expect: NO_CONTENT,
        },
        {
          request: patch('/Groups/{{board.id}}', { op: 'remove', path: 'members[value eq "{{bob.id}}"]' }),
          expect: NO_CONTENT,
        },
        { request: get('/Users/{{bob.id}}'), expect: ok({ groups: [{ value: '{{staff.id}}', display: 'crew' }] }) },
        { request: { method: 'DELETE', path: '/Groups/{{staff.id}}' }, expect: NO_CONTENT },
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['groups'] } },
      ],
    },
    {
      ids: ['USR-25'],
      title: 'groups in the body of a POST or a PUT are ignored',
      given: [aUser('bob'), aGroup('staff'), aGroup('board', '{{bob.id}}')],
      request: post('/Users', user('eve', { groups: [{ value: '{{staff.id}}', type: 'direct' }] })),
      expect: { ...created(), absent: ['groups'] },
      afterwards: [
        {
          request: put('/Users/{{bob.id}}', user('bob', { groups: [{ value: '{{staff.id}}' }], title: 'x' })),
          expect: ok({ groups: [{ value: '{{board.id}}' }], title: 'x' }),
        },
        {
          request: put('/Users/{{bob.id}}', user('bob', { groups: [], title: 'x' })),
          expect: ok({ groups: [{ value: '{{board.id}}' }] }),
        },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: '{{none}}' }) },
        { request: get('/Groups/{{board.id}}'), expect: ok({ members: [{ value: '{{bob.id}}' }] }) },
      ],
    },
    ...(
      [
        { op: 'add', path: 'groups', value: [{ value: '{{staff.id}}' }] },
        { op: 'replace', path: 'groups', value: [] },
        { op: 'remove', path: 'groups' },
        { op: 'remove', path: 'groups[value eq "{{board.id}}"]' },
        { op: 'replace', path: 'groups[value eq "{{board.id}}"].value', value: '{{staff.id}}' },
      ] as const
    ).map(
      (operation): Case => ({
        ids: ['USR-26'],
        title: `groups are not for PATCH: ${operation.op} ${operation.path}`,
        given: [aUser('bob'), aGroup('staff'), aGroup('board', '{{bob.id}}')],
        request: patch('/Users/{{bob.id}}', { op: 'add', path: 'title', value: 'x' }, operation),
        expect: E(400, 'mutability', /groups/),
      }),
    ),
    {
      ids: ['USR-27'],
      title: 'groups shows the groups that a user is in directly, and not those that these are in',
      given: [aUser('bob'), aGroup('inner', '{{bob.id}}'), aGroup('outer', '{{inner.id}}')],
      request: get('/Users/{{bob.id}}'),
      expect: ok({ groups: [{ value: '{{inner.id}}', type: 'direct' }] }),
      afterwards: [
        { request: filtered('/Users', 'groups.type eq "indirect"'), expect: found() },
        { request: filtered('/Users', 'groups.value eq "{{outer.id}}"'), expect: found() },
        { request: filtered('/Users', 'groups.value eq "{{inner.id}}"'), expect: found('bob') },
      ],
    },
  ],
  elsewhere: {
    'USR-14': { file: 'tests/threats/secrets.test.ts', test: 'a password is accepted, and kept nowhere' },
    'USR-15': { file: 'tests/threats/passwords.test.ts', test: 'USR-15 what is kept is a salted slow hash' },
    'USR-16': { file: 'tests/threats/passwords.test.ts', test: 'prepared as RFC 8265 has it' },
  },
};
