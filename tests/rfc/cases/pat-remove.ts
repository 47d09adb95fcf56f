import type { Case, Coverage } from '../case.ts';
import { changing } from '../changing.ts';
import { aGroup, aUser, E, ENT, filtered, found, foundGroups, get, NO_CONTENT, ok, patch, USER } from '../shorthand.ts';

const WORK = { value: 'a@example.com', type: 'work', display: 'A' };
const HOME = { value: 'b@example.com', type: 'home', display: 'B' };
const BOB = {
  externalId: 'x1',
  title: 'Boss',
  name: { givenName: 'B', familyName: 'J' },
  emails: [WORK, HOME],
  addresses: [{ type: 'work', locality: 'Berlin', country: 'DE' }],
  [ENT]: { department: 'x', costCenter: 'c' },
};

const removing = changing('remove', BOB);

function removes(
  ids: readonly string[],
  path: string,
  {
    leaves = {},
    absent = [],
  }: { readonly leaves?: Readonly<Record<string, unknown>>; readonly absent?: readonly string[] },
): Case {
  return removing(ids, `remove ${path}`, { operation: { path }, becomes: leaves, absent });
}

export const coverage: Coverage = {
  cases: [
    {
      ids: ['PAT-32'],
      title: 'remove without a path is 400 noTarget, with a value too',
      given: [aUser('bob', BOB), aGroup('staff', '{{bob.id}}')],
      request: patch('/Users/{{bob.id}}', { op: 'remove' }),
      expect: E(400, 'noTarget', /path/),
      afterwards: [
        { request: patch('/Users/{{bob.id}}', { op: 'remove', path: null }), expect: E(400, 'noTarget') },
        { request: patch('/Users/{{bob.id}}', { op: 'remove', value: { title: 'Boss' } }), expect: E(400, 'noTarget') },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', value: { members: [{ value: '{{bob.id}}' }] } }),
          expect: E(400, 'noTarget'),
        },
      ],
    },
    removes(['PAT-33'], 'title', { absent: ['title'] }),
    removes(['PAT-33'], 'externalId', { absent: ['externalId'] }),
    removes(['PAT-33'], 'name', { absent: ['name'] }),
    removes(['PAT-33'], 'name.givenName', { leaves: { name: { familyName: 'J', givenName: '{{absent}}' } } }),
    removes(['PAT-33'], `${ENT}:department`, { leaves: { [ENT]: { costCenter: 'c', department: '{{absent}}' } } }),
    {
      ids: ['PAT-33'],
      title: 'what is removed is unassigned: not found, and with its last part the whole is gone',
      given: [aUser('bob', { title: 'Boss', name: { givenName: 'B' }, [ENT]: { department: 'x' } })],
      request: patch(
        '/Users/{{bob.id}}',
        { op: 'remove', path: 'title' },
        { op: 'remove', path: 'name.givenName' },
        { op: 'remove', path: `${ENT}:department` },
      ),
      expect: { ...ok({ schemas: [USER] }), absent: ['title', 'name', ENT] },
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { ...ok({ schemas: [USER] }), absent: ['title', 'name', ENT] } },
        { request: filtered('/Users', `title pr or name pr or ${ENT}:department pr`), expect: found() },
      ],
    },
    {
      ids: ['PAT-33'],
      title: 'removing active puts nobody out and brings nobody back; strictly it is true again',
      given: [aUser('bob', { active: false })],
      request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'active' }),
      expect: ok({ active: true }),
      default: { because: 'keepActiveOnReplace', expect: ok({ active: false }) },
    },
    {
      ids: ['PAT-33'],
      title: 'a value says nothing to the remove of a single one, whatever it is',
      given: [aUser('bob', BOB)],
      request: patch(
        '/Users/{{bob.id}}',
        { op: 'remove', path: 'title', value: 'Cook' },
        { op: 'remove', path: 'name.givenName', value: null },
        { op: 'remove', path: 'emails[type eq "work"]', value: [HOME] },
      ),
      expect: { ...ok({ name: { familyName: 'J', givenName: '{{absent}}' }, emails: [HOME] }), absent: ['title'] },
      as: 'after',
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
    },
    removes(['PAT-34'], 'emails', { absent: ['emails'] }),
    {
      ids: ['PAT-34'],
      title: 'remove members: nobody is left',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}', '{{eve.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members' }),
      expect: NO_CONTENT,
      afterwards: [
        { request: get('/Groups/{{staff.id}}'), expect: { ...ok({ displayName: 'staff' }), absent: ['members'] } },
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['groups'] } },
        { request: filtered('/Groups', 'members pr'), expect: foundGroups() },
      ],
    },
    removes(['PAT-35'], 'emails[type eq "work"]', { leaves: { emails: [HOME] } }),
    removes(['PAT-35'], 'emails[value ew "example.com"]', { absent: ['emails'] }),
    removes(['PAT-35'], 'addresses[type eq "work"]', { absent: ['addresses'] }),
    {
      ids: ['PAT-35'],
      title: 'remove members by a filter: those and no others',
      given: [
        aUser('bob', { displayName: 'Bob' }),
        aUser('eve', { displayName: 'Eve' }),
        aUser('joe', { displayName: 'Joe' }),
        aGroup('board'),
        aGroup('staff', '{{bob.id}}', '{{eve.id}}', '{{joe.id}}', '{{board.id}}'),
      ],
      request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members[value eq "{{bob.id}}"]' }),
      expect: NO_CONTENT,
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['groups'] } },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members[type eq "Group"]' }),
          expect: NO_CONTENT,
        },
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ members: ['{{in any order}}', { value: '{{eve.id}}' }, { value: '{{joe.id}}' }] }),
        },
        {
          request: patch('/Groups/{{staff.id}}', {
            op: 'remove',
            path: 'members[value eq "{{eve.id}}" or display sw "J"]',
          }),
          expect: NO_CONTENT,
        },
        { request: get('/Groups/{{staff.id}}'), expect: { ...ok(), absent: ['members'] } },
      ],
    },
    removes(['PAT-36'], 'emails[type eq "work"].display', {
      leaves: { emails: [{ value: 'a@example.com', type: 'work', display: '{{absent}}' }, HOME] },
    }),
    removes(['PAT-36'], 'addresses[type eq "work"].country', {
      leaves: { addresses: [{ type: 'work', locality: 'Berlin', country: '{{absent}}' }] },
    }),
    removes(['PAT-36'], 'emails.display', {
      leaves: {
        emails: [
          { value: 'a@example.com', type: 'work', display: '{{absent}}' },
          { value: 'b@example.com', type: 'home', display: '{{absent}}' },
        ],
      },
    }),
    {
      ids: ['PAT-36'],
      title: 'a value that is removed leaves what described it, and by default not even that',
      given: [aUser('bob', { emails: [{ value: 'a@example.com', type: 'work' }, HOME], roles: [{ value: 'admin' }] })],
      request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'emails[type eq "work"].value' }),
      expect: ok({ emails: [{ type: 'work', value: '{{absent}}' }, HOME] }),
      default: { because: 'dropEmptyElements', expect: ok({ emails: [HOME] }) },
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'roles[value eq "admin"].value' }),
          expect: { ...ok(), absent: ['roles'] },
        },
      ],
    },
    ...['title', 'name', 'name.givenName', 'emails', 'emails.display', ENT, `${ENT}:department`, `${ENT}:manager`].map(
      (path): Case => ({
        ids: ['PAT-41'],
        title: `removing what is not there changes nothing: ${path}`,
        given: [aUser('bob')],
        request: patch('/Users/{{bob.id}}', { op: 'remove', path }),
        expect: { status: 200, exactly: '{{bob}}' },
        unchanged: ['/Users/{{bob.id}}'],
      }),
    ),
    {
      ids: ['PAT-41'],
      title: 'removing the members of a group that has none changes nothing',
      given: [aGroup('staff')],
      request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members' }),
      expect: { ...NO_CONTENT, headers: { etag: '{{staff.meta.version}}' } },
      unchanged: ['/Groups/{{staff.id}}'],
    },
    ...[ENT, ENT.toUpperCase()].map((path) =>
      removes(['PAT-42'], path, { leaves: { schemas: [USER] }, absent: [ENT] }),
    ),
  ],
  decided: {
    'PAT-41':
      'Removing what is not there is a success and changes nothing; only a filter that finds nothing is noTarget.',
  },
};
