import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Member, Shown, StoredRecord } from '../../../src/directory/index.ts';
import { show, showPage, showStreamed } from '../../../src/directory/show.ts';
import { GROUP, type Query, type ResourceType, readView, USER, type View } from '../../../src/scim/index.ts';
import {
  CONTEXT,
  DIRECTORY,
  edited,
  group,
  type Made,
  openTemporary,
  put,
  set,
  type Temporary,
  user,
} from '../store/fixture.ts';

const KIB = 1024;
const LONG = 60_000;

let temporary: Temporary;
const few = Array.from({ length: 5 }, (_, index) => user(`few${index}`));
const named = Array.from({ length: 40 }, (_, index) =>
  user(`long${index}`, { displayName: `${index}`.padEnd(LONG, 'é') }),
);
const many = Array.from({ length: 1_001 }, (_, index) => user(`many${index}`));
const heavy = Array.from({ length: 3 }, (_, index) =>
  user(`heavy${index}`, { photos: [{ value: `https://example.com/${'p'.repeat(LONG)}` }] }),
);
const small = group('Small');
const ofLongNames = group('Of long names');
const large = group('Large');
const teams = Array.from({ length: 201 }, (_, index) => group(`Team ${index}`));
const longTeams = Array.from({ length: 30 }, (_, index) => group(`${index}`.padEnd(LONG, 'g')));

/** In 5 groups with short names, in 201 of them, in 30 with long ones. */
const [inSome, inMany, inLong] = few as [Made, Made, Made, ...Made[]];

beforeAll(async () => {
  temporary = await openTemporary();
  const { store } = temporary;
  await put(store, DIRECTORY, ...few, ...named, ...many, ...heavy);
  await put(store, DIRECTORY, small, ofLongNames, large, ...teams, ...longTeams);
  const join = (of: Made, members: readonly Made[]) => edited(of.record, { added: members.map(({ id }) => id) });
  await store.write(DIRECTORY, (transaction) =>
    transaction.commit(
      set(
        join(small, [...few].reverse()),
        join(ofLongNames, named),
        join(large, many),
        ...teams.map((team, index) => join(team, index < 4 ? [inSome, inMany] : [inMany])),
        ...longTeams.map((team) => join(team, [inLong])),
      ),
    ),
  );
});
afterAll(() => temporary.end());

describe('what a record shows', () => {
  test.each([
    ['few members', GROUP, small, few],
    ['few groups', USER, inSome, [small, ...teams.slice(0, 4)]],
  ] as const)('is held at once: %s', async (_, type, made, elements) => {
    const shown = await show(reader(), await record(made), { type, view: {} });
    const list = (type === GROUP ? shown?.members : shown?.groups) as readonly Member[];
    expect(list.map(({ value }) => value)).toEqual(elements.map(({ id }) => id).sort());
  });

  test.each([
    ['more than a thousand members', GROUP, large, many],
    ['members with long names', GROUP, ofLongNames, named],
    ['groups with long names', USER, inLong, [small, ...longTeams]],
  ] as const)('comes in pieces of 256 KiB at most, whole and in order: %s', async (_, type, made, elements) => {
    const asked = { type, view: {} };
    expect(await show(reader(), await record(made), asked)).toBeUndefined();
    const shown = await streamed(made, asked);
    const pieces: (readonly { readonly value: string; readonly display: string }[])[] = [];
    for await (const piece of piecesOf(type === GROUP ? shown.members : shown.groups)) pieces.push(piece);
    shown.release?.();
    for (const piece of pieces) {
      const names = piece.reduce((sum, { display }) => sum + Buffer.byteLength(display), 0);
      expect(piece.length === 1 || names <= 256 * KIB).toBe(true);
    }
    expect(pieces.flat().map(({ value }) => value)).toEqual(elements.map(({ id }) => id).sort());
  });

  test('groups that are too many for the row are still held at once, or not, by a look of their own', async () => {
    const { groups } = (await show(reader(), await record(inMany), { type: USER, view: {} })) as Shown;
    expect(groups).toHaveLength(202);
  });

  test('is not read when the view leaves it out', async () => {
    const without = readView(GROUP, { excludedAttributes: 'members' });
    expect(await show(reader(), await record(large), { type: GROUP, view: without })).toEqual({
      record: await record(large),
    });
    expect(await show(reader(), await record(large), { type: GROUP })).toEqual({ record: await record(large) });
  });

  test('has gone meanwhile: undefined, and nothing is held', async () => {
    for (let time = 0; time < 100; time += 1) {
      const gone = { type: USER, view: {}, id: '019f0000-0000-7000-8000-ffffffffffff' };
      expect(await showStreamed(temporary.store, DIRECTORY, gone)).toBeUndefined();
    }
  });

  test('breaks off when the store ends the snapshot: it does not end as if it were whole', async () => {
    const ending = await openTemporary();
    const [members, team] = [many.slice(0, 1_001), group('Ending')];
    await put(ending.store, DIRECTORY, team, ...members);
    await ending.store.write(DIRECTORY, (transaction) =>
      transaction.commit(set(edited(team.record, { added: members.map(({ id }) => id) }))),
    );
    const shown = await showStreamed(ending.store, DIRECTORY, { type: GROUP, view: {}, id: team.id });
    const pieces = piecesOf(shown?.members)[Symbol.asyncIterator]();
    expect((await pieces.next()).value).toHaveLength(500);
    await ending.end();
    await expect(pieces.next()).rejects.toThrow();
  });
});

describe('a page', () => {
  test.each<[string, ResourceType, Partial<Query>]>([
    ['a few users', USER, { count: 2 }],
    ['a hundred users', USER, { startIndex: 60, count: 100 }],
    ['nobody', USER, { count: 0 }],
    ['a small group', GROUP, { count: 1 }],
  ])('of %s is held at once', async (_, type, query) => {
    const { shown, count, release } = await page(type, query);
    expect(shown).toHaveLength(count);
    expect(release).toBeUndefined();
  });

  test.each<[string, ResourceType, Partial<Query>]>([
    ['users in groups with long names', USER, { count: 5 }],
    ['users with much text', USER, { startIndex: 5 + 40 + 1_001, count: 10 }],
    ['users with long names', USER, { startIndex: 1, count: 46 }],
    ['a group whose members have long names', GROUP, { startIndex: 2, count: 1 }],
    ['groups with many members', GROUP, { count: 200 }],
  ])('of %s comes record by record, each as it is alone', async (_, type, query) => {
    const { shown, count, total, release } = await page(type, query);
    expect(Array.isArray(shown)).toBe(false);
    const found: Shown[] = [];
    for await (const one of shown) found.push(await whole(one));
    release?.();
    expect(found).toHaveLength(count);
    expect(total).toBe(type === USER ? 5 + 40 + 1_001 + 3 : 3 + 201 + 30);
    for (const { record, groups, members } of found) {
      const alone = await streamed({ id: record.id }, { type, view: {} });
      expect({ groups, members }).toEqual(await whole(alone).then(({ groups, members }) => ({ groups, members })));
      expect(record.text).toBe(alone.record.text);
      alone.release?.();
    }
  });

  test('stays on its moment while others write', async () => {
    const [heavyOne] = heavy as [Made];
    const { shown, release } = await page(USER, { startIndex: 5 + 40 + 1_001, count: 10 });
    const newcomer = user('newcomer');
    await put(temporary.store, DIRECTORY, newcomer);
    await temporary.store.write(DIRECTORY, (transaction) =>
      transaction.commit(set({ kind: 'removed', before: newcomer.record, memberOf: [] })),
    );
    const found: string[] = [];
    for await (const { record } of shown) found.push(record.id);
    release?.();
    expect(found).toEqual([many.at(-1)?.id, heavyOne.id, ...heavy.slice(1).map(({ id }) => id)]);
  });
});

function reader() {
  return temporary.store.reader(DIRECTORY);
}

async function record({ id, record }: Made): Promise<StoredRecord> {
  return (await reader().record(record.type, id)) as StoredRecord;
}

async function streamed({ id }: { id: string }, asked: { type: ResourceType; view: View }): Promise<Shown> {
  return (await showStreamed(temporary.store, DIRECTORY, { ...asked, id })) as Shown;
}

function page(type: ResourceType, query: Partial<Query>) {
  const asked = { selections: [{ type, view: {} }], query: { startIndex: 1, count: 100, ...query }, context: CONTEXT };
  return showPage(temporary.store, DIRECTORY, asked);
}

function piecesOf<T>(list: readonly T[] | AsyncIterable<readonly T[]> | undefined): AsyncIterable<readonly T[]> {
  expect(Array.isArray(list)).toBe(false);
  return list as AsyncIterable<readonly T[]>;
}

/** With its lists gathered. */
async function whole({ record, groups, members }: Shown): Promise<Shown> {
  return {
    record,
    ...(groups === undefined ? {} : { groups: await gathered(groups) }),
    ...(members === undefined ? {} : { members: await gathered(members) }),
  };
}

async function gathered<T>(list: readonly T[] | AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const piece of Array.isArray(list) ? [list] : (list as AsyncIterable<readonly T[]>)) all.push(...piece);
  return all;
}
