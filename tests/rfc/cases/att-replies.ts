import type { Coverage, Step } from '../case.ts';
import {
  aUser,
  created,
  E,
  ENT,
  filtered,
  found,
  foundInOrder,
  GROUP,
  get,
  group,
  ok,
  patch,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';
import { BOB, EMAILS, given, only } from '../views.ts';

const PASSWORD: readonly Step[] = [
  'attributes=password',
  'attributes=PASSWORD',
  `attributes=${USER}:password`,
  'excludedAttributes=userName',
].map((query) => ({
  request: get(`/Users/{{bob.id}}?${query}`),
  expect: { ...ok({ id: '{{bob.id}}' }), absent: ['password'] },
}));

export const coverage: Coverage = {
  cases: [
    {
      ids: ['ATT-01', 'ATT-02', 'ATT-18'],
      title: 'attributes shapes what GET, POST, PUT and PATCH answer: the minimum and what is named',
      given,
      request: get('/Users/{{bob.id}}?attributes=userName'),
      expect: only({ userName: 'bob' }),
      afterwards: [
        {
          request: filtered('/Users', 'userName eq "bob"', '&attributes=userName'),
          expect: ok({
            totalResults: 1,
            Resources: [{ id: '{{bob.id}}', userName: 'bob', title: '{{absent}}', meta: '{{absent}}' }],
          }),
        },
        {
          request: get('/Users?attributes=title'),
          expect: ok({
            Resources: [
              '{{in any order}}',
              { id: '{{bob.id}}', title: 'Boss', userName: '{{absent}}', schemas: [USER, ENT] },
              { id: '{{eve.id}}', title: '{{absent}}', userName: '{{absent}}', schemas: [USER] },
            ],
          }),
        },
        {
          request: post('/Users?attributes=userName', user('joe', { title: 'Cook' })),
          expect: { ...only({ userName: 'joe' }, [USER]), status: 201 },
        },
        {
          request: put('/Users/{{eve.id}}?attributes=userName', user('eva', { title: 'Cook' })),
          expect: only({ userName: 'eva' }, [USER]),
        },
        {
          request: patch('/Users/{{bob.id}}?attributes=userName', { op: 'replace', path: 'title', value: 'Cook' }),
          expect: only({ userName: 'bob' }),
        },
        { request: get('/Users/{{bob.id}}'), expect: ok({ ...BOB, title: 'Cook' }) },
        { request: get('/Users/{{eve.id}}'), expect: ok({ userName: 'eva', title: 'Cook' }) },
      ],
    },
    {
      ids: ['ATT-01', 'ATT-08'],
      title: 'excludedAttributes shapes what GET, POST, PUT and PATCH answer: all but what is named',
      given,
      request: get('/Users/{{bob.id}}?excludedAttributes=emails,title'),
      expect: { ...ok({ userName: 'bob', name: BOB.name, [ENT]: BOB[ENT] }), absent: ['emails', 'title'] },
      afterwards: [
        {
          request: filtered('/Users', 'userName eq "bob"', '&excludedAttributes=emails'),
          expect: ok({ Resources: [{ userName: 'bob', title: 'Boss', emails: '{{absent}}' }] }),
        },
        {
          request: post('/Users?excludedAttributes=title', user('joe', { title: 'Cook' })),
          expect: { ...created({ userName: 'joe' }), absent: ['title'] },
        },
        {
          request: put('/Users/{{eve.id}}?excludedAttributes=title', user('eva', { title: 'Cook' })),
          expect: { ...ok({ userName: 'eva' }), absent: ['title'] },
        },
        {
          request: patch('/Users/{{bob.id}}?excludedAttributes=title', { op: 'replace', path: 'title', value: 'Cook' }),
          expect: { ...ok({ userName: 'bob', emails: EMAILS }), absent: ['title'] },
        },
        { request: get('/Users/{{bob.id}}'), expect: ok({ ...BOB, title: 'Cook' }) },
      ],
    },
    {
      ids: ['ATT-01', 'ATT-02', 'ATT-08'],
      title: 'groups are shaped likewise, their members too',
      given,
      request: get('/Groups/{{staff.id}}?attributes=members.value'),
      expect: only({ members: [{ value: '{{bob.id}}' }] }, [GROUP]),
      afterwards: [
        {
          request: get('/Groups/{{staff.id}}?attributes=displayName'),
          expect: only({ displayName: 'staff' }, [GROUP]),
        },
        {
          request: get('/Groups/{{staff.id}}?excludedAttributes=members'),
          expect: { ...ok({ displayName: 'staff', meta: '{{staff.meta}}' }), absent: ['members'] },
        },
        {
          request: get('/Groups?excludedAttributes=members'),
          expect: ok({ Resources: [{ displayName: 'staff', members: '{{absent}}' }] }),
        },
        {
          request: get('/Groups/{{staff.id}}?excludedAttributes=members.display'),
          expect: ok({ members: [{ value: '{{bob.id}}', type: 'User', display: '{{absent}}' }] }),
        },
        {
          request: put('/Groups/{{staff.id}}?attributes=displayName', group('staff', '{{eve.id}}')),
          expect: only({ displayName: 'staff' }, [GROUP]),
        },
        {
          request: get('/Users/{{eve.id}}?attributes=groups.display'),
          expect: only({ groups: [{ display: 'staff' }] }, [USER]),
        },
      ],
    },
    {
      ids: ['ATT-01'],
      title: 'both are heard in POST /.search',
      given,
      request: post('/Users/.search', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter: 'userName eq "bob"',
        attributes: ['userName', 'emails.value'],
      }),
      expect: ok({
        Resources: [
          { id: '{{bob.id}}', userName: 'bob', emails: EMAILS.map(({ value }) => ({ value })), title: '{{absent}}' },
        ],
      }),
      afterwards: [
        {
          request: post('/Users/.search', {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
            filter: 'userName eq "bob"',
            excludedAttributes: ['emails', 'name.givenName'],
          }),
          expect: ok({
            Resources: [{ title: 'Boss', emails: '{{absent}}', name: { familyName: 'J', givenName: '{{absent}}' } }],
          }),
        },
        {
          request: post('/Groups/.search', {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
            attributes: ['members.value'],
          }),
          expect: ok({ Resources: [{ members: [{ value: '{{bob.id}}' }], displayName: '{{absent}}' }] }),
        },
      ],
    },
    {
      ids: ['ATT-11'],
      title: 'both at once are 400, in every method',
      given,
      request: get('/Users/{{bob.id}}?attributes=userName&excludedAttributes=emails'),
      expect: E(400, 'invalidValue', /attributes.*excludedAttributes/),
      afterwards: [
        ...[
          get('/Users?attributes=userName&excludedAttributes=emails'),
          post('/Users?attributes=userName&excludedAttributes=emails', user('joe')),
          put('/Users/{{bob.id}}?attributes=userName&excludedAttributes=emails', user('bob')),
          patch('/Users/{{bob.id}}?attributes=userName&excludedAttributes=emails', { op: 'remove', path: 'title' }),
        ].map((request): Step => ({ request, expect: E(400, 'invalidValue', /excludedAttributes/) })),
        {
          request: get('/Users/{{bob.id}}?attributes=userName&excludedAttributes='),
          expect: only({ userName: 'bob' }),
        },
      ],
    },
    {
      ids: ['ATT-14'],
      title: 'a password is not shown, however it is asked for',
      given: [aUser('bob', { password: 'a long enough secret' })],
      request: post('/Users?attributes=password,userName', user('eve', { password: 'a long enough secret' })),
      expect: { status: 201, exactly: { schemas: [USER], id: '{{any}}', userName: 'eve' } },
      afterwards: [
        ...PASSWORD,
        {
          request: patch('/Users/{{bob.id}}?attributes=password', {
            op: 'replace',
            path: 'password',
            value: 'another secret',
          }),
          expect: only({}, [USER]),
        },
        {
          request: get('/Users?attributes=password'),
          expect: ok({ Resources: [{ password: '{{absent}}' }, { password: '{{absent}}' }] }),
        },
      ],
    },
    {
      ids: ['ATT-16'],
      title: 'PATCH with attributes is 200 with a body, also of a group and when nothing changes',
      given,
      request: patch('/Groups/{{staff.id}}?attributes=displayName', {
        op: 'add',
        path: 'members',
        value: [{ value: '{{eve.id}}' }],
      }),
      expect: only({ displayName: 'staff' }, [GROUP]),
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}?attributes=members.value', {
            op: 'add',
            path: 'members',
            value: [{ value: '{{eve.id}}' }],
          }),
          expect: only({ members: ['{{in any order}}', { value: '{{bob.id}}' }, { value: '{{eve.id}}' }] }, [GROUP]),
        },
        {
          request: patch('/Groups/{{staff.id}}?attributes=nope', {
            op: 'replace',
            path: 'displayName',
            value: 'board',
          }),
          expect: only({}, [GROUP]),
        },
        {
          request: patch('/Users/{{bob.id}}?attributes=title', { op: 'replace', path: 'title', value: 'Boss' }),
          expect: only({ title: 'Boss' }),
          unchanged: ['/Users/{{bob.id}}'],
        },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ displayName: 'board' }) },
      ],
    },
    {
      ids: ['ATT-17'],
      title: 'a filter sees what is not shown',
      given,
      request: filtered('/Users', 'emails.value eq "b@home.example"', '&attributes=userName'),
      expect: ok({ totalResults: 1, Resources: [{ userName: 'bob', emails: '{{absent}}' }] }),
      afterwards: [
        {
          request: filtered('/Users', `${ENT}:department eq "x" and title sw "B"`, '&attributes=userName'),
          expect: ok({ totalResults: 1, Resources: [{ userName: 'bob', title: '{{absent}}', [ENT]: '{{absent}}' }] }),
        },
        {
          request: filtered('/Users', 'emails[type eq "work"]', '&excludedAttributes=emails'),
          expect: ok({ totalResults: 1, Resources: [{ userName: 'bob', emails: '{{absent}}' }] }),
        },
        { request: filtered('/Users', 'emails.value eq "nobody"', '&attributes=userName'), expect: found() },
        {
          request: filtered('/Groups', 'members.value eq "{{bob.id}}"', '&excludedAttributes=members'),
          expect: ok({ totalResults: 1, Resources: [{ displayName: 'staff', members: '{{absent}}' }] }),
        },
      ],
    },
    {
      ids: ['ATT-17'],
      title: 'a sort sees what is not shown',
      given: [aUser('a', { title: '2' }), aUser('b', { title: '3' }), aUser('c', { title: '1' })],
      request: get('/Users?sortBy=title&attributes=userName'),
      expect: foundInOrder('c', 'a', 'b'),
      afterwards: [
        {
          request: get('/Users?sortBy=title&sortOrder=descending&excludedAttributes=title'),
          expect: foundInOrder('b', 'a', 'c'),
        },
      ],
    },
  ],
  decided: {
    'ATT-11': 'attributes and excludedAttributes together are 400 invalidValue; an empty one counts as not given.',
  },
};
