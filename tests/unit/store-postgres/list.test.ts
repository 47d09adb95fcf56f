import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GROUP, USER } from '../../../src/scim/index.ts';
import { list, listAfter, listTypes, totalOf } from '../../../src/store/postgres/list.ts';
import { createWalks } from '../../../src/store/walk.ts';
import { group, type Made, newId, user } from '../store/fixture.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.end());

const ids = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id);

function pages(directory: string) {
  const walks = createWalks(() => 0);
  return (startIndex: number, count: number, walker = 'okta') =>
    tables.read(directory, (reading) => list(reading, { type: 'User', startIndex, count, walk: { walks, walker } }));
}

let names = 0;

async function fill(directory: string, count: number): Promise<Made[]> {
  const users = Array.from({ length: count }, () => user(`u${names++}`));
  await tables.create(directory, ...users);
  return users;
}

test('counts are what counting says, and pages what slicing says, numbered or not', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('create' as const), many: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ kind: fc.constant('groups' as const), many: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      kind: fc.constant('remove' as const),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      many: fc.nat(200),
    }),
    fc.record({ kind: fc.constant('number' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 8 }),
      fc.array(fc.nat(900), { maxLength: 6 }),
      async (steps, starts) => {
        const directory = newId();
        let [model, groups]: [Made[], number] = [[], 0];
        for (const one of steps) {
          if (one.kind === 'create') {
            model.push(...(await fill(directory, one.many)));
          } else if (one.kind === 'groups') {
            groups += one.many;
            await tables.create(directory, ...Array.from({ length: one.many }, () => group(`g${names++}`)));
          } else if (one.kind === 'number') {
            await tables.number(directory);
          } else {
            const from = Math.floor(one.from * model.length);
            const gone = model.slice(from, from + one.many);
            if (gone.length > 0) await tables.remove(directory, ...gone);
            model = model.filter((made) => !gone.includes(made));
          }
        }
        expect(await tables.read(directory, (reading) => totalOf(reading, 'User'))).toBe(model.length);
        expect(await tables.read(directory, (reading) => totalOf(reading, 'Group'))).toBe(groups);
        const page = pages(directory);
        for (const start of [1, model.length, model.length + 1, ...starts.map((start) => start + 1)]) {
          const { total, records } = await page(Math.max(start, 1), 7, `cold ${start}`);
          expect(total).toBe(model.length);
          expect(ids(records)).toEqual(ids(model.slice(Math.max(start, 1) - 1, Math.max(start, 1) + 6)));
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('numbering changes nothing of what is counted', async () => {
  const directory = newId();
  const users = await fill(directory, 5);
  await tables.remove(directory, ...users.slice(0, 2));
  const total = () => tables.read(directory, (reading) => totalOf(reading, 'User'));
  expect(await total()).toBe(3);
  await tables.number(directory);
  expect(await total()).toBe(3);
  await tables.remove(directory, ...users.slice(2, 3));
  expect(await total()).toBe(2);
});

describe('a walk', () => {
  test('sees everyone once when nothing changes, to the last page and beyond', async () => {
    const directory = newId();
    const users = await fill(directory, 250);
    const page = pages(directory);
    const seen: string[] = [];
    for (let start = 1; start <= 250; start += 100) {
      const { total, records } = await page(start, 100);
      expect(total).toBe(250);
      seen.push(...ids(records));
    }
    expect(seen).toEqual(ids(users));
    expect(await page(251, 100)).toEqual({ total: 250, records: [] });
    expect(await page(1, 0)).toEqual({ total: 250, records: [] });
    expect(await page(Number.MAX_SAFE_INTEGER, 100)).toEqual({ total: 250, records: [] });
    expect(await pages(newId())(1, 10)).toEqual({ total: 0, records: [] });
  });

  test.each([100, 7])(
    'skips nobody when others behind it are deleted, and ends when all are seen: %s a page',
    async (count) => {
      const directory = newId();
      const users = await fill(directory, 5 * count + 1);
      const page = pages(directory);
      const seen: string[] = [];
      let told = 0;
      for (let start = 1; start === 1 || start <= told; ) {
        const { total, records } = await page(start, count);
        seen.push(...ids(records));
        start += records.length;
        told = total;
        expect(records.length).toBeGreaterThan(0);
        await tables.remove(directory, ...users.filter(({ id }) => id === records[0]?.id || id === records.at(-1)?.id));
      }
      expect(seen).toEqual(ids(users));
      expect(told).toBe(users.length);
    },
  );

  test('that nearly everyone behind was deleted of goes on while there are more', async () => {
    const directory = newId();
    const users = await fill(directory, 40);
    const page = pages(directory);
    await page(1, 10);
    await tables.remove(directory, ...users.slice(0, 10));
    // 30 are left, and the walk was told 40.
    const second = await page(11, 10);
    expect([second.total, ids(second.records)]).toEqual([40, ids(users.slice(10, 20))]);
    await tables.remove(directory, ...users.slice(25));
    const third = await page(21, 10);
    expect([third.total, ids(third.records)]).toEqual([25, ids(users.slice(20, 25))]);
  });

  test('that more were created for than it was told of learns of them', async () => {
    const directory = newId();
    const users = await fill(directory, 3);
    const page = pages(directory);
    const first = await page(1, 2);
    const late = await fill(directory, 3);
    const second = await page(3, 2);
    expect([second.total, ids(second.records)]).toEqual([5, ids([...users.slice(2), ...late.slice(0, 1)])]);
    const third = await page(5, 10);
    expect([third.total, ids(third.records)]).toEqual([6, ids(late.slice(1))]);
    expect(ids(first.records)).toEqual(ids(users.slice(0, 2)));
  });

  test('asked again, a page is the same page', async () => {
    const directory = newId();
    const users = await fill(directory, 30);
    const page = pages(directory);
    await page(1, 10);
    const second = await page(11, 10);
    await tables.remove(directory, ...users.slice(0, 5));
    expect(ids((await page(11, 10)).records)).toEqual(ids(second.records));
  });

  test('that another page is none of is no concern of that page, which is counted', async () => {
    const directory = newId();
    const users = await fill(directory, 40);
    const page = pages(directory);
    await page(1, 30);
    await tables.remove(directory, ...users.slice(0, 1));
    expect((await page(35, 2)).total).toBe(39);
    expect(ids((await page(33, 2)).records)).toEqual(ids(users.slice(33, 35)));
  });

  test.each([100, 7])('that several servers answer in turn skips nobody either: %s a page', async (count) => {
    const directory = newId();
    const users = await fill(directory, 6 * count + 1);
    const servers = [pages(directory), pages(directory), pages(directory)];
    const seen: string[] = [];
    let told = 0;
    for (let start = 1, turn = 0; start === 1 || start <= told; turn += 1) {
      const page = servers[turn % 2 === 0 ? 0 : 1 + (turn % 3 === 0 ? 1 : 0)] ?? expect.fail();
      const { total, records } = await page(start, count);
      seen.push(...ids(records));
      start += records.length;
      told = total;
      expect(records.length).toBeGreaterThan(0);
    }
    expect(seen).toEqual(ids(users));
    expect(told).toBe(users.length);
    // Somebody who was seen goes: who knows a place of the walk goes on from it, and nobody is passed by.
    await tables.remove(directory, ...users.slice(0, 1));
    const [first] = servers;
    const again = await first?.(3 * count + 1, count);
    expect(ids(again?.records ?? [])).toEqual(ids(users.slice(3 * count, 4 * count)));
    // Far beyond the end there is nothing, and the total is what there is.
    expect(await first?.(users.length + 50, count)).toEqual({ total: users.length - 1, records: [] });
  });

  test('is its walker’s alone, and that of its directory', async () => {
    const [one, other] = [newId(), newId()];
    const users = await fill(one, 30);
    const others = await fill(other, 30);
    const walks = createWalks(() => 0);
    const page = (directory: string, startIndex: number, walker: string) =>
      tables.read(directory, (reading) =>
        list(reading, { type: 'User', startIndex, count: 10, walk: { walks, walker } }),
      );
    await tables.remove(other, ...others.slice(0, 3));
    await page(one, 1, 'okta');
    await tables.remove(one, ...users.slice(0, 5));
    // Another walker's page 11 is the eleventh of those who are left.
    expect(ids((await page(one, 11, 'entra')).records)).toEqual(ids(users.slice(15, 25)));
    expect(ids((await page(one, 11, 'okta')).records)).toEqual(ids(users.slice(10, 20)));
    const foreign = await page(other, 11, 'okta');
    expect([foreign.total, ids(foreign.records)]).toEqual([27, ids(others.slice(13, 23))]);
  });
});

describe('several types', () => {
  test('follow one another', async () => {
    const directory = newId();
    const users = [user('a'), user('b'), user('c')];
    const groups = [group('x'), group('y')];
    await tables.create(directory, groups[0] as Made, ...users, groups[1] as Made);
    const all = ids([...users, ...groups]);
    for (const numbered of [false, true]) {
      if (numbered) await tables.number(directory);
      for (let startIndex = 1; startIndex <= 6; startIndex += 1) {
        for (const count of [0, 1, 2, 10]) {
          const found = await tables.read(directory, (reading) =>
            listTypes(reading, { types: ['User', 'Group'], startIndex, count }),
          );
          expect(found.total).toBe(5);
          expect(ids(found.records)).toEqual(all.slice(startIndex - 1, startIndex - 1 + count));
        }
      }
    }
  });

  test('by cursor, each page goes on where the last one ended, whoever was deleted', async () => {
    const directory = newId();
    const users = [user('a'), user('b'), user('c')];
    const groups = [group('x'), group('y')];
    await tables.create(directory, ...groups, ...users);
    const chosen = [
      { index: 0, type: USER },
      { index: 2, type: GROUP },
    ];
    for (const count of [1, 2, 3, 5]) {
      const seen: string[] = [];
      let after: { selection: number; tie: number } | undefined;
      do {
        const page = await tables.read(directory, (reading) => listAfter(reading, { chosen, count, after }));
        expect(page.total).toBe(5);
        seen.push(...ids(page.records));
        const [selection, tie] = (page.next ?? []) as [number, number];
        after = page.next && { selection, tie };
      } while (after !== undefined);
      expect(seen).toEqual(ids([...users, ...groups]));
    }
    const first = await tables.read(directory, (reading) => listAfter(reading, { chosen, count: 2, after: undefined }));
    await tables.remove(directory, ...users.slice(0, 2));
    const [selection, tie] = first.next as [number, number];
    const next = await tables.read(directory, (reading) =>
      listAfter(reading, { chosen, count: 9, after: { selection, tie } }),
    );
    expect([next.total, ids(next.records), next.next]).toEqual([3, ids([...users.slice(2), ...groups]), undefined]);
  });

  test('a position of another version is refused in words', async () => {
    const after = { selection: 0, tie: 'x' };
    const asked = tables.read(newId(), (reading) =>
      listAfter(reading, { chosen: [{ index: 0, type: USER }], count: 1, after }),
    );
    await expect(asked).rejects.toMatchObject({ scimType: 'invalidCursor' });
  });
});

test('a long text is left unread on a page', async () => {
  const directory = newId();
  const long = user('long', { title: 'x'.repeat(20_000) });
  await tables.create(directory, long, user('short'));
  const { records } = await pages(directory)(1, 2);
  expect(records).toMatchObject([{ id: long.id, text: '', unread: true }, { text: expect.stringContaining('short') }]);
});
