import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  del,
  E,
  filtered,
  found,
  foundGroups,
  GROUP,
  get,
  group,
  NO_CONTENT,
  NOBODY,
  ok,
  patch,
  post,
  put,
} from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    ...[
      ['missing', undefined],
      ['null', null],
      ['empty', ''],
      ['nothing but spaces', '  '],
      ['a list', ['staff']],
    ].map(
      ([name, displayName]): Case => ({
        ids: ['GRP-01'],
        title: `a displayName that is ${name}`,
        given: [aGroup('crew')],
        request: post('/Groups', { schemas: [GROUP], ...(displayName === undefined ? {} : { displayName }) }),
        expect: E(400, 'invalidValue', /displayName/),
        afterwards: [
          {
            request: put('/Groups/{{crew.id}}', {
              schemas: [GROUP],
              ...(displayName === undefined ? {} : { displayName }),
            }),
            expect: E(400, 'invalidValue', /displayName/),
          },
        ],
      }),
    ),
    {
      ids: ['GRP-01'],
      title: 'a displayName cannot be taken away',
      given: [aGroup('crew')],
      request: patch('/Groups/{{crew.id}}', { op: 'remove', path: 'displayName' }),
      expect: E(400, 'mutability', /displayName/),
      afterwards: [
        {
          request: patch('/Groups/{{crew.id}}', { op: 'replace', path: 'displayName', value: '' }),
          expect: E(400, 'invalidValue', /displayName/),
        },
        { request: get('/Groups/{{crew.id}}'), expect: ok({ displayName: 'crew' }) },
      ],
    },
    {
      ids: ['GRP-02'],
      title: 'a second group of one displayName, in any case, by POST, PUT and PATCH',
      given: [aGroup('staff'), aGroup('crew')],
      request: post('/Groups', group('STAFF')),
      expect: created({ displayName: 'STAFF' }),
      default: { because: 'uniqueGroupNames', expect: E(409, 'uniqueness', /displayName/) },
      afterwards: [
        {
          request: put('/Groups/{{crew.id}}', group('staff')),
          expect: ok({ displayName: 'staff' }),
          default: { because: 'uniqueGroupNames', expect: E(409, 'uniqueness', /displayName/) },
        },
        {
          request: patch('/Groups/{{crew.id}}', { op: 'replace', path: 'displayName', value: 'Staff' }),
          expect: NO_CONTENT,
          default: { because: 'uniqueGroupNames', expect: E(409, 'uniqueness', /displayName/) },
        },
        {
          request: filtered('/Groups', 'displayName eq "staff"'),
          expect: foundGroups('staff', 'STAFF', 'Staff'),
          default: { because: 'uniqueGroupNames', expect: foundGroups('staff') },
        },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'replace', path: 'displayName', value: 'STAFF' }),
          expect: NO_CONTENT,
        },
      ],
    },
    {
      ids: ['GRP-03', 'GRP-06'],
      title: 'members are users and groups of the directory; their type and URI are the server’s to fill',
      given: [aUser('bob'), aGroup('inner')],
      request: post('/Groups', group('outer', '{{bob.id}}', '{{inner.id}}')),
      expect: created({
        members: [
          '{{in any order}}',
          { value: '{{bob.id}}', type: 'User', $ref: '{{base}}/Users/{{bob.id}}', display: 'bob' },
          { value: '{{inner.id}}', type: 'Group', $ref: '{{base}}/Groups/{{inner.id}}', display: 'inner' },
        ],
      }),
      as: 'outer',
      afterwards: [
        { request: get('/Groups/{{outer.id}}'), expect: { status: 200, exactly: '{{outer}}' } },
        { request: filtered('/Groups', 'members[type eq "Group"]'), expect: foundGroups('outer') },
        {
          request: put('/Groups/{{inner.id}}', {
            ...group('inner'),
            members: [{ value: '{{bob.id}}', $ref: 'https://evil.example/Users/1', type: 'User' }],
          }),
          expect: ok({ members: [{ value: '{{bob.id}}', $ref: '{{base}}/Users/{{bob.id}}' }] }),
        },
      ],
    },
    ...[
      ['an id that nobody has', { value: NOBODY }],
      ['a userName', { value: 'bob' }],
      ['an externalId', { value: 'x1' }],
      ['no value', { display: 'Bob' }],
      ['an empty value', { value: '' }],
    ].map(
      ([name, member]): Case => ({
        ids: ['GRP-03'],
        title: `a member is not ${name}`,
        given: [aUser('bob', { externalId: 'x1' }), aUser('eve'), aGroup('staff', '{{eve.id}}')],
        request: post('/Groups', { ...group('crew'), members: [{ value: '{{eve.id}}' }, member] }),
        expect: E(400, 'invalidValue', /member/),
        afterwards: [
          {
            request: put('/Groups/{{staff.id}}', { ...group('staff'), members: [member] }),
            expect: E(400, 'invalidValue', /member/),
          },
          {
            request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [member] }),
            expect: E(400, 'invalidValue', /member/),
          },
        ],
      }),
    ),
    ...(
      [
        ['value', '{{eve.id}}'],
        ['$ref', '{{base}}/Users/{{eve.id}}'],
        ['type', 'Group'],
        ['display', 'Evil'],
      ] as const
    ).map(
      ([sub, value]): Case => ({
        ids: ['GRP-04'],
        title: `the ${sub} of a member is never edited`,
        given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
        request: patch('/Groups/{{staff.id}}', {
          op: 'replace',
          path: `members[value eq "{{bob.id}}"].${sub}`,
          value,
        }),
        expect: E(400, 'mutability', /members/),
        afterwards: [
          {
            request: patch('/Groups/{{staff.id}}', { op: 'remove', path: `members[value eq "{{bob.id}}"].${sub}` }),
            expect: E(400, 'mutability', /members/),
          },
        ],
      }),
    ),
    {
      ids: ['GRP-05'],
      title: 'a group may be empty, from the beginning and again',
      given: [aUser('bob'), { ...post('/Groups', { schemas: [GROUP], displayName: 'staff' }), as: 'staff' }],
      request: get('/Groups/{{staff.id}}'),
      expect: ok({ displayName: 'staff', members: '{{none}}' }),
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
          expect: NO_CONTENT,
        },
        {
          request: put('/Groups/{{staff.id}}', { ...group('staff'), members: [] }),
          expect: ok({ members: '{{none}}' }),
        },
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['groups'] } },
        { request: post('/Groups', group('crew')), expect: created({ members: '{{none}}' }) },
      ],
    },
    {
      ids: ['GRP-06'],
      title: 'a group of groups tells their names as they are now',
      given: [aGroup('inner'), aGroup('outer', '{{inner.id}}')],
      request: patch('/Groups/{{inner.id}}', { op: 'replace', path: 'displayName', value: 'core' }),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: get('/Groups/{{outer.id}}'),
          expect: ok({ members: [{ value: '{{inner.id}}', type: 'Group', display: 'core' }] }),
        },
        { request: del('/Groups/{{inner.id}}'), expect: NO_CONTENT },
        { request: get('/Groups/{{outer.id}}'), expect: ok({ members: '{{none}}' }) },
      ],
    },
    {
      ids: ['GRP-07'],
      title: 'groups in a circle are stored, and every answer comes to an end',
      given: [aUser('eve'), aGroup('a', '{{eve.id}}'), aGroup('b', '{{a.id}}'), aGroup('c', '{{b.id}}')],
      request: patch('/Groups/{{a.id}}', { op: 'add', path: 'members', value: [{ value: '{{c.id}}' }] }),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: get('/Groups/{{a.id}}'),
          expect: ok({ members: ['{{in any order}}', { value: '{{eve.id}}' }, { value: '{{c.id}}', type: 'Group' }] }),
        },
        { request: get('/Users/{{eve.id}}'), expect: ok({ groups: [{ value: '{{a.id}}', type: 'direct' }] }) },
        { request: filtered('/Groups', 'members.value eq "{{a.id}}"'), expect: foundGroups('b') },
        { request: filtered('/Users', 'groups.value eq "{{a.id}}"'), expect: found('eve') },
        { request: del('/Groups/{{b.id}}'), expect: NO_CONTENT },
        { request: get('/Groups/{{c.id}}'), expect: ok({ members: '{{none}}' }) },
        { request: get('/Groups/{{a.id}}'), expect: ok({ displayName: 'a' }) },
      ],
    },
  ],
  decided: {
    'GRP-02': 'Two groups of one directory may not share a displayName by default; strict lets them.',
    'GRP-07':
      'Groups may contain each other in a circle; groups of a user shows direct memberships only, so nothing walks it.',
  },
};
