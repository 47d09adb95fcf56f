import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import type { RecordKey } from '../../../src/store/postgres/lookup.ts';
import type { Pool, Session } from '../../../src/store/postgres/pool.ts';
import { createSharedLookups, type LookUp } from '../../../src/store/postgres/shared-lookups.ts';
import { group, type Made, newId, user } from '../store/fixture.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
let lookUp: LookUp;
/** What was sent: the directory, and how many keys the statement had. */
let sent: { readonly directory: string | undefined; readonly keys: number }[];
/** How many wait for a client. */
let waiting: number;
beforeAll(async () => {
  tables = await openTables();
});
beforeEach(() => {
  sent = [];
  waiting = 0;
  lookUp = createSharedLookups({
    waiting: () => waiting,
    use: (directory, work) => tables.pool.use(directory, (session) => work(counted(directory, session))),
  });
});
afterAll(() => tables.end());

function counted(directory: string | undefined, session: Session): Session {
  return {
    ...session,
    rows(sql, ...values) {
      const last = values.at(-1);
      sent.push({ directory, keys: Array.isArray(last) ? last.length : 1 });
      return session.rows(sql, ...values);
    },
  };
}

const by = (key: RecordKey['by'], value: string, type = 'User'): RecordKey => ({ by: key, type, value });

async function fourIn(directory: string): Promise<{ users: Made[]; tour: Made }> {
  const users = ['a', 'b', 'c'].map((name) => user(name, { externalId: `X${name}` }));
  const tour = group('Tour');
  await tables.create(directory, ...users, tour);
  await tables.join(directory, tour, users.slice(0, 1));
  return { users, tour };
}

test('what is asked in one turn, of one directory and by the same, is one statement; each has its own answer', async () => {
  const directory = newId();
  const { users, tour } = await fourIn(directory);
  const [a, b] = users as [Made, Made];
  const asked = [a.id, b.id, 'nobody', tour.id, a.id].map((id) => lookUp(directory, by('id', id)));
  const groups = [{ value: tour.id, display: 'Tour' }];
  expect(await Promise.all(asked)).toEqual([
    { ...a.record, groups },
    { ...b.record, groups: [] },
    undefined,
    // A group is no user.
    undefined,
    { ...a.record, groups },
  ]);
  expect(sent).toEqual([{ directory, keys: 5 }]);
  expect((await lookUp(directory, by('id', tour.id, 'Group')))?.id).toBe(tour.id);
  expect(sent.slice(1)).toEqual([{ directory, keys: 1 }]);
});

test('by folded names, and by exact external ids', async () => {
  const directory = newId();
  const { users } = await fourIn(directory);
  const keys = [by('name', 'a'), by('name', 'b'), by('name', 'tour', 'Group'), by('name', 'tour'), by('name', 'A')];
  const found = await Promise.all(keys.map((key) => lookUp(directory, key)));
  expect(found.map((one) => one && JSON.parse(one.text).userName)).toEqual(['a', 'b', undefined, undefined, undefined]);
  expect(found[2]?.type).toBe('Group');
  const linked = ['Xc', 'xc', 'Xa'].map((value) => lookUp(directory, by('externalId', value)));
  expect((await Promise.all(linked)).map((one) => one?.id)).toEqual([users[2]?.id, undefined, users[0]?.id]);
  expect(sent.map(({ keys: many }) => many)).toEqual([5, 3]);
});

test('names that begin alike, and are longer than what an index holds, are told apart', async () => {
  const directory = newId();
  const names = ['語'.repeat(65_536), `${'a'.repeat(600)}x`, `${'a'.repeat(600)}y`];
  const users = names.map((name) => user(name));
  await tables.create(directory, ...users);
  const found = await Promise.all([...names, 'a'.repeat(600)].map((name) => lookUp(directory, by('name', name))));
  expect(found.map((one) => one?.id)).toEqual([...users.map(({ id }) => id), undefined]);
});

test('each is found by what it was asked for by, whatever else is asked in that turn', async () => {
  const directory = newId();
  const [one, other] = [user('Xother', { externalId: 'name of one' }), user('name of one', { externalId: 'Xother' })];
  await tables.create(directory, one, other);
  const keys = [
    by('name', 'xother'),
    by('externalId', 'Xother'),
    by('id', one.id),
    by('name', one.id),
    by('externalId', 'name of one'),
    by('name', 'name of one'),
    by('id', 'Xother'),
  ];
  const found = await Promise.all(keys.map((key) => lookUp(directory, key)));
  expect(found.map((record) => record?.id)).toEqual([one.id, other.id, one.id, undefined, one.id, other.id, undefined]);
  expect(sent.map(({ keys: many }) => many).sort()).toEqual([2, 2, 3]);
});

test('T-TEN-01 directories share no statement, and see nothing of each other', async () => {
  const [one, other] = [newId(), newId()];
  const own = await fourIn(one);
  const others = await fourIn(other);
  const ids = [...own.users, ...others.users].map(({ id }) => id);
  const found = await Promise.all(
    [one, other].flatMap((directory) => ids.map((id) => lookUp(directory, by('id', id)))),
  );
  const none = [undefined, undefined, undefined];
  expect(found.map((record) => record?.id)).toEqual([...ids.slice(0, 3), ...none, ...none, ...ids.slice(3)]);
  expect(sent).toEqual([one, one, other, other].map((directory, nth) => ({ directory, keys: nth % 2 === 0 ? 4 : 2 })));
});

test('T-DOS-05 beside others, and while others wait, nobody has more than a few in a statement', async () => {
  const directory = newId();
  const nobody = Array.from({ length: 10 }, (_, index) => by('id', `nobody-${index}`));
  await Promise.all([...nobody.map((key) => lookUp(directory, key)), lookUp(newId(), by('id', 'nobody'))]);
  expect(sent.map(({ keys }) => keys)).toEqual([4, 4, 2, 1]);
  sent = [];
  waiting = 1;
  await Promise.all(nobody.map((key) => lookUp(directory, key)));
  expect(sent.map(({ keys }) => keys)).toEqual([4, 4, 2]);
});

test('a statement has an end, and what is long comes alone, as it is', async () => {
  const directory = newId();
  const { users } = await fourIn(directory);
  const long = user('long', { title: 'x'.repeat(20_000) });
  await tables.create(directory, long);
  const ids = Array.from({ length: 70 }, (_, index) => (index === 40 ? long.id : (users[index % 3]?.id ?? '')));
  const found = await Promise.all(ids.map((id) => lookUp(directory, by('id', id))));
  expect(found.map((one) => one?.id)).toEqual(ids);
  expect(found[40]).toEqual({ ...long.record, groups: [] });
  expect(sent.map(({ keys }) => keys).sort((x, y) => x - y)).toEqual([1, 6, 32, 32]);
});

test('what PostgreSQL does not take as text spoils it for nobody', async () => {
  const directory = newId();
  const { users } = await fourIn(directory);
  const id = users[0]?.id ?? '';
  const found = await Promise.all(
    [id, 'a\0b', `{"\\,NULL}`, 'NULL', ''].map((one) => lookUp(directory, by('id', one))),
  );
  expect(found.map((one) => one?.id)).toEqual([id, undefined, undefined, undefined, undefined]);
});

test('what fails is told to all who had asked; what is asked in the next turn is another statement', async () => {
  const directory = newId();
  const { users } = await fourIn(directory);
  let down = true;
  const use: Pool['use'] = (asked, work) =>
    down ? Promise.reject(new StoreUnavailable('down')) : tables.pool.use(asked, work);
  const failing = createSharedLookups({ use, waiting: () => 0 });
  const all = users.map(({ id }) => failing(directory, by('id', id)));
  for (const { status } of await Promise.allSettled(all)) expect(status).toBe('rejected');
  down = false;
  expect((await Promise.all(users.map(({ id }) => failing(directory, by('id', id))))).map((one) => one?.id)).toEqual(
    users.map(({ id }) => id),
  );
});
