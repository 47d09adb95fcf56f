import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable, TooMuchWaiting } from '../../../src/directory/index.ts';
import type { StoreEvent } from '../../../src/store/index.ts';
import { type Connection, openConnection, rows, run } from '../../../src/store/sqlite/connection.ts';
import { createWriter, type Writer } from '../../../src/store/sqlite/writer.ts';

let folder: string;
let connection: Connection;
let writer: Writer;
let events: StoreEvent[];
let onCommitted: () => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-writer-'));
  connection = openConnection(join(folder, 'w.db'), { readOnly: false });
  connection.database.exec('CREATE TABLE words (word TEXT NOT NULL)');
  events = [];
  onCommitted = () => undefined;
  writer = createWriter(connection, {
    log: (event) => events.push(event),
    onCommitted: () => onCommitted(),
    lockMilliseconds: 300,
  });
});
afterEach(async () => {
  await writer.drain();
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (word: string): Promise<void> => writer.run(async () => void insert(word));
const insert = (word: string): number => run(connection, 'INSERT INTO words VALUES (?)', word);
const words = (): unknown[] => rows(connection, 'SELECT word FROM words ORDER BY rowid').map(([word]) => word);
const statuses = async (writes: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(writes)).map(({ status }) => status);

test('every commit is synced: PRAGMA synchronous is FULL on the writer', () => {
  expect(connection.database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(connection.database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(connection.database.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
});

test('a full disk fails every write of the batch and keeps none; the next ones are taken', async () => {
  await put('first');
  const pages = connection.database.prepare('PRAGMA page_count').get()?.page_count;
  connection.database.exec(`PRAGMA max_page_count = ${pages}`);
  const outcomes = await Promise.allSettled([put('small'), put('x'.repeat(100_000)), put('other')]);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    expect(outcome.reason).toBeInstanceOf(StoreUnavailable);
    expect(String(outcome.reason)).toContain('the disk is full');
  }
  // The third never began: its turn came after the disk had failed the first two.
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(events).toEqual([expect.objectContaining({ kind: 'commit-failed', writes: 2 })]);
  expect(words()).toEqual(['first', 'other']);
  expect(writer.failing()).toBeUndefined();
});

test('one that has its transaction alone waits for none of its turns with others inside it', async () => {
  const seen: string[] = [];
  const before = put('before');
  const alone = writer.run(
    async () => {
      for (const word of ['one', 'two', 'three']) {
        insert(word);
        await sleep(5);
        seen.push(word);
      }
    },
    { alone: true },
  );
  const after = put('after').then(() => seen.push('after'));
  await Promise.all([before, alone, after]);
  expect(seen).toEqual(['one', 'two', 'three', 'after']);
  expect(words()).toEqual(['before', 'one', 'two', 'three', 'after']);
});

test('one that has its transaction alone and throws leaves nothing, and the next ones are taken', async () => {
  const alone = writer.run(
    async () => {
      insert('gone');
      await sleep(5);
      throw new RangeError('no');
    },
    { alone: true },
  );
  await expect(alone).rejects.toBeInstanceOf(RangeError);
  await put('kept');
  expect(words()).toEqual(['kept']);
});

test('while another process writes, writes wait without holding the event loop', async () => {
  const other = new DatabaseSync(join(folder, 'w.db'));
  other.exec('BEGIN IMMEDIATE');
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 5);
  const written = put('waited');
  await sleep(150);
  other.exec('COMMIT');
  await written;
  clearInterval(ticking);
  other.close();
  expect(words()).toEqual(['waited']);
  expect(turns).toBeGreaterThan(2);
  expect(events).toEqual([expect.objectContaining({ kind: 'write-waited' })]);
});

test('a write that cannot have the lock in time is unavailable, not an error of SQLite', async () => {
  const other = new DatabaseSync(join(folder, 'w.db'));
  other.exec('BEGIN IMMEDIATE');
  const outcomes = await Promise.allSettled([put('a'), put('b')]);
  other.exec('COMMIT');
  other.close();
  for (const outcome of outcomes) {
    expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(StoreUnavailable);
  }
  await put('c');
  expect(words()).toEqual(['c']);
});

test('how long it waited for others of this process says nothing of the lock', async () => {
  const other = new DatabaseSync(join(folder, 'w.db'));
  onCommitted = () => {
    onCommitted = () => undefined;
    other.exec('BEGIN IMMEDIATE');
    setTimeout(() => other.exec('COMMIT'), 50);
  };
  const long = writer.run(() => sleep(400), { alone: true });
  const behind = put('behind');
  expect(await statuses([long, behind])).toEqual(['fulfilled', 'fulfilled']);
  expect(events).toEqual([expect.objectContaining({ kind: 'write-waited' })]);
  other.close();
});

test('T-DOS-05 the queue has an end, of one directory and of all; what is in it is still written', async () => {
  const write = (directory: string, count: number): Promise<void>[] =>
    Array.from({ length: count }, (_, index) => writer.run(async () => void insert(`${index}`), { directory }));
  const noisy = Promise.allSettled(write('noisy', 2_002));
  const others = statuses(['a', 'b', 'c', 'd'].flatMap((directory) => write(directory, 2_000)));
  const beyond = writer.run(async () => void insert('beyond'), { directory: 'quiet' });
  await expect(beyond).rejects.toBeInstanceOf(TooMuchWaiting);
  const refused = (await noisy).filter((outcome) => outcome.status === 'rejected');
  expect(refused.map(({ reason }) => reason instanceof TooMuchWaiting)).toEqual([true, true]);
  expect(new Set(await others)).toEqual(new Set(['fulfilled']));
  expect(words()).toHaveLength(10_000);
});

test('T-DOS-05 the directories take turns, each in its order: one write waits for one batch at most', async () => {
  const commits: string[][] = [];
  let batch: string[] = [];
  const put = (directory: string, word: string): Promise<void> =>
    writer.run(
      async () => {
        insert(word);
        batch.push(word);
      },
      { directory },
    );
  onCommitted = () => {
    commits.push(batch);
    batch = [];
  };
  const noisy = Array.from({ length: 1_000 }, (_, index) => put('noisy', `n${index}`));
  const quiet = [put('quiet', 'q0'), put('quiet', 'q1'), put('third', 't0')];
  await Promise.all([...noisy, ...quiet]);
  expect(commits[0]?.slice(0, 6)).toEqual(['n0', 'q0', 't0', 'n1', 'q1', 'n2']);
  const ofNoisy = commits.flat().filter((word) => word.startsWith('n'));
  expect(ofNoisy).toEqual(Array.from({ length: 1_000 }, (_, index) => `n${index}`));
  expect(Math.max(...commits.map(({ length }) => length))).toBeLessThanOrEqual(256);
});

test('one that has its transaction alone keeps its turn: those of its directory come after it, others beside it', async () => {
  const order: string[] = [];
  const put = (directory: string, word: string, alone = false): Promise<void> =>
    writer.run(
      async () => {
        insert(word);
        if (alone) await sleep(5);
        order.push(word);
      },
      { directory, alone },
    );
  await Promise.all([put('a', 'a0'), put('a', 'a1', true), put('a', 'a2'), put('b', 'b0'), put('b', 'b1')]);
  expect(order).toEqual(['a0', 'b0', 'a1', 'b1', 'a2']);
});

test('draining finishes what waits, and takes nothing more', async () => {
  const writes = [put('a'), put('b')];
  const drained = writer.drain();
  await expect(put('late')).rejects.toBeInstanceOf(StoreUnavailable);
  await drained;
  expect(await statuses(writes)).toEqual(['fulfilled', 'fulfilled']);
  expect(words()).toEqual(['a', 'b']);
});

test('writes wait for a pause to end', async () => {
  let end: () => void = () => undefined;
  writer.pause(
    new Promise((resolve) => {
      end = resolve;
    }),
  );
  const written = put('a');
  await sleep(20);
  expect(words()).toEqual([]);
  end();
  await written;
  expect(words()).toEqual(['a']);
});
