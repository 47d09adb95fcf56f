import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Filter, parseFilter, resolveFilter, ScimError, type Target, USER } from '../../../src/scim/index.ts';
import { CONTEXT, newId, openTemporary, put, type Temporary, user } from './fixture.ts';

let hurried: Temporary;
let patient: Temporary;
const directory = newId();
beforeAll(async () => {
  [hurried, patient] = await Promise.all([openTemporary({ scanMilliseconds: 100 }), openTemporary()]);
  const emails = Array.from({ length: 100 }, (_, index) => ({ value: `a%_${index}@example.com`, type: 'work' }));
  const many = Array.from({ length: 1000 }, (_, index) => user(`u${index}`, { emails }));
  await put(hurried.store, directory, ...many);
  const users = Array.from({ length: 1500 }, (_, index) => user(`u${index}`, { title: '%_x' }));
  await put(patient.store, directory, ...users);
});
afterAll(() => Promise.all([hurried.end(), patient.end()]));

const filterOf = (text: string): Filter<Target> =>
  resolveFilter(parseFilter(text, { unquotedValues: false }), USER, { unquotedValues: false });
const find = ({ store }: Temporary, text: string, startIndex = 1) =>
  store.reader(directory).page([USER], { filter: filterOf(text), startIndex, count: 2 }, CONTEXT);

test('T-FIL-07 a filter that would look at everything for too long is refused at its deadline', async () => {
  const term = (index: number): string => `emails[type ne "${index}" and value co "%_${index}%" and display pr]`;
  const heavy = Array.from({ length: 60 }, (_, index) => term(index)).join(' or ');
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 5);
  const refused = await find(hurried, heavy).catch((error: unknown) => error);
  clearInterval(ticking);
  expect(refused).toBeInstanceOf(ScimError);
  expect(refused).toMatchObject({ status: 400, scimType: 'tooMany' });
  expect((refused as ScimError).detail).toMatch(/no index.*userName/);
  // It ran in a thread of its own: this one had its turns.
  expect(turns).toBeGreaterThan(3);
  expect(hurried.events).toContainEqual(expect.objectContaining({ kind: 'scan-stopped' }));
});

test('T-FIL-07 the next filter is answered, and % and _ are themselves', async () => {
  const { total } = await hurried.store.reader(directory).page([USER], { startIndex: 1, count: 1 }, CONTEXT);
  expect(total).toBe(1000);
  expect(await find(hurried, 'userName eq "u1" and title co "%"')).toEqual({ total: 0, records: [] });
  expect(await find(patient, 'title co "%"')).toMatchObject({ total: 1500, records: [{}, {}] });
  expect(await find(patient, 'title sw "_"')).toEqual({ total: 0, records: [] });
});

test('a search that was stopped leaves its thread to the next', async () => {
  const heavy = Array.from({ length: 60 }, (_, index) => `emails[value co "%_${index}%" and display pr]`).join(' or ');
  const [first, second] = await Promise.allSettled([find(hurried, heavy), find(hurried, heavy)]);
  expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
  const outcome = await find(hurried, 'userType pr').catch((error: unknown) => error);
  // Quick enough or not: it was begun, and not by a thread that is stuck.
  expect(outcome instanceof ScimError || (outcome as { total: number }).total === 0).toBe(true);
});

test('too many at once are refused, not kept waiting', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 140 }, () => find(patient, 'title eq "nobody"')));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(40);
  for (const { reason } of refused) expect(reason).toMatchObject({ scimType: 'tooMany' });
});

test('an index that leaves too many rows hands them to the thread', async () => {
  expect(await find(patient, 'meta.created gt "2000-01-01T00:00:00Z"')).toMatchObject({ total: 1500 });
  const found = await find(patient, 'meta.created gt "2000-01-01T00:00:00Z" and title co "x"', 1499);
  expect(found).toMatchObject({ total: 1500 });
  expect(found.records.map(({ text }) => JSON.parse(text).userName)).toEqual(['u1498', 'u1499']);
});
