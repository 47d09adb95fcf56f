import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attribute, Position, Query, ResourceType, Selection } from '../../../src/scim/index.ts';
import { parseFilter, readSortBy, resolveFilter, USER } from '../../../src/scim/index.ts';
import { page } from '../../../src/store/postgres/page.ts';
import type { Session } from '../../../src/store/postgres/pool.ts';
import { DEVICE } from '../store/device.ts';
import { CONTEXT, make, newId, user } from '../store/fixture.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.end());

interface Asked {
  readonly directory: string;
  readonly types?: readonly ResourceType[];
  readonly filter?: string;
  readonly sortBy?: string;
  readonly query?: Partial<Query>;
}

/** As in a transaction, where everything is read on its client; with the statements that were sent. */
async function asked({ directory, types = [USER], filter, sortBy, query = {} }: Asked) {
  const options = { unquotedValues: false };
  const selections = types.map((type): Selection => {
    const sort = sortBy === undefined ? undefined : readSortBy(type, sortBy);
    const parsed = filter === undefined ? undefined : parseFilter(filter, options);
    return {
      ...{ type, view: {} },
      ...(parsed === undefined ? {} : { filter: resolveFilter(parsed, type, { ...options, among: types }) }),
      ...(sort === undefined ? {} : { sortBy: sort }),
    };
  });
  const sent: string[] = [];
  const watched = (session: Session): Session => ({
    ...session,
    rows: (sql, ...values) => session.rows(sql, ...values).finally(() => sent.push(sql)),
    once: (sql, values) => session.once(sql, values).finally(() => sent.push(sql)),
  });
  const found = await page(
    {
      ready: () => true,
      read: (work) => tables.read(directory, ({ session }) => work({ session: watched(session), directory })),
    },
    {
      directory,
      selections,
      query: { startIndex: 1, count: 2, ...(sortBy === undefined ? {} : { sorted: 'ascending' }), ...query },
      context: CONTEXT,
    },
  );
  return { ...found, ids: found.records.map(({ id }) => id), sent };
}

test('what matches, how much it is and the records of a page are one statement, which sees one moment', async () => {
  const directory = newId();
  const users = ['a', 'b', 'c', 'd'].map((name) =>
    user(name, { title: `t${name}`, emails: [{ value: 'x@example.com' }] }),
  );
  await tables.create(directory, ...users);
  for (const given of [
    { filter: 'title co "t"' },
    { filter: 'title co "t"', sortBy: 'title' },
    { filter: 'id pr and externalId eq null', query: { startIndex: 3 } },
    { filter: 'userName pr', types: [USER, DEVICE] },
    { sortBy: 'title', types: [USER, DEVICE] },
    { sortBy: 'userName' },
    { sortBy: 'title', query: { after: [] as Position } },
  ]) {
    const { sent, total, records } = await asked({ directory, ...given });
    expect({ given, total, records: records.length, sent: sent.length }).toEqual({
      given,
      total: 4,
      records: 2,
      sent: 1,
    });
    expect(sent[0]).toMatch(/\.directory = \$1/);
  }
});

test('a total in an order counts what the sequencer has not come to yet', async () => {
  const directory = newId();
  await tables.create(directory, user('a'), user('b'));
  await tables.number(directory);
  const late = user('c');
  await tables.create(directory, late);
  expect(await asked({ directory, sortBy: 'userName' })).toMatchObject({ total: 3 });
  await tables.remove(directory, late);
  expect(await asked({ directory, sortBy: 'userName', query: { after: [] } })).toMatchObject({ total: 2 });
});

test('a page beyond the end, and one of nothing, still count', async () => {
  const directory = newId();
  await tables.create(directory, user('a', { title: 'x' }), user('b', { title: 'x' }));
  expect(await asked({ directory, filter: 'title pr', query: { startIndex: 9 } })).toMatchObject({ total: 2, ids: [] });
  expect(await asked({ directory, filter: 'title pr', query: { count: 0 } })).toMatchObject({ total: 2, ids: [] });
  expect(await asked({ directory, sortBy: 'userName', query: { startIndex: 9 } })).toMatchObject({ total: 2, ids: [] });
  expect(await asked({ directory, filter: 'nickName pr' })).toMatchObject({ total: 0, ids: [] });
});

test('another directory has no part in it, though the ids are the same', async () => {
  const [one, other] = [newId(), newId()];
  const shared = user('a', { title: 'x' });
  await tables.create(one, shared);
  await tables.create(other, shared, user('b', { title: 'x' }));
  expect(await asked({ directory: one, filter: 'title pr' })).toMatchObject({ total: 1, ids: [shared.id] });
});

/** The same name in both, and another type of value. */
const TOOL: ResourceType = {
  ...DEVICE,
  id: 'Tool',
  name: 'Tool',
  endpoint: '/Tools',
  schema: {
    ...DEVICE.schema,
    attributes: DEVICE.schema.attributes.map(
      (attribute): Attribute => (attribute.name === 'integerOne' ? { ...attribute, type: 'string' } : attribute),
    ),
  },
};

test('types whose attribute is a number in one and a text in the other are one list, each in its own order', async () => {
  const directory = newId();
  const devices = [10, 9, undefined].map((integerOne, index) =>
    make(DEVICE, { displayName: `d${index}`, ...(integerOne === undefined ? {} : { integerOne }) }),
  );
  const tools = ['b', 'a'].map((integerOne, index) => make(TOOL, { displayName: `t${index}`, integerOne }));
  await tables.create(directory, ...devices, ...tools);
  const found = await asked({ directory, types: [DEVICE, TOOL], sortBy: 'integerOne', query: { count: 9 } });
  expect(found.total).toBe(5);
  expect(found.ids.at(-1)).toBe(devices[2]?.id);
  expect(new Set(found.ids)).toEqual(new Set([...devices, ...tools].map(({ id }) => id)));
});

test.each([
  ['integerOne', [3, 20, 100, undefined]],
  ['decimalOne', [1e-7, 0.1, 2.5, 123456.789]],
  ['booleanOne', [false, true, undefined]],
  ['stringOne', ['B', 'a', '😀', undefined]],
])('a walk by %s goes on after its last value, as numbers and as text', async (name, values) => {
  const directory = newId();
  const all = values.map((value, index) =>
    make(DEVICE, { displayName: `d${index}`, ...(value === undefined ? {} : { [name]: value }) }),
  );
  await tables.create(directory, ...all);
  const seen: string[] = [];
  for (let after: Position | undefined = []; after !== undefined; ) {
    const { ids, next }: { ids: string[]; next?: Position } = await asked({
      directory,
      types: [DEVICE],
      sortBy: name,
      query: { count: 1, after },
    });
    seen.push(...ids);
    after = next === undefined ? undefined : JSON.parse(JSON.stringify(next));
  }
  const expected = name === 'stringOne' ? [1, 0, 2, 3] : values.map((_, index) => index);
  expect(seen).toEqual(expected.map((index) => all[index]?.id));
  // What a key of this attribute cannot be is no position of ours.
  const wrong = name === 'stringOne' ? [0, 1, 5] : [0, 1, 'x'];
  await expect(asked({ directory, types: [DEVICE], sortBy: name, query: { after: wrong } })).rejects.toMatchObject({
    scimType: 'invalidCursor',
  });
});
