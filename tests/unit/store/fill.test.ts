import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseFilter, resolveFilter } from '../../../src/scim/index.ts';
import { type Connection, openConnection } from '../../../src/store/sqlite/connection.ts';
import { DELETE_KEYS, ROWS_AFTER, UPDATE_SHAPE } from '../../../src/store/sqlite/fill.ts';
import { plan } from '../../../src/store/sqlite/plan.ts';
import { URN, userWith } from './declared.ts';
import { CONTEXT, DIRECTORY, openTemporary, type Temporary } from './fixture.ts';

const INDEXED = userWith({
  badge: { indexed: true },
  level: { type: 'integer', indexed: true },
  skills: { multiValued: true, indexed: true },
});

let temporary: Temporary;
let reads: Connection;
beforeAll(async () => {
  temporary = await openTemporary();
  reads = openConnection(temporary.file, { readOnly: true });
});
afterAll(async () => {
  reads.close();
  await temporary.end();
});

describe('each statement is a search in an index', () => {
  const steps = (sql: string): string[] =>
    reads.database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail));

  test.each(Object.entries({ DELETE_KEYS, ROWS_AFTER, UPDATE_SHAPE }))('%s', (_, sql) => {
    const searches = steps(sql).filter((step) => !/^LIST SUBQUERY \d+$/.test(step));
    expect(searches).not.toEqual([]);
    for (const step of searches) expect(step).toMatch(/^SEARCH \w+ USING (COVERING )?(INDEX|PRIMARY KEY)/);
  });

  test.each(['@badge eq "x"', '@level eq 7', '@skills eq "x" and userName sw "a"'])(
    'the filter %s goes by keys',
    (text) => {
      const options = { unquotedValues: false };
      const filter = resolveFilter(parseFilter(text.replaceAll('@', `${URN}:`), options), INDEXED, options);
      const asked = { directory: DIRECTORY, selection: { index: 0, type: INDEXED, filter }, base: CONTEXT.base };
      const ready = plan({ ...asked, ready: () => true });
      expect(steps(ready.find.sql)[0]).toBe(
        'SEARCH k USING PRIMARY KEY (directory=? AND type=? AND attribute=? AND value=?)',
      );
      expect(ready.probe).toBeDefined();
      expect(plan({ ...asked, ready: () => false }).probe).toBeUndefined();
    },
  );
});
