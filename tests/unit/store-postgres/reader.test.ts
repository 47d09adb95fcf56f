import { afterAll, beforeAll, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import { GROUP, parseFilter, resolveFilter, USER } from '../../../src/scim/index.ts';
import { PostgresReader } from '../../../src/store/postgres/reader.ts';
import { createWalks } from '../../../src/store/walk.ts';
import { CONTEXT, group, newId, of, user } from '../store/fixture.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.end());

const readerOf = (directory: string): PostgresReader =>
  new PostgresReader({ walks: createWalks(() => 0), read: (work) => tables.read(directory, work) }, directory);

const find = async (directory: string, text: string): Promise<string[]> => {
  const filter = resolveFilter(parseFilter(text, { unquotedValues: false }), USER, { unquotedValues: false });
  const { records } = await readerOf(directory).page(of(USER, { filter }), { startIndex: 1, count: 10 }, CONTEXT);
  return records.map(({ id }) => id);
};

test('reads one directory, by each of its methods', async () => {
  const [directory, other] = [newId(), newId()];
  const [tour, one] = [group('Tour'), user('Straße', { externalId: 'X1' })];
  await tables.create(directory, tour, one);
  await tables.join(directory, tour, [one]);
  const [own, foreign] = [readerOf(directory), readerOf(other)];
  const groups = [{ value: tour.id, display: 'Tour' }];
  expect(await own.record('User', one.id)).toEqual({ ...one.record, groups });
  expect(await own.groups(one.id, undefined, 10)).toEqual(groups);
  expect(await own.fewGroupsOf([one.id])).toEqual(new Map([[one.id, groups]]));
  expect(await own.members(tour.id, undefined, 10)).toEqual([{ value: one.id, type: 'User', display: 'Straße' }]);
  expect(await own.page(of([USER, GROUP]), { startIndex: 2, count: 5 }, CONTEXT)).toEqual({
    total: 2,
    records: [tour.record],
  });
  for (const filter of [`id eq "${one.id}"`, 'userName eq "STRASSE"', 'externalId eq "X1"']) {
    expect(await find(directory, filter)).toEqual([one.id]);
    expect(await find(other, filter)).toEqual([]);
  }
  expect(await find(directory, 'externalId eq "x1"')).toEqual([]);
  expect(await foreign.record('User', one.id)).toBeUndefined();
  expect(await foreign.groups(one.id, undefined, 10)).toEqual([]);
  expect(await foreign.fewGroupsOf([one.id])).toEqual(new Map());
  expect(await foreign.members(tour.id, undefined, 10)).toEqual([]);
  expect(await foreign.page(of(USER), { startIndex: 1, count: 5 }, CONTEXT)).toEqual({ total: 0, records: [] });
});

test('remembers walks', async () => {
  const directory = newId();
  const users = ['a', 'b', 'c', 'd'].map((name) => user(name));
  await tables.create(directory, ...users);
  const reader = readerOf(directory);
  await reader.page(of(USER), { startIndex: 1, count: 2 }, CONTEXT);
  await tables.remove(directory, ...users.slice(0, 1));
  const { total, records } = await reader.page(of(USER), { startIndex: 3, count: 2 }, CONTEXT);
  expect([total, records.map(({ id }) => id)]).toEqual([4, users.slice(2).map(({ id }) => id)]);
});

test('says in the port’s words that the database is gone', async () => {
  const gone = await openTables();
  const reader = new PostgresReader({ read: (work) => gone.read('d1', work) }, 'd1');
  expect(await reader.record('User', 'x')).toBeUndefined();
  await gone.end();
  await expect(reader.record('User', 'x')).rejects.toBeInstanceOf(StoreUnavailable);
});
