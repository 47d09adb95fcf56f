import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredRecord, Transaction } from '../../../src/directory/index.ts';
import { GROUP } from '../../../src/scim/index.ts';
import { DIRECTORY, edited, group, type Made, OTHER, set, updated, user } from '../store/fixture.ts';
import { openWrites, type Writes } from './writes.ts';

let writes: Writes;
beforeEach(async () => {
  writes = await openWrites();
});
afterEach(() => writes.end());

const edit = (of: Made, edits: { added?: readonly string[]; removed?: readonly string[] }): Promise<void> =>
  writes.stores[0].write(DIRECTORY, async (transaction) => {
    const current = (await transaction.record('Group', of.id)) as StoredRecord;
    await transaction.commit(set(edited(current, edits)));
  });
const people = (count: number): readonly Made[] => Array.from({ length: count }, (_, index) => user(`u${index}`));
const idsOf = (all: readonly Made[]): string[] => all.map(({ id }) => id).sort();

test('32 members added at once are 32 members, and 32 versions', async () => {
  const tour = group('Tour');
  const users = people(32);
  await writes.put(tour, ...users);
  await Promise.all(users.map(({ id }) => edit(tour, { added: [id] })));
  expect(await writes.memberIds(tour)).toEqual(idsOf(users));
  expect(await writes.record(tour)).toMatchObject({ version: 33, memberCount: 32 });
});

test('a membership that is there already, or not there, counts for nothing', async () => {
  const [tour, a, b] = [group('Tour'), user('a'), user('b')];
  await writes.put(tour, a, b);
  await edit(tour, { added: [a.id] });
  await edit(tour, { added: [a.id], removed: [b.id] });
  expect(await writes.record(tour)).toMatchObject({ version: 3, memberCount: 1 });
  await edit(tour, {});
  expect(await writes.record(tour)).toMatchObject({ version: 4, memberCount: 1 });
});

test('members that come and go in one change, of several groups in one set', async () => {
  const [tour, crew] = [group('Tour'), group('Crew')];
  const [a, b, c] = [user('a'), user('b'), user('c')];
  await writes.put(tour, crew, a, b, c);
  await edit(tour, { added: [a.id, b.id] });
  const standing = (await writes.record(tour)) as StoredRecord;
  await writes.stores[0].write(DIRECTORY, (transaction) =>
    transaction.commit(
      set(edited(standing, { added: [c.id], removed: [a.id, b.id] }), edited(crew.record, { added: [a.id] })),
    ),
  );
  expect(await writes.memberIds(tour)).toEqual([c.id]);
  expect(await writes.record(tour)).toMatchObject({ version: 3, memberCount: 1 });
  expect(await writes.record(crew)).toMatchObject({ version: 2, memberCount: 1, modified: set().at });
});

test('several changes of one group in a set move its version once', async () => {
  const [tour, a, b] = [group('Tour'), user('a'), user('b')];
  await writes.put(tour, a, b);
  await writes.stores[0].write(DIRECTORY, (transaction) =>
    transaction.commit(
      set(
        updated(GROUP, tour.record, { displayName: 'Tours' }),
        edited(tour.record, { added: [a.id] }),
        edited(tour.record, { added: [b.id] }),
      ),
    ),
  );
  expect(await writes.record(tour)).toMatchObject({ version: 2, memberCount: 2, modified: set().at });
});

describe('somebody who is removed', () => {
  test('leaves the groups that the set names, in one statement, and those that it does not', async () => {
    const groups = Array.from({ length: 5 }, (_, index) => group(`g${index}`));
    const [a, b] = [user('a'), user('b')];
    await writes.put(...groups, a, b);
    for (const one of groups) await edit(one, { added: [a.id, b.id] });
    const before = (await writes.record(a)) as StoredRecord;
    const standings = (await Promise.all(groups.map(writes.record))) as StoredRecord[];
    const named = standings.slice(0, 4);
    writes.traffic[0].statements.length = 0;
    await writes.stores[0].write(DIRECTORY, (transaction) =>
      transaction.commit(
        set(
          { kind: 'removed', before, memberOf: named.map(({ id }) => id) },
          ...named.map((one) => ({ ...edited(one, { removed: [a.id] }), cause: 0 })),
        ),
      ),
    );
    expect(writes.traffic[0].statements.filter((sql) => sql.includes('array_position'))).toHaveLength(1);
    const after = (await Promise.all(groups.map(writes.record))) as StoredRecord[];
    expect(after.map(({ version, memberCount }) => [version, memberCount])).toEqual([
      ...named.map(() => [3, 1]),
      [2, 1],
    ]);
    expect(await writes.database.rows('SELECT 1 FROM memberships WHERE member_id = ?', a.id)).toEqual([]);
    expect(await writes.record(a)).toBeUndefined();
  });

  test('a group takes its memberships along', async () => {
    const [tour, a] = [group('Tour'), user('a')];
    await writes.put(tour, a);
    await edit(tour, { added: [a.id] });
    const before = (await writes.record(tour)) as StoredRecord;
    await writes.stores[0].write(DIRECTORY, (transaction) =>
      transaction.commit(set({ kind: 'removed', before, memberOf: [] })),
    );
    expect(await writes.memberIds(tour)).toEqual([]);
  });
});

describe('what an edit would alter', () => {
  const difference = (
    of: Made | undefined,
    edits: { replaces?: boolean; add?: readonly string[]; remove?: readonly string[] },
    directory = DIRECTORY,
  ) =>
    writes.stores[0].write(directory, (transaction) =>
      transaction.memberDifference(of?.id ?? '', {
        replaces: edits.replaces ?? false,
        add: (edits.add ?? []).map((value) => ({ value })),
        remove: edits.remove ?? [],
      }),
    );

  test('only who is not a member is added, only who is one is removed, and nobody is unknown', async () => {
    const [tour, inner, a, b, c] = [group('Tour'), group('Inner'), user('a'), user('b'), user('c')];
    await writes.put(tour, inner, a, b, c);
    await edit(tour, { added: [a.id, b.id] });
    expect(await difference(tour, { add: [c.id, 'nobody', a.id, inner.id], remove: [b.id, c.id] })).toEqual({
      added: [
        { value: c.id, type: 'User' },
        { value: inner.id, type: 'Group' },
      ],
      removed: [b.id],
      unknown: ['nobody'],
    });
    expect(await difference(tour, { replaces: true, add: [b.id, c.id, 'nobody'] })).toEqual({
      added: [{ value: c.id, type: 'User' }],
      removed: [a.id],
      unknown: ['nobody'],
    });
    expect(await difference(undefined, { replaces: true, add: [a.id] })).toEqual({
      added: [{ value: a.id, type: 'User' }],
      removed: [],
      unknown: [],
    });
    expect((await difference(tour, { add: [c.id] }, OTHER)).unknown).toEqual([c.id]);
  });

  test('thousands, in slices', async () => {
    const [tour, crew] = [group('Tour'), group('Crew')];
    const users = people(5_500);
    for (let from = 0; from < users.length; from += 500) await writes.put(...users.slice(from, from + 500));
    await writes.put(tour, crew);
    const ids = users.map(({ id }) => id);
    await edit(tour, { added: ids });
    expect(await writes.record(tour)).toMatchObject({ memberCount: 5_500 });
    expect((await difference(tour, { replaces: true, add: ids.slice(10) })).removed).toEqual(ids.slice(0, 10));
    expect(await difference(tour, { replaces: true, add: [] })).toEqual({ added: [], removed: ids, unknown: [] });
    expect((await difference(tour, { remove: [...ids, 'nobody'] })).removed).toEqual(ids);
    const added = await difference(crew, { add: [...ids, 'nobody'] });
    expect(added.added.map(({ value }) => value)).toEqual(ids);
    expect(added.unknown).toEqual(['nobody']);
  });
});

describe('the groups of somebody', () => {
  test('in order of id, in pieces', async () => {
    const groups = Array.from({ length: 7 }, (_, index) => group(`g${index}`));
    const a = user('a');
    await writes.put(a, ...groups);
    for (const one of groups) await edit(one, { added: [a.id] });
    await writes.stores[0].write(DIRECTORY, async (transaction) => {
      const first = await transaction.memberOf(a.id, undefined, 4);
      expect(first).toEqual(
        groups.slice(0, 4).map(({ id }) => ({ type: 'Group', id, version: 2, modified: set().at })),
      );
      const rest = await transaction.memberOf(a.id, first.at(-1)?.id, 4);
      expect(rest.map(({ id }) => id)).toEqual(groups.slice(4).map(({ id }) => id));
    });
  });

  test('are read after who alters them: one that was left meanwhile is not among them, the piece is full all the same', async () => {
    const groups = Array.from({ length: 4 }, (_, index) => group(`g${index}`));
    const a = user('a');
    await writes.put(a, ...groups);
    for (const one of groups) await edit(one, { added: [a.id] });
    const left = groups[1] as Made;
    const leaving = await held(writes, 1, async (transaction, pause) => {
      const current = (await transaction.record('Group', left.id)) as StoredRecord;
      await pause();
      await transaction.commit(set(edited(current, { removed: [a.id] })));
    });
    const reading = writes.stores[0].write(DIRECTORY, (transaction) => transaction.memberOf(a.id, undefined, 3));
    await blocked(writes);
    await leaving.finish();
    expect((await reading).map(({ id }) => id)).toEqual([groups[0], groups[2], groups[3]].map((one) => one?.id));
  });

  test('T-RACE-04 whoever adds them at this moment is waited for, and that group is among them', async () => {
    const [tour, a] = [group('Tour'), user('a')];
    await writes.put(tour, a);
    const joining = await held(writes, 1, async (transaction, pause) => {
      const current = (await transaction.record('Group', tour.id)) as StoredRecord;
      const { added } = await transaction.memberDifference(tour.id, {
        replaces: false,
        add: [{ value: a.id }],
        remove: [],
      });
      await transaction.commit(set({ kind: 'members', group: current, added, removed: [], version: 2 }));
      await pause();
    });
    const reading = writes.stores[0].write(DIRECTORY, async (transaction) => {
      await transaction.record('User', a.id);
      return transaction.memberOf(a.id, undefined, 10);
    });
    await blocked(writes);
    await joining.finish();
    expect(await reading).toEqual([{ type: 'Group', id: tour.id, version: 2, modified: set().at }]);
  });

  test('T-RACE-04 once they were asked for nobody adds another one: somebody who is removed meanwhile is unknown', async () => {
    const [tour, a] = [group('Tour'), user('a')];
    await writes.put(tour, a);
    const removing = await held(writes, 1, async (transaction, pause) => {
      await transaction.memberOf(a.id, undefined, 10);
      await pause();
      await transaction.commit(set({ kind: 'removed', before: a.record, memberOf: [] }));
    });
    const joining = writes.stores[0].write(DIRECTORY, (transaction) =>
      transaction.memberDifference(tour.id, { replaces: false, add: [{ value: a.id }], remove: [] }),
    );
    await blocked(writes);
    await removing.finish();
    expect(await joining).toEqual({ added: [], removed: [], unknown: [a.id] });
  });
});

/** A transaction that pauses, and what lets it go on to its end. */
async function held(
  { stores }: Writes,
  store: 0 | 1,
  work: (transaction: Transaction, pause: () => Promise<void>) => Promise<void>,
): Promise<{ finish(): Promise<void> }> {
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const pause = (): Promise<void> => {
    begun.resolve();
    return end.promise;
  };
  const done = stores[store].write(DIRECTORY, (transaction) => work(transaction, pause));
  await begun.promise;
  return {
    async finish() {
      end.resolve();
      await done;
    },
  };
}

/** Resolves when somebody waits for a lock. */
async function blocked({ database }: Writes): Promise<void> {
  await expect
    .poll(
      async () => {
        const [found] = await database.rows(
          "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        return found?.n;
      },
      { timeout: 3_000, interval: 5 },
    )
    .toBeGreaterThan(0);
}
