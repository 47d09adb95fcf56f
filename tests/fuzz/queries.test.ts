import { expect, test } from 'vitest';
import { FAULTS } from './queries/faults.ts';
import { differencesOf, keptQueries } from './queries/kept.ts';
import { runQueries } from './queries/run.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);

test('SQL finds, sorts and pages what memory does: random data, filters, sortings, pages and cursors', async () => {
  const { done, differences } = await runQueries({ cases: 1_500, seed: SEED, aWorld: 100 });
  expect(differences.map(({ seed, query, difference }) => ({ seed, query, difference }))).toEqual([]);
  expect(done).toBe(1_500);
});

test.each(keptQueries())('kept: $name', async (kept) => {
  expect(await differencesOf(kept)).toEqual([]);
});

test.each(Object.entries(FAULTS))('a mistake in the SQL would be found: %s', async (_, plant) => {
  let altered = 0;
  const planted = (sql: string): string => {
    const faulty = plant(sql);
    if (faulty !== sql) altered += 1;
    return faulty;
  };
  const { differences } = await runQueries({ cases: 20_000, seed: 1, aWorld: 200, planted, most: 1 });
  expect(altered).toBeGreaterThan(0);
  expect(differences).toHaveLength(1);
});
