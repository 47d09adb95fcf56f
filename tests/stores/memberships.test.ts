import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredRecord } from '../../src/directory/index.ts';
import { GROUP } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { DIRECTORY, edited, group, type Made, put, set, updated, user } from '../unit/store/fixture.ts';
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

  test('32 members added at once are 32 members, and 32 versions', async () => {
    const { store } = temporary;
    const tour = group('Tour');
    const users = Array.from({ length: 32 }, (_, index) => user(`u${index}`));
    await put(store, DIRECTORY, tour, ...users);
    await Promise.all(users.map(({ id }) => edit(tour, { added: [id] })));
    expect(await memberIds(tour)).toEqual(users.map(({ id }) => id).sort());
    expect(await record(tour)).toMatchObject({ version: 33, memberCount: 32 });
  });

  test('a membership that is there already, or not there, counts for nothing', async () => {
    const { store } = temporary;
    const [tour, a, b] = [group('Tour'), user('a'), user('b')];
    await put(store, DIRECTORY, tour, a, b);
    await edit(tour, { added: [a.id] });
    await edit(tour, { added: [a.id], removed: [b.id] });
    expect(await record(tour)).toMatchObject({ memberCount: 1 });
  });

  test('several changes of one group in a set move its version once', async () => {
    const { store } = temporary;
    const [tour, a, b] = [group('Tour'), user('a'), user('b')];
    await put(store, DIRECTORY, tour, a, b);
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit(
        set(
          updated(GROUP, tour.record, { displayName: 'Tours' }),
          edited(tour.record, { added: [a.id] }),
          edited(tour.record, { added: [b.id] }),
        ),
      ),
    );
    expect(await record(tour)).toMatchObject({ version: 2, memberCount: 2, modified: set().at });
    expect((await store.changesAfter(DIRECTORY, 3, 10)).map(({ set, kind }) => [set, kind])).toEqual([
      [4, 'updated'],
      [4, 'members'],
      [4, 'members'],
    ]);
  });

  test('members show displayName, else userName; groups show theirs', async () => {
    const { store } = temporary;
    const [a, b, empty] = [user('a', { displayName: 'Ann' }), user('B'), user('c', { displayName: '' })];
    const [inner, tour] = [group('Inner'), group('Tour')];
    await put(store, DIRECTORY, a, b, empty, inner, tour);
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit({
        ...set({
          ...edited(tour.record, { added: [] }),
          kind: 'members',
          group: tour.record,
          version: 2,
          removed: [],
          added: [...[a, b, empty].map(({ id }) => ({ value: id, type: 'User' })), { value: inner.id, type: 'Group' }],
        }),
      }),
    );
    expect(await store.reader(DIRECTORY).members(tour.id, undefined, 10)).toEqual([
      { value: a.id, type: 'User', display: 'Ann' },
      { value: b.id, type: 'User', display: 'B' },
      { value: empty.id, type: 'User', display: 'c' },
      { value: inner.id, type: 'Group', display: 'Inner' },
    ]);
    const reader = store.reader(DIRECTORY);
    const one = await reader.fewGroupsOf([a.id]);
    expect(one?.get(a.id)).toEqual([{ value: tour.id, display: 'Tour' }]);
    expect(await reader.fewGroupsOf([a.id, 'nobody', inner.id])).toEqual(
      new Map([
        [a.id, [{ value: tour.id, display: 'Tour' }]],
        [inner.id, [{ value: tour.id, display: 'Tour' }]],
      ]),
    );
    expect(await reader.fewGroupsOf([])).toEqual(new Map());
  });

  test('members come in pages, in order of id, without a gap', async () => {
    const { store } = temporary;
    const tour = group('Tour');
    const users = Array.from({ length: 25 }, (_, index) => user(`u${index}`));
    await put(store, DIRECTORY, tour, ...users);
    await edit(tour, { added: users.map(({ id }) => id) });
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.reader(DIRECTORY).members(tour.id, after, 10);
      seen.push(...page.map(({ value }) => value));
      if (page.length < 10) break;
      after = page.at(-1)?.value;
    }
    expect(seen).toEqual(users.map(({ id }) => id).sort());
  });

  describe('removals', () => {
    test('T-RACE-04 no membership outlives its member, whether a change says so or not', async () => {
      const { store } = temporary;
      const [tour, other, a, b] = [group('Tour'), group('Other'), user('a'), user('b')];
      await put(store, DIRECTORY, tour, other, a, b);
      await edit(tour, { added: [a.id, b.id] });
      await edit(other, { added: [a.id] });
      const current = (await record(tour)) as StoredRecord;
      await store.write(DIRECTORY, (transaction) =>
        transaction.commit(
          set(
            { kind: 'removed', before: a.record, memberOf: [tour.id, other.id] },
            { ...edited(current, { removed: [a.id] }), cause: 0 },
          ),
        ),
      );
      expect(await memberIds(tour)).toEqual([b.id]);
      expect(await record(tour)).toMatchObject({ memberCount: 1, version: 3 });
      expect(await memberIds(other)).toEqual([]);
      expect(await record(other)).toMatchObject({ memberCount: 0 });
      expect(await store.reader(DIRECTORY).fewGroupsOf([a.id])).toEqual(new Map());
    });

    test('a group takes its memberships with it, also thousands', async () => {
      const { store } = temporary;
      const tour = group('Tour');
      const users = Array.from({ length: 2500 }, (_, index) => user(`u${index}`));
      await put(store, DIRECTORY, tour, ...users);
      const ids = users.map(({ id }) => id);
      await store.write(DIRECTORY, (transaction) => transaction.commit(set(edited(tour.record, { added: ids }))), {
        alone: true,
      });
      const before = (await record(tour)) as StoredRecord;
      expect(before.memberCount).toBe(2500);
      await store.write(
        DIRECTORY,
        (transaction) => transaction.commit(set({ kind: 'removed', before, memberOf: [] })),
        {
          alone: true,
        },
      );
      expect(await memberIds(tour)).toEqual([]);
      expect(await store.reader(DIRECTORY).fewGroupsOf(ids)).toEqual(new Map());
    });
  });

  test('while thousands of members are added, reads go on and other writes wait', async () => {
    const { store } = temporary;
    const tour = group('Tour');
    const users = Array.from({ length: 6000 }, (_, index) => user(`u${index}`));
    const ids = users.map(({ id }) => id);
    await put(store, DIRECTORY, tour, ...users);
    const changes = Array.from({ length: 6 }, (_, slice) =>
      edited(tour.record, { added: ids.slice(slice * 1000, (slice + 1) * 1000) }),
    );
    let done = false;
    const long = store
      .write(DIRECTORY, (transaction) => transaction.commit(set(...changes)), { alone: true })
      .then(() => {
        done = true;
      });
    const later = user('later');
    const short = put(store, DIRECTORY, later).then(() => done);
    const seen: (number | undefined)[] = [];
    while (!done) {
      seen.push((await record(tour))?.memberCount);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await long;
    // All or none; and all may be read before the writer has heard that it is through.
    const none = seen.filter((count) => count === 0);
    expect(none.length).toBeGreaterThan(4);
    expect(seen).toEqual([...none, ...seen.slice(none.length).fill(6000)]);
    // PostgreSQL lets others write meanwhile.
    if (database === 'sqlite') expect(await short).toBe(true);
    else await short;
    expect(await record(tour)).toMatchObject({ memberCount: 6000, version: 2 });
  });
});
