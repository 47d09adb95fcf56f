import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GROUP_SHARING_NAMES } from '../../../src/scim/index.ts';
import { fewGroupsOf } from '../../../src/store/postgres/groups.ts';
import { recordBy, recordExists } from '../../../src/store/postgres/lookup.ts';
import { groupsAfter, membersAfter } from '../../../src/store/postgres/pieces.ts';
import { group, type Made, make, newId, user } from '../store/fixture.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.end());

const byId = (directory: string, id: string, type = 'User') =>
  tables.read(directory, (reading) => recordBy(reading, { by: 'id', type, value: id }));
const byName = (directory: string, key: string, type = 'User') =>
  tables.read(directory, (reading) => recordBy(reading, { by: 'name', type, value: key }));
const byExternalId = (directory: string, externalId: string, type = 'User') =>
  tables.read(directory, (reading) => recordBy(reading, { by: 'externalId', type, value: externalId }));

describe('a record', () => {
  test('is given back as it was stored, by its id, and only under its type and in its directory', async () => {
    const [directory, other] = [newId(), newId()];
    const one = user('Bjensen', { title: 'ＴＯＵＲ 😀 \u2028 "x"' });
    await tables.create(directory, one);
    expect(await byId(directory, one.id)).toEqual({ ...one.record, groups: [] });
    expect(await byId(directory, one.id, 'Group')).toBeUndefined();
    expect(await byId(other, one.id)).toBeUndefined();
    expect(await byId(directory, 'no id')).toBeUndefined();
    const exists = (type: string, id: string) =>
      tables.read(directory, (reading) => recordExists(reading, { type, id }));
    expect([await exists('User', one.id), await exists('Group', one.id), await exists('User', 'x')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('is not found by what PostgreSQL does not take as text', async () => {
    expect(await byId(newId(), 'a\0b')).toBeUndefined();
  });

  test('is found by its folded name and its exact externalId', async () => {
    const [directory, other] = [newId(), newId()];
    const one = user('Straße', { externalId: 'X1', active: false });
    await tables.create(directory, one);
    expect(await byName(directory, 'strasse')).toMatchObject(one.record);
    expect(await byName(directory, 'straße')).toBeUndefined();
    expect(await byName(directory, 'strasse', 'Group')).toBeUndefined();
    expect(await byName(other, 'strasse')).toBeUndefined();
    expect(await byExternalId(directory, 'X1')).toMatchObject({ id: one.id, active: false });
    expect(await byExternalId(directory, 'x1')).toBeUndefined();
    expect(await byExternalId(directory, 'X1', 'Group')).toBeUndefined();
    expect(await byExternalId(other, 'X1')).toBeUndefined();
  });

  // 512 bytes and fewer are in the index as they are; of what is longer the beginning and a digest.
  test.each([
    ['511 bytes', 'a'.repeat(511)],
    ['512 bytes', 'a'.repeat(512)],
    ['513 bytes', 'a'.repeat(513)],
    ['512 bytes in fewer characters', '😀'.repeat(128)],
    ['65,536 characters', '語'.repeat(65_536)],
  ])('is found by a long name, and not by one that begins alike: %s', async (_, name) => {
    const directory = newId();
    const one = user(name, { externalId: name });
    await tables.create(directory, one, user(`${name}x`, { externalId: `${name}x` }));
    expect((await byName(directory, name))?.id).toBe(one.id);
    expect((await byExternalId(directory, name))?.id).toBe(one.id);
    expect(await byName(directory, `${name}y`)).toBeUndefined();
    expect(await byExternalId(directory, `${name}y`)).toBeUndefined();
  });

  test('that shares its name comes after who has had it longer', async () => {
    const directory = newId();
    const twins = ['x', 'y'].map((title) => make(GROUP_SHARING_NAMES, { displayName: 'Tour', title }));
    await tables.create(directory, ...twins.toReversed());
    expect((await byName(directory, 'tour', 'Group'))?.id).toBe(twins[0]?.id);
  });
});

async function inGroups(directory: string, names: readonly string[]): Promise<{ one: Made; groups: Made[] }> {
  const one = user('a');
  const groups = names.map((name) => group(name));
  await tables.create(directory, one, ...groups);
  for (const each of groups.toReversed()) await tables.join(directory, each, [one]);
  return { one, groups };
}

const referencesTo = (groups: readonly Made[]) =>
  groups.map(({ id, record }) => ({ value: id, display: JSON.parse(record.text).displayName }));

describe('the groups of a user', () => {
  test('come with the row in order of id, of one directory', async () => {
    const directory = newId();
    const { one, groups } = await inGroups(directory, ['z', 'a', '"x"\u2028😀']);
    expect((await byId(directory, one.id))?.groups).toEqual(referencesTo(groups));
    expect((await byName(directory, 'a'))?.groups).toEqual(referencesTo(groups));
    expect(await tables.read(directory, (reading) => fewGroupsOf(reading, [one.id, newId()]))).toEqual(
      new Map([[one.id, referencesTo(groups)]]),
    );
    expect(await tables.read(newId(), (reading) => fewGroupsOf(reading, [one.id]))).toEqual(new Map());
  });

  test.each([
    [200, true],
    [201, false],
  ])('%s come with the row: %s; all of them in pieces', async (many, few) => {
    const directory = newId();
    const { one, groups } = await inGroups(
      directory,
      Array.from({ length: many }, (_, index) => `g${index}`),
    );
    expect((await byId(directory, one.id))?.groups).toEqual(few ? referencesTo(groups) : undefined);
    expect((await tables.read(directory, (reading) => fewGroupsOf(reading, [one.id])))?.get(one.id)).toEqual(
      referencesTo(groups),
    );
    const first = await tables.read(directory, (reading) =>
      groupsAfter(reading, { member: one.id, after: undefined, limit: 150 }),
    );
    const rest = await tables.read(directory, (reading) =>
      groupsAfter(reading, { member: one.id, after: first.at(-1)?.value, limit: 150 }),
    );
    expect([...first, ...rest]).toEqual(referencesTo(groups));
    expect(first).toHaveLength(150);
  });

  test('do not come with the row when a name is long, nor many at once', async () => {
    const directory = newId();
    const { one } = await inGroups(directory, ['short', 'é'.repeat(513)]);
    expect((await byId(directory, one.id))?.groups).toBeUndefined();
    expect(await tables.read(directory, (reading) => fewGroupsOf(reading, [one.id]))).toBeUndefined();
  });

  test('are not held at once when people have more than 6,000 memberships', async () => {
    const directory = newId();
    const groups = Array.from({ length: 60 }, (_, index) => group(`g${index}`));
    const users = Array.from({ length: 101 }, (_, index) => user(`u${index}`));
    await tables.create(directory, ...groups, ...users);
    for (const one of groups) await tables.join(directory, one, users);
    const all = users.map(({ id }) => id);
    expect(await tables.read(directory, (reading) => fewGroupsOf(reading, all))).toBeUndefined();
    const few = await tables.read(directory, (reading) => fewGroupsOf(reading, all.slice(1)));
    expect(few?.size).toBe(100);
    expect(few?.get(all[1] as string)).toEqual(referencesTo(groups));
  });
});

describe('members', () => {
  test('come in order of id, people and groups, after a place', async () => {
    const directory = newId();
    const [tour, inner] = [group('Tour'), group('Inner')];
    const users = [user('b'), user('a', { displayName: 'Anna' })];
    await tables.create(directory, tour, inner, ...users);
    await tables.join(directory, tour, [...users.toReversed(), inner]);
    const members = (after: string | undefined, limit: number) =>
      tables.read(directory, (reading) => membersAfter(reading, { group: tour.id, after, limit }));
    const all = [
      { value: inner.id, type: 'Group', display: 'Inner' },
      { value: users[0]?.id, type: 'User', display: 'b' },
      { value: users[1]?.id, type: 'User', display: 'Anna' },
    ];
    expect(await members(undefined, 10)).toEqual(all);
    expect(await members(undefined, 2)).toEqual(all.slice(0, 2));
    expect(await members(inner.id, 10)).toEqual(all.slice(1));
    expect(await members(users[1]?.id, 10)).toEqual([]);
    expect(
      await tables.read(newId(), (reading) => membersAfter(reading, { group: tour.id, after: undefined, limit: 9 })),
    ).toEqual([]);
  });

  test('with long names come fewer at a time, one at least, and all of them in the end', async () => {
    const directory = newId();
    const tour = group('Tour');
    // A piece is 262,144 bytes: the first name is three quarters of it, the last one more, each of the others a quarter.
    const quarters = Array.from({ length: 7 }, (_, index) => `${index}`.repeat(65_536));
    const names = ['語'.repeat(65_536), ...quarters, '😀'.repeat(65_537)];
    const users = names.map((displayName, index) => user(`u${index}`, { displayName }));
    await tables.create(directory, tour, ...users);
    await tables.join(directory, tour, users);
    const pieces: number[] = [];
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const piece = await tables.read(directory, (reading) =>
        membersAfter(reading, { group: tour.id, after, limit: 500 }),
      );
      if (piece.length === 0) break;
      pieces.push(piece.length);
      seen.push(...piece.map(({ display }) => display));
      after = piece.at(-1)?.value;
    }
    expect(seen).toEqual(names);
    expect(pieces).toEqual([2, 4, 2, 1]);
  });
});
