import { describe, expect, test } from 'vitest';
import { DATABASES } from '../harness/index.ts';
import { FAULTS } from './queries/faults.ts';
import { differencesOf, keptQueries } from './queries/kept.ts';
import { runQueries } from './queries/run.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);

/** PostgreSQL plans each query anew, which takes longer than to answer it. */
const CASES = { sqlite: 1_500, postgres: 600 } as const;

describe.each(DATABASES)('on %s', (database) => {
  test('SQL finds, sorts and pages what memory does: random data, filters, sortings, pages and cursors', async () => {
    const { done, differences } = await runQueries({ cases: CASES[database], seed: SEED, database, aWorld: 100 });
    expect(differences.map(({ seed, query, difference }) => ({ seed, query, difference }))).toEqual([]);
    expect(done).toBe(CASES[database]);
  });

  test.each(keptQueries())('kept: $name', async (kept) => {
    expect(await differencesOf(kept, database)).toEqual([]);
  });

  test.each(Object.entries(FAULTS[database]))('a mistake in the SQL would be found: %s', async (_, plant) => {
    let altered = 0;
    const planted = (sql: string): string => {
      const faulty = plant(sql);
      if (faulty !== sql) altered += 1;
      return faulty;
    };
    const { differences } = await runQueries({ cases: 20_000, seed: 1, database, aWorld: 200, planted, most: 1 });
    expect(altered).toBeGreaterThan(0);
    expect(differences).toHaveLength(1);
  });
});
