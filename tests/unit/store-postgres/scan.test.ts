import { afterAll, beforeAll, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import {
  type Filter,
  parseFilter,
  readSortBy,
  resolveFilter,
  ScimError,
  type Target,
  USER,
} from '../../../src/scim/index.ts';
import type { StoreEvent } from '../../../src/store/index.ts';
import { openPool, type Pool } from '../../../src/store/postgres/pool.ts';
import { REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { createScanner } from '../../../src/store/postgres/scan.ts';
import { openTemporary, type Temporary } from '../../stores/temporary.ts';
import { CONTEXT, newId, of, put, user } from '../store/fixture.ts';

let hurried: Temporary;
let patient: Temporary;
const directory = newId();
beforeAll(async () => {
  [hurried, patient] = await Promise.all([
    openTemporary('postgres', { scanMilliseconds: 100 }),
    openTemporary('postgres'),
  ]);
  const emails = Array.from({ length: 100 }, (_, index) => ({ value: `a%_${index}@example.com`, type: 'work' }));
  const many = Array.from({ length: 1000 }, (_, index) => user(`u${index}`, { emails }));
  await put(hurried.store, directory, ...many);
  const users = Array.from({ length: 1500 }, (_, index) => user(`u${index}`, { title: '%_x' }));
  await put(patient.store, directory, ...users);
});
afterAll(() => Promise.all([hurried.end(), patient.end()]));

/** No user fits, so that every term is asked of every address of every user. */
const HEAVY = Array.from(
  { length: 60 },
  (_, index) => `emails[type ne "${index}" and value co "%_${index}%" and display pr]`,
).join(' or ');

const filterOf = (text: string): Filter<Target> =>
  resolveFilter(parseFilter(text, { unquotedValues: false }), USER, { unquotedValues: false });
const find = ({ store }: Temporary, text: string, startIndex = 1) =>
  store.reader(directory).page(of(USER, { filter: filterOf(text) }), { startIndex, count: 2 }, CONTEXT);

test.each([
  ['no index serves', HEAVY],
  // 1,000 users share the address: few enough to begin with at once, and far too much to look at.
  ['an index serves', `emails.value eq "a%_1@example.com" and (${HEAVY})`],
])(
  'T-FIL-07 a filter that takes too long is refused at its deadline, in the same words each time: %s',
  async (_, text) => {
    for (const time of ['first', 'second', 'third']) {
      const refused = await find(hurried, text).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ScimError);
      expect({ time, refused }).toMatchObject({ refused: { status: 400, scimType: 'tooMany' } });
      expect((refused as ScimError).detail).toMatch(/no index.*userName/);
    }
    expect(hurried.events).toContainEqual({ kind: 'scan-stopped', milliseconds: expect.any(Number) });
    const one = 'emails.value eq "a%_1@example.com" and userName eq "u1"';
    expect(await find(hurried, one)).toMatchObject({ total: 1 });
  },
);

test('T-FIL-07 megabytes of one user are not looked into again and again, though an index finds the user', async () => {
  const big = newId();
  const x509Certificates = Array.from({ length: 800 }, (_, index) => ({ value: `${index}${'Q'.repeat(5_000)}` }));
  await put(hurried.store, big, user('big', { x509Certificates }));
  const many = Array.from({ length: 120 }, (_, index) => `phoneNumbers.value eq "${index}"`).join(' or ');
  const asked = { filter: filterOf(`userName eq "big" and (${many})`) };
  const refused = hurried.store.reader(big).page(of(USER, asked), { startIndex: 1, count: 1 }, CONTEXT);
  await expect(refused).rejects.toMatchObject({ scimType: 'tooMany' });
});

test('% and _ are themselves', async () => {
  expect(await find(patient, 'title co "%"')).toMatchObject({ total: 1500, records: [{}, {}] });
  expect(await find(patient, 'title sw "_"')).toEqual({ total: 0, records: [] });
});

test('T-DOS-05 too many at once of one directory are told that there is no room, not that they are wrong', async () => {
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 240 }, () => find(patient, 'title eq "nobody"')),
    patient.store
      .reader(newId())
      .page(of(USER, { filter: filterOf('title pr') }), { startIndex: 1, count: 1 }, CONTEXT),
    // Whoever is looked up by name does not wait for them.
    find(patient, 'userName eq "u7"'),
  ]);
  // Two run and two hundred wait; another directory's finds its place all the same.
  const refused = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [{ index, outcome }] : []));
  expect(refused).toHaveLength(240 - 202);
  expect(refused.every(({ index }) => index < 240)).toBe(true);
  for (const { outcome } of refused) expect(outcome.reason).toBeInstanceOf(StoreUnavailable);
});

test('an index that leaves too many rows hands them to those that wait for their turn', async () => {
  expect(await find(patient, 'meta.created gt "2000-01-01T00:00:00Z"')).toMatchObject({ total: 1500 });
  const found = await find(patient, 'meta.created gt "2000-01-01T00:00:00Z" and title co "x"', 1499);
  expect(found).toMatchObject({ total: 1500 });
  expect(found.records.map(({ text }) => JSON.parse(text).userName)).toEqual(['u1498', 'u1499']);
});

test('T-DOS-05 an order that takes too long is refused at its deadline, and the sentence names sortBy', async () => {
  const { store, end } = await openTemporary('postgres', { scanMilliseconds: 1 });
  try {
    await put(store, directory, ...Array.from({ length: 400 }, (_, index) => user(`u${index}`, { title: `${index}` })));
    const sortedBy = (path: string, filter?: string) => {
      const sortBy = readSortBy(USER, path);
      if (sortBy === undefined) throw new Error(`no ${path}`);
      const asked = { sortBy, ...(filter === undefined ? {} : { filter: filterOf(filter) }) };
      return store.reader(directory).page(of(USER, asked), { startIndex: 1, count: 2, sorted: 'ascending' }, CONTEXT);
    };
    for (const [path, filter, words] of [
      ['emails.value', undefined, /^The sorting .*sortBy names an attribute that no index serves/],
      ['emails.value', HEAVY, /^The query .*its filter compares .*leave out sortBy/],
    ] as const) {
      const refused = await sortedBy(path, filter).catch((error: unknown) => error);
      expect(refused).toMatchObject({ status: 400, scimType: 'tooMany' });
      expect((refused as ScimError).detail).toMatch(words);
    }
    expect(await sortedBy('userName')).toMatchObject({ total: 400, records: [{}, {}] });
  } finally {
    await end();
  }
});

/** A scanner with two clients of its own, and statements that take as long as they say. */
async function scanning(work: (given: { pool: Pool; events: StoreEvent[] }) => Promise<void>): Promise<void> {
  const { DATABASE_URL: url } = patient.database.env;
  const pool = openPool({ url, size: 2, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  try {
    await work({ pool, events: [] });
  } finally {
    await pool.close();
  }
}

const asleep = (seconds: number) => ({
  sql: 'SELECT pg_sleep($2::float8), $1::text',
  values: [directory, seconds],
  ...{ filtered: true, sorted: false },
});

test('a client whose search was stopped is as it was, for whoever has it next', () =>
  scanning(async ({ pool, events }) => {
    const scanner = createScanner({ pool, milliseconds: 30, log: (event) => events.push(event) });
    for (const time of [1, 2, 3, 4]) {
      expect(await scanner.briefly(directory, asleep(5)), String(time)).toBe('late');
      await expect(scanner.scan(directory, asleep(5))).rejects.toMatchObject({ scimType: 'tooMany' });
      const shown = await Promise.all(
        [1, 2].map(() =>
          pool.use(directory, (session) =>
            session.once("SELECT current_setting('statement_timeout'), pg_sleep(0.1)", []),
          ),
        ),
      );
      expect(shown.map((rows) => rows[0]?.[0])).toEqual(['30s', '30s']);
    }
    expect(await scanner.scan(directory, asleep(0))).toHaveLength(1);
    expect(events.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'scan-stopped'));
    await scanner.close();
  }));

test('T-DOS-05 two run at once, the directories take turns, and what waits for too long is told so', () =>
  scanning(async ({ pool }) => {
    const scanner = createScanner({ pool, milliseconds: 5_000, waitMilliseconds: 1_500, log: () => undefined });
    const order: string[] = [];
    const asked = (name: string, of: string, seconds: number) =>
      scanner.scan(of, asleep(seconds)).then(
        () => order.push(name),
        (error: unknown) => order.push(error instanceof StoreUnavailable ? `${name} unavailable` : String(error)),
      );
    const [greedy, modest] = [newId(), newId()];
    await Promise.all([
      asked('greedy 1', greedy, 0.2),
      asked('greedy 2', greedy, 1),
      asked('greedy 3', greedy, 3),
      asked('greedy 4', greedy, 1),
      asked('greedy 5', greedy, 1),
      asked('modest', modest, 0.05),
    ]);
    expect(order).toEqual(['greedy 1', 'modest', 'greedy 2', 'greedy 5 unavailable', 'greedy 4', 'greedy 3']);
    const last = scanner.scan(greedy, asleep(0.1));
    await scanner.close();
    // What runs comes to its end, and nothing begins any more.
    expect(await last).toHaveLength(1);
    await expect(scanner.scan(greedy, asleep(0))).rejects.toBeInstanceOf(StoreUnavailable);
  }));
