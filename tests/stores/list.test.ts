import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from '../../src/directory/index.ts';
import { GROUP, USER } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { CONTEXT, group, type Made, newId, of, put, set, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeAll(async () => {
    temporary = await openTemporary(database);
  });
  afterAll(() => temporary.end());

  const page = (directory: string, startIndex: number, count: number, walker = 'okta'): Promise<Page> =>
    temporary.store.reader(directory).page(of(USER), { startIndex, count }, { ...CONTEXT, walker });
  const remove = (directory: string, ...all: readonly Made[]): Promise<void> =>
    temporary.store.write(directory, (transaction) =>
      transaction.commit(set(...all.map(({ record }) => ({ kind: 'removed' as const, before: record, memberOf: [] })))),
    );
  const ids = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id);

  async function fill(directory: string, count: number): Promise<Made[]> {
    const users = Array.from({ length: count }, (_, index) => user(`u${index}`));
    await put(temporary.store, directory, ...users);
    return users;
  }

  test('counts are what counting says, and pages what slicing says, after any creates and removals', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('create' as const), many: fc.integer({ min: 1, max: 700 }) }),
      fc.record({
        kind: fc.constant('remove' as const),
        from: fc.double({ min: 0, max: 1, noNaN: true }),
        many: fc.nat(600),
      }),
      fc.record({ kind: fc.constant('fail' as const), many: fc.integer({ min: 1, max: 50 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 8 }),
        fc.array(fc.nat(3000), { maxLength: 6 }),
        async (steps, starts) => {
          const directory = newId();
          let model: Made[] = [];
          let name = 0;
          for (const one of steps) {
            const made = () =>
              Array.from({ length: one.many }, () => {
                name += 1;
                return user(`u${name}`);
              });
            if (one.kind === 'create') {
              const created = made();
              await put(temporary.store, directory, ...created);
              model.push(...created);
            } else if (one.kind === 'fail') {
              const failed = temporary.store.write(directory, async (transaction) => {
                await transaction.commit(set(...made().map(({ change }) => change)));
                throw new RangeError('undone');
              });
              await expect(failed).rejects.toBeInstanceOf(RangeError);
            } else {
              const from = Math.floor(one.from * model.length);
              const gone = model.slice(from, from + one.many);
              if (gone.length > 0) await remove(directory, ...gone);
              model = model.filter((made) => !gone.includes(made));
            }
          }
          expect(await kept(directory)).toEqual(await countedRows(directory));
          for (const start of [1, model.length, model.length + 1, ...starts.map((start) => start + 1)]) {
            const { total, records } = await page(directory, Math.max(start, 1), 7, `cold ${start}`);
            expect(total).toBe(model.length);
            expect(ids(records)).toEqual(ids(model.slice(Math.max(start, 1) - 1, Math.max(start, 1) + 6)));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  /** What the database keeps count of; SQLite of every thousand places too. */
  async function kept(directory: string): Promise<unknown> {
    await temporary.database.numbered();
    return [
      await temporary.database.rows('SELECT type, total FROM totals WHERE directory = ? AND total > 0', directory),
      database === 'sqlite' &&
        (await temporary.database.rows(
          'SELECT block, total FROM blocks WHERE directory = ? ORDER BY block',
          directory,
        )),
    ];
  }

  async function countedRows(directory: string): Promise<unknown> {
    const counted = (by: string) =>
      temporary.database.rows(
        `SELECT ${by}, count(*) AS total FROM resources WHERE directory = ? GROUP BY 1 ORDER BY 1`,
        directory,
      );
    return [await counted('type'), database === 'sqlite' && (await counted('seq / 1000 AS block'))];
  }

  describe('a walk', () => {
    test('sees everyone once when nothing changes, to the last page and beyond', async () => {
      const directory = newId();
      const users = await fill(directory, 250);
      const seen: string[] = [];
      for (let start = 1; start <= 250; start += 100) {
        const { total, records } = await page(directory, start, 100);
        expect(total).toBe(250);
        seen.push(...ids(records));
      }
      expect(seen).toEqual(ids(users));
      expect(await page(directory, 251, 100)).toEqual({ total: 250, records: [] });
      expect(await page(directory, 1, 0)).toEqual({ total: 250, records: [] });
      expect(await page(newId(), 1, 10)).toEqual({ total: 0, records: [] });
    });

    test('skips nobody when others behind it are deleted, and does not end too early', async () => {
      const directory = newId();
      const users = await fill(directory, 2201);
      const seen: string[] = [];
      let start = 1;
      for (;;) {
        const { total = 0, records } = await page(directory, start, 100);
        seen.push(...ids(records));
        if (records.length === 0) break;
        start += records.length;
        const gone = users.filter(({ id }) => id === records[0]?.id || id === records.at(-1)?.id);
        await remove(directory, ...gone);
        if (start > total) break;
      }
      expect(seen).toEqual(ids(users));
    });

    test('meets who is created meanwhile, at its end', async () => {
      const directory = newId();
      const users = await fill(directory, 3);
      const first = await page(directory, 1, 2);
      const late = [user('late1'), user('late2')];
      await put(temporary.store, directory, ...late);
      const second = await page(directory, 3, 10);
      expect(ids([...first.records, ...second.records])).toEqual(ids([...users, ...late]));
      expect(second.total).toBe(5);
    });

    test('asked again, a page is the same page', async () => {
      const directory = newId();
      const users = await fill(directory, 30);
      await page(directory, 1, 10);
      const second = await page(directory, 11, 10);
      await remove(directory, ...users.slice(0, 5));
      expect(ids((await page(directory, 11, 10)).records)).toEqual(ids(second.records));
    });

    test('is its walker’s alone, and that of its directory', async () => {
      const [one, other] = [newId(), newId()];
      const users = await fill(one, 30);
      const others = await fill(other, 30);
      await remove(other, ...others.slice(0, 3));
      await page(one, 1, 10, 'okta');
      await remove(one, ...users.slice(0, 5));
      // Another walker's page 11 is the eleventh of those who are left.
      expect(ids((await page(one, 11, 10, 'entra')).records)).toEqual(ids(users.slice(15, 25)));
      expect(ids((await page(one, 11, 10, 'okta')).records)).toEqual(ids(users.slice(10, 20)));
      const foreign = await page(other, 11, 10, 'okta');
      expect([foreign.total, ids(foreign.records)]).toEqual([27, ids(others.slice(13, 23))]);
    });

    test('of several types goes through one and then the other', async () => {
      const directory = newId();
      const users = [user('a'), user('b'), user('c')];
      const groups = [group('x'), group('y')];
      await put(temporary.store, directory, groups[0] as Made, ...users, groups[1] as Made);
      const all = ids([...users, ...groups]);
      for (let start = 1; start <= 6; start += 1) {
        for (const count of [0, 1, 2, 10]) {
          const query = { startIndex: start, count };
          const found = await temporary.store.reader(directory).page(of([USER, GROUP]), query, CONTEXT);
          expect(found.total).toBe(5);
          expect(ids(found.records)).toEqual(all.slice(start - 1, start - 1 + count));
        }
      }
    });
  });
});
