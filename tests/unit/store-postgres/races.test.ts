import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Actor,
  createPerform,
  type DirectoryStore,
  type Outcome,
  type Perform,
  type StoredRecord,
  TransactionConflict,
  UniqueKeyTaken,
} from '../../../src/directory/index.ts';
import {
  GROUP,
  type JsonValue,
  type ResourceType,
  readPatch,
  type ScimRequest,
  type ScimWrite,
  TOLERANT,
  USER,
} from '../../../src/scim/index.ts';
import { TOLERANT_DIRECTORY } from '../directory/facts.ts';
import { DIRECTORY, group, type Made, newId, set, updated, user } from '../store/fixture.ts';
import { openWrites, type Writes } from './writes.ts';

const actor: Actor = {
  directory: { ...TOLERANT_DIRECTORY, id: DIRECTORY },
  by: { kind: 'credential', id: 'c1', name: 'Okta production' },
  requestId: 'r1',
};

let writes: Writes;
/** Two processes on one database. */
let processes: readonly [Perform, Perform];
/** What was tried again. */
let retried: { conflicts: number; keys: number };
beforeEach(async () => {
  writes = await openWrites(10);
  retried = { conflicts: 0, keys: 0 };
  const [one, other] = writes.stores.map((store) =>
    createPerform({ store: counting(store), clock: () => new Date(), newId }),
  );
  processes = [one as Perform, other as Perform];
});
afterEach(() => writes.end());

function counting(store: DirectoryStore): DirectoryStore {
  return {
    ...store,
    async write(directory, work, options) {
      try {
        return await store.write(directory, work, options);
      } catch (error) {
        if (error instanceof TransactionConflict) retried.conflicts += 1;
        if (error instanceof UniqueKeyTaken) retried.keys += 1;
        throw error;
      }
    },
  };
}

/** Half of them in each process, all at once. */
function race(operations: readonly ScimRequest[]): Promise<readonly Outcome[]> {
  return Promise.all(operations.map((operation, index) => (processes[index % 2] as Perform)(actor, operation)));
}

type Write = ScimWrite;

const draft = (attributes: Record<string, JsonValue>) => ({ attributes, cleared: [] });
const create = (type: ResourceType, attributes: Record<string, JsonValue>): Write => ({
  kind: 'create',
  type,
  draft: draft(attributes),
  view: {},
});
const patch = (type: ResourceType, id: string, ...operations: readonly Record<string, JsonValue>[]): Write => ({
  kind: 'patch',
  type,
  id,
  operations: readPatch(
    type,
    { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [...operations] },
    TOLERANT,
  ),
});
const add = (of: Made, ...ids: readonly string[]): Write =>
  patch(GROUP, of.id, { op: 'add', path: 'members', value: ids.map((value) => ({ value })) });
const take = (of: Made, id: string): Write => patch(GROUP, of.id, { op: 'remove', path: `members[value eq "${id}"]` });
const remove = ({ id, record }: Made): Write => ({ kind: 'remove', type: record.type === 'User' ? USER : GROUP, id });
const kinds = (outcomes: readonly Outcome[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const kind = outcome.kind === 'refused' ? outcome.refusal.reason : outcome.kind;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

interface Line {
  readonly set_number: number;
  readonly kind: string;
  readonly before: string | null;
  readonly after: string | null;
}
/** What history has of a record, in the order of the sets' numbers. */
const historyOf = async (id: string): Promise<readonly Line[]> =>
  (await writes.database.rows(
    'SELECT set_number, kind, before, after FROM changes WHERE subject = ? ORDER BY set_number, place',
    id,
  )) as unknown as readonly Line[];

/** Every group counts the memberships that it has, and every membership has its group and its member. */
async function expectSound(): Promise<void> {
  const wrong = await writes.database.rows(`SELECT g.id, g.member_count, count(m.member_id) AS counted FROM resources g
    LEFT JOIN memberships m ON m.directory = g.directory AND m.group_id = g.id
    WHERE g.type = 'Group' GROUP BY g.id, g.member_count HAVING g.member_count <> count(m.member_id)`);
  expect(wrong).toEqual([]);
  const dangling = await writes.database.rows(`SELECT m.group_id, m.member_id FROM memberships m
    WHERE NOT EXISTS (SELECT 1 FROM resources r WHERE r.directory = m.directory AND r.id = m.member_id)
      OR NOT EXISTS (SELECT 1 FROM resources r WHERE r.directory = m.directory AND r.id = m.group_id)`);
  expect(dangling).toEqual([]);
  const keys = await writes.database.rows(`SELECT k.subject FROM keys k
    WHERE NOT EXISTS (SELECT 1 FROM resources r WHERE r.directory = k.directory AND r.id = k.subject)`);
  expect(keys).toEqual([]);
}

const ROUNDS = [1, 2, 3];

describe.each(ROUNDS)('in two processes, round %i', () => {
  test('T-RACE-01 32 creates of one userName, in two spellings: one person', async () => {
    const outcomes = await race(
      Array.from({ length: 32 }, (_, index) => create(USER, { userName: index % 3 === 0 ? 'BJensen' : 'bjensen' })),
    );
    expect(kinds(outcomes)).toEqual({ created: 1, 'name-taken': 31 });
    expect(await writes.database.rows("SELECT 1 FROM resources WHERE type = 'User'")).toHaveLength(1);
    expect(await writes.database.rows("SELECT 1 FROM changes WHERE kind = 'created'")).toHaveLength(1);
    expect(retried.conflicts).toBe(0);
  });

  test('T-RACE-01 32 creates with one externalId: one person', async () => {
    const outcomes = await race(
      Array.from({ length: 32 }, (_, index) => create(USER, { userName: `u${index}`, externalId: '00u1' })),
    );
    expect(kinds(outcomes)).toEqual({ created: 1, 'external-id-taken': 31 });
  });

  test('T-RACE-01 people who all want one name: one of them has it', async () => {
    const all = Array.from({ length: 16 }, (_, index) => user(`u${index}`));
    await writes.put(...all);
    const outcomes = await race(
      all.map(({ id }) => patch(USER, id, { op: 'replace', path: 'userName', value: 'chosen' })),
    );
    expect(kinds(outcomes)).toEqual({ changed: 1, 'name-taken': 15 });
  });

  test('T-RACE-02 attributes of one person that are patched at once all stay, one version each', async () => {
    const one = user('a');
    await writes.put(one);
    const names = ['title', 'nickName', 'displayName', 'locale', 'userType', 'preferredLanguage', 'timezone'];
    const outcomes = await race(
      names.map((path) => patch(USER, one.id, { op: 'replace', path, value: `${path} of a` })),
    );
    expect(kinds(outcomes)).toEqual({ changed: names.length });
    const record = await writes.record(one);
    expect(record?.version).toBe(1 + names.length);
    expect(JSON.parse(record?.text ?? '')).toMatchObject(
      Object.fromEntries(names.map((name) => [name, `${name} of a`])),
    );
  });

  test('T-RACE-02 every change that was committed is in history: each before is the after of the one before it', async () => {
    const one = user('a', { title: 't-1', active: true });
    await writes.put(one);
    const operations = Array.from({ length: 40 }, (_, index): Write => {
      if (index % 4 === 0) return patch(USER, one.id, { op: 'replace', path: 'active', value: index % 8 === 0 });
      const attributes = { userName: 'a', title: `t${index}`, active: index % 3 === 0 };
      return { kind: 'replace', type: USER, id: one.id, draft: draft(attributes), view: {} };
    });
    const outcomes = await race(operations);
    const record = await writes.record(one);
    const { changed = 0, unchanged = 0, ...others } = kinds(outcomes);
    expect(others).toEqual({});
    expect(changed + unchanged).toBe(40);
    const [created, ...lines] = await historyOf(one.id);
    expect(lines).toHaveLength(changed);
    expect(record?.version).toBe(1 + changed);
    let current = JSON.parse(created?.after ?? '') as Record<string, JsonValue>;
    for (const line of lines) {
      const before = JSON.parse(line.before ?? '') as Record<string, JsonValue>;
      for (const [name, value] of Object.entries(before)) expect(current[name] ?? null).toEqual(value);
      current = { ...current, ...(JSON.parse(line.after ?? '') as Record<string, JsonValue>) };
    }
    expect(JSON.parse(record?.text ?? '')).toEqual(current);
    expect(retried).toEqual({ conflicts: 0, keys: 0 });
  });

  test('T-RACE-03 32 writes with one If-Match: one succeeds', async () => {
    const one = user('a');
    await writes.put(one);
    const outcomes = await race(
      Array.from({ length: 32 }, (_, index) => ({
        ...patch(USER, one.id, { op: 'replace', path: 'title', value: `t${index}` }),
        ifMatch: ['1'],
      })),
    );
    const { changed, ...others } = kinds(outcomes);
    expect(changed).toBe(1);
    expect(Object.values(others)).toEqual([31]);
    expect((await writes.record(one))?.version).toBe(2);
  });

  test('32 members added at once are 32 members, counted, and 32 versions', async () => {
    const tour = group('Tour');
    const users = Array.from({ length: 32 }, (_, index) => user(`u${index}`));
    await writes.put(tour, ...users);
    expect(kinds(await race(users.map(({ id }) => add(tour, id))))).toEqual({ changed: 32 });
    expect(await writes.memberIds(tour)).toEqual(users.map(({ id }) => id).sort());
    expect(await writes.record(tour)).toMatchObject({ version: 33, memberCount: 32 });
    expect(await historyOf(tour.id)).toHaveLength(33);
    await expectSound();
    expect(retried).toEqual({ conflicts: 0, keys: 0 });
  });

  test('T-RACE-04 people are added to groups, taken out and removed at once: nothing dangles, and all is counted', async () => {
    const groups = Array.from({ length: 6 }, (_, index) => group(`g${index}`));
    const users = Array.from({ length: 12 }, (_, index) => user(`u${index}`));
    await writes.put(...groups, ...users);
    await race(groups.map((one) => add(one, ...users.filter((_, index) => index % 2 === 0).map(({ id }) => id))));
    const operations = groups.flatMap((one, g) =>
      users.flatMap(({ id }, u) => ((u + g) % 3 === 0 ? [take(one, id)] : (u + g) % 3 === 1 ? [add(one, id)] : [])),
    );
    const removals = users.filter((_, index) => index % 3 === 0).map(remove);
    const mixed: Write[] = [];
    for (const [index, operation] of operations.entries()) {
      mixed.push(operation);
      const removal = index % 4 === 2 ? removals.shift() : undefined;
      if (removal !== undefined) mixed.push(removal);
    }
    const outcomes = await race([...mixed, ...removals]);
    const counts = kinds(outcomes);
    expect(counts.removed).toBe(4);
    await expectSound();
    // Each version of a group has a change that made it.
    for (const one of groups) {
      const sets = new Set((await historyOf(one.id)).map(({ set_number }) => set_number));
      expect((await writes.record(one))?.version).toBe(sets.size);
    }
    // Who removes waits for groups first: without that three of them in a circle are no rarity.
    expect(retried.conflicts).toBeLessThanOrEqual(2);
  });

  test('T-RACE-04 a group and its people are removed while they join', async () => {
    const [tour, crew] = [group('Tour'), group('Crew')];
    const users = Array.from({ length: 10 }, (_, index) => user(`u${index}`));
    await writes.put(tour, crew, ...users);
    await race([add(crew, tour.id)]);
    const outcomes = await race([
      ...users.slice(0, 5).map(({ id }) => add(tour, id)),
      remove(tour),
      ...users.slice(5).flatMap((one) => [add(tour, one.id), remove(one), add(crew, one.id, tour.id)]),
    ]);
    expect(kinds(outcomes).removed).toBe(6);
    expect(await writes.record(tour)).toBeUndefined();
    expect(await writes.memberIds(tour)).toEqual([]);
    await expectSound();
  });
});

test('of two who wait for one another one is undone, as what may be tried again, and the other is done', async () => {
  const [a, b] = [user('a'), user('b')];
  await writes.put(a, b);
  let locked = 0;
  let go = (): void => undefined;
  const both = new Promise<void>((resolve) => {
    go = resolve;
  });
  const alter = (store: DirectoryStore, first: Made, second: Made): Promise<void> =>
    store.write(DIRECTORY, async (transaction) => {
      const before = (await transaction.record('User', first.id)) as StoredRecord;
      locked += 1;
      if (locked === 2) go();
      await both;
      await transaction.commit(set(updated(USER, before, { title: 'first' })));
      const other = (await transaction.record('User', second.id)) as StoredRecord;
      await transaction.commit(set(updated(USER, other, { title: 'second' })));
    });
  const settled = await Promise.allSettled([alter(writes.stores[0], a, b), alter(writes.stores[1], b, a)]);
  const lost = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(lost).toHaveLength(1);
  expect(lost[0]).toBeInstanceOf(TransactionConflict);
  expect([(await writes.record(a))?.version, (await writes.record(b))?.version]).toEqual([2, 2]);
});
