import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import { createScanner, type Scanner } from '../../../src/store/sqlite/scan.ts';
import { createLane, type Lane, type LaneOptions } from '../../../src/store/sqlite/scan-lane.ts';
import type { Search } from '../../../src/store/sqlite/search.ts';
import { openTemporary, type Temporary } from './fixture.ts';

let temporary: Temporary;
beforeAll(async () => {
  temporary = await openTemporary();
});
afterAll(() => temporary.end());

const lanes: (Lane | Scanner)[] = [];
afterEach(() => Promise.all(lanes.splice(0).map((lane) => lane.close())));

function laneOf(options: Partial<LaneOptions> = {}): Lane {
  const lane = createLane({ file: temporary.file, milliseconds: 100, waitMilliseconds: 10_000, ...options });
  lanes.push(lane);
  return lane;
}

/** No row is found, and each is asked: it ends by its deadline only. */
const ENDLESS = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
  SELECT i FROM n WHERE deadline() AND i < 0`;

const endless = (directory: string): Search => searching(directory, ENDLESS);
const quick = (directory: string): Search => searching(directory, 'SELECT 1 WHERE 0 = 1');
const searching = (directory: string, sql: string): Search => ({
  directory,
  finds: [{ type: 'User', selection: 0, sql, values: [], place: { sql: 'SELECT 1', values: [] } }],
  startIndex: 1,
  count: 0,
  counts: 'all',
  filtered: true,
});

test('T-DOS-05 the directories take turns: who asks for much waits for itself', async () => {
  const lane = laneOf();
  const order: string[] = [];
  const noted = async (name: string, search: Search): Promise<void> => {
    await lane.scan(search);
    order.push(name);
  };
  await Promise.all([
    noted('a1', endless('a')),
    noted('a2', endless('a')),
    noted('a3', endless('a')),
    noted('b1', quick('b')),
    noted('b2', quick('b')),
    noted('c1', quick('c')),
  ]);
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('T-DOS-05 a quick search waits for no slow one: those go on in another thread', async () => {
  const scanner = createScanner({ file: temporary.file, milliseconds: 2_000, log: () => undefined });
  lanes.push(scanner);
  const order: string[] = [];
  const slow = scanner.scan(endless('a')).catch((error: unknown) => {
    order.push('a');
    return error;
  });
  for (let round = 0; round < 3; round += 1) {
    expect(await scanner.scan(quick('b'))).toEqual({ total: 0, records: [] });
    order.push('b');
  }
  expect(await slow).toMatchObject({ status: 400, scimType: 'tooMany' });
  expect(order).toEqual(['b', 'b', 'b', 'a']);
});

test('what had its time is late; what waited too long for others is unavailable, and leaves its place', async () => {
  const lane = laneOf({ milliseconds: 1_000, waitMilliseconds: 20 });
  const outcomes = await Promise.allSettled([lane.scan(endless('a')), lane.scan(quick('a')), lane.scan(quick('b'))]);
  expect(outcomes[0]).toEqual({ status: 'fulfilled', value: 'late' });
  for (const outcome of outcomes.slice(1)) {
    expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(StoreUnavailable);
  }
  expect(await lane.scan(quick('a'))).toEqual({ total: 0, records: [] });
});

test('two hundred of a directory wait at most', async () => {
  const lane = laneOf({ milliseconds: 300 });
  const running = lane.scan(endless('a'));
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 204 }, () => lane.scan(quick('a'))),
    lane.scan(quick('b')),
  ]);
  expect(await running).toBe('late');
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 200 }, () => 'fulfilled'),
    ...Array.from({ length: 4 }, () => 'rejected'),
    'fulfilled',
  ]);
});

test('held, it finishes what runs and begins nothing', async () => {
  const lane = laneOf();
  const order: string[] = [];
  const running = lane.scan(endless('a')).then(() => order.push('running'));
  const waiting = lane.scan(quick('a')).then(() => order.push('waiting'));
  const resume = await lane.hold();
  order.push('held');
  await new Promise((resolve) => setTimeout(resolve, 50));
  order.push('resumed');
  resume();
  await Promise.all([running, waiting]);
  expect(order).toEqual(['running', 'held', 'resumed', 'waiting']);
});

test('closed, it refuses what runs, what waits and what comes', async () => {
  const lane = laneOf({ milliseconds: 60_000 });
  const asked = [lane.scan(endless('a')), lane.scan(quick('a'))];
  const outcomes = Promise.allSettled(asked);
  await lane.close();
  for (const outcome of [...(await outcomes), ...(await Promise.allSettled([lane.scan(quick('a'))]))]) {
    expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(StoreUnavailable);
  }
});

test('a search that SQLite refuses is told as that, and the next is answered', async () => {
  const lane = laneOf();
  await expect(lane.scan(searching('a', 'SELECT 1 FROM nowhere'))).rejects.toThrow('no such table');
  expect(await lane.scan(quick('a'))).toEqual({ total: 0, records: [] });
});
