import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UniqueKeyTaken } from '../../src/directory/index.ts';
import { GROUP, GROUP_SHARING_NAMES, USER } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { DIRECTORY, group, make, OTHER, of, put, set, updated, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  describe('a write', () => {
    test('that throws undoes itself alone', async () => {
      const { store } = temporary;
      const all = Array.from({ length: 20 }, (_, index) => user(`u${index}`));
      const outcomes = await Promise.allSettled(
        all.map((one, index) =>
          store.write(DIRECTORY, async (transaction) => {
            await transaction.commit(set(one.change));
            if (index % 3 === 0) throw new Error(`refused ${index}`);
            return index;
          }),
        ),
      );
      const kept = await Promise.all(all.map(({ id }) => store.reader(DIRECTORY).record('User', id)));
      outcomes.forEach((outcome, index) => {
        expect(outcome.status).toBe(index % 3 === 0 ? 'rejected' : 'fulfilled');
        expect(kept[index] !== undefined).toBe(index % 3 !== 0);
      });
      const seqs = (await store.changesAfter(DIRECTORY, 0, 100)).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      expect((await page()).total).toBe(13);
    });

    test('a read sees nothing before the commit', async () => {
      const { store } = temporary;
      const one = user('first');
      let seen: unknown = 'nothing';
      await store.write(DIRECTORY, async (transaction) => {
        await transaction.commit(set(one.change));
        seen = await store.reader(DIRECTORY).record('User', one.id);
      });
      expect(seen).toBeUndefined();
      expect(await store.reader(DIRECTORY).record('User', one.id)).toMatchObject({ id: one.id, version: 1 });
    });

    test('a transaction kept past its write does nothing', async () => {
      let kept: { record(type: string, id: string): Promise<unknown> } | undefined;
      await temporary.store.write(DIRECTORY, async (transaction) => {
        kept = transaction;
      });
      await expect(kept?.record('User', 'x')).rejects.toThrow('after its end');
    });

    async function page() {
      return temporary.store.reader(DIRECTORY).page(of(USER), { startIndex: 1, count: 100 }, { base: '', walker: 'w' });
    }
  });

  describe('unique keys', () => {
    test('32 racing creates of one userName: one is kept', async () => {
      const names = Array.from({ length: 32 }, (_, index) => (index % 2 === 0 ? 'BJensen' : 'bjensen'));
      const outcomes = await Promise.allSettled(names.map((name) => put(temporary.store, DIRECTORY, user(name))));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(UniqueKeyTaken);
      }
    });

    test('a userName is free in another directory, and for another type', async () => {
      await put(temporary.store, DIRECTORY, user('a'));
      await put(temporary.store, OTHER, user('a'));
      await put(temporary.store, DIRECTORY, group('a'));
    });

    test('a name is taken by a rename, and free after one', async () => {
      const { store } = temporary;
      const [a, b] = [user('a'), user('b')];
      await put(store, DIRECTORY, a, b);
      const rename = (record: typeof a.record, userName: string) =>
        store.write(DIRECTORY, (transaction) => transaction.commit(set(updated(USER, record, { userName }))));
      await expect(rename(b.record, 'A')).rejects.toBeInstanceOf(UniqueKeyTaken);
      await rename(a.record, 'c');
      await rename(b.record, 'A');
    });

    test('an externalId is unique to the letter, and only where there is one', async () => {
      const { store } = temporary;
      await put(store, DIRECTORY, user('a', { externalId: 'X' }), user('b', { externalId: 'x' }), user('c'), user('d'));
      await expect(put(store, DIRECTORY, user('e', { externalId: 'X' }))).rejects.toBeInstanceOf(UniqueKeyTaken);
    });

    test('two groups share a displayName only where their schema lets them', async () => {
      const { store } = temporary;
      await put(store, DIRECTORY, make(GROUP, { displayName: 'Tour' }));
      await expect(put(store, DIRECTORY, make(GROUP, { displayName: 'TOUR' }))).rejects.toBeInstanceOf(UniqueKeyTaken);
      await put(store, OTHER, make(GROUP_SHARING_NAMES, { displayName: 'Tour' }));
      await put(store, OTHER, make(GROUP_SHARING_NAMES, { displayName: 'TOUR' }));
    });
  });
});
