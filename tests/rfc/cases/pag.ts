import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aUser, del, E, filtered, foundInOrder, get, NO_CONTENT, ok } from '../shorthand.ts';

const FIVE = ['anna', 'bob', 'carl', 'dora', 'eve'].map((name) => aUser(name));
/** A page of the five: from where, and who. */
function page(query: string, startIndex: number, ...userNames: readonly string[]) {
  return {
    request: get(`/Users?${query}`),
    expect: ok({
      totalResults: 5,
      startIndex,
      itemsPerPage: userNames.length,
      Resources: userNames.length === 0 ? '{{none}}' : userNames.map((userName) => ({ userName })),
    }),
  };
}

export const coverage: Coverage = {
  cases: [
    {
      ids: ['PAG-01', 'PAG-05', 'PAG-09', 'PAG-10', 'PAG-11', 'PAG-18'],
      title: 'pages begin at 1, hold no more than was asked for, and say where they begin and how many there are',
      given: FIVE,
      ...page('count=1', 1, 'anna'),
      afterwards: [
        page('startIndex=1', 1, 'anna', 'bob', 'carl', 'dora', 'eve'),
        page('count=3', 1, 'anna', 'bob', 'carl'),
        page('startIndex=4&count=2', 4, 'dora', 'eve'),
        page('startIndex=3&count=1', 3, 'carl'),
        page('startIndex=4&count=5', 4, 'dora', 'eve'),
        page('startIndex=2', 2, 'bob', 'carl', 'dora', 'eve'),
      ],
    },
    ...['0', '-5', '-0', '-9007199254740991'].map(
      (startIndex): Case => ({
        ids: ['PAG-02', 'PAG-11'],
        title: `startIndex=${startIndex} is 1`,
        given: FIVE,
        ...page(`startIndex=${startIndex}&count=2`, 1, 'anna', 'bob'),
      }),
    ),
    ...['0', '-1', '-200'].map(
      (count): Case => ({
        ids: ['PAG-03', 'PAG-04'],
        title: `count=${count} asks for the total only`,
        given: FIVE,
        ...page(`count=${count}`, 1),
        afterwards: [
          page(`count=${count}&startIndex=3`, 3),
          {
            request: filtered('/Users', 'userName gt "c"', `&count=${count}`),
            expect: ok({ totalResults: 3, itemsPerPage: 0, Resources: '{{none}}' }),
          },
        ],
      }),
    ),
    {
      ids: ['PAG-08', 'PAG-17'],
      title: 'beyond the end there is an empty page, however far',
      given: FIVE,
      ...page('startIndex=6', 6),
      afterwards: [
        page('startIndex=6&count=2', 6),
        page('startIndex=1000000', 1_000_000),
        page('startIndex=9007199254740991&count=200', 9_007_199_254_740_991),
        {
          request: filtered('/Users', 'title pr', '&startIndex=1000000'),
          expect: ok({ totalResults: 0, startIndex: 1_000_000, itemsPerPage: 0 }),
        },
        { request: get('/Groups?startIndex=2'), expect: ok({ totalResults: 0, startIndex: 2, itemsPerPage: 0 }) },
      ],
    },
    {
      ids: ['PAG-04', 'PAG-06', 'PAG-07', 'PAG-12', 'PAG-16', 'SPC-04'],
      title: 'of 237 users: pages of 100 unless asked, of 200 at most, and every walk meets each user once',
      run: async (world) => {
        const made = await Promise.all(
          Array.from({ length: 237 }, (_, n) => world.user(`user${n}`, { title: n % 2 === 0 ? 'even' : 'odd' })),
        );
        const ids = made.map(({ id }) => id).toSorted();
        const { maxResults } = (await world.get('/ServiceProviderConfig')).body.filter;
        expect(maxResults).toBe(200);
        const sizeOf = async (query: string) => {
          const { status, body } = await world.get(`/Users?${query}`);
          expect({ query, status, total: body.totalResults }).toEqual({ query, status: 200, total: 237 });
          expect(body.itemsPerPage).toBe(body.Resources?.length ?? 0);
          return body.itemsPerPage;
        };
        expect(await sizeOf('')).toBe(100);
        expect(await sizeOf('count=100')).toBe(100);
        expect(await sizeOf(`count=${maxResults}`)).toBe(maxResults);
        expect(await sizeOf(`count=${maxResults + 1}`)).toBe(maxResults);
        expect(await sizeOf('count=9007199254740991')).toBe(maxResults);
        expect(await sizeOf('startIndex=201&count=200')).toBe(37);
        expect(await sizeOf('count=0')).toBe(0);
        for (const [count, filter, wanted] of [
          [100, '', 237],
          [30, '', 237],
          [50, '&filter=title%20eq%20%22odd%22', 118],
        ] as const) {
          const seen: string[] = [];
          for (let startIndex = 1; startIndex <= wanted; startIndex += count) {
            const { body } = await world.get(`/Users?startIndex=${startIndex}&count=${count}${filter}`);
            expect(body).toMatchObject({ totalResults: wanted, startIndex });
            seen.push(...body.Resources.map(({ id }: { id: string }) => id));
          }
          expect(seen).toHaveLength(wanted);
          expect(new Set(seen).size).toBe(wanted);
          if (wanted === 237) expect(seen.toSorted()).toEqual(ids);
        }
      },
    },
    ...[
      'abc',
      '1.5',
      '',
      '1e3',
      '1e9999',
      '9223372036854775808',
      '0x10',
      '１',
      '1,5',
      'NaN',
      'null',
      '-',
      '--1',
      '%00',
    ].flatMap((value) =>
      ['startIndex', 'count'].map(
        (name): Case => ({
          ids: ['PAG-13'],
          title: `${name}=${value} is no whole number`,
          given: [aUser('bob')],
          request: get(`/Users?${name}=${encodeURIComponent(value)}`.replace('%2500', '%00')),
          expect: E(400, 'invalidValue', new RegExp(`${name}.*whole number`)),
        }),
      ),
    ),
    {
      ids: ['PAG-14'],
      title: 'a page is of what the filter finds',
      given: [aUser('zoe', { active: false }), ...FIVE],
      request: filtered('/Users', 'active eq true', '&startIndex=2&count=1'),
      expect: ok({ totalResults: 5, startIndex: 2, itemsPerPage: 1, Resources: [{ userName: 'bob' }] }),
      afterwards: [
        {
          request: filtered('/Users', 'active eq true', '&startIndex=5&count=2'),
          expect: ok({ totalResults: 5, startIndex: 5, itemsPerPage: 1, Resources: [{ userName: 'eve' }] }),
        },
        {
          request: filtered('/Users', 'active eq false', '&startIndex=2'),
          expect: ok({ totalResults: 1, itemsPerPage: 0 }),
        },
      ],
    },
    {
      ids: ['PAG-14'],
      title: 'a page is of what the filter finds, in the order that was asked for',
      given: [aUser('zoe'), aUser('adam', { active: false }), aUser('bob'), aUser('Carl')],
      request: filtered('/Users', 'active eq true', '&sortBy=userName&startIndex=2&count=1'),
      expect: ok({ totalResults: 3, startIndex: 2, itemsPerPage: 1, Resources: [{ userName: 'Carl' }] }),
      afterwards: [
        {
          request: filtered('/Users', 'active eq true', '&sortBy=userName&sortOrder=descending&startIndex=1&count=2'),
          expect: ok({ totalResults: 3, Resources: [{ userName: 'zoe' }, { userName: 'Carl' }] }),
        },
      ],
    },
    {
      ids: ['PAG-15'],
      title: 'who is deleted during a walk makes it skip nobody: the next page goes on after the last one',
      given: FIVE,
      ...page('count=2', 1, 'anna', 'bob'),
      as: 'page',
      afterwards: [
        { request: del('/Users/{{page.Resources.0.id}}'), expect: NO_CONTENT },
        {
          request: get('/Users?startIndex=3&count=2'),
          expect: ok({ startIndex: 3, itemsPerPage: 2, Resources: [{ userName: 'carl' }, { userName: 'dora' }] }),
          as: 'page',
        },
        { request: del('/Users/{{page.Resources.1.id}}'), expect: NO_CONTENT },
        {
          request: get('/Users?startIndex=5&count=2'),
          expect: ok({ startIndex: 5, itemsPerPage: 1, Resources: [{ userName: 'eve' }] }),
        },
        { request: get('/Users?startIndex=7&count=2'), expect: ok({ itemsPerPage: 0, Resources: '{{none}}' }) },
        { request: get('/Users'), expect: foundInOrder('bob', 'carl', 'eve') },
      ],
    },
  ],
  elsewhere: {
    'PAG-17': {
      file: 'tests/stores/list.test.ts',
      test: 'counts are what counting says, and pages what slicing says',
    },
  },
  decided: {
    'PAG-13': 'A startIndex or count that is no whole number, or one beyond 9007199254740991, is 400 invalidValue.',
    'PAG-15':
      'A page that continues a walk of the same credential goes on after the last one it was given, so that a deletion meanwhile skips nobody; its totalResults is that of the walk’s beginning, so that nobody stops too early.',
    'PAG-17': 'Positions are counted in blocks of a thousand, so a page costs the same however far it is.',
  },
};
