import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  E,
  ENT,
  filtered,
  found,
  foundGroups,
  GROUP,
  get,
  ok,
  patch,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['FIL-55', 'FIL-56'],
      title: 'groups are found by a member, and users by a group',
      given: [
        aUser('bob'),
        aUser('eve'),
        aGroup('staff', '{{bob.id}}', '{{eve.id}}'),
        aGroup('crew', '{{bob.id}}', '{{staff.id}}'),
        aGroup('empty'),
      ],
      request: filtered('/Groups', 'members.value eq "{{bob.id}}"'),
      expect: foundGroups('staff', 'crew'),
      afterwards: [
        { request: filtered('/Groups', 'members[value eq "{{eve.id}}"]'), expect: foundGroups('staff') },
        { request: filtered('/Groups', 'members.value eq "{{staff.id}}"'), expect: foundGroups('crew') },
        { request: filtered('/Groups', 'members[value eq "{{staff.id}}" and type eq "User"]'), expect: foundGroups() },
        { request: filtered('/Groups', 'members.type eq "group"'), expect: foundGroups('crew') },
        { request: filtered('/Groups', 'members.display eq "EVE"'), expect: foundGroups('staff') },
        { request: filtered('/Groups', 'not (members.value eq "{{eve.id}}")'), expect: foundGroups('crew', 'empty') },
        { request: filtered('/Groups', 'members.value ne "{{bob.id}}"'), expect: foundGroups('empty') },
        { request: filtered('/Groups', 'not (members pr)'), expect: foundGroups('empty') },
        {
          request: filtered('/Groups', 'members.value eq "{{bob.id}}" and displayName sw "c"'),
          expect: foundGroups('crew'),
        },
        { request: filtered('/Users', 'groups.value eq "{{staff.id}}"'), expect: found('bob', 'eve') },
        { request: filtered('/Users', 'groups[value eq "{{crew.id}}"]'), expect: found('bob') },
        { request: filtered('/Users', 'groups.display eq "CREW"'), expect: found('bob') },
        { request: filtered('/Users', 'groups.value eq "{{empty.id}}"'), expect: found() },
        {
          request: filtered('/Users', 'groups.value eq "{{staff.id}}" and not (groups.value eq "{{crew.id}}")'),
          expect: found('eve'),
        },
        { request: filtered('/Users', 'groups.type eq "direct"'), expect: found('bob', 'eve') },
      ],
    },
    {
      ids: ['FIL-57'],
      title: 'schemas finds those who have data of an extension',
      given: [aUser('bob', { [ENT]: { department: 'x' } }), aUser('eve'), aGroup('staff')],
      request: filtered('/Users', `schemas eq "${ENT}"`),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', `schemas eq "${USER}"`), expect: found('bob', 'eve') },
        { request: filtered('/Users', `schemas eq "${ENT.toUpperCase()}"`), expect: found('bob') },
        { request: filtered('/Users', `schemas ne "${ENT}"`), expect: found('eve') },
        { request: filtered('/Users', 'schemas co "enterprise"'), expect: found('bob') },
        { request: filtered('/Users', `schemas eq "${GROUP}"`), expect: found() },
        { request: filtered('/Groups', `schemas eq "${GROUP}"`), expect: foundGroups('staff') },
      ],
    },
    {
      ids: ['FIL-58'],
      title: 'meta.resourceType is the type of the endpoint',
      given: [aUser('bob'), aGroup('staff')],
      request: filtered('/Users', 'meta.resourceType eq "User"'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Groups', 'meta.resourceType eq "User"'), expect: foundGroups() },
        { request: filtered('/Groups', 'meta.resourceType eq "Group"'), expect: foundGroups('staff') },
        { request: filtered('/Users', 'meta.resourceType ne "User"'), expect: found() },
        { request: filtered('/Users', 'meta.resourceType eq "Device"'), expect: found() },
      ],
    },
    {
      ids: ['FIL-59'],
      title: 'id and externalId find the one who has them',
      given: [
        aUser('bob', { externalId: '701984' }),
        aUser('eve', { externalId: '7019845' }),
        { ...post('/Groups', { schemas: [GROUP], displayName: 'staff', externalId: '701984' }), as: 'staff' },
      ],
      request: filtered('/Users', 'id eq "{{bob.id}}"'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'externalId eq "701984"'), expect: found('bob') },
        { request: filtered('/Groups', 'externalId eq "701984"'), expect: foundGroups('staff') },
        { request: filtered('/Groups', 'id eq "{{bob.id}}"'), expect: foundGroups() },
        { request: filtered('/Users', 'id eq "{{bob.id}}" or id eq "{{eve.id}}"'), expect: found('bob', 'eve') },
        { request: filtered('/Users', 'id ne "{{bob.id}}"'), expect: found('eve') },
        { request: filtered('/Users', 'id eq "{{bob.id}}" and externalId eq "7019845"'), expect: found() },
        {
          request: put('/Users/{{bob.id}}', user('bob', { externalId: 'new' })),
          expect: ok({ externalId: 'new' }),
        },
        { request: filtered('/Users', 'externalId eq "701984"'), expect: found() },
        { request: filtered('/Users', 'externalId eq "new"'), expect: found('bob') },
      ],
    },
    {
      ids: ['FIL-60'],
      title: 'ne finds whoever has no value that is equal, and so whoever has none',
      given: [
        aUser('bob', { title: 'x', emails: [{ value: 'b@x', type: 'work' }] }),
        aUser('eve', {
          title: 'y',
          emails: [
            { value: 'e@x', type: 'work' },
            { value: 'e@y', type: 'home' },
          ],
        }),
        aUser('joe'),
      ],
      request: filtered('/Users', 'title ne "x"'),
      expect: found('eve', 'joe'),
      afterwards: [
        { request: filtered('/Users', 'emails.type ne "home"'), expect: found('bob', 'joe') },
        { request: filtered('/Users', 'emails.type ne "work"'), expect: found('joe') },
        { request: filtered('/Users', 'emails[type ne "work"]'), expect: found('eve') },
        { request: filtered('/Users', 'title ne "x" and title pr'), expect: found('eve') },
        { request: filtered('/Users', 'not (title ne "x")'), expect: found('bob') },
        { request: filtered('/Users', `${ENT}:department ne "x"`), expect: found('bob', 'eve', 'joe') },
      ],
    },
    {
      ids: ['FIL-61'],
      title: 'equal to null is what is not there',
      given: [aUser('bob', { title: 'x', emails: [{ value: 'b@x' }], active: false }), aUser('eve')],
      request: filtered('/Users', 'title eq null'),
      expect: found('eve'),
      afterwards: [
        { request: filtered('/Users', 'title ne null'), expect: found('bob') },
        { request: filtered('/Users', 'emails.type eq null'), expect: found('bob', 'eve') },
        { request: filtered('/Users', 'emails[type eq null]'), expect: found('bob') },
        { request: filtered('/Users', 'active eq null'), expect: found() },
        { request: filtered('/Users', 'emails eq null'), expect: found('eve') },
        ...['gt', 'ge', 'lt', 'le', 'co', 'sw', 'ew'].map((operator) => ({
          request: filtered('/Users', `title ${operator} null`),
          expect: E(400, 'invalidFilter', /title.*null/),
        })),
      ],
    },
    ...[
      'password pr',
      'password eq "x"',
      'not (password eq null)',
      `${USER}:Password sw "x"`,
      'userName pr or password pr',
    ].map(
      (filter): Case => ({
        ids: ['FIL-63'],
        title: `what is never returned is not asked for: ${filter}`,
        given: [aUser('bob', { password: 'x' })],
        request: filtered('/Users', filter),
        expect: E(400, 'invalidFilter', /password/i),
      }),
    ),
    {
      ids: ['FIL-64'],
      title: 'what should not stand in a URL can be sent in the body of a search',
      given: [aUser('bob', { name: { familyName: 'Jensen' } }), aUser('eve')],
      request: post('/Users/.search', { schemas: [SEARCH], filter: 'name.familyName eq "JENSEN"' }),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'name.familyName eq "JENSEN"'), expect: found('bob') },
        { request: filtered('/Users', 'title eq "{{token}}"'), expect: E(403, 'sensitive') },
      ],
    },
    ...[
      'emails[type eq',
      'emails[type eq "work"',
      'emails[type regex "work"]',
      'emails[type eq work and]',
      'emails[]',
      'emails[not type eq "work"]',
      'emails[shoeSize eq "x"]',
      'emails[type gt]',
      'emails[primary gt true]',
      'emails[type eq "a" or]',
    ].map(
      (path): Case => ({
        ids: ['FIL-65'],
        title: `a filter in a path that cannot be read: ${path}`,
        given: [aUser('bob', { emails: [{ value: 'b@x', type: 'work' }] })],
        request: patch('/Users/{{bob.id}}', { op: 'remove', path }),
        expect: E(400, 'invalidFilter'),
        afterwards: [
          {
            request: patch('/Users/{{bob.id}}', { op: 'replace', path: `${path}.value`, value: 'x' }),
            expect: { status: 400, body: { scimType: /^invalid(Filter|Path)$/ } },
          },
        ],
      }),
    ),
    {
      ids: ['FIL-65'],
      title: 'filters in paths are those of queries: names and operators in any case, not, or, parentheses',
      given: [
        aUser('bob', {
          emails: [
            { value: 'a@x', type: 'work' },
            { value: 'b@x', type: 'home' },
            { value: 'c@x', type: 'other' },
          ],
        }),
      ],
      request: patch('/Users/{{bob.id}}', {
        op: 'remove',
        path: 'Emails[NOT (Type EQ "work" or type eq"other")]',
      }),
      expect: ok({ emails: [{ value: 'a@x' }, { value: 'c@x' }] }),
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: ok({ emails: [{ value: 'a@x' }, { value: 'c@x' }] }) }],
    },
  ],
  elsewhere: {
    'FIL-66': [
      {
        file: 'tests/fuzz/queries.test.ts',
        test: 'SQL finds, sorts and pages what memory does: random data, filters, sortings, pages and cursors',
      },
    ],
  },
  decided: {
    'FIL-60':
      'ne finds whoever has no value equal to the operand, and so whoever has no value at all; within brackets it is asked of one element.',
    'FIL-61': 'eq null is "not present" and ne null "present"; every other operator with null is 400 invalidFilter.',
    'FIL-66':
      'One function in JavaScript says which resources a filter means; the SQL of each database is compared with it on random data and random filters.',
  },
};
