import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import { parseFilter, resolveFilter, USER } from '../../../src/scim/index.ts';
import { CONTEXT, DIRECTORY, edited, group, openTemporary, put, set, type Temporary, user } from './fixture.ts';

let temporary: Temporary;
beforeEach(async () => {
  temporary = await openTemporary();
});
afterEach(() => temporary.end());

test('stays on its moment while others write, and is of no use after its release', async () => {
  const { store } = temporary;
  const [tour, a, b] = [group('Tour'), user('a'), user('b')];
  await put(store, DIRECTORY, tour, a, b);
  const snapshot = await store.snapshot(DIRECTORY);
  await store.write(DIRECTORY, (transaction) => transaction.commit(set(edited(tour.record, { added: [a.id, b.id] }))));
  await store.write(DIRECTORY, (transaction) =>
    transaction.commit(set({ kind: 'removed', before: b.record, memberOf: [] })),
  );
  expect(await snapshot.members(tour.id, undefined, 10)).toEqual([]);
  expect(await snapshot.record('User', b.id)).toMatchObject({ id: b.id });
  expect((await snapshot.page([USER], { startIndex: 1, count: 10 }, CONTEXT)).total).toBe(2);
  // What no index serves is found elsewhere, but shown as it is here.
  const filter = resolveFilter(parseFilter('userName sw "a"', { unquotedValues: false }), USER, {
    unquotedValues: false,
  });
  expect((await snapshot.page([USER], { filter, startIndex: 1, count: 10 }, CONTEXT)).records).toMatchObject([
    a.record,
  ]);
  snapshot.release();
  snapshot.release();
  await expect(snapshot.record('User', a.id)).rejects.toThrow('after its release');
  const next = await store.snapshot(DIRECTORY);
  expect(await next.members(tour.id, undefined, 10)).toHaveLength(1);
  next.release();
});

test('there is an end to how many are open, and released ones make room', async () => {
  const { store } = temporary;
  const open = await Promise.all(Array.from({ length: 64 }, () => store.snapshot(DIRECTORY)));
  await expect(store.snapshot(DIRECTORY)).rejects.toBeInstanceOf(StoreUnavailable);
  for (const snapshot of open) snapshot.release();
  (await store.snapshot(DIRECTORY)).release();
});
