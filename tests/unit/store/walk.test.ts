import { expect, test } from 'vitest';
import { createWalks, type Place, type Walk } from '../../../src/store/walk.ts';

const at = (startIndex: number, walker = 'okta'): Walk => ({
  directory: 'd',
  type: 'User',
  walker,
  startIndex,
  count: 100,
});
const place = (seq: number): Place => ({ seq, total: 1_000_000, version: 0 });

test('a page that is asked for again, as after a timeout, begins where it began', () => {
  const walks = createWalks(() => 0);
  walks.keep(at(101), place(100));
  walks.keep(at(201), place(200));
  expect(walks.find(at(101))).toMatchObject(place(100));
  expect(walks.find(at(201))).toMatchObject(place(200));
  expect(walks.find(at(301))).toBeUndefined();
  expect(walks.find({ ...at(101), directory: 'other' })).toBeUndefined();
  expect(walks.find({ ...at(101), type: 'Group' })).toBeUndefined();
});

test('T-DOS-06 whoever asks for page after page keeps few places, and pushes out nobody else’s', () => {
  const walks = createWalks(() => 0);
  walks.keep(at(101), place(100));
  for (let start = 1; start <= 1_000_001; start += 100) walks.keep(at(start, 'another'), place(start));
  expect(walks.find(at(101))).toMatchObject(place(100));
  expect(walks.find(at(101, 'another'))).toBeUndefined();
  expect(walks.find(at(1_000_001, 'another'))).toMatchObject(place(1_000_001));
  // As many as walk at the same time by one credential.
  for (let nth = 0; nth < 32; nth += 1) {
    expect(walks.find(at(1_000_001 - 100 * nth, 'another'))).toBeDefined();
  }
});

test('of a thousand walkers, the one who has not come for the longest time gives way', () => {
  const walks = createWalks(() => 0);
  for (let nth = 0; nth < 1_000; nth += 1) walks.keep(at(101, `w${nth}`), place(100));
  walks.keep(at(201, 'w0'), place(200));
  walks.keep(at(101, 'new'), place(100));
  expect(walks.find(at(101, 'w0'))).toBeDefined();
  expect(walks.find(at(101, 'w1'))).toBeUndefined();
  expect(walks.find(at(101, 'new'))).toBeDefined();
});

test('after ten minutes a place is counted anew', () => {
  let now = 0;
  const walks = createWalks(() => now);
  walks.keep(at(101), place(100));
  now = 10 * 60_000;
  expect(walks.find(at(101))).toBeDefined();
  now += 1;
  expect(walks.find(at(101))).toBeUndefined();
});

test('where other servers answered the pages between, the last place before one is found, if it is near and of the walk', () => {
  let now = 0;
  const walks = createWalks(() => now);
  walks.keep(at(101), place(100));
  walks.keep(at(401), place(400));
  walks.keep(at(301), place(300));
  expect(walks.findNear(at(401))).toMatchObject({ ...place(400), skipped: 0 });
  expect(walks.findNear(at(701))).toMatchObject({ ...place(400), skipped: 300 });
  expect(walks.findNear(at(350))).toBeUndefined();
  expect(walks.findNear({ ...at(501), count: 50 })).toBeUndefined();
  expect(walks.findNear({ ...at(401), count: 50 })).toMatchObject({ ...place(400), skipped: 0 });
  expect(walks.findNear(at(100))).toBeUndefined();
  expect(walks.findNear(at(701, 'another'))).toBeUndefined();
  expect(walks.findNear(at(5_301))).toMatchObject({ skipped: 4_900 });
  expect(walks.findNear(at(5_401))).toBeUndefined();
  now = 10 * 60_000 + 1;
  expect(walks.findNear(at(401))).toBeUndefined();
});
