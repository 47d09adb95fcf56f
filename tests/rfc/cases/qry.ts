import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  del,
  E,
  ENT,
  filtered,
  found,
  foundInOrder,
  get,
  NO_CONTENT,
  ok,
  post,
  user,
} from '../shorthand.ts';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const VALUES: Readonly<Record<string, string>> = {
  filter: 'userName%20pr',
  startIndex: '1',
  count: '10',
  attributes: 'userName',
  excludedAttributes: 'title',
  sortBy: 'userName',
  sortOrder: 'ascending',
  cursor: '',
};

export const coverage: Coverage = {
  cases: [
    {
      ids: ['QRY-01', 'QRY-02', 'QRY-03', 'QRY-05', 'QRY-06'],
      title: 'a list says that it is one, how many there are, and holds them whole',
      given: [aUser('bob', { title: 'Boss' }), aUser('eve'), aUser('joe')],
      request: get('/Users'),
      expect: {
        status: 200,
        exactly: {
          schemas: [LIST],
          totalResults: 3,
          startIndex: 1,
          itemsPerPage: 3,
          Resources: ['{{bob}}', '{{eve}}', '{{joe}}'],
        },
      },
      afterwards: [
        {
          request: get('/Users?attributes=userName'),
          expect: ok({
            Resources: [{ id: '{{bob.id}}', title: '{{absent}}' }, { id: '{{eve.id}}' }, { id: '{{joe.id}}' }],
          }),
        },
        {
          request: get('/Users?excludedAttributes=id,userName'),
          expect: ok({
            Resources: [{ id: '{{bob.id}}', userName: '{{absent}}' }, { id: '{{any}}' }, { id: '{{any}}' }],
          }),
        },
      ],
    },
    {
      ids: ['QRY-04'],
      title: 'nothing found is an empty list, not an error',
      request: get('/Users'),
      expect: { ...ok({ schemas: [LIST], totalResults: 0, itemsPerPage: 0, Resources: '{{none}}' }) },
      afterwards: [
        { request: get('/Groups'), expect: ok({ totalResults: 0, Resources: '{{none}}' }) },
        {
          request: filtered('/Users', 'userName eq "nobody"'),
          expect: ok({ totalResults: 0, Resources: '{{none}}' }),
        },
        {
          request: filtered('/Groups', 'displayName eq "nothing"'),
          expect: ok({ totalResults: 0, Resources: '{{none}}' }),
        },
      ],
    },
    {
      ids: ['QRY-05'],
      title: 'a part of a list says which part it is',
      given: [aUser('bob'), aUser('eve'), aUser('joe')],
      request: get('/Users?count=1'),
      expect: ok({ totalResults: 3, startIndex: 1, itemsPerPage: 1, Resources: [{ userName: 'bob' }] }),
      afterwards: [
        {
          request: get('/Users?startIndex=2&count=5'),
          expect: ok({
            totalResults: 3,
            startIndex: 2,
            itemsPerPage: 2,
            Resources: [{ userName: 'eve' }, { userName: 'joe' }],
          }),
        },
      ],
    },
    {
      ids: ['QRY-07', 'QRY-09'],
      title: 'the root answers for users and groups together',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: get('/'),
      expect: ok({
        schemas: [LIST],
        totalResults: 2,
        Resources: [
          '{{in any order}}',
          { id: '{{bob.id}}', userName: 'bob', meta: { resourceType: 'User', location: '{{base}}/Users/{{bob.id}}' } },
          { id: '{{staff.id}}', members: [{ value: '{{bob.id}}' }], meta: { resourceType: 'Group' } },
        ],
      }),
      afterwards: [
        {
          request: get('/?filter=meta.resourceType%20eq%20%22User%22'),
          expect: ok({ totalResults: 1, Resources: [{ userName: 'bob' }] }),
        },
        {
          request: get('/?filter=(meta.resourceType%20eq%20%22User%22)%20or%20(meta.resourceType%20eq%20%22Group%22)'),
          expect: ok({ totalResults: 2 }),
        },
        {
          request: get('/?filter=id%20eq%20%22{{staff.id}}%22'),
          expect: ok({ Resources: [{ displayName: 'staff' }] }),
        },
        { request: get('?count=0'), expect: ok({ totalResults: 2, itemsPerPage: 0 }) },
        {
          request: post('/.search', {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
            filter: 'displayName eq "STAFF"',
          }),
          expect: ok({ totalResults: 1, Resources: [{ id: '{{staff.id}}' }] }),
        },
      ],
    },
    {
      ids: ['QRY-08'],
      title: 'at the root, an attribute that a type does not have is one without a value',
      given: [
        aUser('bob', { displayName: 'x' }),
        aUser('eve', { [ENT]: { department: 'd' } }),
        aGroup('x', '{{bob.id}}'),
      ],
      request: get('/?filter=userName%20pr'),
      expect: found('bob', 'eve'),
      afterwards: [
        {
          request: get('/?filter=members.value%20eq%20%22{{bob.id}}%22'),
          expect: ok({ totalResults: 1, Resources: [{ id: '{{x.id}}' }] }),
        },
        { request: get('/?filter=displayName%20eq%20%22X%22'), expect: ok({ totalResults: 2 }) },
        {
          request: get('/?filter=not%20(userName%20pr)'),
          expect: ok({ totalResults: 1, Resources: [{ id: '{{x.id}}' }] }),
        },
        { request: get(`/?filter=${ENT}:department%20eq%20%22d%22`), expect: found('eve') },
        { request: get('/?filter=userName%20ne%20%22bob%22'), expect: ok({ totalResults: 2 }) },
        { request: get('/?filter=shoeSize%20pr'), expect: E(400, 'invalidFilter', /shoeSize/) },
      ],
    },
    {
      ids: ['QRY-11'],
      title: 'who is deleted is not listed, not counted and not found',
      given: [aUser('bob'), aUser('eve'), aUser('joe'), aGroup('staff')],
      request: del('/Users/{{eve.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        { request: get('/Users'), expect: foundInOrder('bob', 'joe') },
        { request: get('/Users?count=0'), expect: ok({ totalResults: 2 }) },
        { request: filtered('/Users', 'userName eq "eve"'), expect: found() },
        { request: filtered('/Users', 'id eq "{{eve.id}}"'), expect: found() },
        { request: filtered('/Users', 'not (userName eq "x")'), expect: found('bob', 'joe') },
        { request: del('/Groups/{{staff.id}}'), expect: NO_CONTENT },
        { request: get('/Groups'), expect: ok({ totalResults: 0, Resources: '{{none}}' }) },
      ],
    },
    {
      ids: ['QRY-12'],
      title: 'lists and totals are of one’s own people only',
      given: [aUser('bob'), aGroup('staff')],
      run: async (world) => {
        const other = await world.another();
        await Promise.all(['bob', 'eve', 'joe'].map((name) => other.user(name)));
        for (const path of ['/Users', '/Users?count=0', '/Users?filter=userName%20pr', '/Groups', '/Groups?count=0']) {
          expect({ path, total: (await world.get(path)).body.totalResults }).toEqual({ path, total: 1 });
        }
        expect((await world.get('/Users?filter=userName%20eq%20%22eve%22')).body.totalResults).toBe(0);
        expect((await other.get('/Users?count=0')).body.totalResults).toBe(3);
        expect((await other.get('/Groups')).body.totalResults).toBe(0);
      },
    },
    {
      ids: ['QRY-13'],
      title: 'without sorting, users come in the order in which they were made, whatever changes about them',
      given: [aUser('eve'), aUser('bob'), aUser('adam')],
      request: get('/Users'),
      expect: foundInOrder('eve', 'bob', 'adam'),
      afterwards: [
        { request: { ...post('/Users', user('zoe')) }, expect: { status: 201 } },
        {
          request: { method: 'PUT', path: '/Users/{{eve.id}}', body: user('xena') },
          expect: ok({ userName: 'xena' }),
        },
        { request: get('/Users'), expect: foundInOrder('xena', 'bob', 'adam', 'zoe') },
        { request: filtered('/Users', 'userName pr'), expect: foundInOrder('xena', 'bob', 'adam', 'zoe') },
        {
          request: filtered('/Users', 'active eq true and userName ne "bob"'),
          expect: foundInOrder('xena', 'adam', 'zoe'),
        },
      ],
    },
    ...['filter', 'startIndex', 'count', 'attributes', 'excludedAttributes'].map(
      (name): Case => ({
        ids: ['QRY-14'],
        title: `${name} given twice has no one meaning`,
        given: [aUser('bob')],
        request: get(`/Users?${name}=${VALUES[name]}&${name}=${VALUES[name]}`),
        expect: E(400, 'invalidValue', new RegExp(name)),
      }),
    ),
    ...['sortBy', 'sortOrder', 'cursor'].map(
      (name): Case => ({
        ids: ['QRY-14'],
        title: `${name} given twice has no one meaning`,
        given: [aUser('bob')],
        request: get(`/Users?${name}=${VALUES[name]}&${name}=${VALUES[name]}`),
        expect: E(400, 'invalidValue', new RegExp(name)),
      }),
    ),
  ],
  elsewhere: {
    'QRY-10': {
      file: 'tests/threats/filters.test.ts',
      test: 'a filter that takes too long is 400 tooMany',
    },
    'QRY-12': {
      file: 'tests/threats/tenant-queries.test.ts',
      test: 'a filter that everybody satisfies, every page, and every total is of their own people only',
    },
  },
  decided: {
    'QRY-13':
      'Without sortBy, resources come in the order in which they were made, so that pages neither skip nor repeat.',
    'QRY-14': 'A query parameter given twice is 400 invalidValue.',
  },
};
