import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Actor,
  type ChangeSet,
  createPerform,
  type Outcome,
  type Perform,
  type StoredRecord,
  type Transaction,
  UniqueKeyTaken,
} from '../../../src/directory/index.ts';
import { GROUP, GROUP_SHARING_NAMES, type JsonValue, readPatch, TOLERANT, USER } from '../../../src/scim/index.ts';
import { TOLERANT_DIRECTORY } from '../directory/facts.ts';
import {
  DIRECTORY,
  edited,
  group,
  LATER,
  type Made,
  make,
  newId,
  OTHER,
  set,
  updated,
  user,
} from '../store/fixture.ts';
import { openWrites, type Writes } from './writes.ts';

let writes: Writes;
beforeEach(async () => {
  writes = await openWrites();
});
afterEach(() => writes.end());

const commit = (...changes: ChangeSet['changes']): Promise<void> =>
  writes.stores[0].write(DIRECTORY, (transaction) => transaction.commit(set(...changes)));
const keysOf = async (of: Made): Promise<string[]> =>
  (await writes.database.rows('SELECT value FROM keys WHERE subject = ? ORDER BY value', of.id)).map(({ value }) =>
    String(value),
  );
const emails = (...values: readonly string[]) => ({ emails: values.map((value) => ({ value })) });

describe('records', () => {
  test('a record is found by all that it was created with, however long that is', async () => {
    const long = 'Ä"\\{},x'.repeat(9_000);
    const one = user('BJensen', {
      externalId: long,
      displayName: long,
      active: false,
      ...emails('A@x.com', 'a@X.com'),
    });
    await writes.put(one, user('b'));
    expect(await writes.record(one)).toMatchObject(one.record);
    await writes.stores[1].write(DIRECTORY, async (transaction) => {
      expect(await transaction.byName('User', 'bjensen')).toEqual(one.record);
      expect(await transaction.byExternalId('User', long)).toEqual(one.record);
      expect(await transaction.record('User', one.id)).toEqual(one.record);
      expect(await transaction.record('Group', one.id)).toBeUndefined();
      expect(await transaction.record('User', '\0')).toBeUndefined();
      expect([await transaction.exists('User', one.id), await transaction.exists('User', 'x')]).toEqual([true, false]);
    });
    await writes.stores[1].write(OTHER, async (transaction) => {
      expect(await transaction.record('User', one.id)).toBeUndefined();
    });
    expect(await keysOf(one)).toEqual(['a@x.com']);
  });

  test('those of one set stand in its order, thousands of them too', async () => {
    const all = Array.from({ length: 1_234 }, (_, index) => user(`u${index}`, emails(`u${index}@x.com`)));
    await writes.put(...all);
    const rows = await writes.database.rows('SELECT id FROM resources ORDER BY seq');
    expect(rows.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    const history = await writes.database.rows('SELECT subject, set_number FROM changes ORDER BY place');
    expect(history.map(({ subject }) => subject)).toEqual(all.map(({ id }) => id));
    expect(new Set(history.map(({ set_number }) => set_number)).size).toBe(1);
    expect(await writes.database.rows('SELECT count(*) AS n FROM keys')).toEqual([{ n: 1_234 }]);
  });

  test('an update moves the keys that differ, and the names', async () => {
    const one = user('a', { displayName: 'Ann', externalId: 'x', ...emails('a@x.com', 'b@x.com') });
    await writes.put(one);
    await commit(updated(USER, one.record, { userName: 'b', displayName: 'Bea', ...emails('b@x.com', 'c@x.com') }));
    expect(await keysOf(one)).toEqual(['b@x.com', 'c@x.com']);
    await writes.stores[0].write(DIRECTORY, async (transaction) => {
      expect(await transaction.byName('User', 'a')).toBeUndefined();
      expect(await transaction.byName('User', 'b')).toMatchObject({ id: one.id, version: 2, modified: LATER });
    });
    const [row] = await writes.database.rows('SELECT label, display_key FROM resources WHERE id = ?', one.id);
    expect(row).toEqual({ label: 'Bea', display_key: 'bea' });
  });

  test('a removal takes the keys along, of many values and of long ones', async () => {
    const values = [...Array.from({ length: 50 }, (_, index) => `u${index}@x.com`), `${'x'.repeat(5_000)}@x.com`];
    const [one, other] = [user('a', emails(...values)), user('b', emails(...values))];
    await writes.put(one, other);
    await commit({ kind: 'removed', before: one.record, memberOf: [] });
    expect(await keysOf(one)).toEqual([]);
    expect(await keysOf(other)).toHaveLength(51);
    await writes.stores[0].write(DIRECTORY, async (transaction) => {
      expect(await transaction.removedName('User', one.id)).toBe('a');
      expect(await transaction.removedName('Group', one.id)).toBeUndefined();
      expect(await transaction.removedName('User', other.id)).toBeUndefined();
      expect(await transaction.removedName('User', '\0')).toBeUndefined();
    });
  });

  test('a name is free for those who come later in the same set', async () => {
    const [a, b] = [user('a'), user('b')];
    await writes.put(a);
    await commit({ kind: 'removed', before: a.record, memberOf: [] }, user('a').change, b.change);
    await commit(updated(USER, b.record, { userName: 'c' }), user('b').change);
    expect(await writes.database.rows('SELECT name_key FROM resources ORDER BY name_key')).toEqual(
      ['a', 'b', 'c'].map((name_key) => ({ name_key })),
    );
  });

  test('what is not there cannot be altered or removed: nothing of the set is kept', async () => {
    const [one, gone] = [user('a'), user('b')];
    await expect(commit(one.change, updated(USER, gone.record, { title: 'x' }))).rejects.toThrow('to update');
    await expect(commit(one.change, { kind: 'removed', before: gone.record, memberOf: [] })).rejects.toThrow(
      'to remove',
    );
    expect(await writes.record(one)).toBeUndefined();
    expect(await writes.database.rows('SELECT 1 FROM changes')).toEqual([]);
  });
});

describe('unique keys', () => {
  test('a name, and an externalId to the letter, that another has are refused, also by a rename', async () => {
    const [a, b] = [user('a', { externalId: 'X' }), user('b', { externalId: 'x' })];
    await writes.put(a, b, user('c'), group('a'));
    const taken = [
      commit(user('A').change),
      commit(user('d', { externalId: 'X' }).change),
      commit(updated(USER, b.record, { userName: 'A' })),
      commit(updated(USER, b.record, { externalId: 'X' })),
      commit(make(GROUP, { displayName: 'A' }).change),
    ];
    for (const one of await Promise.allSettled(taken)) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(UniqueKeyTaken) });
    }
    await writes.stores[0].write(OTHER, (transaction) =>
      transaction.commit(set(user('a', { externalId: 'X' }).change)),
    );
  });

  test('two groups share a displayName only where their schema lets them', async () => {
    await commit(
      make(GROUP_SHARING_NAMES, { displayName: 'Tour' }).change,
      make(GROUP_SHARING_NAMES, { displayName: 'TOUR' }).change,
    );
    expect(await writes.database.rows('SELECT 1 FROM resources')).toHaveLength(2);
  });

  test('what comes after a write that had failed says why, not that the transaction had failed', async () => {
    await writes.put(user('a'));
    const late = writes.stores[0].write(DIRECTORY, async (transaction) => {
      await transaction.commit(set(user('A').change));
      await transaction.clearFailures('User', () => ['x']);
      await transaction.groups('nobody', undefined, 10);
    });
    await expect(late).rejects.toBeInstanceOf(UniqueKeyTaken);
    const thrown = writes.stores[0].write(DIRECTORY, async (transaction) => {
      await transaction.commit(set(user('A').change));
      throw new Error('something else');
    });
    await expect(thrown).rejects.toBeInstanceOf(UniqueKeyTaken);
  });
});

describe('history', () => {
  test('one row a change, in its place, with its cause, and no number yet', async () => {
    const [tour, a] = [group('Tour'), user('a', { title: 'Guide' })];
    await writes.put(tour, a);
    await commit(edited(tour.record, { added: [a.id] }));
    const standing = (await writes.record(tour)) as StoredRecord;
    const before = (await writes.record(a)) as StoredRecord;
    await commit(updated(USER, before, { title: 'Lead' }));
    const now = (await writes.record(a)) as StoredRecord;
    await commit(
      { kind: 'removed', before: now, memberOf: [tour.id] },
      { ...edited(standing, { removed: [a.id] }), cause: 0 },
    );
    const rows = await writes.database.rows(
      'SELECT kind, type, subject, place, cause, seq, before, after FROM changes WHERE set_number > (SELECT min(set_number) FROM changes) ORDER BY set_number, place',
    );
    const common = { cause: null, seq: null, before: null, after: null, place: 0 };
    expect(rows).toEqual([
      { ...common, kind: 'members', type: 'Group', subject: tour.id, after: JSON.stringify([a.id]) },
      {
        ...common,
        kind: 'updated',
        type: 'User',
        subject: a.id,
        before: '{"title":"Guide"}',
        after: '{"title":"Lead"}',
      },
      {
        ...{ ...common, kind: 'removed', type: 'User', subject: a.id },
        before: `{"resource":${now.text},"memberOf":["${tour.id}"],"version":${now.version},"created":"${now.created}"}`,
      },
      {
        ...common,
        kind: 'members',
        type: 'Group',
        subject: tour.id,
        place: 1,
        cause: 0,
        before: JSON.stringify([a.id]),
      },
    ]);
    const [by] = await writes.database.rows('SELECT DISTINCT at, by_kind, by_id, by_name, request_id FROM changes');
    expect(by).toEqual({
      ...{ at: LATER, by_kind: 'credential', by_id: 'c1', by_name: 'Okta production', request_id: 'r1' },
    });
  });

  test('every set of a transaction has a number of its own', async () => {
    await writes.stores[0].write(DIRECTORY, async (transaction) => {
      for (const name of ['a', 'b', 'c']) await transaction.commit(set(user(name).change));
    });
    const rows = await writes.database.rows('SELECT DISTINCT set_number FROM changes');
    expect(rows).toHaveLength(3);
  });

  test('a request cannot alter it', async () => {
    await writes.put(user('a'));
    for (const sql of [
      "UPDATE changes SET kind = 'x' WHERE directory = $1",
      'DELETE FROM changes WHERE directory = $1',
    ]) {
      expect(await writes.pools[0].use(DIRECTORY, (session) => session.run(sql, DIRECTORY))).toBe(0);
    }
    expect(await writes.database.rows('SELECT kind FROM changes')).toEqual([{ kind: 'created' }]);
  });
});

test('a transaction kept past its end does nothing', async () => {
  let kept: Transaction | undefined;
  await writes.stores[0].write(DIRECTORY, async (transaction) => {
    kept = transaction;
  });
  await expect(kept?.record('User', 'x')).rejects.toThrow('after its end');
  await expect(kept?.members('x', undefined, 1)).rejects.toThrow('after its end');
  await expect(kept?.commit(set(user('late').change))).rejects.toThrow('after its end');
  expect(await writes.database.rows('SELECT 1 FROM resources')).toEqual([]);
});

test('a set of very many memberships is on its way in pieces, and others have their turn', async () => {
  const tour = group('Tour');
  const users = Array.from({ length: 6_000 }, (_, index) => user(`u${index}`));
  for (let from = 0; from < users.length; from += 1_000) await writes.put(...users.slice(from, from + 1_000));
  await writes.put(tour);
  const changes = Array.from({ length: 6 }, (_, index) =>
    edited(tour.record, { added: users.slice(index * 1_000, (index + 1) * 1_000).map(({ id }) => id) }),
  );
  const { traffic } = writes;
  const before = traffic[0].trips;
  await commit(...changes);
  // Each thousand is waited for, and the rows of history go together.
  expect(traffic[0].trips - before).toBe(6 + 1 + 1);
  expect(await writes.record(tour)).toMatchObject({ version: 2, memberCount: 6_000 });
  expect(await writes.database.rows("SELECT 1 FROM changes WHERE kind = 'members'")).toHaveLength(6);
});

/** Ways to the database and back, BEGIN (with the first) and COMMIT (the last) among them. */
describe('how often a request goes to the database', () => {
  const actor: Actor = {
    directory: { ...TOLERANT_DIRECTORY, id: DIRECTORY },
    by: { kind: 'credential', id: 'c1', name: 'Okta production' },
    requestId: 'r1',
  };
  const draft = (attributes: Record<string, JsonValue>) => ({ attributes, cleared: [] });
  const refused = { kind: 'create', type: USER, draft: draft({ userName: 'a' }), view: {} } as const;
  let perform: Perform;
  const [tour, a, b] = [group('Tour'), user('a'), user('b')];
  beforeEach(async () => {
    perform = createPerform({ store: writes.stores[0], clock: () => new Date(), newId });
    await writes.put(tour, a, b);
    await commit(edited(tour.record, { added: [b.id] }));
    // The first failure in a while looks after those that there are.
    await perform(actor, refused);
  });
  const patch = (...operations: readonly Record<string, JsonValue>[]) =>
    readPatch(
      USER,
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [...operations] },
      TOLERANT,
    );
  const members = (...operations: readonly Record<string, JsonValue>[]) =>
    readPatch(
      GROUP,
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [...operations] },
      TOLERANT,
    );

  const table: readonly [string, number, () => Promise<Outcome>][] = [
    [
      'a create: by name and externalId, the commit, COMMIT',
      3,
      () =>
        perform(actor, {
          ...{ kind: 'create', type: USER, view: {} },
          draft: draft({ userName: 'new', externalId: 'x', ...emails('x@x.com') }),
        }),
    ],
    ['a create of whom there is: by name, the failure, COMMIT', 3, () => perform(actor, refused)],
    [
      'a PATCH: the record, the commit and what is shown, COMMIT',
      3,
      () =>
        perform(actor, {
          ...{ kind: 'patch', type: USER, id: a.id, view: {} },
          operations: patch({ op: 'replace', path: 'title', value: 'x' }),
        }),
    ],
    [
      'a member that is added: the group, the member, the commit, COMMIT',
      4,
      () =>
        perform(actor, {
          ...{ kind: 'patch', type: GROUP, id: tour.id },
          operations: members({ op: 'add', path: 'members', value: [{ value: a.id }] }),
        }),
    ],
    [
      'a DELETE: the record, its groups, the commit, its keys, COMMIT',
      5,
      () => perform(actor, { kind: 'remove', type: USER, id: b.id }),
    ],
  ];

  test.each([
    ['a create: by name, by externalId, the record with its history, its failure', 0, 4],
    ['a PATCH: the record, the record with its history, its failure, its groups', 2, 4],
  ])('%s are all that is asked', async (_, which, statements) => {
    writes.traffic[0].statements.length = 0;
    await table[which]?.[2]();
    expect(writes.traffic[0].statements).toHaveLength(statements);
  });

  test.each(table)('%s', async (_, trips, operation) => {
    const before = writes.traffic[0].trips;
    await operation();
    // An answer that is quick ends a trip which a slow one would have shared.
    expect(writes.traffic[0].trips - before).toBeLessThanOrEqual(trips);
  });
});
