import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoreEvent } from '../../../src/store/index.ts';
import { type Checkpointer, createCheckpointer } from '../../../src/store/sqlite/checkpoint.ts';
import { startCheckpointThread } from '../../../src/store/sqlite/checkpoint-worker.ts';
import { type Connection, openConnection, run } from '../../../src/store/sqlite/connection.ts';
import { createWriter, type Writer } from '../../../src/store/sqlite/writer.ts';

const MIB = 2 ** 20;
let folder: string;
let file: string;
let connection: Connection;
let writer: Writer;
let checkpointer: Checkpointer;
let events: StoreEvent[];
let pauses: number;
let holdReads: () => Promise<() => void>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-checkpoint-'));
  file = join(folder, 'c.db');
  connection = openConnection(file, { readOnly: false });
  connection.database.exec('CREATE TABLE words (word TEXT NOT NULL)');
  events = [];
  const log = (event: StoreEvent): void => void events.push(event);
  writer = createWriter(connection, { log, lockMilliseconds: 5_000, onCommitted: () => checkpointer.committed() });
  pauses = 0;
  const pause = (until: Promise<void>): void => {
    pauses += 1;
    writer.pause(until);
  };
  holdReads = async () => () => undefined;
  checkpointer = createCheckpointer({ file, log, pause, holdReads: () => holdReads(), mostBytes: MIB });
});
afterEach(async () => {
  await writer.drain();
  await checkpointer.close();
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (bytes: number): Promise<void> =>
  writer.run(async () => void run(connection, 'INSERT INTO words VALUES (?)', 'x'.repeat(bytes)));
const logBytes = (): number => statSync(`${file}-wal`).size;

test('under steady writes the log begins again, so that it has an end', async () => {
  const grown: number[] = [];
  for (let round = 0; round < 40 && pauses < 3; round += 1) {
    for (let written = 0; written < 8; written += 1) {
      await put(MIB / 16);
      await sleep(2);
    }
    grown.push(logBytes());
    await sleep(30);
  }
  // It grew less than was written: 20 MiB at most without an end.
  expect(Math.max(...grown)).toBeLessThan((grown.length * MIB) / 2);
  expect(events.filter(({ kind }) => kind === 'checkpoint-failed')).toEqual([]);
});

test('once it is stopped, its thread is not started again, whatever it is asked', async () => {
  await put(10);
  const thread = startCheckpointThread(file);
  expect((await thread.ask('passive')).bytes).toBeGreaterThan(0);
  const asked = thread.ask('passive');
  await thread.stop();
  await asked;
  expect(await thread.ask('restart')).toEqual({ bytes: 0, left: 0 });
});

test('a read that stays on its moment holds the log back, but not the writes', async () => {
  const reading = openConnection(file, { readOnly: true });
  await put(10);
  reading.database.exec('BEGIN');
  reading.database.prepare('SELECT count(*) FROM words').get();
  for (let round = 0; round < 100 && pauses === 0; round += 1) {
    await put(MIB / 8);
    await sleep(20);
  }
  expect(pauses).toBe(1);
  // Asked again at once, it would stop every write for as long as it reads.
  for (let round = 0; round < 20; round += 1) {
    await put(MIB / 8);
    await sleep(20);
  }
  expect(pauses).toBe(1);
  expect(events).toEqual([expect.objectContaining({ kind: 'checkpoint-paused' })]);
  reading.database.exec('COMMIT');
  reading.close();
  let rounds = 0;
  for (let before = 0; before !== logBytes() && rounds < 100; rounds += 1) {
    await sleep(50);
    before = logBytes();
    await put(10);
  }
  // A write that does not lengthen the file goes to its start.
  expect(rounds).toBeLessThan(100);
});

test('T-DOS-04 a log that is far too long ends the reads that hold it back, and then gives its room back', async () => {
  const reading = openConnection(file, { readOnly: true });
  await put(10);
  reading.database.exec('BEGIN');
  reading.database.prepare('SELECT count(*) FROM words').get();
  const steps: string[] = [];
  holdReads = async () => {
    steps.push('held');
    reading.close();
    return () => void steps.push('resumed');
  };
  connection.database.exec(`PRAGMA journal_size_limit = ${MIB}`);
  let most = 0;
  for (let round = 0; round < 400 && (steps.length < 2 || logBytes() > MIB); round += 1) {
    await put(MIB / 8);
    most = Math.max(most, logBytes());
    await sleep(20);
  }
  expect(steps).toEqual(['held', 'resumed']);
  expect(most).toBeGreaterThan(4 * MIB);
  expect(logBytes()).toBe(MIB);
});
