import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { LONG_GONE, SURPLUS } from '../../../src/store/sqlite/failures.ts';
import { REMOVED_NAME } from '../../../src/store/sqlite/removed.ts';
import { openTemporary, type Temporary } from './fixture.ts';

let temporary: Temporary;
beforeAll(async () => {
  temporary = await openTemporary();
});
afterAll(() => temporary.end());

test.each(Object.entries({ REMOVED_NAME, SURPLUS, LONG_GONE }))('%s reads an index', (_, sql) => {
  const connection = openConnection(temporary.file, { readOnly: true });
  const steps = connection.database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => String(detail));
  connection.close();
  expect(steps.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([]);
});
