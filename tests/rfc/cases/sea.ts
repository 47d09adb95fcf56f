import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, E, found, foundInOrder, get, ok, post, raw, search } from '../shorthand.ts';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const PEOPLE = [
  aUser('bob', { title: 'Boss', name: { givenName: 'Bob', familyName: 'A' }, nickName: 'b' }),
  aUser('eve', { title: 'aide', emails: [{ value: 'e@example.com', type: 'work' }] }),
  aUser('carl', { nickName: 'c' }),
  aGroup('staff', '{{bob.id}}'),
];

export const coverage: Coverage = {
  cases: [
    {
      ids: ['SEA-01', 'SEA-06'],
      title: 'a search is answered with a list, and makes nothing',
      given: PEOPLE,
      request: search('/Users', { filter: 'title pr' }),
      expect: { ...found('bob', 'eve'), headers: { location: '{{absent}}' } },
      unchanged: ['/Users', '/Groups'],
      afterwards: [
        {
          request: search('/Groups', { filter: 'displayName eq "staff"' }),
          expect: ok({ totalResults: 1, Resources: [{ displayName: 'staff', members: [{ value: '{{bob.id}}' }] }] }),
          unchanged: ['/Users', '/Groups'],
        },
        { request: search('/Users'), expect: found('bob', 'eve', 'carl') },
        { request: search('/Users', { filter: 'userName eq "nobody"' }), expect: found() },
        {
          request: search('/users', { FILTER: 'title pr', CoUnT: 0 }),
          expect: ok({ totalResults: 2, itemsPerPage: 0 }),
        },
      ],
    },
    ...(
      [
        ['no schemas', { count: 1 }],
        ['empty schemas', { schemas: [] }],
        ['schemas as text', { schemas: SEARCH }],
        ['another message', { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'] }],
        ['a resource', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'x' }],
      ] as const
    ).map(
      ([what, body]): Case => ({
        ids: ['SEA-02'],
        title: `${what} is no search`,
        request: post('/Users/.search', body),
        expect: E(400, 'invalidSyntax', /schemas/),
        afterwards: [{ request: post('/.search', body), expect: E(400, 'invalidSyntax', /schemas/) }],
      }),
    ),
    ...['', '[]', 'null', '"x"', '{'].map(
      (text): Case => ({
        ids: ['SEA-02'],
        title: `the body ${text || 'of no character'} is no search`,
        request: raw('POST', '/Users/.search', text),
        expect: E(400, 'invalidSyntax'),
      }),
    ),
    {
      ids: ['SEA-03'],
      title: 'attributes and excludedAttributes are arrays',
      given: PEOPLE,
      request: search('/Users', { filter: 'userName eq "bob"', attributes: ['title', 'NAME.givenName', 'nope'] }),
      expect: ok({
        Resources: [
          {
            id: '{{bob.id}}',
            title: 'Boss',
            name: { givenName: 'Bob', familyName: '{{absent}}' },
            userName: '{{absent}}',
            nickName: '{{absent}}',
          },
        ],
      }),
      afterwards: [
        {
          request: search('/Users', { filter: 'userName eq "bob"', excludedAttributes: ['title'] }),
          expect: ok({ Resources: [{ userName: 'bob', title: '{{absent}}', nickName: 'b' }] }),
        },
        { request: search('/Users', { attributes: [] }), expect: { status: 200 } },
        {
          request: search('/Users', { attributes: ['userName'], excludedAttributes: ['title'] }),
          expect: E(400, 'invalidValue'),
        },
      ],
    },
    ...(['attributes', 'excludedAttributes'] as const).flatMap((name) =>
      ['userName', 'userName,title', 5, { x: 1 }, [5], [null], [['userName']], true].map(
        (value): Case => ({
          ids: ['SEA-03'],
          title: `${name} ${JSON.stringify(value)} is no array of names`,
          request: search('/Users', { [name]: value }),
          expect: E(400, 'invalidValue', new RegExp(name)),
        }),
      ),
    ),
    ...(
      [
        ['title pr', 'title', 'descending', 1, 1],
        ['title pr', 'title', 'ascending', 2, 5],
        ['userName sw "b" or nickName eq "c"', 'userName', undefined, 1, 100],
        [undefined, 'name.givenName', 'descending', undefined, undefined],
        ['emails[type eq "work"]', undefined, undefined, 0, -1],
        [undefined, undefined, undefined, 3, 2],
      ] as const
    ).map(
      ([filter, sortBy, sortOrder, startIndex, count]): Case => ({
        ids: ['SEA-04'],
        title: `by POST as by GET: ${JSON.stringify({ filter, sortBy, sortOrder, startIndex, count })}`,
        given: PEOPLE,
        run: async (world) => {
          const asked = Object.entries({
            filter,
            sortBy,
            sortOrder,
            startIndex,
            count,
            attributes: 'userName,title',
          }).filter(([, value]) => value !== undefined);
          const query = new URLSearchParams(asked.map(([name, value]) => [name, String(value)]));
          const sent = search('/Users', { ...Object.fromEntries(asked), attributes: ['userName', 'title'] });
          const posted = await world.send(sent);
          const got = await world.get(`/Users?${query}`);
          expect(got.status).toBe(200);
          expect(posted.status).toBe(200);
          expect(posted.text).toBe(got.text);
        },
      }),
    ),
    {
      ids: ['SEA-04'],
      title: 'what is wrong is as wrong as in a URL',
      request: search('/Users', { filter: 'userName eq' }),
      expect: E(400, 'invalidFilter'),
      afterwards: [
        { request: search('/Users', { filter: '' }), expect: E(400, 'invalidFilter') },
        { request: search('/Users', { sortBy: 'nope' }), expect: E(400, 'invalidValue', /sortBy/) },
        {
          request: search('/Users', { sortBy: 'userName', sortOrder: 'down' }),
          expect: E(400, 'invalidValue', /sortOrder/),
        },
        { request: search('/Users', { cursor: 'x' }), expect: E(400, 'invalidCursor') },
        { request: search('/Users', { cursor: '', startIndex: 2 }), expect: E(400, 'invalidValue') },
      ],
    },
    {
      ids: ['SEA-05'],
      title: 'at the root all types are searched',
      given: PEOPLE,
      request: search(''),
      expect: ok({
        totalResults: 4,
        Resources: [
          '{{in any order}}',
          { userName: 'bob' },
          { userName: 'eve' },
          { userName: 'carl' },
          { displayName: 'staff' },
        ],
      }),
      afterwards: [
        {
          request: search('', { filter: 'meta.resourceType eq "Group"' }),
          expect: ok({ totalResults: 1, Resources: [{ displayName: 'staff' }] }),
        },
        { request: search('', { filter: 'title pr', sortBy: 'title' }), expect: foundInOrder('eve', 'bob') },
        { request: search('', { filter: 'nope pr' }), expect: E(400, 'invalidFilter', /nope/) },
        {
          request: search('', { filter: 'userName eq "bob" or displayName eq "staff"', count: 1, startIndex: 2 }),
          expect: ok({ totalResults: 2, startIndex: 2, itemsPerPage: 1 }),
        },
      ],
    },
    {
      ids: ['SEA-05'],
      title: 'attributes of one type only, at the root: the others show what is always shown',
      given: PEOPLE,
      request: search('', { attributes: ['userName', 'members'], sortBy: 'meta.created' }),
      expect: ok({
        Resources: [
          { id: '{{bob.id}}', userName: 'bob', title: '{{absent}}' },
          { userName: 'eve' },
          { userName: 'carl' },
          { id: '{{staff.id}}', displayName: '{{absent}}', members: [{ value: '{{bob.id}}' }] },
        ],
      }),
      afterwards: [
        {
          request: get('?attributes=userName,members&sortBy=meta.created'),
          expect: ok({ Resources: [{ userName: 'bob' }, {}, {}, { id: '{{staff.id}}', displayName: '{{absent}}' }] }),
        },
      ],
    },
    ...(
      [
        ['count', '10'],
        ['count', 1.5],
        ['count', true],
        ['count', [1]],
        ['startIndex', '1'],
        ['startIndex', 1.5],
        ['startIndex', {}],
        ['filter', 5],
        ['filter', ['title pr']],
        ['sortBy', 5],
        ['sortBy', ['userName']],
        ['sortOrder', false],
        ['cursor', 5],
        ['cursor', ['']],
      ] as const
    ).map(
      ([name, value]): Case => ({
        ids: ['SEA-07'],
        title: `${name} ${JSON.stringify(value)} is of the wrong type`,
        request: search('/Users', { [name]: value }),
        expect: E(400, 'invalidValue', new RegExp(name)),
      }),
    ),
    {
      ids: ['SEA-07'],
      title: 'null is as if it were not there; what the standard does not know is ignored',
      given: PEOPLE,
      request: search('/Users', {
        count: null,
        startIndex: null,
        filter: null,
        sortBy: null,
        sortOrder: null,
        attributes: null,
        excludedAttributes: null,
        cursor: null,
        nope: 5,
      }),
      expect: { ...found('bob', 'eve', 'carl') },
    },
    {
      ids: ['SEA-08'],
      title: 'what stands in the URL is not the query',
      given: PEOPLE,
      request: {
        ...search('/Users', { attributes: ['userName'] }),
        path: '/Users/.search?count=1&filter=title%20pr&attributes=title&cursor=x&startIndex=x',
      },
      expect: ok({
        totalResults: 3,
        itemsPerPage: 3,
        Resources: [{ userName: 'bob', title: '{{absent}}' }, { userName: 'eve' }, { userName: 'carl' }],
      }),
    },
    {
      ids: ['SEA-09'],
      title: 'a cursor walks, from the body too, and from one into the other',
      given: PEOPLE,
      request: search('/Users', { cursor: '', count: 1, sortBy: 'userName' }),
      expect: ok({
        itemsPerPage: 1,
        nextCursor: '{{any}}',
        startIndex: '{{absent}}',
        Resources: [{ userName: 'bob' }],
      }),
      afterwards: [
        {
          request: search('/Users', { cursor: '{{reply.nextCursor}}', count: 1, sortBy: 'userName' }),
          expect: ok({ nextCursor: '{{any}}', Resources: [{ userName: 'carl' }] }),
        },
        {
          request: get('/Users?cursor={{reply.nextCursor}}&count=1&sortBy=userName'),
          expect: ok({ nextCursor: '{{absent}}', Resources: [{ userName: 'eve' }] }),
        },
      ],
    },
    ...[
      '/Schemas/.search',
      '/ResourceTypes/.search',
      '/ServiceProviderConfig/.search',
      '/Users/x/.search',
      '/.search/Users',
      '/Me/.search',
      '/Nope/.search',
      '/Bulk/.search',
    ].map(
      (path): Case => ({
        ids: ['SEA-10'],
        title: `${path} is nowhere`,
        request: post(path, { schemas: [SEARCH] }),
        expect: E(404),
      }),
    ),
    ...['/.search', '/Users/.search', '/Groups/.search'].flatMap((path) =>
      ['GET', 'PUT', 'PATCH', 'DELETE'].map(
        (method): Case => ({
          ids: ['SEA-01'],
          title: `${method} ${path} is 405`,
          request: {
            method,
            path,
            ...(method === 'GET' || method === 'DELETE' ? {} : { body: { schemas: [SEARCH] } }),
          },
          expect: { ...E(405), headers: { allow: /\bPOST\b/ } },
        }),
      ),
    ),
    {
      ids: ['SEA-11'],
      title: 'a filter of five megabytes is 413',
      request: search('/Users', { filter: `userName eq "${'x'.repeat(5 * 1024 * 1024)}"` }),
      expect: E(413),
      afterwards: [
        { request: search('', { attributes: Array.from({ length: 200_000 }, (_, n) => `a${n}`) }), expect: E(413) },
      ],
    },
    {
      ids: ['SEA-12'],
      title: 'a token that may only read may search',
      given: PEOPLE,
      run: async (world) => {
        const { token } = await world.mint({ scope: 'read' });
        for (const path of ['/Users', '']) {
          const { status, text } = await world.send({
            ...search(path, { filter: 'title pr' }),
            headers: { Authorization: `Bearer ${token}` },
          });
          expect(status).toBe(200);
          expect(JSON.parse(text).totalResults).toBe(2);
        }
        const other = await world.another();
        expect(JSON.parse((await other.send(search('', {}))).text).totalResults).toBe(0);
      },
    },
  ],
  decided: {
    'SEA-08': 'Query parameters in the URL of a search are ignored: its query is its body.',
    'SEA-09': 'A search takes cursor and count as RFC 9865 has them; a cursor is good for the same query in a URL too.',
    'SEA-10': 'Only types of people and groups are searched; at /Schemas and the like there is no such endpoint: 404.',
    'SEA-12': 'A search reads, so a token that may only read may send it.',
  },
};
