import type { Coverage } from '../case.ts';
import { BOB } from '../people.ts';
import { aGroup, aUser, E, ENT, GROUP, get, NO_CONTENT, NOBODY, ok, patch, USER } from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['PAT-56'],
      title: 'a userName, externalId or displayName that another has is 409 uniqueness, and nothing is applied',
      given: [aUser('bob', { title: 'Boss' }), aUser('eve', { externalId: 'x2' }), aGroup('staff'), aGroup('board')],
      request: patch(
        '/Users/{{bob.id}}',
        { op: 'replace', path: 'title', value: 'Cook' },
        { op: 'replace', path: 'userName', value: 'EVE' },
      ),
      expect: E(409, 'uniqueness', /userName/),
      unchanged: ['/Users/{{bob.id}}'],
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', value: { externalId: 'x2', title: 'Cook' } }),
          expect: E(409, 'uniqueness', /externalId/),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'userName', value: 'BOB' }),
          expect: ok({ userName: 'BOB', title: 'Boss' }),
        },
        {
          request: patch('/Groups/{{board.id}}', { op: 'replace', path: 'displayName', value: 'staff' }),
          expect: NO_CONTENT,
          default: { because: 'uniqueGroupNames', expect: E(409, 'uniqueness', /displayName/) },
        },
      ],
    },
    {
      ids: ['PAT-57'],
      title: 'schemas can be replaced, before and after what they describe; the base URN must stay',
      given: [aUser('bob')],
      request: patch(
        '/Users/{{bob.id}}',
        { op: 'replace', path: 'schemas', value: [USER, ENT] },
        { op: 'replace', path: `${ENT}:department`, value: 'x' },
      ),
      expect: ok({ schemas: [USER, ENT], [ENT]: { department: 'x' } }),
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ schemas: [USER, ENT], [ENT]: { department: 'x' } }) },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'schemas', value: [ENT] }),
          expect: E(400, 'invalidValue', /schemas/),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'schemas', value: [GROUP] }),
          expect: E(400, 'invalidValue', /schemas/),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: 'schemas', value: ['urn:example:x'] }),
          expect: E(400, 'invalidSyntax', /urn:example:x/),
          default: { because: 'unknownSchemas', expect: ok({ schemas: [USER, ENT] }) },
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: 'schemas', value: ENT }),
          expect: ok({ schemas: [USER, ENT] }),
        },
        {
          request: patch(
            '/Users/{{bob.id}}',
            { op: 'remove', path: ENT },
            { op: 'replace', path: 'schemas', value: [USER] },
          ),
          expect: { ...ok({ schemas: [USER] }), absent: [ENT] },
        },
      ],
    },
    {
      ids: ['PAT-57'],
      title: 'schemas in a value without a path is checked too; by default it is not heard',
      given: [aUser('bob', { [ENT]: { department: 'x' } })],
      request: patch('/Users/{{bob.id}}', { op: 'replace', value: { schemas: [ENT], title: 'Cook' } }),
      expect: E(400, 'invalidValue', /schemas/),
      default: { because: 'unknownSchemas', expect: ok({ schemas: [USER, ENT], title: 'Cook' }) },
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', value: { schemas: [USER, ENT], title: 'Chef' } }),
          expect: ok({ schemas: [USER, ENT], title: 'Chef', [ENT]: { department: 'x' } }),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', value: { schemas: [ENT], nickName: 'B' } }),
          expect: ok({ schemas: [USER, ENT], nickName: 'B' }),
        },
      ],
    },
    {
      ids: ['PAT-58'],
      title: 'members are replaced: by others, by one, by nobody',
      given: [aUser('bob'), aUser('eve'), aUser('joe'), aGroup('staff', '{{bob.id}}', '{{eve.id}}')],
      request: patch('/Groups/{{staff.id}}', {
        op: 'replace',
        path: 'members',
        value: [{ value: '{{eve.id}}' }, { value: '{{joe.id}}' }],
      }),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ members: ['{{in any order}}', { value: '{{eve.id}}' }, { value: '{{joe.id}}' }] }),
        },
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['groups'] } },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'replace', value: { members: [{ value: '{{bob.id}}' }] } }),
          expect: NO_CONTENT,
        },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{bob.id}}' }] }) },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'replace', path: 'members', value: [{ value: NOBODY }] }),
          expect: E(400, 'invalidValue', new RegExp(NOBODY)),
        },
        { request: patch('/Groups/{{staff.id}}', { op: 'replace', path: 'members', value: [] }), expect: NO_CONTENT },
        { request: get('/Groups/{{staff.id}}'), expect: { ...ok(), absent: ['members'] } },
        { request: get('/Users/{{bob.id}}'), expect: { ...ok(), absent: ['groups'] } },
      ],
    },
    {
      ids: ['PAT-59'],
      title: 'of several operations on one attribute the last counts',
      given: [aUser('bob', BOB), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch(
        '/Users/{{bob.id}}',
        { op: 'replace', path: 'title', value: 'Cook' },
        { op: 'remove', path: 'title' },
        { op: 'add', path: 'title', value: 'Chef' },
        { op: 'remove', path: 'emails' },
        { op: 'add', path: 'emails', value: [{ value: 'c@example.com' }] },
      ),
      expect: ok({ title: 'Chef', emails: [{ value: 'c@example.com' }] }),
      as: 'after',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } },
        {
          request: patch(
            '/Groups/{{staff.id}}',
            { op: 'remove', path: 'members' },
            { op: 'add', path: 'members', value: [{ value: '{{eve.id}}' }, { value: '{{bob.id}}' }] },
            { op: 'remove', path: 'members[value eq "{{bob.id}}"]' },
          ),
          expect: NO_CONTENT,
        },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{eve.id}}' }] }) },
      ],
    },
    {
      ids: ['PAT-59'],
      title: 'what is wrong in between is refused, though a later operation would mend it',
      given: [aUser('bob', BOB)],
      request: patch(
        '/Users/{{bob.id}}',
        { op: 'remove', path: 'userName' },
        { op: 'add', path: 'userName', value: 'rob' },
      ),
      expect: E(400, 'mutability', /userName/),
      afterwards: [
        {
          request: patch(
            '/Users/{{bob.id}}',
            { op: 'replace', path: 'active', value: 'maybe' },
            { op: 'replace', path: 'active', value: false },
          ),
          expect: E(400, 'invalidValue', /active/),
        },
      ],
    },
  ],
  elsewhere: {
    'PAT-59': {
      file: 'tests/unit/scim/apply-patch.test.ts',
      test: 'PAT-05, PAT-59 each operation sees what the one before it made',
    },
  },
};
