import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import { type Connection, openConnection, row, run } from '../../../src/store/sqlite/connection.ts';
import { createHealth } from '../../../src/store/sqlite/health.ts';
import { createWriter, type Writer } from '../../../src/store/sqlite/writer.ts';
import type { Health } from '../../../src/store/store.ts';
import { openTemporary, type Temporary } from './fixture.ts';

let temporary: Temporary;
let writes: Connection;
let reads: Connection;
let writer: Writer;
let health: () => Promise<Health>;
let commits: number;
beforeEach(async () => {
  temporary = await openTemporary();
  writes = openConnection(temporary.file, { readOnly: false });
  reads = openConnection(temporary.file, { readOnly: true });
  commits = 0;
  const onCommitted = (): void => {
    commits += 1;
  };
  writer = createWriter(writes, { log: () => undefined, onCommitted, lockMilliseconds: 300 });
  health = createHealth({ reads, writes, writer });
  writes.database.exec('CREATE TABLE words (word TEXT NOT NULL)');
});
afterEach(async () => {
  await writer.drain();
  writes.close();
  reads.close();
  await temporary.end();
});

const pages = (): unknown => row(writes, 'PRAGMA page_count')?.[0];
const put = (bytes: number): Promise<void> =>
  writer.run(async () => void run(writes, 'INSERT INTO words VALUES (?)', 'x'.repeat(bytes)));

async function fillDisk(): Promise<void> {
  writes.database.exec(`PRAGMA max_page_count = ${pages()}`);
  await expect(put(100_000)).rejects.toBeInstanceOf(StoreUnavailable);
}

test('after a failed commit it is ready again when a write of its own succeeds, though nobody writes', async () => {
  expect(await health()).toEqual({ ready: true, reason: undefined, writesWaiting: 0 });
  expect(commits).toBe(0);
  await fillDisk();
  expect(writer.failing()).toContain('the disk is full');
  const version = row(reads, 'PRAGMA user_version');
  expect(await health()).toEqual({ ready: true, reason: undefined, writesWaiting: 0 });
  expect(commits).toBe(1);
  expect(row(reads, 'PRAGMA user_version')).toEqual(version);
  // It was a write, on disk as all are.
  expect((row(writes, 'PRAGMA wal_checkpoint(PASSIVE)') ?? [])[1]).toBeGreaterThan(0);
});

test('while writes go on failing it is not ready, and tries no more than once a second', async () => {
  await fillDisk();
  writes.database.exec('PRAGMA query_only = ON');
  let tries = 0;
  const counted: Writer = {
    ...writer,
    run: (work, options) => {
      tries += 1;
      return writer.run(work, options);
    },
  };
  health = createHealth({ reads, writes, writer: counted });
  for (const { ready, reason } of await Promise.all(Array.from({ length: 5 }, () => health()))) {
    expect(ready).toBe(false);
    expect(reason).toContain('read-only');
  }
  expect(tries).toBe(1);
  writes.database.exec('PRAGMA query_only = OFF');
  // What a request writes counts at once.
  await put(1);
  expect((await health()).ready).toBe(true);
  expect(tries).toBe(1);
});
