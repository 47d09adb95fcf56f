import { expect } from 'vitest';
import type { Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  del,
  E,
  ENT,
  filtered,
  found,
  foundGroups,
  get,
  group,
  NO_CONTENT,
  NOBODY,
  ok,
  patch,
  post,
  put,
  user,
} from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['DEL-01'],
      title: 'DELETE is 204 with nothing in it',
      given: [aUser('bob'), aGroup('staff')],
      request: del('/Users/{{bob.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: E(404) },
        { request: del('/Groups/{{staff.id}}'), expect: NO_CONTENT },
        { request: get('/Groups/{{staff.id}}'), expect: E(404) },
      ],
    },
    {
      ids: ['DEL-02'],
      title: 'who is deleted is 404 to every method, also as a member',
      given: [aUser('bob', { title: 'Boss' }), aUser('eve'), aGroup('staff'), del('/Users/{{bob.id}}')],
      request: get('/Users/{{bob.id}}'),
      expect: E(404),
      afterwards: [
        { request: put('/Users/{{bob.id}}', user('bob')), expect: E(404) },
        { request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'active', value: true }), expect: E(404) },
        { request: del('/Users/{{bob.id}}'), expect: E(404) },
        { request: put('/Users/{{bob.id}}', user('bob'), { 'If-Match': '{{bob.meta.version}}' }), expect: E(404) },
        { request: get('/Users/{{bob.id}}?attributes=userName'), expect: E(404) },
        { request: get('/Users/{{bob.id}}', { 'If-None-Match': '{{bob.meta.version}}' }), expect: E(404) },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{bob.id}}' }] }),
          expect: E(400, 'invalidValue', /members/),
        },
        { request: del('/Groups/{{staff.id}}'), expect: NO_CONTENT },
        { request: put('/Groups/{{staff.id}}', group('staff')), expect: E(404) },
        { request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members' }), expect: E(404) },
        { request: del('/Groups/{{staff.id}}'), expect: E(404) },
      ],
    },
    {
      ids: ['DEL-03'],
      title: 'who is deleted is in no list, no total and no filter',
      given: [
        aUser('bob', { externalId: 'x1', emails: [{ value: 'b@example.com' }] }),
        aUser('eve', { externalId: 'x2' }),
        aGroup('staff', '{{bob.id}}', '{{eve.id}}'),
      ],
      request: del('/Users/{{bob.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        { request: get('/Users'), expect: found('eve') },
        { request: get('/Users?count=0'), expect: ok({ totalResults: 1 }) },
        ...[
          'userName eq "bob"',
          'externalId eq "x1"',
          'id eq "{{bob.id}}"',
          'emails.value eq "b@example.com"',
          'active eq true and userName sw "b"',
          'userName co "o"',
        ].map((filter) => ({ request: filtered('/Users', filter), expect: found() })),
        { request: filtered('/Groups', 'members.value eq "{{bob.id}}"'), expect: foundGroups() },
        { request: del('/Groups/{{staff.id}}'), expect: NO_CONTENT },
        { request: get('/Groups'), expect: foundGroups() },
        { request: filtered('/Groups', 'displayName eq "staff"'), expect: foundGroups() },
      ],
    },
    {
      ids: ['DEL-03'],
      title: 'nor in a search',
      given: [aUser('bob'), aUser('eve'), del('/Users/{{bob.id}}')],
      request: post('/Users/.search', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter: 'userName pr',
      }),
      expect: found('eve'),
    },
    {
      ids: ['DEL-04'],
      title: 'the names of who is deleted are free: userName, externalId, displayName',
      given: [
        aUser('bob', { externalId: 'x1' }),
        aUser('eve'),
        post('/Groups', { ...group('staff', '{{bob.id}}'), externalId: 'g1' }),
        del('/Users/{{bob.id}}'),
      ],
      request: post('/Users', user('Bob', { externalId: 'x1' })),
      expect: { ...created({ userName: 'Bob', externalId: 'x1', id: '{{not {{bob.id}}}}' }), absent: ['groups'] },
      as: 'again',
      afterwards: [
        { request: del('/Users/{{again.id}}'), expect: NO_CONTENT },
        {
          request: patch('/Users/{{eve.id}}', { op: 'replace', value: { userName: 'bob', externalId: 'x1' } }),
          expect: ok({ userName: 'bob', externalId: 'x1' }),
        },
        { request: filtered('/Groups', 'displayName eq "staff"'), expect: foundGroups('staff'), as: 'list' },
        { request: del('/Groups/{{list.Resources.0.id}}'), expect: NO_CONTENT },
        {
          request: post('/Groups', { ...group('staff'), externalId: 'g1' }),
          expect: { ...created({ displayName: 'staff', externalId: 'g1' }), absent: ['members'] },
        },
      ],
    },
    {
      ids: ['DEL-05'],
      title: 'an id that nobody has is 404',
      given: [aUser('bob'), aGroup('staff')],
      request: del(`/Users/${NOBODY}`),
      expect: E(404, '{{absent}}', new RegExp(NOBODY)),
      afterwards: [
        { request: del(`/Groups/${NOBODY}`), expect: E(404) },
        { request: del('/Users/bob'), expect: E(404) },
        { request: del('/Groups/{{bob.id}}'), expect: E(404) },
      ],
    },
    {
      ids: ['DEL-06'],
      title: 'If-Match: the version that is there passes, a stale one is 412 and leaves who it is',
      given: [
        aUser('bob'),
        patch('/Users/{{bob.id}}', { op: 'replace', path: 'title', value: 'Boss' }),
        aGroup('staff', '{{bob.id}}'),
      ],
      request: del('/Users/{{bob.id}}', { 'If-Match': '{{bob.meta.version}}' }),
      expect: E(412),
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ title: 'Boss' }), as: 'now' },
        { request: del('/Groups/{{staff.id}}', { 'If-Match': 'W/"77"' }), expect: E(412) },
        { request: del('/Users/{{bob.id}}', { 'If-Match': '{{now.meta.version}}' }), expect: NO_CONTENT },
        { request: get('/Users/{{bob.id}}'), expect: E(404) },
        { request: del('/Groups/{{staff.id}}', { 'If-Match': '*' }), expect: NO_CONTENT },
        { request: get('/Groups/{{staff.id}}'), expect: E(404) },
      ],
    },
    {
      ids: ['DEL-07'],
      title: 'memberships go with a user, and the group has a new version',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}', '{{eve.id}}'), aGroup('board', '{{bob.id}}')],
      request: del('/Users/{{bob.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: get('/Groups/{{staff.id}}'),
          expect: ok({
            members: [{ value: '{{eve.id}}' }],
            meta: { version: '{{not {{staff.meta.version}}}}' },
          }),
        },
        { request: get('/Groups/{{board.id}}'), expect: { ...ok({ displayName: 'board' }), absent: ['members'] } },
        { request: post('/Users', user('bob')), expect: { ...created(), absent: ['groups'] } },
      ],
    },
    {
      ids: ['DEL-07'],
      title: 'a group that was a member of another goes from it',
      given: [aGroup('board'), aGroup('staff', '{{board.id}}')],
      request: del('/Groups/{{board.id}}'),
      expect: NO_CONTENT,
      afterwards: [{ request: get('/Groups/{{staff.id}}'), expect: { ...ok(), absent: ['members'] } }],
    },
    {
      ids: ['DEL-07'],
      title: 'who had the deleted user for a manager is not rewritten, and what it refers to is 404',
      given: [aUser('bob'), aUser('eve', { [ENT]: { department: 'x', manager: { value: '{{bob.id}}' } } })],
      request: del('/Users/{{bob.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: get('/Users/{{eve.id}}'),
          expect: ok({
            [ENT]: { department: 'x', manager: { value: '{{bob.id}}' } },
            meta: { version: '{{eve.meta.version}}' },
          }),
        },
        { request: get('/Users/{{bob.id}}'), expect: E(404) },
      ],
    },
    {
      ids: ['DEL-08'],
      title: 'DELETE is no deactivation: nobody is left, active or not',
      given: [aUser('bob'), aUser('eve', { active: false })],
      request: del('/Users/{{bob.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: E(404) },
        { request: filtered('/Users', 'active eq false'), expect: found('eve') },
        { request: del('/Users/{{eve.id}}'), expect: NO_CONTENT },
        { request: get('/Users/{{eve.id}}'), expect: E(404) },
        { request: get('/Users'), expect: found() },
        { request: post('/Users', user('eve')), expect: created({ id: '{{not {{eve.id}}}}', active: true }) },
      ],
    },
    {
      ids: ['DEL-09'],
      title: 'a deleted group leaves its users, who are in one group less, at the same version',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}', '{{eve.id}}'), aGroup('board', '{{bob.id}}')],
      request: del('/Groups/{{staff.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: get('/Users/{{bob.id}}'),
          expect: ok({ userName: 'bob', groups: [{ value: '{{board.id}}' }], meta: '{{bob.meta}}' }),
        },
        { request: get('/Users/{{eve.id}}'), expect: { ...ok({ userName: 'eve' }), absent: ['groups'] } },
        { request: filtered('/Users', 'groups.value eq "{{staff.id}}"'), expect: found() },
        { request: get('/Groups/{{board.id}}'), expect: ok({ members: [{ value: '{{bob.id}}' }] }) },
      ],
    },
    {
      ids: ['DEL-10'],
      title: 'DELETE without an id is 405 and deletes nobody, whatever else it says',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: del('/Users'),
      expect: { ...E(405), headers: { allow: /^(?!.*DELETE).*POST/ } },
      afterwards: [
        { request: del('/Groups'), expect: E(405) },
        { request: del('/Users/'), expect: E(405) },
        { request: del('/Users?filter=userName%20eq%20%22bob%22'), expect: E(405) },
        { request: { ...del('/Users'), body: { id: '{{bob.id}}' } }, expect: E(405) },
      ],
    },
    {
      ids: ['DEL-10'],
      title: 'a body of a DELETE is ignored, whatever it is',
      given: [aUser('bob'), aUser('eve')],
      request: { ...del('/Users/{{bob.id}}'), body: { schemas: [], id: '{{eve.id}}' } },
      expect: NO_CONTENT,
      unchanged: ['/Users/{{eve.id}}'],
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: E(404) },
        {
          request: { ...del('/Users/{{eve.id}}', { 'Content-Type': 'text/plain' }), text: '{"broken' },
          expect: NO_CONTENT,
        },
        { request: get('/Users'), expect: found() },
      ],
    },
    {
      ids: ['DEL-10'],
      title: 'a filter at one user’s URI does not make others go',
      run: async (world) => {
        const [bob] = await Promise.all([world.user('bob'), world.user('eve')]);
        expect((await world.delete(`/Users/${bob.id}?filter=userName%20pr`)).status).toBe(204);
        const { body } = await world.get('/Users');
        expect(body.Resources.map(({ userName }: { userName: string }) => userName)).toEqual(['eve']);
      },
    },
  ],
  waits: { 'DEL-11': 'who may come in' },
  elsewhere: {
    'DEL-02': { file: 'tests/threats/races.test.ts', test: '32 racing DELETEs: one 204, and then nobody is there' },
    'DEL-07': { file: 'tests/threats/races.test.ts', test: 'members come and go while their users are deleted' },
  },
  decided: {
    'DEL-07':
      'Memberships go with the user or group in the same transaction. A report keeps the manager that its identity provider asserted until that one says otherwise, and the $ref answers 404: cleaning would write to every report.',
    'DEL-08': 'DELETE removes; it is never turned into active:false.',
    'DEL-09': 'Deleting a group leaves its users, and their versions, and takes it out of their groups.',
    'DEL-10': 'A body of a DELETE is ignored, and DELETE without an id is 405.',
    'DEL-11': 'When a user is deleted, the sessions and tokens of that person end with the same transaction.',
  },
};
