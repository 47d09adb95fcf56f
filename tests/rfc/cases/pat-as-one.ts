import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  E,
  ENT,
  GROUP,
  get,
  group,
  NO_CONTENT,
  NOBODY,
  ok,
  patch,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

const TITLE = { op: 'replace', path: 'title', value: 'Cook' };

export const coverage: Coverage = {
  cases: [
    {
      ids: ['PAT-05'],
      title: 'each operation sees what those before it made',
      given: [aUser('bob', { emails: [{ value: 'a@example.com', type: 'work' }] })],
      request: patch(
        '/Users/{{bob.id}}',
        { op: 'add', path: 'emails', value: [{ value: 'b@example.com', type: 'home' }] },
        { op: 'replace', path: 'emails[type eq "home"].type', value: 'other' },
        { op: 'remove', path: 'emails[type eq "work"]' },
        { op: 'add', path: 'emails[type eq "other"].display', value: 'B' },
      ),
      expect: ok({ emails: [{ value: 'b@example.com', type: 'other', display: 'B' }] }),
      as: 'after',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } },
        {
          request: patch(
            '/Users/{{bob.id}}',
            { op: 'add', path: 'phoneNumbers', value: [{ value: '1', type: 'work' }] },
            { op: 'remove', path: 'phoneNumbers[value eq "1"]' },
          ),
          expect: { ...ok({ meta: '{{after.meta}}' }), absent: ['phoneNumbers'] },
          unchanged: ['/Users/{{bob.id}}'],
        },
      ],
    },
    {
      ids: ['PAT-05'],
      title: 'of members too: who is added can be removed by what they are',
      given: [aUser('bob', { displayName: 'Bob' }), aUser('eve', { displayName: 'Eve' }), aGroup('staff')],
      request: patch(
        '/Groups/{{staff.id}}?attributes=members.value',
        { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }, { value: '{{eve.id}}' }] },
        { op: 'remove', path: 'members[display eq "Bob"]' },
      ),
      expect: ok({ members: [{ value: '{{eve.id}}' }] }),
      afterwards: [{ request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{eve.id}}' }] }) }],
    },
    ...(
      [
        ['a path that names nothing', { op: 'replace', path: 'nope', value: 1 }, 'invalidPath'],
        ['a value of the wrong type', { op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
        ['an id', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
        ['a required attribute removed', { op: 'remove', path: 'userName' }, 'mutability'],
        [
          'a filter that matches nothing',
          { op: 'replace', path: 'roles[value eq "x"]', value: { value: 'y' } },
          'noTarget',
        ],
        ['an op that is none', { op: 'move', path: 'title' }, 'invalidSyntax'],
      ] as const
    ).map(
      ([title, last, scimType]): Case => ({
        ids: ['PAT-06'],
        title: `two good operations and ${title}: none is applied`,
        given: [aUser('bob', { title: 'Boss', emails: [{ value: 'b@example.com' }] })],
        request: patch('/Users/{{bob.id}}', TITLE, { op: 'remove', path: 'emails' }, last),
        expect: E(400, scimType),
        unchanged: ['/Users/{{bob.id}}'],
      }),
    ),
    {
      ids: ['PAT-06'],
      title:
        'what fails only against the directory undoes the rest as well: a name that is taken, a member that nobody is',
      given: [aUser('bob', { title: 'Boss' }), aUser('eve'), aGroup('staff')],
      request: patch('/Users/{{bob.id}}', TITLE, { op: 'replace', path: 'userName', value: 'eve' }),
      expect: E(409, 'uniqueness'),
      unchanged: ['/Users/{{bob.id}}'],
      afterwards: [
        {
          request: patch(
            '/Groups/{{staff.id}}',
            { op: 'replace', path: 'displayName', value: 'board' },
            { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] },
            { op: 'add', path: 'members', value: [{ value: NOBODY }] },
          ),
          expect: E(400, 'invalidValue', new RegExp(NOBODY)),
          unchanged: ['/Groups/{{staff.id}}'],
        },
      ],
    },
    {
      ids: ['PAT-07'],
      title: 'a user’s PATCH is 200 with all of it, its URI and its version',
      given: [aUser('bob', { nickName: 'B' })],
      request: patch('/Users/{{bob.id}}', TITLE),
      expect: {
        ...ok({
          schemas: [USER],
          userName: 'bob',
          nickName: 'B',
          title: 'Cook',
          meta: { version: '{{not {{bob.meta.version}}}}' },
        }),
        headers: { location: '{{bob.meta.location}}', etag: '{{not {{bob.meta.version}}}}' },
      },
      as: 'after',
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
    },
    {
      ids: ['PAT-07'],
      title: 'a group’s PATCH is 204 with its version, and 200 with a body when attributes asks for one',
      given: [aUser('bob'), aGroup('staff')],
      request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
      expect: {
        ...NO_CONTENT,
        headers: { etag: '{{not {{staff.meta.version}}}}', location: '{{staff.meta.location}}' },
      },
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}?attributes=displayName', {
            op: 'replace',
            path: 'displayName',
            value: 'board',
          }),
          expect: { status: 200, exactly: { schemas: [GROUP], id: '{{staff.id}}', displayName: 'board' } },
        },
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ displayName: 'board', members: [{ value: '{{bob.id}}' }] }),
        },
      ],
    },
    {
      ids: ['PAT-62'],
      title: 'no PATCH deletes: not by active, not by an empty value, not by removing all there is',
      given: [aUser('bob', { title: 'Boss', [ENT]: { department: 'x' } }), aGroup('staff', '{{bob.id}}')],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'active', value: false }),
      expect: ok({ active: false }),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'title' }, { op: 'remove', path: ENT }),
          expect: { ...ok({ userName: 'bob' }), absent: ['title', ENT] },
        },
        { request: patch('/Users/{{bob.id}}', { op: 'replace', value: {} }), expect: ok({ userName: 'bob' }) },
        { request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members' }), expect: NO_CONTENT },
        { request: get('/Users/{{bob.id}}'), expect: ok({ userName: 'bob', active: false }) },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ displayName: 'staff' }) },
      ],
    },
    {
      ids: ['PAT-63'],
      title: 'three operations are one version; none that changes anything is none',
      given: [aUser('bob'), aUser('eve'), aGroup('staff')],
      run: async (world) => {
        const version = async (path: string) => Number(/\d+/.exec((await world.get(path)).body.meta.version)?.[0]);
        const bob = (await world.get('/Users?filter=userName%20eq%20%22bob%22')).body.Resources[0];
        const staff = (await world.get('/Groups')).body.Resources[0];
        const before = { bob: await version(`/Users/${bob.id}`), staff: await version(`/Groups/${staff.id}`) };
        const { status, body } = await world.patch(`/Users/${bob.id}`, [
          TITLE,
          { op: 'add', path: 'emails', value: [{ value: 'b@example.com' }] },
          { op: 'replace', path: 'active', value: false },
        ]);
        expect([status, body.title, body.active]).toEqual([200, 'Cook', false]);
        expect(await version(`/Users/${bob.id}`)).toBe(before.bob + 1);

        const again = await world.patch(`/Users/${bob.id}`, [TITLE, { op: 'replace', path: 'active', value: false }]);
        expect(again.body).toEqual(body);

        await world.patch(`/Groups/${staff.id}`, [
          { op: 'add', path: 'members', value: [{ value: bob.id }] },
          { op: 'replace', path: 'displayName', value: 'board' },
        ]);
        expect(await version(`/Groups/${staff.id}`)).toBe(before.staff + 1);
      },
    },
    {
      ids: ['PAT-63'],
      title: 'operations that undo one another change nothing',
      given: [aUser('bob', { title: 'Boss' })],
      request: patch('/Users/{{bob.id}}', TITLE, { op: 'replace', path: 'title', value: 'Boss' }),
      expect: ok({ meta: '{{bob.meta}}' }),
      unchanged: ['/Users/{{bob.id}}'],
    },
    {
      ids: ['PAT-64'],
      title: 'If-Match: the version that is there passes, a stale one is 412',
      given: [aUser('bob'), put('/Users/{{bob.id}}', user('bob', { nickName: 'B' }))],
      request: { ...patch('/Users/{{bob.id}}', TITLE), headers: { 'If-Match': '{{bob.meta.version}}' } },
      expect: E(412),
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ nickName: 'B' }), as: 'now' },
        {
          request: { ...patch('/Users/{{bob.id}}', TITLE), headers: { 'If-Match': '{{now.meta.version}}' } },
          expect: ok({ nickName: 'B', title: 'Cook' }),
        },
        {
          request: {
            ...patch('/Users/{{bob.id}}', { ...TITLE, value: 'x' }),
            headers: { 'If-Match': '{{now.meta.version}}' },
          },
          expect: E(412),
        },
        { request: post('/Groups', group('staff', '{{bob.id}}')), expect: { status: 201 }, as: 'staff' },
        {
          request: {
            ...patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members' }),
            headers: { 'If-Match': 'W/"77"' },
          },
          expect: E(412),
        },
      ],
    },
    {
      ids: ['PAT-65'],
      title: 'what Entra and Okta send most: active as a string, op in capitals, and a new name without a path',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Users/{{bob.id}}', { op: 'Replace', path: 'active', value: 'False' }),
      expect: E(400, 'invalidValue', /active/),
      default: { because: 'boolean-as-string', expect: ok({ active: false }) },
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', value: { active: false } }),
          expect: ok({ active: false }),
        },
        {
          request: patch('/Groups/{{staff.id}}', {
            op: 'replace',
            value: { id: '{{staff.id}}', displayName: 'board' },
          }),
          expect: NO_CONTENT,
        },
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ displayName: 'board', members: [{ value: '{{bob.id}}' }] }),
        },
      ],
    },
  ],
  elsewhere: {
    'PAT-65': [
      { file: 'tests/unit/dialects/quirks.test.ts', test: 'quirk' },
      { file: 'tests/wire/entra/replace-with-dotted-keys.json' },
      { file: 'tests/wire/entra/validator-adds-everything.json' },
      { file: 'tests/wire/entra/validator-replaces-everything.json' },
      { file: 'tests/wire/entra/several-operations-on-one-attribute.json' },
      { file: 'tests/wire/entra/remove-members-by-value.json' },
      { file: 'tests/wire/okta/deactivate-without-path.json' },
      { file: 'tests/wire/okta/remove-and-add-members-in-one-patch.json' },
      { file: 'tests/wire/okta/rename-group-with-id-in-value.json' },
    ],
  },
  decided: {
    'PAT-62': 'No PATCH deletes a resource, whatever it removes.',
    'PAT-65':
      'What Entra ID and Okta are known to send is replayed, each conversation with what a strict and a default application answer (tests/wire).',
  },
};
