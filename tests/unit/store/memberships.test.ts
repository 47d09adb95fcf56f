import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredRecord } from '../../../src/directory/index.ts';
import { type Filter, GROUP, type Target } from '../../../src/scim/index.ts';
import {
  DIRECTORY,
  edited,
  group,
  type Made,
  newId,
  OTHER,
  openTemporary,
  put,
  set,
  type Temporary,
  updated,
  user,
} from './fixture.ts';

let temporary: Temporary;
beforeEach(async () => {
  temporary = await openTemporary();
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
  const one = await reader.groupsOf([a.id]);
  expect(one.get(a.id)).toEqual([{ value: tour.id, display: 'Tour' }]);
  expect(await reader.groupsOf([a.id, 'nobody', inner.id])).toEqual(
    new Map([
      [a.id, [{ value: tour.id, display: 'Tour' }]],
      [inner.id, [{ value: tour.id, display: 'Tour' }]],
    ]),
  );
  expect(await reader.groupsOf([])).toEqual(new Map());
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
    expect(await store.reader(DIRECTORY).groupsOf([a.id])).toEqual(new Map());
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
    await store.write(DIRECTORY, (transaction) => transaction.commit(set({ kind: 'removed', before, memberOf: [] })), {
      alone: true,
    });
    expect(await memberIds(tour)).toEqual([]);
    expect(await store.reader(DIRECTORY).groupsOf(ids)).toEqual(new Map());
  });
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
    const [tour, inner, a, b, c, foreign] = [group('Tour'), group('Inner'), user('a'), user('b'), user('c'), user('f')];
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

  test('a filter on the elements of members finds their ids', async () => {
    const { store } = temporary;
    const [tour, a, b] = [group('Tour'), user('a', { displayName: 'Ann' }), user('Bob')];
    await put(store, DIRECTORY, tour, a, b);
    await edit(tour, { added: [a.id, b.id] });
    const sub = (name: string) => ({
      attribute: GROUP.schema.attributes[1]?.subAttributes?.find((part) => part.name === name) as Target['attribute'],
    });
    const compare = (name: string, value: string, key = value): Filter<Target> => ({
      kind: 'compare',
      path: sub(name),
      operator: 'eq',
      value,
      key,
    });
    const base = 'https://x/scim/v2';
    const matching = (filter: Filter<Target>) =>
      store.write(DIRECTORY, (transaction) => transaction.membersMatching(tour.id, filter, base));
    expect(await matching(compare('value', a.id))).toEqual([a.id]);
    expect(await matching(compare('display', 'BOB', 'bob'))).toEqual([b.id]);
    expect(await matching(compare('$ref', `${base}/Users/${b.id}`))).toEqual([b.id]);
    expect(await matching(compare('type', 'User', 'user'))).toEqual([a.id, b.id]);
    expect(await matching({ kind: 'not', term: compare('value', newId()) })).toEqual([a.id, b.id]);
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
  let reads = 0;
  while (!done) {
    const seen = await record(tour);
    expect(done || seen?.memberCount === 0).toBe(true);
    reads += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await long;
  expect(reads).toBeGreaterThan(4);
  expect(await short).toBe(true);
  expect(await record(tour)).toMatchObject({ memberCount: 6000, version: 2 });
});
