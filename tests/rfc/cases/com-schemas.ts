import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, created, E, ENT, GROUP, get, ok, patch, post, put, USER, user } from '../shorthand.ts';

const UNKNOWN = 'urn:example:2.0:Nothing';

export const coverage: Coverage = {
  cases: [
    ...[undefined, null, [], [1], [null], {}].map(
      (schemas): Case => ({
        ids: ['COM-01'],
        title: `schemas must be a list of URNs, and is ${JSON.stringify(schemas) ?? 'not there'}`,
        given: [aUser('bob')],
        request: post('/Users', { schemas, userName: 'eve' }),
        expect: E(400, 'invalidSyntax', /schemas/),
        afterwards: [
          {
            request: put('/Users/{{bob.id}}', { schemas, userName: 'eve' }),
            expect: E(400, 'invalidSyntax', /schemas/),
          },
          { request: post('/Groups', { schemas, displayName: 'g' }), expect: E(400, 'invalidSyntax', /schemas/) },
        ],
      }),
    ),
    {
      ids: ['COM-01'],
      title: 'schemas that is a URN and no list',
      request: post('/Users', { schemas: USER, userName: 'eve' }),
      expect: E(400, 'invalidSyntax', /schemas/),
      default: { because: 'single-value-for-multi-valued', expect: created({ schemas: [USER] }) },
    },
    {
      ids: ['COM-01'],
      title: 'every resource that is answered lists its schemas, those of the server too',
      given: [aUser('bob'), aGroup('staff')],
      request: get('/Users'),
      expect: ok({ Resources: [{ schemas: [USER] }] }),
      afterwards: [
        { request: get('/Groups/{{staff.id}}'), expect: ok({ schemas: [GROUP] }) },
        { request: get('/Users/{{bob.id}}?attributes=userName'), expect: ok({ schemas: [USER] }) },
        {
          request: get('/ServiceProviderConfig'),
          expect: ok({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'] }),
        },
      ],
    },
    {
      ids: ['COM-02'],
      title: 'schemas must list the one of the endpoint',
      given: [aUser('bob'), aGroup('staff')],
      request: post('/Users', { schemas: [GROUP], userName: 'eve' }),
      expect: E(400, 'invalidValue', /core:2\.0:User/),
      afterwards: [
        {
          request: post('/Users', { schemas: [ENT], userName: 'eve' }),
          expect: E(400, 'invalidValue', /core:2\.0:User/),
        },
        {
          request: post('/Groups', { schemas: [USER], displayName: 'g' }),
          expect: E(400, 'invalidValue', /core:2\.0:Group/),
        },
        {
          request: put('/Users/{{bob.id}}', { schemas: [ENT], userName: 'eve' }),
          expect: E(400, 'invalidValue', /core:2\.0:User/),
        },
        {
          request: put('/Groups/{{staff.id}}', { schemas: [USER], displayName: 'g' }),
          expect: E(400, 'invalidValue', /core:2\.0:Group/),
        },
      ],
    },
    {
      ids: ['COM-03'],
      title: 'a URN in schemas that the type does not have',
      request: post('/Users', { schemas: [USER, UNKNOWN], userName: 'bob' }),
      expect: E(400, 'invalidSyntax', /urn:example:2\.0:Nothing/),
      default: { because: 'unknownSchemas', expect: created({ schemas: [USER] }) },
    },
    {
      ids: ['COM-03'],
      title: 'data under a URN that the type does not have',
      given: [aUser('bob')],
      request: put('/Users/{{bob.id}}', { schemas: [USER, UNKNOWN], userName: 'bob', [UNKNOWN]: { a: 1 } }),
      expect: E(400, 'invalidSyntax', /urn:example:2\.0:Nothing/),
      default: { because: 'unknownSchemas', expect: { ...ok({ schemas: [USER] }), absent: [UNKNOWN] } },
      unchanged: ['/Users/{{bob.id}}'],
    },
    {
      ids: ['COM-04'],
      title: 'a URN that stands twice in schemas, or in another case, is one',
      request: post('/Users', { schemas: [USER, USER, USER.toLowerCase()], userName: 'bob' }),
      expect: created({ schemas: [USER] }),
    },
    {
      ids: ['COM-05'],
      title: 'the order of schemas does not matter',
      request: post('/Users', { schemas: [ENT, USER], userName: 'bob', [ENT]: { department: 'x' } }),
      expect: created({ schemas: ['{{in any order}}', USER, ENT], [ENT]: { department: 'x' } }),
      as: 'bob',
      afterwards: [
        {
          request: put('/Users/{{bob.id}}', user('bob', { active: true, [ENT]: { department: 'x' } })),
          expect: ok({ schemas: '{{bob.schemas}}' }),
          unchanged: ['/Users/{{bob.id}}'],
        },
      ],
    },
    {
      ids: ['COM-06'],
      title: 'schemas lists an extension when there is data of it, and not otherwise',
      request: post('/Users', { schemas: [USER, ENT], userName: 'bob' }),
      expect: { ...created({ schemas: [USER] }), absent: [ENT] },
      as: 'bob',
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: `${ENT}:department`, value: 'x' }),
          expect: ok({ schemas: ['{{in any order}}', USER, ENT] }),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: `${ENT}:department` }),
          expect: { ...ok({ schemas: [USER] }), absent: [ENT] },
        },
        {
          request: post('/Users', { schemas: [USER], userName: 'eve', [ENT]: { department: 'x' } }),
          expect: created({ schemas: ['{{in any order}}', USER, ENT] }),
        },
      ],
    },
  ],
};
