import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Page, StoreUnavailable } from '../../../src/directory/index.ts';
import {
  type Filter,
  parseFilter,
  readSortBy,
  resolveFilter,
  ScimError,
  type Target,
  USER,
} from '../../../src/scim/index.ts';
import { CONTEXT, newId, of, openTemporary, put, type Temporary, user } from './fixture.ts';

let hurried: Temporary;
let patient: Temporary;
const directory = newId();
const BIG = newId();
beforeAll(async () => {
  [hurried, patient] = await Promise.all([openTemporary({ scanMilliseconds: 100 }), openTemporary()]);
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

test('T-FIL-07 a filter that would look at everything for too long is refused at its deadline', async () => {
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 5);
  const refused = await find(hurried, HEAVY).catch((error: unknown) => error);
  clearInterval(ticking);
  expect(refused).toBeInstanceOf(ScimError);
  expect(refused).toMatchObject({ status: 400, scimType: 'tooMany' });
  expect((refused as ScimError).detail).toMatch(/no index.*userName/);
  // It ran in a thread of its own: this one had its turns.
  expect(turns).toBeGreaterThan(3);
  expect(hurried.events).toContainEqual(expect.objectContaining({ kind: 'scan-stopped' }));
});

test('T-FIL-07 the next filter is answered, and % and _ are themselves', async () => {
  const { total } = await hurried.store.reader(directory).page(of(USER), { startIndex: 1, count: 1 }, CONTEXT);
  expect(total).toBe(1000);
  expect(await find(hurried, 'userName eq "u1" and title co "%"')).toEqual({ total: 0, records: [] });
  expect(await find(patient, 'title co "%"')).toMatchObject({ total: 1500, records: [{}, {}] });
  expect(await find(patient, 'title sw "_"')).toEqual({ total: 0, records: [] });
});

test.each([
  ['no index serves', HEAVY],
  // 1,000 users share the address: few enough to begin with here, and far too much to look at.
  ['an index serves', `emails.value eq "a%_1@example.com" and (${HEAVY})`],
])('T-FIL-07 a filter that took too long is refused in the same words when it is asked again: %s', async (_, text) => {
  for (const time of ['first', 'second', 'third']) {
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 5);
    const refused = await find(hurried, text).catch((error: unknown) => error);
    clearInterval(ticking);
    expect({ time, refused }).toMatchObject({ refused: { status: 400, scimType: 'tooMany' } });
    expect(turns).toBeGreaterThan(3);
  }
  const one = 'emails.value eq "a%_1@example.com" and userName eq "u1"';
  expect(await find(hurried, one)).toMatchObject({ total: 1 });
});

test('T-FIL-07 megabytes of one user are not looked into again and again, though an index finds the user', async () => {
  const x509Certificates = Array.from({ length: 800 }, () => ({ value: 'Q'.repeat(5_000) }));
  await put(hurried.store, BIG, user('big', { x509Certificates }));
  for (const term of [(index: number) => `phoneNumbers.value eq "${index}"`, () => 'ims pr']) {
    const many = Array.from({ length: 120 }, (_, index) => term(index)).join(' or ');
    const asked = { filter: filterOf(`userName eq "big" and (${many})`) };
    const refused = hurried.store.reader(BIG).page(of(USER, asked), { startIndex: 1, count: 1 }, CONTEXT);
    await expect(refused).rejects.toMatchObject({ scimType: 'tooMany' });
  }
});

test('a search that was stopped leaves its thread to the next', async () => {
  const [first, second] = await Promise.allSettled([find(hurried, HEAVY), find(hurried, HEAVY)]);
  expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
  const outcome = await find(hurried, 'userType pr').catch((error: unknown) => error);
  // Quick enough or not: it was begun, and not by a thread that is stuck.
  expect(outcome instanceof ScimError || (outcome as { total: number }).total === 0).toBe(true);
});

test('T-DOS-05 too many at once of one directory are told that there is no room, not that they are wrong', async () => {
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 240 }, () => find(patient, 'title eq "nobody"')),
    patient.store
      .reader(newId())
      .page(of(USER, { filter: filterOf('title pr') }), { startIndex: 1, count: 1 }, CONTEXT),
  ]);
  // One runs and two hundred wait; another directory's finds its place all the same.
  const refused = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [{ index, outcome }] : []));
  expect(refused).toHaveLength(240 - 201);
  expect(refused.map(({ index }) => index)).not.toContain(240);
  for (const { outcome } of refused) expect(outcome.reason).toBeInstanceOf(StoreUnavailable);
});

test('an index that leaves too many rows hands them to the thread', async () => {
  expect(await find(patient, 'meta.created gt "2000-01-01T00:00:00Z"')).toMatchObject({ total: 1500 });
  const found = await find(patient, 'meta.created gt "2000-01-01T00:00:00Z" and title co "x"', 1499);
  expect(found).toMatchObject({ total: 1500 });
  expect(found.records.map(({ text }) => JSON.parse(text).userName)).toEqual(['u1498', 'u1499']);
});

const sortedBy = ({ store }: Temporary, path: string, given: { filter?: string; startIndex?: number } = {}) => {
  const sortBy = readSortBy(USER, path);
  if (sortBy === undefined) throw new Error(`no ${path}`);
  const filter = given.filter === undefined ? {} : { filter: filterOf(given.filter) };
  const query = { startIndex: given.startIndex ?? 1, count: 2, sorted: 'ascending' as const };
  return store.reader(directory).page(of(USER, { sortBy, ...filter }), query, CONTEXT);
};
const names = ({ records }: Page) => records.map(({ text }) => JSON.parse(text).userName);

test('T-DOS-05 an order that takes too long is refused at its deadline, and the sentence names sortBy', async () => {
  const { store, end } = await openTemporary({ scanMilliseconds: 50 });
  const emails = Array.from({ length: 500 }, (_, index) => ({ value: `a${index}@example.com`, type: 'work' }));
  const many = Array.from({ length: 400 }, (_, index) => user(`u${index}`, { emails }));
  await put(store, directory, ...many);
  const hasty = { ...hurried, store };
  for (const [path, filter, words] of [
    ['emails.value', undefined, /^The sorting .*sortBy names an attribute that no index serves/],
    ['emails.value', HEAVY, /^The query .*its filter compares .*leave out sortBy/],
  ] as const) {
    const refused = await sortedBy(hasty, path, filter === undefined ? {} : { filter }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ status: 400, scimType: 'tooMany' });
    expect((refused as ScimError).detail).toMatch(words);
  }
  expect(await sortedBy(hasty, 'userName')).toMatchObject({ total: 400, records: [{}, {}] });
  await end();
});

test('an order is told with its total, from the first page to the last', async () => {
  expect(names(await sortedBy(patient, 'userName', { startIndex: 1499 }))).toEqual(['u998', 'u999']);
  expect(await sortedBy(patient, 'title', { startIndex: 1500 })).toMatchObject({ total: 1500, records: [{}] });
  expect(await sortedBy(patient, 'id', { startIndex: 1501 })).toEqual({ total: 1500, records: [] });
  const filtered = await sortedBy(patient, 'userName', {
    startIndex: 2,
    filter: 'title co "_x" and userName sw "u99"',
  });
  expect([filtered.total, names(filtered)]).toEqual([11, ['u990', 'u991']]);
});
