import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../src/directory/index.ts';
import { parseFilter, resolveFilter, USER } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { CONTEXT, DIRECTORY, edited, group, OTHER, of, put, set, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(async () => {
    await temporary.end();
  });

  const startsWithA = () =>
    resolveFilter(parseFilter('userName sw "a"', { unquotedValues: false }), USER, { unquotedValues: false });

  test('stays on its moment while others write, and is of no use after its release', async () => {
    const { store } = temporary;
    const [tour, a, b] = [group('Tour'), user('a'), user('b')];
    await put(store, DIRECTORY, tour, a, b);
    const snapshot = await store.snapshot(DIRECTORY);
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit(set(edited(tour.record, { added: [a.id, b.id] }))),
    );
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit(set({ kind: 'removed', before: b.record, memberOf: [] })),
    );
    expect(await snapshot.members(tour.id, undefined, 10)).toEqual([]);
    expect(await snapshot.record('User', b.id)).toMatchObject({ id: b.id });
    expect((await snapshot.page(of(USER), { startIndex: 1, count: 10 }, CONTEXT)).total).toBe(2);
    // What no index serves is found elsewhere, but shown as it is here.
    expect(
      (await snapshot.page(of(USER, { filter: startsWithA() }), { startIndex: 1, count: 10 }, CONTEXT)).records,
    ).toMatchObject([a.record]);
    snapshot.release();
    snapshot.release();
    await expect(snapshot.record('User', a.id)).rejects.toThrow('after its release');
    const next = await store.snapshot(DIRECTORY);
    expect(await next.members(tour.id, undefined, 10)).toHaveLength(1);
    next.release();
  });

  test('T-DOS-04 what is read too slowly comes to its end, and to nobody else', async () => {
    const brief = await openTemporary(database, { snapshotMilliseconds: 2_000 });
    try {
      const a = user('a');
      await put(brief.store, DIRECTORY, a);
      const slow = await brief.store.snapshot(DIRECTORY);
      expect(await slow.record('User', a.id)).toMatchObject({ id: a.id });
      await sleep(2_500);
      await expect(slow.record('User', a.id)).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(slow.members(a.id, undefined, 10)).rejects.toBeInstanceOf(StoreUnavailable);
      const next = await brief.store.snapshot(OTHER);
      slow.release();
      expect(await next.record('User', a.id)).toBeUndefined();
      next.release();
    } finally {
      await brief.end();
    }
  });
});
