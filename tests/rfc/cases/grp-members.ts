import { expect } from 'vitest';
import type { Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  del,
  E,
  filtered,
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
    {
      ids: ['GRP-08'],
      title: 'who is a member already is added without doubling, and nothing changes',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
      expect: NO_CONTENT,
      unchanged: ['/Groups/{{staff.id}}'],
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}?attributes=members', {
            op: 'add',
            path: 'members',
            value: [{ value: '{{bob.id}}' }, { value: '{{eve.id}}' }, { value: '{{eve.id}}' }],
          }),
          expect: ok({ members: ['{{in any order}}', { value: '{{bob.id}}' }, { value: '{{eve.id}}' }] }),
        },
        {
          request: post('/Groups', group('crew', '{{bob.id}}', '{{bob.id}}')),
          expect: created({ members: [{ value: '{{bob.id}}' }] }),
        },
      ],
    },
    {
      ids: ['GRP-09'],
      title: 'who is no member is removed without an error, and nothing changes',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members[value eq "{{eve.id}}"]' }),
      expect: NO_CONTENT,
      unchanged: ['/Groups/{{staff.id}}'],
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', path: `members[value eq "${NOBODY}"]` }),
          expect: NO_CONTENT,
          unchanged: ['/Groups/{{staff.id}}'],
        },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{bob.id}}' }] }) },
      ],
    },
    {
      ids: ['GRP-10'],
      title: 'who is deleted is a member of nothing any more',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}', '{{eve.id}}'), aGroup('crew', '{{bob.id}}')],
      request: del('/Users/{{bob.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ members: [{ value: '{{eve.id}}' }], meta: { version: '{{not {{staff.meta.version}}}}' } }),
        },
        { request: get('/Groups/{{crew.id}}'), expect: ok({ members: '{{none}}' }) },
        { request: filtered('/Groups', 'members.value eq "{{bob.id}}"'), expect: foundGroups() },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
          expect: E(400, 'invalidValue', /members/),
        },
      ],
    },
    {
      ids: ['GRP-11'],
      title: 'members can be left out, of one group, of a list and of the answer to a write',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: get('/Groups/{{staff.id}}?excludedAttributes=members'),
      expect: { ...ok({ id: '{{staff.id}}', displayName: 'staff' }), absent: ['members'] },
      afterwards: [
        {
          request: get('/Groups?excludedAttributes=members'),
          expect: ok({ Resources: [{ displayName: 'staff', members: '{{absent}}' }] }),
        },
        {
          request: filtered('/Groups', 'displayName eq "staff"', `&excludedAttributes=${GROUP}:MEMBERS`),
          expect: ok({ Resources: [{ displayName: 'staff', members: '{{absent}}' }] }),
        },
        {
          request: put('/Groups/{{staff.id}}?excludedAttributes=members', group('staff', '{{bob.id}}')),
          expect: { ...ok({ displayName: 'staff' }), absent: ['members'] },
        },
        { request: get('/Groups?excludedAttributes=displayName'), expect: ok({ Resources: [{ members: [{}] }] }) },
      ],
    },
    {
      ids: ['GRP-12'],
      title: 'a group is not its own member',
      given: [aGroup('staff')],
      request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{staff.id}}' }] }),
      expect: E(400, 'invalidValue', /members/),
      afterwards: [
        {
          request: put('/Groups/{{staff.id}}', group('staff', '{{staff.id}}')),
          expect: E(400, 'invalidValue', /members/),
        },
      ],
    },
    {
      ids: ['GRP-13'],
      title: 'a member of another customer is refused in the words for somebody who is not there',
      given: [aGroup('staff')],
      run: async (world) => {
        const other = await world.another();
        const theirs = await other.user('theirs');
        const { body } = await world.get('/Groups');
        const { id } = body.Resources[0];
        const add = (value: string) =>
          world.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value }] }]);
        const [foreign, unknown] = [await add(theirs.id), await add(NOBODY)];
        expect(foreign).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
        expect(foreign.text.replaceAll(theirs.id, NOBODY)).toBe(unknown.text);
        expect((await world.get(`/Groups/${id}`)).body.members ?? []).toEqual([]);
        expect((await other.get(`/Users/${theirs.id}`)).body).not.toHaveProperty('groups');
      },
    },
    {
      ids: ['GRP-14'],
      title: 'a hundred operations on members in one PATCH, in their order',
      given: [aUser('bob'), aUser('eve'), aGroup('staff')],
      request: patch(
        '/Groups/{{staff.id}}',
        ...Array.from({ length: 50 }, (_, n) => [
          { op: 'add', path: 'members', value: [{ value: n % 2 === 0 ? '{{bob.id}}' : '{{eve.id}}' }] },
          { op: 'remove', path: `members[value eq "${n % 2 === 0 ? '{{bob.id}}' : '{{eve.id}}'}"]` },
        ])
          .flat()
          .slice(0, -1),
      ),
      expect: NO_CONTENT,
      afterwards: [{ request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{eve.id}}' }] }) }],
    },
    {
      ids: ['GRP-14'],
      title: 'fifty members, each in an operation of its own',
      run: async (world) => {
        const users = await Promise.all(Array.from({ length: 50 }, (_, n) => world.user(`user${n}`)));
        const { body: staff } = await world.post('/Groups', group('staff'));
        const operations = users.map(({ id }) => ({ op: 'add', path: 'members', value: [{ value: id }] }));
        const reply = await world.patch(`/Groups/${staff.id}?attributes=members`, operations);
        expect(reply.status).toBe(200);
        const ids = reply.body.members.map(({ value }: { value: string }) => value);
        expect(ids.toSorted()).toEqual(users.map(({ id }) => id).toSorted());
        const removed = await world.patch(
          `/Groups/${staff.id}?attributes=members`,
          users.slice(1).map(({ id }) => ({ op: 'remove', path: `members[value eq "${id}"]` })),
        );
        expect(removed.body.members).toMatchObject([{ value: users[0].id }]);
      },
    },
    {
      ids: ['GRP-16'],
      title: 'the display of a member is the name of whoever it is, as it is now, and never what was sent',
      given: [aUser('bob'), aUser('eve', { displayName: 'Eve E' })],
      request: post('/Groups', {
        ...group('staff'),
        members: [
          { value: '{{bob.id}}', display: 'evil' },
          { value: '{{eve.id}}', display: 'evil' },
        ],
      }),
      expect: created({
        members: [
          '{{in any order}}',
          { value: '{{bob.id}}', display: 'bob' },
          { value: '{{eve.id}}', display: 'Eve E' },
        ],
      }),
      as: 'staff',
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: 'displayName', value: 'Bob B' }),
          expect: ok({ displayName: 'Bob B' }),
        },
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({ members: ['{{in any order}}', { display: 'Bob B' }, { display: 'Eve E' }] }),
        },
        { request: filtered('/Groups', 'members.display eq "bob b"'), expect: foundGroups('staff') },
      ],
    },
  ],
  elsewhere: {
    'GRP-15': [
      {
        file: 'tests/threats/dos-turns.test.ts',
        test: '100,000 members are added: small requests are answered meanwhile',
      },
      { file: 'tests/wire/many-members.test.ts', test: 'a full push is one body with all members' },
    ],
  },
  decided: {
    'GRP-14': 'A PATCH may have up to 5,000 operations, so fifty changes of members are one request.',
    'GRP-15':
      'A group may have 200,000 members: adding or removing one costs what it costs in a small group, and all of them are read in pieces.',
    'GRP-16':
      'The display of a member is its displayName, else its userName, filled in when it is read; what is sent is ignored.',
  },
};
