import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedUsers } from '../../../bench/seed.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { list } from '../../../src/store/sqlite/list.ts';
import { openDatabase, startServer, type TestDatabase } from '../../harness/index.ts';

const USERS = 40_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase('sqlite');
  await (await startServer({ database })).close();
  await seedUsers({ environment: database.env }, USERS, { groups: false });
});
afterAll(() => database.remove());

/** One after another: each leaves fewer. Numbers are places in the order of creation. */
const GONE: readonly (readonly [what: string, condition: string])[] = [
  ['nobody is gone', 'FALSE'],
  ['every seventh is', 'seq % 7 = 0'],
  ['a whole stretch is, and the blocks of it', 'seq >= 4900 AND seq < 21050'],
  ['the beginning is', 'seq < 1300'],
  ['of every hundred one is left', 'seq % 100 <> 50'],
  ['all are but the last', 'seq < 39950'],
  ['all are', 'TRUE'],
];

test('a page that nobody has walked up to begins exactly where it should, however many are gone before it', () => {
  const connection = openConnection(database.file ?? '', { readOnly: true });
  const writing = new DatabaseSync(database.file ?? '');
  try {
    const directory = writing.prepare('SELECT directory FROM credentials').get()?.directory as string;
    for (const [what, condition] of GONE) {
      remove(writing, condition);
      const seqs = writing.prepare('SELECT id FROM resources ORDER BY seq').all();
      const total = seqs.length;
      for (const startIndex of startsIn(total)) {
        const page = list(connection, { directory, type: 'User', startIndex, count: 3 });
        const expected = seqs.slice(startIndex - 1, startIndex + 2).map(({ id }) => id);
        expect({ what, startIndex, total: page.total, ids: page.records.map(({ id }) => id) }).toEqual({
          what,
          startIndex,
          total,
          ids: expected,
        });
      }
    }
  } finally {
    writing.close();
    connection.close();
  }
});

/** With their counts, as a DELETE takes them out. */
function remove(writing: DatabaseSync, condition: string): void {
  writing.exec(`BEGIN; DELETE FROM resources WHERE ${condition};
    DELETE FROM blocks;
    INSERT INTO blocks SELECT directory, type, seq / 1000, count(*) FROM resources GROUP BY 1, 2, 3;
    UPDATE totals SET total = (SELECT count(*) FROM resources); COMMIT`);
}

function startsIn(total: number): readonly number[] {
  const spread = Array.from({ length: 40 }, (_, nth) => 1 + Math.floor((total * nth) / 40));
  const edges = [1, 2, 3, 999, 1000, 1001, 16_999, 17_000, 17_001, 33_001, total - 1, total, total + 1, total + 5];
  return [...spread, ...edges].filter((start) => start > 0);
}
