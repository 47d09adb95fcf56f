import { expect } from 'vitest';
import { scim, startServer } from '../../harness/index.ts';
import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, E, ENT, foundInOrder, get, ok, search, USER } from '../shorthand.ts';
import { CONFIG } from '../world.ts';

const PEOPLE = [
  aUser('Carl', {
    title: 'boss',
    name: { givenName: 'zoe' },
    externalId: 'b',
    emails: [{ value: 'm@example.com', type: 'home' }],
  }),
  aUser('anna', {
    name: { givenName: 'Yan' },
    externalId: 'A',
    emails: [
      { value: 'z@example.com', type: 'home' },
      { value: 'a@example.com', primary: true },
    ],
  }),
  aUser('Bob', { title: 'Alpha', externalId: 'a' }),
  aUser('élan', {
    title: 'beta',
    name: { familyName: 'x' },
    externalId: 'B',
    emails: [{ value: 'C@example.com' }, { value: 'b@example.com' }],
  }),
];
const sorted = (title: string, query: string, ...userNames: readonly string[]): Case => ({
  ids: [],
  title,
  given: PEOPLE,
  request: get(`/Users?${query}`),
  expect: foundInOrder(...userNames),
});

export const coverage: Coverage = {
  cases: [
    {
      ids: ['SRT-01'],
      title: 'sorting is advertised, and done',
      given: PEOPLE,
      request: get('/ServiceProviderConfig'),
      expect: ok({ sort: { supported: true } }),
      afterwards: [{ request: get('/Users?sortBy=userName'), expect: foundInOrder('anna', 'Bob', 'Carl', 'élan') }],
    },
    {
      ...sorted(
        'by a single value, ascending when nothing else is said, whatever its case',
        'sortBy=userName',
        'anna',
        'Bob',
        'Carl',
        'élan',
      ),
      ids: ['SRT-02', 'SRT-03', 'SRT-09'],
    },
    { ...sorted('ascending', 'sortBy=userName&sortOrder=ascending', 'anna', 'Bob', 'Carl', 'élan'), ids: ['SRT-03'] },
    { ...sorted('descending', 'sortBy=userName&sortOrder=descending', 'élan', 'Carl', 'Bob', 'anna'), ids: ['SRT-04'] },
    {
      ...sorted('sortOrder in any case', 'sortBy=userName&sortOrder=DESCENDING', 'élan', 'Carl', 'Bob', 'anna'),
      ids: ['SRT-04'],
    },
    ...['', 'asc', 'desc', 'down', '1', 'descending ', 'descending,ascending'].map(
      (order): Case => ({
        ids: ['SRT-04'],
        title: `"${order}" is no order`,
        given: [aUser('bob')],
        request: get(`/Users?sortBy=userName&sortOrder=${encodeURIComponent(order)}`),
        expect: E(400, 'invalidValue', /sortOrder.*ascending/),
      }),
    ),
    {
      ...sorted('by a sub-attribute', 'sortBy=name.givenName', 'anna', 'Carl', 'Bob', 'élan'),
      ids: ['SRT-05', 'SRT-08', 'SRT-09'],
    },
    ...[
      'name',
      'name.',
      '.name',
      `${ENT}:manager`,
      'meta',
      'addresses',
      'name.givenName.x',
      'emails[type eq "work"].value',
      'userName,title',
      'user name',
      '',
    ].map(
      (sortBy): Case => ({
        ids: ['SRT-06'],
        title: `"${sortBy}" has no order`,
        given: [aUser('bob')],
        request: get(`/Users?sortBy=${encodeURIComponent(sortBy)}`),
        expect: E(400, 'invalidValue', /sortBy/),
      }),
    ),
    {
      ...sorted(
        'of many values the primary one counts, else the first',
        'sortBy=emails.value',
        'anna',
        'élan',
        'Carl',
        'Bob',
      ),
      ids: ['SRT-07', 'SRT-08'],
    },
    { ...sorted('emails alone are their values', 'sortBy=emails', 'anna', 'élan', 'Carl', 'Bob'), ids: ['SRT-07'] },
    {
      ...sorted(
        'of many values, descending',
        'sortBy=emails.value&sortOrder=descending',
        'Bob',
        'Carl',
        'élan',
        'anna',
      ),
      ids: ['SRT-07', 'SRT-08'],
    },
    {
      ...sorted('what is missing comes last', 'sortBy=title', 'Bob', 'élan', 'Carl', 'anna'),
      ids: ['SRT-08', 'SRT-09'],
    },
    {
      ...sorted(
        'what is missing comes first when descending',
        'sortBy=title&sortOrder=descending',
        'anna',
        'Carl',
        'élan',
        'Bob',
      ),
      ids: ['SRT-08'],
    },
    {
      ...sorted('case counts where it is exact: A, B, a, b', 'sortBy=externalId', 'anna', 'élan', 'Bob', 'Carl'),
      ids: ['SRT-10'],
    },
    { ...sorted('by date of creation', 'sortBy=meta.created', 'Carl', 'anna', 'Bob', 'élan'), ids: ['SRT-11'] },
    {
      ...sorted('by date, the latest first', 'sortBy=meta.created&sortOrder=descending', 'élan', 'Bob', 'anna', 'Carl'),
      ids: ['SRT-11'],
    },
    {
      ids: ['SRT-11'],
      title: 'by the date of the last change',
      given: PEOPLE,
      run: async (world) => {
        const [carl] = (await world.get('/Users')).body.Resources;
        await new Promise((resolve) => setTimeout(resolve, 2));
        await world.patch(`/Users/${carl.id}`, [{ op: 'replace', path: 'title', value: 'x' }]);
        const { body } = await world.get('/Users?sortBy=meta.lastModified&sortOrder=descending&count=1');
        expect(body.Resources[0].userName).toBe('Carl');
      },
    },
    {
      ids: ['SRT-11'],
      title: 'numbers by size, dates by moment, truth after falsehood',
      run: async (world) => {
        const URN = 'urn:example:scim:schemas:extension:app:2.0:User';
        const attributes = {
          seats: { type: 'integer' },
          rate: { type: 'decimal' },
          since: { type: 'dateTime' },
          vip: { type: 'boolean' },
        } as const;
        const server = await startServer({
          config: {
            applications: {
              app: {
                strict: CONFIG.applications[world.mode as 'strict'].strict ?? false,
                extensions: [{ urn: URN, of: 'User', attributes }],
              },
            },
          },
          env: { LOG_LEVEL: 'fatal' },
        });
        try {
          const client = scim(server);
          const values = [
            { seats: 10, rate: 2.5, since: '2026-01-01T23:30:00-02:00', vip: true },
            { seats: 2, rate: 10, since: '2026-01-02T00:00:00Z', vip: false },
            { seats: -1, rate: -0.5, since: '2025-12-31T00:00:00.5Z' },
          ];
          for (const [n, extension] of values.entries()) {
            const made = await client.post('/Users', { schemas: [USER, URN], userName: `u${n}`, [URN]: extension });
            expect(made.status, made.text).toBe(201);
          }
          for (const [name, order] of [
            ['seats', '210'],
            ['rate', '201'],
            ['since', '210'],
            ['vip', '102'],
          ] as const) {
            const { body } = await client.get(`/Users?sortBy=${URN}:${name}`);
            expect(body.Resources.map(({ userName }: { userName: string }) => userName.slice(1)).join(''), name).toBe(
              order,
            );
          }
        } finally {
          await server.close();
        }
      },
    },
    {
      ...sorted(
        'the URN before it, in any case',
        `sortBy=${USER.toUpperCase()}:USERNAME`,
        'anna',
        'Bob',
        'Carl',
        'élan',
      ),
      ids: ['SRT-12'],
    },
    { ...sorted('names in any case', 'sortBy=NAME.GIVENname', 'anna', 'Carl', 'Bob', 'élan'), ids: ['SRT-12'] },
    {
      ids: ['SRT-12'],
      title: 'an attribute of an extension by its URN',
      given: [aUser('a', { [ENT]: { department: 'Zoo' } }), aUser('b'), aUser('c', { [ENT]: { department: 'arts' } })],
      request: get(`/Users?sortBy=${ENT}:Department`),
      expect: foundInOrder('c', 'a', 'b'),
    },
    ...['nope', 'nope.value', 'name.nope', 'urn:x:y:userName', `${ENT}:nope`, '__proto__', 'constructor'].map(
      (sortBy): Case => ({
        ids: ['SRT-13'],
        title: `${sortBy} is no attribute to sort by`,
        given: [aUser('bob')],
        request: get(`/Users?sortBy=${sortBy}`),
        expect: E(400, 'invalidValue', /sortBy/),
      }),
    ),
    ...['password', 'PASSWORD', `${USER}:password`].map(
      (sortBy): Case => ({
        ids: ['SRT-13'],
        title: `${sortBy} is never returned, so no order tells of it`,
        given: [aUser('bob', { password: 'correct horse' })],
        request: get(`/Users?sortBy=${sortBy}`),
        expect: E(400, 'invalidValue', /sortBy/),
        afterwards: [{ request: search('/Users', { sortBy }), expect: E(400, 'invalidValue', /sortBy/) }],
      }),
    ),
    {
      ids: ['SRT-14'],
      title: 'pages of those who are equal do not overlap, in either order',
      run: async (world) => {
        for (let n = 0; n < 7; n += 1) await world.user(`u${n}`, { title: n < 5 ? 'Same' : 'same' });
        for (const order of ['ascending', 'descending']) {
          const seen: string[] = [];
          for (let startIndex = 1; startIndex <= 7; startIndex += 2) {
            const { body } = await world.get(`/Users?sortBy=title&sortOrder=${order}&startIndex=${startIndex}&count=2`);
            expect(body.totalResults).toBe(7);
            seen.push(...body.Resources.map(({ userName }: { userName: string }) => userName));
          }
          expect(new Set(seen).size).toBe(7);
          const { body } = await world.get(`/Users?sortBy=title&sortOrder=${order}`);
          expect(body.Resources.map(({ userName }: { userName: string }) => userName)).toEqual(seen);
        }
      },
    },
    {
      ...sorted(
        'sortOrder alone does nothing, whatever it says',
        'sortOrder=descending',
        'Carl',
        'anna',
        'Bob',
        'élan',
      ),
      ids: ['SRT-15'],
    },
    { ...sorted('nor does one that is no order', 'sortOrder=nope', 'Carl', 'anna', 'Bob', 'élan'), ids: ['SRT-15'] },
    {
      ids: ['SRT-02', 'SRT-07'],
      title: 'groups by displayName, and filtered people',
      given: [...PEOPLE, aGroup('staff'), aGroup('Board'), aGroup('all')],
      request: get('/Groups?sortBy=displayName'),
      expect: ok({
        totalResults: 3,
        Resources: [{ displayName: 'all' }, { displayName: 'Board' }, { displayName: 'staff' }],
      }),
      afterwards: [
        { request: get('/Users?filter=title%20pr&sortBy=title'), expect: foundInOrder('Bob', 'élan', 'Carl') },
        {
          request: get('/Users?filter=title%20pr&sortBy=title&startIndex=2&count=1'),
          expect: ok({ totalResults: 3, startIndex: 2, Resources: [{ userName: 'élan' }] }),
        },
        { request: get('/Groups?sortBy=members.value'), expect: E(400, 'invalidValue', /sortBy/) },
      ],
    },
    {
      ids: ['SRT-02', 'SRT-08'],
      title: 'at the root all types are sorted together; who does not have the attribute comes last',
      given: [aUser('bob', { displayName: 'b' }), aGroup('a'), aUser('eve', { displayName: 'D' }), aGroup('c')],
      request: get('?sortBy=displayName'),
      expect: ok({
        totalResults: 4,
        Resources: [{ displayName: 'a' }, { displayName: 'b' }, { displayName: 'c' }, { displayName: 'D' }],
      }),
      afterwards: [
        {
          request: get('?sortBy=userName'),
          expect: ok({
            Resources: [{ userName: 'bob' }, { userName: 'eve' }, { displayName: 'a' }, { displayName: 'c' }],
          }),
        },
        {
          request: get('?sortBy=userName&sortOrder=descending&count=3'),
          expect: ok({
            totalResults: 4,
            Resources: [{ displayName: '{{any}}' }, { displayName: '{{any}}' }, { userName: 'eve' }],
          }),
        },
        { request: get('?sortBy=nope'), expect: E(400, 'invalidValue', /sortBy/) },
      ],
    },
    {
      ids: ['SRT-09'],
      title: 'by code point, without a locale: z before é, and a letter beyond the first plane last',
      given: ['zoe', 'éa', 'Ángel', '\u{1F600}', '\uE000', 'ß', 'SS'].map((name, n) =>
        aUser(`u${n}`, { displayName: name }),
      ),
      request: get('/Users?sortBy=displayName&attributes=displayName'),
      expect: ok({
        Resources: [
          ...['ß', 'SS'].map((displayName) => ({ displayName })),
          ...['zoe', 'Ángel', 'éa', '\uE000', '\u{1F600}'].map((displayName) => ({ displayName })),
        ],
      }),
    },
    {
      ids: ['SRT-01'],
      title: 'attributes may leave out what is sorted by',
      given: PEOPLE,
      request: get('/Users?sortBy=title&attributes=userName'),
      expect: {
        ...foundInOrder('Bob', 'élan', 'Carl', 'anna'),
        body: {
          Resources: [
            { userName: 'Bob', title: '{{absent}}' },
            { userName: 'élan' },
            { userName: 'Carl' },
            { userName: 'anna' },
          ],
        },
      },
    },
  ],
  elsewhere: { 'SRT-16': { file: 'tests/fuzz/queries.test.ts', test: 'SQL finds, sorts and pages what memory does' } },
  decided: {
    'SRT-06':
      'A complex attribute has no order of its own: 400 invalidValue; of one with many values, its value is meant.',
    'SRT-13':
      'What no schema has, and what is never returned, is 400 invalidValue: an order would be a wrong answer, or tell of a secret.',
    'SRT-14': 'What is equal stands in order of creation, so that pages do not overlap.',
    'SRT-15': 'sortOrder without sortBy is ignored, whatever it says.',
    'SRT-16':
      'Text is compared by code point after one fold that is computed in JavaScript, so that no database has a say.',
  },
};
