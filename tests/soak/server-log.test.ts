import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readLog } from './server-log.ts';
import { watchSizes } from './sizes.ts';

const folder = mkdtempSync(join(tmpdir(), 'joinery-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LISTENING = '{"level":"info","time":"2026-11-22T12:00:00.000Z","msg":"listening"}';
const AWAY = { from: Date.parse('2026-11-22T12:00:10.000Z'), to: Date.parse('2026-11-22T12:00:20.000Z') };

test.each([
  ['a call that was answered 500, whenever', '{"level":"info","time":"2026-11-22T12:00:15.000Z","status":500}', 1],
  ['a 503 while the database was there', '{"level":"info","time":"2026-11-22T12:00:30.000Z","status":503}', 1],
  ['a 503 while it was away', '{"level":"info","time":"2026-11-22T12:00:15.000Z","status":503}', 0],
  ['an error while it was there', '{"level":"error","time":"2026-11-22T12:00:30.000Z","msg":"x"}', 1],
  ['an error while it was away', '{"level":"error","time":"2026-11-22T12:00:15.000Z","msg":"x"}', 0],
  ['a warning', '{"level":"warn","time":"2026-11-22T12:00:30.000Z","store":"journal-lost"}', 0],
  ['a crash', 'Error: something\n    at somewhere', 1],
  ['a line that a kill cut', `{"level":"info","ti\n${LISTENING}`, 0],
  ['a line that nothing cut', '{"level":"info","ti\n{"level":"info","time":"2026-11-22T12:00:30.000Z"}', 1],
])('the log: %s', async (_, text, faults) => {
  const file = join(folder, 'server.log');
  writeFileSync(file, `${LISTENING}\n${text}\n`);
  expect((await readLog(file, [AWAY])).faults.length > 0 ? 1 : 0).toBe(faults);
});

test('what has more than it may is named, with the most that it had', () => {
  let bytes = 300 * 2 ** 20;
  const sizes = watchSizes([{ name: 'WAL', bytes: () => bytes, most: 256 * 2 ** 20 }]);
  bytes = 0;
  sizes.stop();
  expect(sizes.shown()).toBe('WAL at most 300.0 MiB');
  expect(sizes.faults()).toEqual(['WAL had 300.0 MiB; it may have 256.0 MiB']);
});
