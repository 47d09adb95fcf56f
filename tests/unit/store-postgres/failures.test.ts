import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Failure } from '../../../src/directory/index.ts';
import { FAILURES_A_LOOK, MOST_FAILURES } from '../../../src/store/failure-row.ts';
import { DIRECTORY, OTHER } from '../store/fixture.ts';
import { openWrites, type Writes } from './writes.ts';

let writes: Writes;
beforeEach(async () => {
  writes = await openWrites();
});
afterEach(() => writes.end());

const failure = (subject: string, given: Partial<Failure> = {}): Failure => ({
  type: 'User',
  subject,
  label: subject.toUpperCase(),
  operation: 'create',
  reason: 'name-taken',
  detail: 'There is one already.',
  requestId: 'r1',
  at: '2026-11-21T00:00:00.000Z',
  ...given,
});
const record = (given: Failure, directory = DIRECTORY): Promise<void> =>
  writes.stores[0].write(directory, (transaction) => transaction.recordFailure(given));
const clear = (type: string, ...subjects: readonly string[]): Promise<void> =>
  writes.stores[0].write(DIRECTORY, (transaction) => transaction.clearFailures(type, () => subjects));
const subjects = async (directory = DIRECTORY): Promise<string[]> =>
  (await writes.database.rows('SELECT subject FROM failures WHERE directory = ? ORDER BY subject', directory)).map(
    ({ subject }) => String(subject),
  );

test('one row a subject: the first moment, the latest words, and how often', async () => {
  await record(failure('a'));
  await record(failure('a', { operation: 'patch', detail: 'Again.', requestId: 'r2', at: '2026-11-22T00:00:00.000Z' }));
  await record(failure('a', { type: 'Group' }));
  await record(failure('a'), OTHER);
  const rows = await writes.database.rows(
    "SELECT label, operation, detail, request_id, first_at, last_at, times FROM failures WHERE directory = ? AND type = 'User'",
    DIRECTORY,
  );
  expect(rows).toEqual([
    {
      ...{ label: 'A', operation: 'patch', detail: 'Again.', request_id: 'r2', times: 2 },
      ...{ first_at: '2026-11-21T00:00:00.000Z', last_at: '2026-11-22T00:00:00.000Z' },
    },
  ]);
});

test('a success ends those of its subjects, of their type, in their directory, however long their names are', async () => {
  const long = 'ä'.repeat(30_000);
  for (const subject of ['a', 'b', 'c', long, `${long}x`]) await record(failure(subject));
  await record(failure('a', { type: 'Group' }));
  await record(failure('a'), OTHER);
  await clear('User', 'a', long, 'nobody');
  expect(await subjects()).toEqual(['a', 'b', 'c', `${long}x`].sort());
  expect(await subjects(OTHER)).toEqual(['a']);
  await clear('Group', 'a');
  expect(await subjects()).toEqual(['b', 'c', `${long}x`].sort());
});

test('32 refusals of one subject at once are one row, which counts them', async () => {
  await Promise.all(
    Array.from({ length: 32 }, (_, index) =>
      writes.stores[index % 2 === 0 ? 0 : 1].write(DIRECTORY, (transaction) => transaction.recordFailure(failure('a'))),
    ),
  );
  expect(await writes.database.rows('SELECT subject, times FROM failures')).toEqual([{ subject: 'a', times: 32 }]);
});

test('what is about somebody who is gone ends after a month', async () => {
  await fill(1, '2026-10-01');
  await writes.database.run(
    "INSERT INTO failures (directory, type, subject, label, operation, reason, detail, request_id, first_at, last_at, times) SELECT directory, type, 'gone', label, operation, 'not-found', detail, request_id, first_at, last_at, times FROM failures",
  );
  await record(failure('new', { reason: 'not-found' }));
  expect(await subjects()).toEqual(['new', 'old00000']);
});

test('of too many the oldest give way', async () => {
  await fill(MOST_FAILURES + 500, '2026-11-20');
  for (let index = 0; index < FAILURES_A_LOOK; index += 1) await record(failure(`new${index}`));
  const left = await subjects();
  expect(left.length).toBeLessThanOrEqual(MOST_FAILURES + FAILURES_A_LOOK);
  expect(left).toContain('new0');
  // The oldest of those that were there at once.
  expect(left).not.toContain('old00000');
  expect(left).toContain(`old${String(MOST_FAILURES + 499).padStart(5, '0')}`);
});

test('two processes look after them at once, and neither waits for the other for ever', async () => {
  await fill(MOST_FAILURES + 3_000, '2026-11-20');
  await Promise.all(
    [0, 1].map((one) =>
      writes.stores[one as 0 | 1].write(DIRECTORY, (transaction) => transaction.recordFailure(failure(`new${one}`))),
    ),
  );
  const left = await subjects();
  expect(left).toEqual(expect.arrayContaining(['new0', 'new1']));
  expect(left.length).toBeLessThanOrEqual(MOST_FAILURES + 3_000 + 2 - 1_000);
});

/** Rows of one a second, the first of them the oldest. */
async function fill(count: number, day: string): Promise<void> {
  await writes.database.run(
    `INSERT INTO failures (directory, type, subject, label, operation, reason, detail, request_id, first_at, last_at, times)
     SELECT ?, 'User', 'old' || lpad(n::text, 5, '0'), 'x', 'create', 'name-taken', 'x', 'r',
       ? || 'T' || to_char(n * interval '1 second', 'HH24:MI:SS') || '.000Z',
       ? || 'T' || to_char(n * interval '1 second', 'HH24:MI:SS') || '.000Z', 1
     FROM generate_series(0, ?::integer - 1) n`,
    DIRECTORY,
    day,
    day,
    count,
  );
}
