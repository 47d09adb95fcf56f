import { expect } from 'vitest';
import type { Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  del,
  E,
  filtered,
  found,
  foundGroups,
  get,
  group,
  ok,
  post,
  user,
} from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['CRE-14'],
      title: 'who is deleted can be created again, as somebody new',
      given: [
        aUser('bob', { externalId: 'x1', title: 'Boss' }),
        aGroup('staff', '{{bob.id}}'),
        del('/Users/{{bob.id}}'),
      ],
      request: post('/Users', user('bob', { externalId: 'x1' })),
      expect: {
        ...created({ id: '{{not {{bob.id}}}}', userName: 'bob', externalId: 'x1' }),
        absent: ['title', 'groups'],
      },
      as: 'again',
      afterwards: [
        { request: get('/Users/{{again.id}}'), expect: { status: 200, exactly: '{{again}}' } },
        { request: get('/Users/{{bob.id}}'), expect: E(404) },
        { request: get('/Groups/{{staff.id}}'), expect: { ...ok(), absent: ['members'] } },
      ],
    },
    {
      ids: ['CRE-15'],
      title: 'of fifty at once with one userName, one is created',
      run: async (world) => {
        const body = user('bob');
        const replies = await Promise.all(Array.from({ length: 50 }, () => world.post('/Users', body)));
        const won = replies.filter(({ status }) => status === 201);
        const lost = replies.filter(({ status }) => status !== 201);
        expect(won).toHaveLength(1);
        expect(lost.map(({ status, body }) => `${status} ${body.scimType}`)).toEqual(Array(49).fill('409 uniqueness'));
        const { body: list } = await world.get('/Users');
        expect(list.Resources).toEqual([won[0]?.body]);
      },
    },
    {
      ids: ['CRE-16'],
      title: 'a POST that is sent again makes nobody twice',
      given: [aUser('bob', { externalId: 'x1' })],
      request: post('/Users', user('bob', { externalId: 'x1' })),
      expect: E(409, 'uniqueness', /bob/),
      unchanged: ['/Users/{{bob.id}}'],
      afterwards: [{ request: filtered('/Users', 'userName eq "bob"'), expect: found('bob') }],
    },
    {
      ids: ['CRE-16'],
      title: 'a POST of a group that is sent again: its externalId is one group’s, and by default its displayName too',
      given: [post('/Groups', { ...group('staff'), externalId: 'g1' })],
      request: post('/Groups', { ...group('staff'), externalId: 'g1' }),
      expect: E(409, 'uniqueness'),
      afterwards: [
        {
          request: post('/Groups', group('staff')),
          expect: created({ displayName: 'staff' }),
          default: { because: 'uniqueGroupNames', expect: E(409, 'uniqueness', /displayName/) },
        },
        {
          request: get('/Groups'),
          expect: foundGroups('staff', 'staff'),
          default: { because: 'uniqueGroupNames', expect: foundGroups('staff') },
        },
      ],
    },
    {
      ids: ['CRE-16'],
      title: 'who was deactivated comes back under the old id, when the link is the same',
      given: [aUser('bob', { externalId: 'x1', active: false })],
      request: post('/Users', user('bob', { externalId: 'x1', active: true, title: 'Boss' })),
      expect: created({ id: '{{bob.id}}', active: true, title: 'Boss' }),
      afterwards: [
        { request: get('/Users'), expect: found('bob') },
        { request: post('/Users', user('bob', { externalId: 'x1' })), expect: E(409, 'uniqueness') },
      ],
    },
    {
      ids: ['CRE-16'],
      title: 'who was deactivated is not given to a newcomer with another link',
      given: [aUser('bob', { externalId: 'x1', active: false })],
      request: post('/Users', user('bob', { externalId: 'x2', active: true })),
      expect: E(409, 'uniqueness', /userName/),
      afterwards: [
        {
          request: post('/Users', user('bob', { externalId: 'x1', active: false })),
          expect: E(409, 'uniqueness', /userName/),
        },
      ],
    },
  ],
  elsewhere: {
    'CRE-15': { file: 'tests/threats/races.test.ts', test: 'T-RACE-01 one name, many who want it' },
  },
  decided: {
    'CRE-15':
      'Of identical POSTs that race, exactly one is answered with 201 and each of the others with 409 uniqueness.',
    'CRE-16':
      'A repeated POST is 409 uniqueness: by userName or externalId for users, by externalId and (unless strict) displayName for groups; only an inactive user whose externalId does not differ is brought back, under the old id, with 201.',
  },
};
