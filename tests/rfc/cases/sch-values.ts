import type { Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  ENT,
  filtered,
  found,
  foundGroups,
  get,
  ok,
  patch,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

const EMAIL = { value: 'b@example.com' };

export const coverage: Coverage = {
  cases: [
    {
      ids: ['SCH-14', 'SCH-15'],
      title: 'a $ref that the server writes is absolute: base, path prefix and version are in it',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: get('/Groups/{{staff.id}}'),
      expect: ok({ members: [{ $ref: /^https?:\/\/[^/]+(\/strict)?\/scim\/v2\/Users\/[^/]+$/ }] }),
    },
    {
      ids: ['SCH-14', 'SCH-45'],
      title: 'a $ref in a filter is the same relative, absolute, with and without the version',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}'), aGroup('board', '{{eve.id}}')],
      request: filtered('/Groups', 'members[$ref eq "{{base}}/Users/{{bob.id}}"]'),
      expect: foundGroups('staff'),
      afterwards: [
        {
          request: filtered('/Groups', 'members[$ref eq "Users/{{bob.id}}"]'),
          expect: foundGroups('staff'),
        },
        {
          request: filtered('/Groups', 'members[$ref eq "{{parent}}/Users/{{bob.id}}"]'),
          expect: foundGroups('staff'),
        },
        {
          request: filtered('/Groups', 'members[$ref eq "/Users/{{bob.id}}"]'),
          expect: foundGroups('staff'),
        },
        {
          request: filtered('/Groups', 'members.$ref eq "{{base}}/Users/{{eve.id}}"'),
          expect: foundGroups('board'),
        },
      ],
    },
    {
      ids: ['SCH-20'],
      title: 'a new primary value takes the place of the old one',
      given: [aUser('bob', { emails: [{ value: 'a@example.com', type: 'work', primary: true }] })],
      request: patch('/Users/{{bob.id}}', {
        op: 'add',
        path: 'emails',
        value: [{ value: 'b@example.com', type: 'home', primary: true }],
      }),
      expect: ok({
        emails: [
          '{{in any order}}',
          { value: 'a@example.com', primary: false },
          { value: 'b@example.com', primary: true },
        ],
      }),
    },
    {
      ids: ['SCH-21'],
      title: 'a value that says nothing of primary is not primary',
      given: [
        aUser('bob', { emails: [{ value: 'b@example.com' }] }),
        aUser('eve', { emails: [{ value: 'e@example.com', primary: true }] }),
        aUser('joe'),
      ],
      request: filtered('/Users', 'emails[primary eq false]'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'emails[primary eq true]'), expect: found('eve') },
        { request: filtered('/Users', 'emails.primary eq false'), expect: found('bob') },
      ],
    },
    {
      ids: ['SCH-22'],
      title: 'a value of one type stands once, however often it is sent',
      request: post(
        '/Users',
        user('bob', {
          emails: [
            { ...EMAIL, type: 'work' },
            { ...EMAIL, type: 'work', primary: true },
            { ...EMAIL, type: 'work' },
          ],
        }),
      ),
      expect: { status: 201, body: { emails: [{ ...EMAIL, type: 'work', primary: true }] } },
      as: 'bob',
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: 'emails', value: [{ ...EMAIL, type: 'work' }] }),
          expect: ok({ emails: [{ ...EMAIL, type: 'work', primary: true }], meta: '{{bob.meta}}' }),
          unchanged: ['/Users/{{bob.id}}'],
        },
      ],
    },
    {
      ids: ['SCH-23'],
      title: 'one value may stand under two types',
      request: post(
        '/Users',
        user('bob', {
          emails: [
            { ...EMAIL, type: 'work' },
            { ...EMAIL, type: 'home' },
          ],
        }),
      ),
      expect: created({ emails: ['{{in any order}}', { ...EMAIL, type: 'work' }, { ...EMAIL, type: 'home' }] }),
    },
    {
      ids: ['SCH-24', 'SCH-25'],
      title: 'null and [] unassign: nothing is shown, and nothing is present',
      given: [
        aUser('bob', {
          nickName: 'B',
          title: 'T',
          emails: [EMAIL],
          name: { givenName: 'G' },
          [ENT]: { department: 'x' },
        }),
      ],
      request: put(
        '/Users/{{bob.id}}',
        user('bob', { nickName: null, emails: [], name: { givenName: null }, [ENT]: null }),
      ),
      expect: { ...ok(), absent: ['nickName', 'title', 'emails', 'name', ENT] },
      afterwards: [
        {
          request: get('/Users/{{bob.id}}'),
          expect: { ...ok(), absent: ['nickName', 'title', 'emails', 'name', ENT] },
        },
        ...['nickName pr', 'emails pr', 'name pr', 'name.givenName pr', `${ENT}:department pr`].map((filter) => ({
          request: filtered('/Users', filter),
          expect: found(),
        })),
        { request: filtered('/Users', 'userName pr'), expect: found('bob') },
      ],
    },
    {
      ids: ['SCH-24'],
      title: 'on POST, null and [] are as if they were left out',
      request: post(
        '/Users',
        user('bob', { nickName: null, emails: [], roles: null, name: {}, [ENT]: { department: null } }),
      ),
      expect: { ...created({ schemas: [USER] }), absent: ['nickName', 'emails', 'roles', 'name', ENT] },
    },
    {
      ids: ['SCH-26', 'SCH-27'],
      title: 'the case of a value is kept, whether or not it counts',
      request: post(
        '/Users',
        user('BJensen', { externalId: 'AbC', emails: [{ value: 'B@Example.COM', type: 'Work' }] }),
      ),
      expect: created({ userName: 'BJensen', externalId: 'AbC', emails: [{ value: 'B@Example.COM' }] }),
    },
  ],
  elsewhere: {
    'SCH-01': { file: 'tests/unit/scim/schema.test.ts', test: 'SCH-01, SCH-17 what RFC 7643 does not allow' },
    'SCH-02': { file: 'tests/unit/scim/schema.test.ts', test: 'SCH-02 what a definition does not say is the default' },
    'SCH-31': { file: 'tests/unit/scim/replace.test.ts', test: 'PUT-06 to PUT-08 an immutable value' },
    'SCH-36': { file: 'tests/unit/scim/project.test.ts', test: 'SCH-34, SCH-36 when asked' },
    'SCH-43': { file: 'tests/unit/scim/replace.test.ts', test: 'SCH-43 a required sub-attribute' },
    'SCH-44': { file: 'tests/unit/config/declarations.test.ts', test: 'uuid' },
    'SCH-46': { file: 'tests/threats/dos.test.ts', test: 'T-DOS-01 a body over the limit' },
  },
  notApplicable: {
    'SCH-39': 'No schema of ours has uniqueness global, and an extension cannot declare uniqueness.',
  },
  decided: {
    'SCH-46':
      'A text has at most 65,536 characters and an attribute 1,000 values (400 invalidValue), a body 10 MiB, or 32 MiB at /Groups (413); docs/reference/limits.md has them all.',
  },
};
