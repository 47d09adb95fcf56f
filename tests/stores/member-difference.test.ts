import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredRecord } from '../../src/directory/index.ts';
import { DATABASES } from '../harness/index.ts';
import { DIRECTORY, edited, group, type Made, OTHER, put, set, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  const record = (of: Made): Promise<StoredRecord | undefined> =>
    temporary.store.reader(DIRECTORY).record(of.record.type, of.id);
  const memberIds = async (of: Made): Promise<string[]> =>
    (await temporary.store.reader(DIRECTORY).members(of.id, undefined, 200_000)).map(({ value }) => value);
  const edit = async (of: Made, edits: { added?: readonly string[]; removed?: readonly string[] }): Promise<void> =>
    temporary.store.write(DIRECTORY, async (transaction) => {
      const current = await transaction.record('Group', of.id);
      if (current !== undefined) await transaction.commit(set(edited(current, edits)));
    });

  describe('what an edit would alter', () => {
    const difference = (of: Made, wanted: { replaces: boolean; add?: readonly string[]; remove?: readonly string[] }) =>
      temporary.store.write(
        DIRECTORY,
        (transaction) =>
          transaction.memberDifference(of.id, {
            replaces: wanted.replaces,
            add: (wanted.add ?? []).map((value) => ({ value })),
            remove: wanted.remove ?? [],
          }),
        { alone: true },
      );

    test('only who is not there is added, only who is there is removed, and the unknown are named', async () => {
      const { store } = temporary;
      const [tour, inner, a, b, c, foreign] = [
        group('Tour'),
        group('Inner'),
        user('a'),
        user('b'),
        user('c'),
        user('f'),
      ];
      await put(store, DIRECTORY, tour, inner, a, b, c);
      await put(store, OTHER, foreign);
      await edit(tour, { added: [a.id, b.id] });
      expect(
        await difference(tour, {
          replaces: false,
          add: [a.id, c.id, inner.id, foreign.id, 'x', 'x'],
          remove: [b.id, c.id],
        }),
      ).toEqual({
        added: expect.arrayContaining([
          { value: c.id, type: 'User' },
          { value: inner.id, type: 'Group' },
        ]),
        removed: [b.id],
        unknown: [foreign.id, 'x'],
      });
      expect(await difference(tour, { replaces: true, add: [b.id, c.id] })).toEqual({
        added: [{ value: c.id, type: 'User' }],
        removed: [a.id],
        unknown: [],
      });
      expect(await difference(tour, { replaces: true })).toEqual({ added: [], removed: [a.id, b.id], unknown: [] });
      expect(await difference({ ...tour, id: '' }, { replaces: true, add: [a.id] })).toEqual({
        added: [{ value: a.id, type: 'User' }],
        removed: [],
        unknown: [],
      });
    });

    test('it is what sets in memory say, for thousands too', async () => {
      const { store } = temporary;
      const tour = group('Tour');
      const users = Array.from({ length: 3000 }, (_, index) => user(`u${index}`));
      const ids = users.map(({ id }) => id);
      await put(store, DIRECTORY, tour, ...users);
      const subset = fc
        .array(fc.boolean(), { minLength: 3000, maxLength: 3000 })
        .map((picks) => ids.filter((_, at) => picks[at]));
      await fc.assert(
        fc.asyncProperty(subset, fc.boolean(), async (wanted, replaces) => {
          const current = new Set(await memberIds(tour));
          const remove = replaces ? [] : ids.filter((id) => !wanted.includes(id)).slice(0, 1500);
          const { added, removed, unknown } = await difference(tour, { replaces, add: wanted, remove });
          const expectedAdded = wanted.filter((id) => !current.has(id));
          const leaving = replaces ? ids.filter((id) => !wanted.includes(id)) : remove;
          expect(added.map(({ value }) => value).sort()).toEqual(expectedAdded.sort());
          expect([...removed].sort()).toEqual(leaving.filter((id) => current.has(id)).sort());
          expect(unknown).toEqual([]);
          const now = (await record(tour)) as StoredRecord;
          const change = {
            ...edited(now, {}),
            kind: 'members' as const,
            group: now,
            added,
            removed,
            version: now.version + 1,
          };
          await store.write(DIRECTORY, (transaction) => transaction.commit(set(change)), { alone: true });
          expect((await record(tour))?.memberCount).toBe((await memberIds(tour)).length);
        }),
        { numRuns: 6 },
      );
    });
  });
});
