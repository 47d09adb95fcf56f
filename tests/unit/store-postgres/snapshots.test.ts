import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import { USER } from '../../../src/scim/index.ts';
import { openPool, type Pool } from '../../../src/store/postgres/pool.ts';
import { REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { createSnapshots, MOST_OPEN, type SnapshotsOptions } from '../../../src/store/postgres/snapshots.ts';
import { CONTEXT, DIRECTORY, group, OTHER, of, user } from '../store/fixture.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
let pool: Pool;
const opened: { close(): void }[] = [];
beforeEach(async () => {
  tables = await openTables();
  const url = tables.database.env.DATABASE_URL;
  pool = openPool({ url, size: MOST_OPEN, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
});
afterEach(async () => {
  for (const one of opened.splice(0)) one.close();
  await pool.close();
  await tables.end();
});

function snapshotsOf(options: Partial<SnapshotsOptions> = {}) {
  const snapshots = createSnapshots({ pool, means: {}, lifeMilliseconds: 60_000, waitMilliseconds: 1_000, ...options });
  opened.push(snapshots);
  return snapshots;
}

const everyone = { startIndex: 1, count: 10 };

test('stays on its moment while others write, and is of no use after its release', async () => {
  const [tour, a, b] = [group('Tour'), user('a'), user('b')];
  await tables.create(DIRECTORY, tour, a, b);
  const snapshots = snapshotsOf();
  const snapshot = await snapshots.take(DIRECTORY);
  await tables.join(DIRECTORY, tour, [a]);
  await tables.remove(DIRECTORY, b);
  await tables.number(DIRECTORY);
  expect(await snapshot.members(tour.id, undefined, 10)).toEqual([]);
  expect(await snapshot.record('User', b.id)).toMatchObject({ id: b.id });
  expect(await snapshot.page(of(USER), everyone, CONTEXT)).toMatchObject({ total: 2, records: [a.record, b.record] });
  snapshot.release();
  snapshot.release();
  await expect(snapshot.record('User', a.id)).rejects.toThrow('after its release');
  const next = await snapshots.take(DIRECTORY);
  expect(await next.members(tour.id, undefined, 10)).toHaveLength(1);
  expect((await next.page(of(USER), everyone, CONTEXT)).total).toBe(1);
  next.release();
});

test('T-DOS-05 one directory has four at a time, and waits for the fifth; others have room', async () => {
  const snapshots = snapshotsOf();
  const own = await Promise.all(Array.from({ length: 4 }, () => snapshots.take(DIRECTORY)));
  const other = await snapshots.take(OTHER);
  const fifth = snapshots.take(DIRECTORY);
  own[3]?.release();
  const late = await fifth;
  await expect(snapshots.take(DIRECTORY)).rejects.toBeInstanceOf(StoreUnavailable);
  for (const snapshot of [...own, other, late]) snapshot.release();
  (await snapshots.take(DIRECTORY)).release();
});

test('T-DOS-05 there is an end to how many are open of all, and released ones make room', async () => {
  const snapshots = snapshotsOf();
  const open = await Promise.all(Array.from({ length: MOST_OPEN }, (_, index) => snapshots.take(`d${index >> 2}`)));
  await expect(snapshots.take(DIRECTORY)).rejects.toBeInstanceOf(StoreUnavailable);
  expect(pool.waiting()).toBe(0);
  for (const snapshot of open) snapshot.release();
  (await snapshots.take(DIRECTORY)).release();
});

test('T-DOS-04 what is read too slowly comes to its end, and reads nothing of who has its client next', async () => {
  const a = user('a');
  await tables.create(DIRECTORY, a);
  // One client, so that the next one has it.
  const url = tables.database.env.DATABASE_URL;
  const single = openPool({ url, size: 1, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  await single.use(DIRECTORY, (session) => session.rows('SELECT 1'));
  const slow = await snapshotsOf({ pool: single, lifeMilliseconds: 2_000 }).take(DIRECTORY);
  expect(await slow.record('User', a.id)).toMatchObject({ id: a.id });
  const next = await snapshotsOf({ pool: single }).take(OTHER);
  await expect(slow.record('User', a.id)).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(slow.page(of(USER), everyone, CONTEXT)).rejects.toThrow('read too slowly');
  slow.release();
  expect(await next.record('User', a.id)).toBeUndefined();
  next.release();
  await single.close();
});

test('what was asked before its end is answered', async () => {
  const a = user('a');
  await tables.create(DIRECTORY, a);
  const snapshot = await snapshotsOf().take(DIRECTORY);
  const asked = snapshot.record('User', a.id);
  await sleep(0);
  snapshot.release();
  expect(await asked).toMatchObject({ id: a.id });
});

test('one that was cut off is refused, and makes room for the next', async () => {
  const snapshots = snapshotsOf();
  const all = await Promise.all(Array.from({ length: 4 }, () => snapshots.take(DIRECTORY)));
  await tables.database.rows(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'",
  );
  for (const one of all) {
    await expect(one.record('User', 'x')).rejects.toBeInstanceOf(StoreUnavailable);
    one.release();
  }
  const next = await snapshots.take(DIRECTORY);
  expect(await next.record('User', 'x')).toBeUndefined();
  next.release();
});

test('where none can be opened, its place is free again', async () => {
  const nowhere = openPool({
    url: 'postgres://joinery@localhost/none?host=/nowhere',
    size: 1,
    schemas: REQUEST_SCHEMAS,
    onLost: () => undefined,
  });
  const snapshots = snapshotsOf({ pool: nowhere });
  for (let time = 0; time <= MOST_OPEN; time += 1) {
    await expect(snapshots.take(DIRECTORY)).rejects.toThrow('cannot be reached');
  }
  await nowhere.close();
});

test('closed, it refuses who waits and ends what is open', async () => {
  const snapshots = snapshotsOf({ waitMilliseconds: 5_000 });
  const own = await Promise.all(Array.from({ length: 4 }, () => snapshots.take(DIRECTORY)));
  const waiting = Promise.allSettled([snapshots.take(DIRECTORY)]);
  const opening = Promise.allSettled([snapshots.take(OTHER)]);
  snapshots.close();
  expect((await waiting)[0]?.status).toBe('rejected');
  expect((await opening)[0]?.status).toBe('rejected');
  await expect(own[0]?.record('User', 'x')).rejects.toBeInstanceOf(StoreUnavailable);
  own[0]?.release();
  await expect(snapshots.take(DIRECTORY)).rejects.toBeInstanceOf(StoreUnavailable);
});
