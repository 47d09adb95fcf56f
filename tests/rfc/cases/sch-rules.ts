import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  del,
  E,
  ENT,
  filtered,
  found,
  GROUP,
  get,
  group,
  NO_CONTENT,
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
      ids: ['SCH-28'],
      title: 'filters go by caseExact',
      given: [aUser('BJensen', { externalId: 'AbC', title: 'Boss' })],
      request: filtered('/Users', 'userName eq "bjensen"'),
      expect: found('BJensen'),
      afterwards: [
        { request: filtered('/Users', 'externalId eq "abc"'), expect: found() },
        { request: filtered('/Users', 'externalId eq "AbC"'), expect: found('BJensen') },
        { request: filtered('/Users', 'externalId sw "ab"'), expect: found() },
        { request: filtered('/Users', 'title eq "BOSS"'), expect: found('BJensen') },
        { request: filtered('/Users', 'title co "OS"'), expect: found('BJensen') },
      ],
    },
    {
      ids: ['SCH-29'],
      title: 'what is readOnly is ignored in POST and PUT, and refused in PATCH',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: put('/Users/{{bob.id}}', {
        ...user('bob', { active: true, groups: [{ value: 'x' }] }),
        id: 'x',
        meta: { resourceType: 'x' },
      }),
      expect: ok({ id: '{{bob.id}}', groups: [{ value: '{{staff.id}}' }], meta: { resourceType: 'User' } }),
      unchanged: ['/Users/{{bob.id}}', '/Groups/{{staff.id}}'],
      afterwards: ['groups', 'meta', 'meta.created', 'meta.version', `${ENT}:manager.displayName`].map((path) => ({
        request: patch('/Users/{{bob.id}}', { op: 'replace', path, value: 'x' }),
        expect: E(400, 'mutability'),
      })),
    },
    {
      ids: ['SCH-30'],
      title: 'what is readWrite can be set, changed and cleared at any time',
      given: [aUser('bob')],
      request: patch('/Users/{{bob.id}}', { op: 'add', path: 'title', value: 'A' }),
      expect: ok({ title: 'A' }),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'title', value: 'B' }),
          expect: ok({ title: 'B' }),
        },
        { request: put('/Users/{{bob.id}}', user('bob', { title: 'C' })), expect: ok({ title: 'C' }) },
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'title' }),
          expect: { ...ok(), absent: ['title'] },
        },
      ],
    },
    {
      ids: ['SCH-31'],
      title: 'what is immutable is set when it comes into being, and never changed: a member’s value',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', {
        op: 'replace',
        path: 'members[value eq "{{bob.id}}"].value',
        value: '{{eve.id}}',
      }),
      expect: E(400, 'mutability', /members/),
      unchanged: ['/Groups/{{staff.id}}'],
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', {
            op: 'replace',
            path: 'members[value eq "{{bob.id}}"].type',
            value: 'Group',
          }),
          expect: E(400, 'mutability', /members/),
        },
      ],
    },
    {
      ids: ['SCH-32', 'SCH-34'],
      title: 'a password is never told, by whatever way it came and however it is asked for',
      request: post('/Users', user('bob', { password: 't1meMa$heen' })),
      expect: { ...created(), absent: ['password'] },
      as: 'bob',
      afterwards: [
        { request: get('/Users/{{bob.id}}?attributes=password'), expect: { ...ok(), absent: ['password'] } },
        {
          request: get('/Users?attributes=password,userName'),
          expect: ok({ Resources: [{ userName: 'bob', password: '{{absent}}' }] }),
        },
        {
          request: put('/Users/{{bob.id}}?attributes=password', user('bob', { password: 'x' })),
          expect: { ...ok(), absent: ['password'] },
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'password', value: 'y' }),
          expect: { ...ok(), absent: ['password'] },
        },
      ],
    },
    {
      ids: ['SCH-33'],
      title: 'id is shown whatever is asked for, and whatever is left out',
      given: [aUser('bob', { title: 'Boss' })],
      request: get('/Users/{{bob.id}}?excludedAttributes=id,schemas,title'),
      expect: { ...ok({ id: '{{bob.id}}', schemas: [USER] }), absent: ['title'] },
      afterwards: [
        {
          request: get('/Users/{{bob.id}}?attributes=title'),
          expect: { ...ok({ id: '{{bob.id}}', title: 'Boss' }), absent: ['userName'] },
        },
      ],
    },
    {
      ids: ['SCH-35'],
      title: 'what is returned by default is left out when others are asked for',
      given: [aUser('bob', { name: { givenName: 'B' }, title: 'Boss' })],
      request: get('/Users?attributes=userName'),
      expect: ok({ Resources: [{ userName: 'bob', name: '{{absent}}', title: '{{absent}}', meta: '{{absent}}' }] }),
    },
    {
      ids: ['SCH-37'],
      title: 'a filter on the password is refused: it would tell what is never told',
      given: [aUser('bob', { password: 'x' })],
      request: filtered('/Users', 'password eq "x"'),
      expect: E(400, 'invalidFilter', /password/),
      afterwards: [
        { request: filtered('/Users', 'password pr'), expect: E(400, 'invalidFilter', /password/) },
        { request: filtered('/Users', 'not (password co "x")'), expect: E(400, 'invalidFilter', /password/) },
      ],
    },
    {
      ids: ['SCH-38'],
      title: 'a userName that is taken is 409 uniqueness, by POST, PUT and PATCH',
      given: [aUser('bob'), aUser('eve')],
      request: post('/Users', user('BOB')),
      expect: E(409, 'uniqueness', /userName/),
      afterwards: [
        { request: put('/Users/{{eve.id}}', user('Bob')), expect: E(409, 'uniqueness', /userName/) },
        {
          request: patch('/Users/{{eve.id}}', { op: 'replace', path: 'userName', value: 'bOb' }),
          expect: E(409, 'uniqueness', /userName/),
        },
      ],
    },
    {
      ids: ['SCH-38'],
      title: 'what the schema calls unique is, and what it does not is not: displayName of a group',
      given: [aGroup('staff')],
      request: post('/Groups', group('staff')),
      expect: created({ displayName: 'staff' }),
      default: { because: 'uniqueGroupNames', expect: E(409, 'uniqueness', /displayName/) },
      afterwards: [
        {
          request: get(`/Schemas/${GROUP}`),
          expect: ok({
            attributes: ['{{in any order}}', { name: 'displayName', uniqueness: 'none' }, { name: 'members' }],
          }),
          default: {
            because: 'uniqueGroupNames',
            expect: ok({
              attributes: ['{{in any order}}', { name: 'displayName', uniqueness: 'server' }, { name: 'members' }],
            }),
          },
        },
      ],
    },
    ...['foo', 'Work', 'WORK', 'büro'].map(
      (type): Case => ({
        ids: ['SCH-40', 'SCH-41'],
        title: `a type that is not the canonical one is kept as it came, and found in any case: ${type}`,
        request: post('/Users', user('bob', { emails: [{ ...EMAIL, type }] })),
        expect: created({ emails: [{ ...EMAIL, type }] }),
        afterwards: [
          { request: filtered('/Users', `emails[type eq "${type.toUpperCase()}"]`), expect: found('bob') },
          { request: filtered('/Users', `emails.type eq "${type.toLowerCase()}"`), expect: found('bob') },
        ],
      }),
    ),
    {
      ids: ['SCH-42'],
      title: 'a required attribute must be there: userName of a user, displayName of a group',
      given: [aUser('bob'), aGroup('staff')],
      request: post('/Users', { schemas: [USER], title: 'x' }),
      expect: E(400, 'invalidValue', /userName/),
      afterwards: [
        { request: post('/Groups', { schemas: [GROUP] }), expect: E(400, 'invalidValue', /displayName/) },
        { request: put('/Users/{{bob.id}}', { schemas: [USER] }), expect: E(400, 'invalidValue', /userName/) },
        {
          request: put('/Groups/{{staff.id}}', { schemas: [GROUP], displayName: null }),
          expect: E(400, 'invalidValue', /displayName/),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'userName' }),
          expect: E(400, 'mutability', /userName/),
        },
      ],
    },
    {
      ids: ['SCH-43'],
      title: 'nothing is asked of a complex attribute that is not there',
      request: post('/Users', user('bob')),
      expect: { ...created(), absent: ['emails', 'name', 'addresses', ENT] },
    },
    {
      ids: ['SCH-46'],
      title: '65,536 characters are a value, and one more is none',
      request: post('/Users', user('bob', { title: 'x'.repeat(65_537) })),
      expect: E(400, 'invalidValue', /title.*65536/),
      afterwards: [
        {
          request: post('/Users', user('bob', { title: 'x'.repeat(65_536) })),
          expect: created({ title: 'x'.repeat(65_536) }),
        },
      ],
    },
    {
      ids: ['SCH-46'],
      title: 'a thousand values are taken, and one more is not',
      request: post(
        '/Users',
        user('bob', { emails: Array.from({ length: 1001 }, (_, n) => ({ value: `${n}@example.com` })) }),
      ),
      expect: E(400, 'invalidValue', /emails.*1000/),
      afterwards: [
        {
          request: post(
            '/Users',
            user('bob', { emails: Array.from({ length: 1000 }, (_, n) => ({ value: `${n}@example.com` })) }),
          ),
          expect: created({ userName: 'bob' }),
        },
        { request: del('/Users/{{reply.id}}'), expect: NO_CONTENT },
      ],
    },
  ],
};
