import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable, TooMuchWaiting } from '../../../src/directory/index.ts';
import { parseFilter, resolveFilter, USER } from '../../../src/scim/index.ts';
import type { StoreEvent } from '../../../src/store/index.ts';
import type { Snapshots } from '../../../src/store/snapshots.ts';
import { createScanner, type Scanner } from '../../../src/store/sqlite/scan.ts';
import { createSnapshots, type SnapshotsOptions } from '../../../src/store/sqlite/snapshots.ts';
import { CONTEXT, DIRECTORY, OTHER, of, openTemporary, put, type Temporary, user } from './fixture.ts';

let temporary: Temporary;
let events: StoreEvent[];
const opened: { close(): unknown }[] = [];
beforeEach(async () => {
  temporary = await openTemporary();
  events = [];
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await temporary.end();
});

const startsWithA = () =>
  resolveFilter(parseFilter('userName sw "a"', { unquotedValues: false }), USER, { unquotedValues: false });

const log = (event: StoreEvent): void => void events.push(event);

function scannerOf(): Scanner {
  const scanner = createScanner({ file: temporary.file, milliseconds: 500, log });
  opened.push(scanner);
  return scanner;
}

function snapshotsOf(options: Partial<SnapshotsOptions> = {}): Snapshots {
  const { file } = temporary;
  const snapshots = createSnapshots({
    file,
    means: {},
    log,
    lifeMilliseconds: 60_000,
    waitMilliseconds: 500,
    ...options,
  });
  opened.push(snapshots);
  return snapshots;
}

test('T-DOS-05 one directory has eight at a time, and waits for the ninth; others have room', async () => {
  const snapshots = snapshotsOf();
  const own = await Promise.all(Array.from({ length: 8 }, () => snapshots.take(DIRECTORY)));
  const ninth = snapshots.take(DIRECTORY);
  const other = await snapshots.take(OTHER);
  own[3]?.release();
  const late = await ninth;
  await expect(snapshots.take(DIRECTORY)).rejects.toBeInstanceOf(StoreUnavailable);
  for (const snapshot of [...own, other, late]) snapshot.release();
  (await snapshots.take(DIRECTORY)).release();
});

test('T-DOS-05 there is an end to how many are open of all, and released ones make room', async () => {
  const snapshots = snapshotsOf();
  const open = await Promise.all(Array.from({ length: 64 }, (_, index) => snapshots.take(`d${index >> 3}`)));
  await expect(snapshots.take(DIRECTORY)).rejects.toBeInstanceOf(StoreUnavailable);
  for (const snapshot of open) snapshot.release();
  (await snapshots.take(DIRECTORY)).release();
});

test('T-DOS-05 who waits for one reply waits for one of another at most, and there is an end to what one has waiting', async () => {
  const snapshots = snapshotsOf({ waitMilliseconds: 60_000 });
  const full = await Promise.all(Array.from({ length: 64 }, (_, index) => snapshots.take(`d${index >> 3}`)));
  const order: string[] = [];
  const asked = (directory: string) =>
    snapshots.take(directory).then((snapshot) => {
      order.push(directory);
      return snapshot;
    });
  const noisy = Array.from({ length: 200 }, () => asked('noisy'));
  await expect(snapshots.take('noisy')).rejects.toBeInstanceOf(TooMuchWaiting);
  const quiet = asked('quiet');
  for (const one of full.slice(0, 3)) one.release();
  await quiet;
  expect(order).toEqual(['noisy', 'quiet', 'noisy']);
  const refused = Promise.allSettled(noisy);
  snapshots.close();
  expect((await refused).filter(({ status }) => status === 'rejected')).toHaveLength(198);
});

test('T-DOS-04 what is read too slowly comes to its end, and to nobody else', async () => {
  const { store } = temporary;
  const a = user('a');
  await put(store, DIRECTORY, a);
  const scanner = scannerOf();
  const snapshots = snapshotsOf({ means: { scanner }, lifeMilliseconds: 300 });
  const slow = await snapshots.take(DIRECTORY);
  expect(await slow.record('User', a.id)).toMatchObject({ id: a.id });
  // Its time passes while its search waits for others': what that finds is not read on a connection that another may have.
  const sql =
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE deadline() AND i < 0';
  const before = scanner.scan({
    directory: OTHER,
    finds: [{ type: 'User', selection: 0, sql, values: [], place: { sql: 'SELECT 1', values: [] } }],
    startIndex: 1,
    count: 1,
    counts: 'all',
    filtered: true,
  });
  const searched = slow.page(of(USER, { filter: startsWithA() }), { startIndex: 1, count: 1 }, CONTEXT);
  await Promise.all([
    expect(before).rejects.toMatchObject({ scimType: 'tooMany' }),
    expect(searched).rejects.toThrow('read too slowly'),
  ]);
  await expect(slow.record('User', a.id)).rejects.toBeInstanceOf(StoreUnavailable);
  const next = await snapshots.take(OTHER);
  slow.release();
  expect(await next.record('User', a.id)).toBeUndefined();
  next.release();
});

test('held, it gives what is read a moment, ends it, and takes none until it is let go', async () => {
  const snapshots = snapshotsOf({ waitMilliseconds: 5_000 });
  const [quick, slow] = [await snapshots.take(DIRECTORY), await snapshots.take(OTHER)];
  const holding = snapshots.hold();
  expect(await quick.record('User', 'x')).toBeUndefined();
  quick.release();
  const order: string[] = [];
  const waiting = snapshots.take(DIRECTORY).then((snapshot) => {
    order.push('taken');
    snapshot.release();
  });
  const letGo = await holding;
  await expect(slow.record('User', 'x')).rejects.toBeInstanceOf(StoreUnavailable);
  expect(events).toEqual([{ kind: 'replies-broken-off', replies: 1 }]);
  order.push('let go');
  letGo();
  await waiting;
  expect(order).toEqual(['let go', 'taken']);
});

test('closed, it refuses who waits and ends what is open', async () => {
  const snapshots = snapshotsOf({ waitMilliseconds: 5_000 });
  const own = await Promise.all(Array.from({ length: 8 }, () => snapshots.take(DIRECTORY)));
  const waiting = Promise.allSettled([snapshots.take(DIRECTORY)]);
  snapshots.close();
  expect((await waiting)[0]?.status).toBe('rejected');
  await expect(own[0]?.record('User', 'x')).rejects.toBeInstanceOf(StoreUnavailable);
  own[0]?.release();
  await expect(snapshots.take(DIRECTORY)).rejects.toBeInstanceOf(StoreUnavailable);
});
