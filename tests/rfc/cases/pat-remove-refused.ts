import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, E, ENT, get, NO_CONTENT, NOBODY, ok, patch, USER } from '../shorthand.ts';

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

export const coverage: Coverage = {
  cases: [
    {
      ids: ['PAT-37'],
      title: 'removing who is no member is a success that changes nothing',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members[value eq "{{eve.id}}"]' }),
      expect: { ...NO_CONTENT, headers: { etag: '{{staff.meta.version}}' } },
      unchanged: ['/Groups/{{staff.id}}'],
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', path: `members[value eq "${NOBODY}"]` }),
          expect: NO_CONTENT,
          unchanged: ['/Groups/{{staff.id}}'],
        },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members[display eq "nobody"]' }),
          expect: NO_CONTENT,
          unchanged: ['/Groups/{{staff.id}}'],
        },
      ],
    },
    ...[
      'emails[type eq "other"]',
      'emails[type eq "other"].value',
      'roles[value eq "x"]',
      'addresses[locality eq "Bonn"].country',
    ].map(
      (path): Case => ({
        ids: ['PAT-37'],
        title: `removing what a filter does not find is 400 noTarget: ${path}`,
        given: [aUser('bob', BOB)],
        request: patch('/Users/{{bob.id}}', { op: 'remove', path }),
        expect: E(400, 'noTarget'),
      }),
    ),
    ...['userName', 'USERNAME', `${USER}:userName`, 'schemas'].map(
      (path): Case => ({
        ids: ['PAT-38'],
        title: `removing what is required is 400 mutability: ${path}`,
        given: [aUser('bob', BOB)],
        request: patch('/Users/{{bob.id}}', { op: 'remove', path }),
        expect: E(400, 'mutability', /required/),
      }),
    ),
    {
      ids: ['PAT-38'],
      title: 'removing what is required is 400 mutability: displayName of a group',
      given: [aGroup('staff')],
      request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'displayName' }),
      expect: E(400, 'mutability', /displayName/),
    },
    ...[
      'id',
      'meta',
      'meta.created',
      'groups',
      'groups[value eq "x"]',
      'groups.value',
      `${ENT}:manager.displayName`,
    ].map(
      (path): Case => ({
        ids: ['PAT-39'],
        title: `removing what only the server sets is 400 mutability: ${path}`,
        given: [aUser('bob', BOB), aGroup('staff', '{{bob.id}}')],
        request: patch('/Users/{{bob.id}}', { op: 'remove', path }),
        expect: E(400, 'mutability'),
      }),
    ),
    {
      ids: ['PAT-39'],
      title: 'removing a part of a member is 400 mutability',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members[value eq "{{bob.id}}"].value' }),
      expect: E(400, 'mutability', /members/),
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members.display' }),
          expect: E(400, 'mutability', /members/),
        },
      ],
    },
    {
      ids: ['PAT-40'],
      title: 'a remove of members with a value removes those by default, and strictly is refused; never all',
      given: [aUser('bob'), aUser('eve'), aUser('joe'), aGroup('staff', '{{bob.id}}', '{{eve.id}}', '{{joe.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members', value: [{ value: '{{bob.id}}' }] }),
      expect: E(400, 'invalidSyntax', /members\[value eq/),
      default: { because: 'remove-members-by-value', expect: NO_CONTENT },
      afterwards: [
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({
            members: ['{{in any order}}', { value: '{{bob.id}}' }, { value: '{{eve.id}}' }, { value: '{{joe.id}}' }],
          }),
          default: {
            because: 'remove-members-by-value',
            expect: ok({ members: ['{{in any order}}', { value: '{{eve.id}}' }, { value: '{{joe.id}}' }] }),
          },
        },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members', value: [] }),
          expect: E(400, 'invalidSyntax'),
          default: { because: 'remove-members-by-value', expect: NO_CONTENT },
        },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members', value: null }),
          expect: E(400, 'invalidSyntax'),
        },
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({
            members: ['{{in any order}}', { value: '{{bob.id}}' }, { value: '{{eve.id}}' }, { value: '{{joe.id}}' }],
          }),
          default: {
            because: 'remove-members-by-value',
            expect: ok({ members: ['{{in any order}}', { value: '{{eve.id}}' }, { value: '{{joe.id}}' }] }),
          },
        },
      ],
    },
    {
      ids: ['PAT-40'],
      title: 'of other lists too',
      given: [aUser('bob', BOB)],
      request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'emails', value: [{ value: 'a@example.com' }] }),
      expect: E(400, 'invalidSyntax', /emails\[value eq/),
      default: { because: 'remove-members-by-value', expect: ok({ emails: [HOME] }) },
    },
  ],
  decided: {
    'PAT-40':
      'A remove of a list with a value removes the values it names by default, and is 400 invalidSyntax when strict; only without any value are all removed.',
  },
};
