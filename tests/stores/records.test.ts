import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Failure, StoredRecord } from '../../src/directory/index.ts';
import { GROUP, parseFilter, resolveFilter, USER } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import {
  AT,
  CONTEXT,
  DIRECTORY,
  edited,
  group,
  LATER,
  OTHER,
  of,
  put,
  set,
  updated,
  user,
} from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  const find = async (directory: string, text: string): Promise<string[]> => {
    const filter = resolveFilter(parseFilter(text, { unquotedValues: false }), USER, { unquotedValues: false });
    const { records } = await temporary.store
      .reader(directory)
      .page(of(USER, { filter }), { startIndex: 1, count: 10 }, CONTEXT);
    return records.map(({ id }) => id);
  };

  describe('a record', () => {
    test('is given back as it was stored, by its id, and only under its type and in its directory', async () => {
      const one = user('Bjensen', { title: 'ＴＯＵＲ 😀 \u2028 "x"' });
      await put(temporary.store, DIRECTORY, one);
      expect(await temporary.store.reader(DIRECTORY).record('User', one.id)).toMatchObject(one.record);
      expect(await temporary.store.reader(DIRECTORY).record('Group', one.id)).toBeUndefined();
      expect(await temporary.store.reader(OTHER).record('User', one.id)).toBeUndefined();
      expect(await find(OTHER, `id eq "${one.id}"`)).toEqual([]);
      expect(await find(DIRECTORY, `id eq "${one.id}"`)).toEqual([one.id]);
    });

    test('is found by the folded userName and the exact externalId, old ones no more after an update', async () => {
      const { store } = temporary;
      const one = user('Straße', { externalId: 'X1', emails: [{ value: 'A@x.com' }, { value: 'a@X.com' }] });
      await put(store, DIRECTORY, one);
      expect(await find(DIRECTORY, 'userName eq "STRASSE"')).toEqual([one.id]);
      expect(await find(DIRECTORY, 'externalId eq "x1"')).toEqual([]);
      expect(await find(DIRECTORY, 'externalId eq "X1"')).toEqual([one.id]);
      expect(await find(DIRECTORY, 'emails.value eq "a@x.COM"')).toEqual([one.id]);
      const attributes = { userName: 'Other', externalId: 'X2', emails: [{ value: 'b@x.com' }], active: false };
      await store.write(DIRECTORY, (transaction) => transaction.commit(set(updated(USER, one.record, attributes))));
      expect(await store.reader(DIRECTORY).record('User', one.id)).toMatchObject({
        version: 2,
        created: AT,
        modified: LATER,
        active: false,
      });
      for (const old of ['userName eq "straße"', 'externalId eq "X1"', 'emails.value eq "a@x.com"']) {
        expect(await find(DIRECTORY, old)).toEqual([]);
      }
      for (const is of ['userName eq "OTHER"', 'externalId eq "X2"', 'emails.value eq "B@x.com"', 'active eq false']) {
        expect(await find(DIRECTORY, is)).toEqual([one.id]);
      }
    });

    test('that is removed leaves no key behind', async () => {
      const { store } = temporary;
      const one = user('a', { externalId: 'X1', emails: [{ value: 'a@x.com' }] });
      await put(store, DIRECTORY, one);
      await store.write(DIRECTORY, (transaction) =>
        transaction.commit(set({ kind: 'removed', before: one.record, memberOf: [] })),
      );
      expect(await find(DIRECTORY, 'emails.value eq "a@x.com"')).toEqual([]);
      const again = user('A', { externalId: 'X1', emails: [{ value: 'A@x.com' }] });
      await put(store, DIRECTORY, again);
      expect(await find(DIRECTORY, 'emails.value eq "a@x.com"')).toEqual([again.id]);
    });

    test('that is gone cannot be updated or removed: the set is refused whole', async () => {
      const { store } = temporary;
      const [gone, other] = [user('a'), user('b')];
      for (const change of [
        updated(USER, gone.record, { title: 'x' }),
        { kind: 'removed' as const, before: gone.record, memberOf: [] },
      ]) {
        const failed = store.write(DIRECTORY, (transaction) => transaction.commit(set(other.change, change)));
        await expect(failed).rejects.toThrow('no record');
        expect(await store.reader(DIRECTORY).record('User', other.id)).toBeUndefined();
      }
    });
  });

  test('history tells each change: who, what, before, after, and what followed from what', async () => {
    const { store } = temporary;
    const [tour, a] = [group('Tour'), user('a', { title: 'x' })];
    await put(store, DIRECTORY, tour, a);
    await put(store, OTHER, user('a'));
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit(set(edited(tour.record, { added: [a.id] }), updated(USER, a.record, { title: 'y' }))),
    );
    const current = (await store.reader(DIRECTORY).record('Group', tour.id)) as StoredRecord;
    const before = (await store.reader(DIRECTORY).record('User', a.id)) as StoredRecord;
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit(
        set({ kind: 'removed', before, memberOf: [tour.id] }, { ...edited(current, { removed: [a.id] }), cause: 0 }),
      ),
    );
    const common = { at: LATER, by: { kind: 'credential', id: 'c1', name: 'Okta production' }, requestId: 'r1' };
    const none = { cause: undefined, before: undefined, after: undefined };
    expect(await store.changesAfter(DIRECTORY, 0, 10)).toEqual([
      { ...common, ...none, seq: 1, set: 1, kind: 'created', type: 'Group', subject: tour.id, after: tour.record.text },
      { ...common, ...none, seq: 2, set: 1, kind: 'created', type: 'User', subject: a.id, after: a.record.text },
      { ...common, ...none, seq: 3, set: 3, kind: 'members', type: 'Group', subject: tour.id, after: `["${a.id}"]` },
      {
        ...common,
        ...none,
        seq: 4,
        set: 3,
        kind: 'updated',
        type: 'User',
        subject: a.id,
        before: '{"title":"x"}',
        after: '{"title":"y"}',
      },
      {
        ...common,
        ...none,
        seq: 5,
        set: 5,
        kind: 'removed',
        type: 'User',
        subject: a.id,
        before: `{"resource":${before.text},"memberOf":["${tour.id}"],"version":${before.version},"created":"${before.created}"}`,
      },
      {
        ...common,
        ...none,
        seq: 6,
        set: 5,
        cause: 5,
        kind: 'members',
        type: 'Group',
        subject: tour.id,
        before: `["${a.id}"]`,
      },
    ]);
    expect((await store.changesAfter(DIRECTORY, 4, 1)).map(({ seq }) => seq)).toEqual([5]);
    expect((await store.changesAfter(OTHER, 0, 10)).map(({ seq }) => seq)).toEqual([1]);
  });

  test('a subject has one failure, with its latest words, until it is cleared', async () => {
    const { store } = temporary;
    const failure: Failure = {
      type: 'User',
      subject: 'bjensen',
      label: 'BJensen',
      operation: 'create',
      reason: 'name-taken',
      detail: 'The userName is taken.',
      requestId: 'r1',
      at: AT,
    };
    const again: Failure = { ...failure, reason: 'seats', detail: 'No seat is free.', requestId: 'r2', at: LATER };
    await store.write(DIRECTORY, (transaction) => transaction.recordFailure(failure));
    await store.write(DIRECTORY, (transaction) => transaction.recordFailure(again));
    await store.write(OTHER, (transaction) => transaction.recordFailure(failure));
    const { at: _, ...words } = again;
    expect(await store.failures(DIRECTORY)).toEqual([{ ...words, first: AT, last: LATER, times: 2 }]);
    await store.write(DIRECTORY, (transaction) => transaction.clearFailures('Group', () => ['bjensen']));
    expect(await store.failures(DIRECTORY)).toHaveLength(1);
    await store.write(DIRECTORY, (transaction) => transaction.clearFailures('User', () => ['someone', 'bjensen']));
    expect(await store.failures(DIRECTORY)).toEqual([]);
    expect(await store.failures(OTHER)).toHaveLength(1);
  });

  test('groups are read by their displayName inside a transaction', async () => {
    const { store } = temporary;
    const tour = group('Tour Guides');
    await put(store, DIRECTORY, tour);
    const found = await store.write(DIRECTORY, async (transaction) => [
      await transaction.byName(GROUP.name, 'tour guides'),
      await transaction.byName(USER.name, 'tour guides'),
      await transaction.byExternalId(GROUP.name, 'x'),
    ]);
    expect(found).toMatchObject([tour.record, undefined, undefined]);
  });
});
