import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from '../../src/directory/index.ts';
import {
  GROUP,
  type Position,
  parseFilter,
  type Query,
  type ResourceType,
  readSortBy,
  resolveFilter,
  type Selection,
  USER,
} from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { CONTEXT, group, LATER, type Made, newId, put, set, updated, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeAll(async () => {
    temporary = await openTemporary(database);
  });
  afterAll(() => temporary.end());

  interface Walk {
    readonly directory: string;
    readonly types?: readonly ResourceType[];
    readonly filter?: string;
    readonly sortBy?: string;
    readonly descending?: boolean;
    readonly count: number;
  }

  function page(walk: Walk, after: Position): Promise<Page> {
    const { directory, types = [USER], filter, sortBy, descending = false, count } = walk;
    const options = { unquotedValues: false };
    const selections = types.map((type): Selection => {
      const resolved =
        filter === undefined
          ? undefined
          : resolveFilter(parseFilter(filter, options), type, { ...options, among: types });
      const sort = sortBy === undefined ? undefined : readSortBy(type, sortBy);
      return {
        type,
        view: {},
        ...(resolved === undefined ? {} : { filter: resolved }),
        ...(sort === undefined ? {} : { sortBy: sort }),
      };
    });
    const query: Query = {
      startIndex: 1,
      count,
      after,
      ...(sortBy === undefined ? {} : { sorted: descending ? 'descending' : 'ascending' }),
    };
    return temporary.store.reader(directory).page(selections, query, CONTEXT);
  }

  /** The ids of each page. */
  async function walked(walk: Walk, between: (page: number) => Promise<void> | void = () => undefined) {
    const pages: string[][] = [];
    let after: Position | undefined = [];
    while (after !== undefined) {
      const { records, next }: Page = await page(walk, after);
      pages.push(records.map(({ id }) => id));
      after = next === undefined ? undefined : (JSON.parse(JSON.stringify(next)) as Position);
      if (after !== undefined) await between(pages.length);
    }
    return pages;
  }

  const remove = (directory: string, ...all: readonly Made[]): Promise<void> =>
    temporary.store.write(directory, (transaction) =>
      transaction.commit(set(...all.map(({ record }) => ({ kind: 'removed' as const, before: record, memberOf: [] })))),
    );
  const retitle = (directory: string, { record }: Made, title: string): Promise<void> =>
    temporary.store.write(directory, (transaction) => transaction.commit(set(updated(USER, record, { title }, LATER))));
  const ids = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id);

  describe('a walk by cursors', () => {
    test('has no empty page at its end, and says nothing of the next one there', async () => {
      const directory = newId();
      const users = ['a', 'b', 'c', 'd'].map((name) => user(name));
      await put(temporary.store, directory, ...users);
      expect(await walked({ directory, count: 2 })).toEqual([ids(users.slice(0, 2)), ids(users.slice(2))]);
      expect(await walked({ directory, count: 3, sortBy: 'userName', descending: true })).toEqual([
        ids(users.slice(1).reverse()),
        ids(users.slice(0, 1)),
      ]);
      expect(await walked({ directory: newId(), count: 3 })).toEqual([[]]);
    });

    test('counts what has no filter; with one, only what it has seen anyhow', async () => {
      const directory = newId();
      await put(temporary.store, directory, ...['a', 'b', 'c'].map((name) => user(name, { title: 'x' })));
      const total = async (walk: Omit<Walk, 'directory'>, after: Position = []) =>
        (await page({ directory, ...walk }, after)).total;
      expect(await total({ count: 1 })).toBe(3);
      expect(await total({ count: 1, sortBy: 'title' })).toBe(3);
      expect(await total({ count: 1, filter: 'title pr' })).toBeUndefined();
      expect(await total({ count: 3, filter: 'title pr' })).toBe(3);
      expect(await total({ count: 0, filter: 'title pr', sortBy: 'title' })).toBe(3);
      expect(await total({ count: 0 })).toBe(3);
      expect(await total({ count: 5, filter: 'userName eq "a"' })).toBe(1);
      // The last page of several does not know of those before it.
      const { next = [] } = await page({ directory, count: 2, filter: 'title pr' }, []);
      expect(await page({ directory, count: 2, filter: 'title pr' }, next)).toEqual({ records: [expect.anything()] });
    });

    test('goes on after the one that a unique name finds', async () => {
      const directory = newId();
      const one = user('a');
      await put(temporary.store, directory, one);
      const walk = { directory, count: 1, filter: 'userName eq "a"' };
      expect(await page(walk, [])).toMatchObject({ total: 1, records: [{ id: one.id }] });
      expect((await page(walk, [0, 1_000_000])).records).toEqual([]);
      expect((await page(walk, [0, 0])).records).toMatchObject([{ id: one.id }]);
    });

    test('of several types goes from one to the next, where none is left and where one is all that matches', async () => {
      const directory = newId();
      const users = ['a', 'b'].map((name) => user(name));
      const groups = ['x', 'y'].map((name) => group(name));
      await put(temporary.store, directory, ...groups, ...users);
      const types = [USER, GROUP];
      const all = ids([...users, ...groups]);
      for (const count of [1, 2, 3, 4, 5]) {
        expect((await walked({ directory, types, count })).flat()).toEqual(all);
        expect((await walked({ directory, types, count, filter: 'meta.version pr' })).flat()).toEqual(all);
        expect((await walked({ directory, types, count, filter: 'userName pr' })).flat()).toEqual(ids(users));
        expect((await walked({ directory, types, count, filter: 'not (members.value eq "z")' })).flat()).toEqual(all);
        const sorted = await walked({ directory, types, count, sortBy: 'userName', descending: true });
        expect(sorted.flat()).toEqual([...ids(groups), ...ids(users).reverse()]);
      }
    });

    test('shows what nobody touches exactly once, whatever becomes of the others meanwhile', async () => {
      const step = fc.record({
        kind: fc.constantFrom('create', 'remove', 'retitle'),
        place: fc.double({ min: 0, max: 1, noNaN: true }),
        title: fc.constantFrom('a', 'm', 'z'),
      });
      const walk = fc.record(
        {
          sortBy: fc.constantFrom('userName', 'title', 'meta.lastModified', 'id'),
          filter: fc.constantFrom('title pr', 'not (nickName pr)', 'active eq true'),
          descending: fc.boolean(),
          types: fc.constantFrom([USER], [USER, GROUP]),
          count: fc.integer({ min: 1, max: 4 }),
        },
        { requiredKeys: ['count', 'descending'] },
      );
      await fc.assert(
        fc.asyncProperty(walk, fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 12 }), async (asked, steps) => {
          const directory = newId();
          let left = Array.from({ length: 14 }, (_, index) =>
            user(`u${(index * 5) % 14}`, index % 4 === 0 ? {} : { title: 'abmz'.charAt(index % 3) }),
          );
          await put(temporary.store, directory, ...left);
          const touched = new Set<string>();
          const before = (await walked({ ...asked, directory })).flat();
          let made = 0;
          const pages = await walked({ ...asked, directory }, async (number) => {
            for (const { kind, place, title } of steps[number - 1] ?? []) {
              const one = left[Math.floor(place * left.length)];
              if (kind === 'create') {
                made += 1;
                const late = user(`u${made % 10}x${made}`, { title });
                touched.add(late.id);
                await put(temporary.store, directory, late);
              } else if (one !== undefined) {
                touched.add(one.id);
                left = left.filter((other) => other !== one);
                await (kind === 'remove' ? remove(directory, one) : retitle(directory, one, title));
              }
            }
          });
          const untouched = (all: readonly string[]) => all.filter((id) => !touched.has(id));
          expect(untouched(pages.flat())).toEqual(untouched(before));
          // In order of creation there is no place that a change could move anyone to.
          if (asked.sortBy === undefined) expect(new Set(pages.flat()).size).toBe(pages.flat().length);
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('values that are too long for a cursor', () => {
    const long = (end: string) => `${'😀x'.repeat(20_000)}${end}`;

    test.each([
      [false, ['4', '0', '1', '2', '3', '5']],
      [true, ['5', '0', '1', '2', '3', '4']],
    ])(
      'are sorted by their beginning, and each is seen once while rows come and go (descending: %s)',
      async (descending, expected) => {
        const directory = newId();
        const users = ['c', 'a', 'b', 'd'].map((end, index) => user(`u${index}`, { title: long(end) }));
        users.push(user('short', { title: 'a' }), user('none'));
        await put(temporary.store, directory, ...users);
        const walk = { directory, sortBy: 'title', descending, count: 1 };
        const places = (pages: readonly (readonly string[])[]) =>
          pages.flat().map((id) => String(users.findIndex((one) => one.id === id)));
        expect(places(await walked(walk))).toEqual(expected);
        for (let after: Position | undefined = []; after !== undefined; after = (await page(walk, after)).next) {
          expect(JSON.stringify(after).length).toBeLessThan(2_100);
        }
        // Whoever was just shown goes, page by page: nobody else is shown again, and nobody is missed.
        const seen = await walked(walk, async (number) => {
          const last = users[Number(expected[number - 1])];
          if (last !== undefined) await remove(directory, last);
        });
        expect(places(seen)).toEqual(expected);
      },
    );
  });

  test.each([
    [[0], undefined],
    [[0, 'x'], undefined],
    [['0', 1], undefined],
    [[1, 1], undefined],
    [[-1, 1], undefined],
    [[0, 1, 'x'], undefined],
    [[0, 1.5], undefined],
    [[0, null], undefined],
    [[0, 1], 'userName'],
    // SQLite tells rows of one name apart by a text, PostgreSQL by their place.
    [database === 'sqlite' ? [0, 1, 'x'] : [0, '', 'x'], 'userName'],
    [[0, '', true], 'userName'],
    [[0, '', 'x', 1], 'userName'],
    [[0, '', 'x', 'y', 'z'], 'userName'],
    [[0, 'x', 'y'], 'title'],
    [[0, 1, 'x', 2, 'y', 'z'], 'title'],
  ])('a position that this version would not write is an invalid cursor: %j, sorted by %s', async (after, sortBy) => {
    const directory = newId();
    await put(temporary.store, directory, user('a'), user('b'));
    const asked = page({ directory, count: 1, ...(sortBy === undefined ? {} : { sortBy }) }, after);
    await expect(asked).rejects.toMatchObject({ status: 400, scimType: 'invalidCursor' });
  });
});
