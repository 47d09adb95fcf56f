import { expect } from 'vitest';
import type { ScimReply } from '../../harness/index.ts';
import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, E, get, ok, search } from '../shorthand.ts';
import type { World } from '../world.ts';

const FIVE = ['c', 'A', 'e', 'B', 'd'].map((name, n) =>
  aUser(name, n % 2 === 0 ? { title: 'x' } : { title: `${name}` }),
);
const ENOUGH = 20;
const nameOf = ({ userName, displayName }: { userName?: string; displayName?: string }): string =>
  userName ?? displayName ?? '';

/** The names on each page of a walk to its end; `between` runs before the next page is asked for. */
async function walk(
  world: World,
  query: string,
  between: (page: number) => Promise<unknown> = async () => {},
): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor = '';
  do {
    const { status, body, text } = await world.get(`${query}&cursor=${cursor}`);
    expect(status, text).toBe(200);
    expect(body).not.toHaveProperty('startIndex');
    expect(body).not.toHaveProperty('previousCursor');
    expect(body.itemsPerPage).toBe(body.Resources.length);
    pages.push(body.Resources.map(nameOf));
    cursor = body.nextCursor ?? '';
    if (cursor !== '') expect(cursor).toMatch(/^[A-Za-z0-9._~-]+$/);
    if (cursor !== '') await between(pages.length);
  } while (cursor !== '' && pages.length < ENOUGH);
  return pages;
}

async function firstCursor(world: World, query = '/Users?count=1'): Promise<string> {
  const { body } = await world.get(`${query}&cursor=`);
  return body.nextCursor;
}

function expectInvalid(reply: ScimReply, scimType = 'invalidCursor'): void {
  expect(reply.status, reply.text).toBe(400);
  expect(reply.body).toMatchObject({ status: '400', scimType });
}

async function people(world: World, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await world.user(`u${n}`);
}

export const coverage: Coverage = {
  cases: [
    ...['cursor&count=2', 'cursor=&count=2', 'count=2&cursor'].map(
      (query): Case => ({
        ids: ['CUR-01', 'CUR-02', 'CUR-04'],
        title: `${query} asks for the first page`,
        given: FIVE,
        request: get(`/Users?${query}`),
        expect: ok({
          itemsPerPage: 2,
          nextCursor: /^[A-Za-z0-9._~-]+$/,
          previousCursor: '{{absent}}',
          startIndex: '{{absent}}',
          Resources: [{ userName: 'c' }, { userName: 'A' }],
        }),
        afterwards: [
          {
            request: get('/Users?count=2&cursor={{reply.nextCursor}}'),
            expect: ok({ nextCursor: '{{any}}', Resources: [{ userName: 'e' }, { userName: 'B' }] }),
          },
          {
            request: get('/Users?count=2&cursor={{reply.nextCursor}}'),
            expect: ok({ nextCursor: '{{absent}}', Resources: [{ userName: 'd' }] }),
          },
        ],
      }),
    ),
    ...(
      [
        ['/Users?count=2', [['c', 'A'], ['e', 'B'], ['d']]],
        ['/Users?count=5', [['c', 'A', 'e', 'B', 'd']]],
        ['/Users?count=6', [['c', 'A', 'e', 'B', 'd']]],
        ['/Users?count=1', [['c'], ['A'], ['e'], ['B'], ['d']]],
        ['/Users?x=1', [['c', 'A', 'e', 'B', 'd']]],
        ['/Users?count=2&sortBy=userName', [['A', 'B'], ['c', 'd'], ['e']]],
        ['/Users?count=2&sortBy=userName&sortOrder=descending', [['e', 'd'], ['c', 'B'], ['A']]],
        ['/Users?count=2&sortBy=title', [['A', 'B'], ['c', 'e'], ['d']]],
        ['/Users?count=2&sortBy=nickName', [['c', 'A'], ['e', 'B'], ['d']]],
        ['/Users?count=2&sortBy=meta.created&sortOrder=descending', [['d', 'B'], ['e', 'A'], ['c']]],
        ['/Users?count=2&filter=title%20eq%20%22x%22', [['c', 'e'], ['d']]],
        ['/Users?count=1&filter=userName%20eq%20%22c%22', [['c']]],
        ['/Users?count=3&filter=title%20eq%20%22x%22&sortBy=userName&sortOrder=descending', [['e', 'd', 'c']]],
        ['/Users?count=2&filter=userName%20eq%20%22nobody%22', [[]]],
        ['/Groups?count=1', [['staff'], ['all']]],
        ['?count=3', [['c', 'A', 'e'], ['B', 'd', 'staff'], ['all']]],
        ['?count=3&sortBy=displayName', [['all', 'staff', 'c'], ['A', 'e', 'B'], ['d']]],
        ['?count=2&filter=meta.resourceType%20eq%20%22Group%22', [['staff', 'all']]],
      ] as const
    ).map(
      ([query, pages]): Case => ({
        ids: ['CUR-03', 'CUR-06', 'CUR-11'],
        title: `a walk over ${query} has these pages and a nextCursor on all but the last`,
        given: [...FIVE, aGroup('staff'), aGroup('all')],
        run: async (world) => expect(await walk(world, query)).toEqual(pages),
      }),
    ),
    {
      ids: ['CUR-03', 'CUR-11'],
      title: 'many who are equal, and many without the value, are walked once each, in both orders',
      run: async (world) => {
        for (let n = 0; n < 12; n += 1)
          await world.user(`u${n}`, n % 3 === 0 ? {} : { title: n % 3 === 1 ? 'same' : 'Same' });
        for (const order of ['ascending', 'descending']) {
          const walked = (await walk(world, `/Users?count=5&sortBy=title&sortOrder=${order}`)).flat();
          const paged = (await world.get(`/Users?sortBy=title&sortOrder=${order}`)).body.Resources.map(nameOf);
          expect(walked).toEqual(paged);
          expect(new Set(walked).size).toBe(12);
        }
      },
    },
    ...['-1', '-100', '0'].map(
      (count): Case => ({
        ids: ['CUR-05'],
        title: `count=${count} asks for the total alone`,
        given: FIVE,
        request: get(`/Users?cursor&count=${count}`),
        expect: ok({ totalResults: 5, itemsPerPage: 0, Resources: '{{none}}', nextCursor: '{{absent}}' }),
        afterwards: [
          {
            request: get(`/Users?cursor&count=${count}&filter=title%20eq%20%22x%22`),
            expect: ok({ totalResults: 3, itemsPerPage: 0, Resources: '{{none}}' }),
          },
        ],
      }),
    ),
    {
      ids: ['CUR-06'],
      title: 'never more than the maximum, however many are asked for',
      run: async (world) => {
        await world.send({
          method: 'POST',
          path: '/Bulk',
          body: {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
            Operations: Array.from({ length: 205 }, (_, n) => ({
              method: 'POST',
              path: '/Users',
              bulkId: `${n}`,
              data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `u${n}` },
            })),
          },
        });
        const pages = await walk(world, '/Users?count=1000');
        expect(pages.map((page) => page.length)).toEqual([200, 5]);
        expect((await walk(world, '/Users?x=1')).map((page) => page.length)).toEqual([100, 100, 5]);
        expect(new Set(pages.flat()).size).toBe(205);
      },
    },
    ...(
      [
        ['another filter', '/Users?filter=title%20pr', '/Users?filter=title%20eq%20%22x%22'],
        ['a filter that was not there', '/Users?x=1', '/Users?filter=title%20pr'],
        ['no filter any more', '/Users?filter=title%20pr', '/Users?x=1'],
        ['another sorting', '/Users?sortBy=userName', '/Users?sortBy=title'],
        ['another order', '/Users?sortBy=userName', '/Users?sortBy=userName&sortOrder=descending'],
        ['no sorting any more', '/Users?sortBy=userName', '/Users?x=1'],
        ['another endpoint', '/Users?x=1', '/Groups?x=1'],
        ['the root', '/Users?x=1', '?x=1'],
      ] as const
    ).map(
      ([what, before, after]): Case => ({
        ids: ['CUR-07', 'CUR-10'],
        title: `a cursor is good for its own query only: ${what}`,
        given: [...FIVE, aGroup('staff'), aGroup('all')],
        run: async (world) => {
          const cursor = await firstCursor(world, `${before}&count=1`);
          expect((await world.get(`${before}&count=1&cursor=${cursor}`)).status).toBe(200);
          expectInvalid(await world.get(`${after}&count=1&cursor=${cursor}`));
        },
      }),
    ),
    {
      ids: ['CUR-08'],
      title: 'another count is taken, and so are other attributes: neither says who comes next',
      given: FIVE,
      request: get('/Users?cursor&count=1'),
      expect: ok({ Resources: [{ userName: 'c' }] }),
      afterwards: [
        {
          request: get('/Users?count=3&cursor={{reply.nextCursor}}'),
          expect: ok({ itemsPerPage: 3, Resources: [{ userName: 'A' }, { userName: 'e' }, { userName: 'B' }] }),
        },
        {
          request: get('/Users?attributes=title&cursor={{reply.nextCursor}}'),
          expect: ok({ nextCursor: '{{absent}}', Resources: [{ userName: '{{absent}}', title: 'x' }] }),
        },
      ],
    },
    {
      ids: ['CUR-09'],
      title: 'totalResults is there where it is kept, and right',
      given: FIVE,
      request: get('/Users?cursor&count=2'),
      expect: ok({ totalResults: 5 }),
      afterwards: [
        { request: get('/Users?count=2&cursor={{reply.nextCursor}}'), expect: ok({ totalResults: 5 }) },
        { request: get('/Users?cursor&count=2&sortBy=title'), expect: ok({ totalResults: 5 }) },
        { request: get('?cursor&count=2'), expect: ok({ totalResults: 5 }) },
      ],
    },
    ...[
      'x',
      'A',
      'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      '1',
      '%00',
      '..',
      'null',
      '[]',
      'é',
      'a b',
      '~',
      '-',
      '="',
    ].map(
      (cursor): Case => ({
        ids: ['CUR-10', 'CUR-24'],
        title: `the cursor ${cursor} was never given out`,
        given: FIVE,
        request: get(`/Users?count=1&cursor=${cursor === '%00' ? cursor : encodeURIComponent(cursor)}`),
        expect: E(400, 'invalidCursor'),
        afterwards: [{ request: search('/Users', { cursor }), expect: E(400, 'invalidCursor') }],
      }),
    ),
    ...['x', '1.5', '', '1e2', '0x1', '99999999999999999999'].map(
      (count): Case => ({
        ids: ['CUR-10'],
        title: `the count "${count}" with a cursor is invalidCount`,
        given: FIVE,
        request: get(`/Users?cursor&count=${count}`),
        expect: E(400, 'invalidCount', /count/),
      }),
    ),
    {
      ids: ['CUR-12', 'CUR-13'],
      title: 'nobody is given a cursor who did not ask for one: index pages are the default',
      given: FIVE,
      request: get('/Users?count=2'),
      expect: ok({ startIndex: 1, totalResults: 5, itemsPerPage: 2, nextCursor: '{{absent}}' }),
      afterwards: [
        {
          request: get('/ServiceProviderConfig'),
          expect: ok({ pagination: { cursor: true, index: true, defaultPaginationMethod: 'index' } }),
        },
        { request: get('/Users?cursor&startIndex=1'), expect: E(400, 'invalidValue', /startIndex/) },
        { request: get('/Users?cursor=x&startIndex=2'), expect: E(400, 'invalidValue', /startIndex/) },
      ],
    },
    {
      ids: ['CUR-14'],
      title: 'a search takes a cursor and a count',
      given: FIVE,
      request: search('/Users', { cursor: '', count: 2, filter: 'title eq "x"' }),
      expect: ok({ itemsPerPage: 2, nextCursor: '{{any}}', Resources: [{ userName: 'c' }, { userName: 'e' }] }),
      afterwards: [
        {
          request: search('/Users', { cursor: '{{reply.nextCursor}}', count: 2, filter: 'title eq "x"' }),
          expect: ok({ nextCursor: '{{absent}}', Resources: [{ userName: 'd' }] }),
        },
        { request: search('/Users', { cursor: '', count: -1 }), expect: ok({ totalResults: 5, itemsPerPage: 0 }) },
        { request: search('/Users', { cursor: '', count: 'x' }), expect: E(400, 'invalidValue', /count/) },
        {
          request: search('', { cursor: '', count: 2, sortBy: 'userName' }),
          expect: ok({ nextCursor: '{{any}}', Resources: [{ userName: 'A' }, { userName: 'B' }] }),
        },
        {
          request: search('', { cursor: '{{reply.nextCursor}}', count: 9, sortBy: 'userName' }),
          expect: ok({
            nextCursor: '{{absent}}',
            Resources: [{ userName: 'c' }, { userName: 'd' }, { userName: 'e' }],
          }),
        },
      ],
    },
    {
      ids: ['CUR-15'],
      title: 'ServiceProviderConfig says how pages are',
      request: get('/ServiceProviderConfig'),
      expect: ok({
        pagination: {
          cursor: true,
          index: true,
          defaultPaginationMethod: 'index',
          defaultPageSize: 100,
          maxPageSize: 200,
          cursorTimeout: 3600,
        },
      }),
    },
    {
      ids: ['CUR-16', 'CUR-20'],
      title: 'another customer’s cursor is as unknown here as any, and so is another application’s',
      run: async (world) => {
        await people(world, 3);
        const other = await world.another();
        await people(other, 3);
        const theirs = await other.get(`/Users?count=1&cursor=${await firstCursor(world)}`);
        expectInvalid(theirs);
        expect(theirs.text).toBe((await other.get('/Users?count=1&cursor=nonsense')).text);
        expect(theirs.text).not.toMatch(/u[0-9]/);
      },
    },
    {
      ids: ['CUR-17', 'CUR-18'],
      title: 'who may no longer read is told so on the next page',
      run: async (world) => {
        await people(world, 3);
        const { token, id } = await world.mint({ scope: 'read' });
        const headers = { authorization: `Bearer ${token}` };
        const { body } = await world.get('/Users?count=1&cursor', headers);
        await world.server.revoke(id);
        expect((await world.get(`/Users?count=1&cursor=${body.nextCursor}`, headers)).status).toBe(401);
        // Tokens are exchanged in the middle of a walk: the next one of the same directory goes on.
        expect((await world.get(`/Users?count=1&cursor=${body.nextCursor}`)).body.Resources.map(nameOf)).toEqual([
          'u1',
        ]);
      },
    },
    {
      ids: ['CUR-19', 'CUR-20'],
      title: 'a cursor of which any character was changed is none, and says nothing of what is in it',
      run: async (world) => {
        for (const name of ['needle-a', 'needle-b', 'needle-c']) await world.user(name);
        const query = '/Users?count=1&sortBy=userName';
        const cursor = await firstCursor(world, query);
        expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('needle');
        const texts = new Set<string>();
        for (let at = 0; at < cursor.length; at += 1) {
          const changed = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`;
          const reply = await world.get(`${query}&cursor=${changed}`);
          expectInvalid(reply);
          texts.add(reply.text);
        }
        for (const wrong of [cursor.slice(0, -1), `${cursor}A`, cursor.slice(1), `${cursor}=`, cursor.toLowerCase()]) {
          const reply = await world.get(`${query}&cursor=${encodeURIComponent(wrong)}`);
          expectInvalid(reply);
          texts.add(reply.text);
        }
        expect(texts.size).toBe(1);
        expect((await world.get(`${query}&cursor=${cursor}`)).status).toBe(200);
      },
    },
    {
      ids: ['CUR-03', 'CUR-22'],
      title: 'a cursor may be used again, and gives the same page',
      given: FIVE,
      request: get('/Users?cursor&count=2'),
      expect: ok(),
      as: 'first',
      afterwards: [
        {
          request: get('/Users?count=2&cursor={{first.nextCursor}}'),
          expect: ok({ Resources: [{ userName: 'e' }, { userName: 'B' }] }),
        },
        {
          request: get('/Users?count=2&cursor={{first.nextCursor}}'),
          expect: ok({ Resources: [{ userName: 'e' }, { userName: 'B' }] }),
        },
      ],
    },
    ...[
      '/Users?count=3',
      '/Users?count=3&sortBy=userName',
      '/Users?count=3&sortBy=title',
      '/Users?count=3&sortBy=title&sortOrder=descending',
      '/Users?count=3&filter=userName%20sw%20%22u%22',
      '?count=3&sortBy=userName',
    ].map(
      (query): Case => ({
        ids: ['CUR-22'],
        title: `who stays as they were is seen once, whoever comes and goes: ${query}`,
        run: async (world) => {
          const made: { id: string; userName: string }[] = [];
          for (let n = 0; n < 12; n += 1)
            made.push(await world.user(`u${String(n).padStart(2, '0')}`, n % 2 === 0 ? { title: 'same' } : {}));
          const gone: string[] = [];
          const pages = await walk(world, query, async (page) => {
            await world.user(`u${String(page).padStart(2, '0')}x`, { title: 'same' });
            const leaving = made[(page * 5) % 12] as (typeof made)[number];
            await world.delete(`/Users/${leaving.id}`);
            gone.push(leaving.userName);
          });
          const seen = pages.flat();
          for (const { userName } of made) {
            const times = seen.filter((name) => name === userName).length;
            if (gone.includes(userName)) expect(times, userName).toBeLessThanOrEqual(1);
            else expect(times, userName).toBe(1);
          }
          expect(new Set(seen).size).toBe(seen.length);
        },
      }),
    ),
    {
      ids: ['CUR-24', 'CUR-10'],
      title: 'a cursor of 64 KB is none',
      request: search('/Users', { cursor: 'A'.repeat(64 * 1024) }),
      expect: E(400, 'invalidCursor'),
      afterwards: [
        { request: search('/Users', { cursor: '\u{1F600}'.repeat(1000) }), expect: E(400, 'invalidCursor') },
        { request: get(`/Users?cursor=${'A'.repeat(12_000)}`), expect: E(400, 'invalidCursor') },
      ],
    },
    {
      ids: ['CUR-24'],
      title: 'two cursors are none',
      request: get('/Users?cursor=&cursor=x'),
      expect: E(400, 'invalidValue', /cursor/),
    },
  ],
  elsewhere: {
    'CUR-10': { file: 'tests/unit/provisioning/cursor.test.ts', test: 'it outlives a restart, and expires' },
    // Nothing is kept for a cursor; who asks for more than is taken at once is refused.
    'CUR-21': { file: 'tests/threats/too-many-requests.test.ts', test: 'T-DOS-05 more than is taken at once' },
    'CUR-23': { file: 'tests/threats/bulk-crash.test.ts', test: 'CUR-23 a walk goes on after the server was killed' },
  },
  decided: {
    'CUR-08': 'Another count in the middle of a walk is taken: it does not change who comes next.',
    'CUR-22':
      'Pages are walked by key: who stays as they were is seen once, who comes or goes in between may be missed or seen.',
    'CUR-23':
      'A cursor holds its place itself, sealed with a key that is kept with the database, so it outlives a restart.',
    'CUR-24': 'Whatever was never given out is 400 invalidCursor, however long or strange.',
  },
};
