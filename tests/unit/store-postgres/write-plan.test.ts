import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLEAR_FAILURES } from '../../../src/store/postgres/failures.ts';
import { DELETE_KEYS, ROWS_BETWEEN, UPDATE_SHAPES, WEIGHTS_AFTER } from '../../../src/store/postgres/fill.ts';
import { LOCKED_BY_EXTERNAL_ID, LOCKED_BY_ID, LOCKED_BY_NAME } from '../../../src/store/postgres/locked.ts';
import { LOCK_GROUPS, LOCK_MEMBER, MEMBER_OF_AFTER } from '../../../src/store/postgres/member-of.ts';
import { LOCK_JOINING, MEMBER_IDS_AFTER, PRESENT_AMONG } from '../../../src/store/postgres/members.ts';
import { KEYS_AMONG, MEMBER_COUNT, MEMBER_KEYS_AFTER } from '../../../src/store/postgres/members-matching.ts';
import { ADD_MEMBERS, LEAVE_GROUPS, REMOVE_DANGLING, REMOVE_MEMBERS } from '../../../src/store/postgres/memberships.ts';
import type { SqlValue } from '../../../src/store/postgres/pool.ts';
import { DELETE_KEYS_OF } from '../../../src/store/postgres/record-keys.ts';
import {
  DELETE_RESOURCE,
  DROP_MEMBERSHIPS,
  RENAME_RESOURCE,
  UPDATE_RESOURCE,
} from '../../../src/store/postgres/records.ts';
import { REMOVED_BEFORE } from '../../../src/store/postgres/removed.ts';
import { openWrites, type Writes } from './writes.ts';

let writes: Writes;
beforeAll(async () => {
  writes = await openWrites(2);
});
afterAll(() => writes.end());

const PEOPLE = 20_000;
/** Two directories; people of a directory are each in three of its hundred groups, and all of them in the first. */
const ROWS = [
  `INSERT INTO resources (directory, type, id, version, created, modified, active, member_count, name_key, twin,
      external_id, label, text, shape)
    SELECT 'd' || d, CASE WHEN i < 100 THEN 'Group' ELSE 'User' END, 'id' || i, 1, 'c', 'm', true, 0, 'name' || i, '',
      'external' || i, 'Label', '{}', '{}' FROM generate_series(0, ${PEOPLE}) i, generate_series(1, 2) d`,
  `INSERT INTO memberships SELECT 'd' || d, 'id' || g, 'id' || i, 'User'
    FROM generate_series(100, ${PEOPLE}) i, generate_series(1, 2) d, LATERAL (VALUES (0), (1 + i % 49), (50 + i % 49)) one (g)`,
  `INSERT INTO keys (directory, type, attribute, value, subject)
    SELECT 'd' || d, 'User', 'emails.value', 'u' || i, 'id' || i FROM generate_series(100, ${PEOPLE}) i, generate_series(1, 2) d`,
  `INSERT INTO failures (directory, type, subject, label, operation, reason, detail, request_id, first_at, last_at, times)
    SELECT 'd' || d, 'User', 'u' || i, '', '', '', '', '', '', '', 1 FROM generate_series(1, 5000) i, generate_series(1, 2) d`,
  `INSERT INTO changes (directory, set_number, place, seq, at, by_kind, by_id, by_name, request_id, kind, type, subject, before)
    SELECT 'd' || d, i, 0, i, '', '', '', '', '', CASE WHEN i % 10 = 0 THEN 'removed' ELSE 'updated' END, 'User', 'x' || i, '{}'
    FROM generate_series(1, ${PEOPLE}) i, generate_series(1, 2) d`,
];

/** A statement on directory d1, its values after that, and how many rows it may read. */
const STATEMENTS: Readonly<Record<string, readonly [sql: string, values: readonly SqlValue[], reads: number]>> = {
  LOCKED_BY_ID: [LOCKED_BY_ID, ['id500'], 1],
  LOCKED_BY_NAME: [LOCKED_BY_NAME, ['User', 'name500'], 1],
  LOCKED_BY_EXTERNAL_ID: [LOCKED_BY_EXTERNAL_ID, ['User', 'external500'], 1],
  PRESENT_AMONG: [PRESENT_AMONG, ['id0', ['id500', 'id501', 'x']], 2],
  // The user, and where they might be a member.
  LOCK_JOINING: [LOCK_JOINING, ['id49', ['id500', 'id501', 'x']], 4],
  MEMBER_IDS_AFTER: [MEMBER_IDS_AFTER, ['id0', 'id9'], 5_000],
  LOCK_MEMBER: [LOCK_MEMBER, ['id500'], 1],
  LOCK_GROUPS: [LOCK_GROUPS, ['id500', '', 1000], 6],
  MEMBER_OF_AFTER: [MEMBER_OF_AFTER, ['id500', '', 1000], 6],
  MEMBER_COUNT: [MEMBER_COUNT, ['id0'], 1],
  MEMBER_KEYS_AFTER: [MEMBER_KEYS_AFTER, ['id0', ''], 2_000],
  KEYS_AMONG: [KEYS_AMONG, [['id500', 'id501', 'x']], 2],
  UPDATE_RESOURCE: [UPDATE_RESOURCE, ['id500', 2, 'm', true, '{}', '{}'], 1],
  RENAME_RESOURCE: [RENAME_RESOURCE, ['id500', 2, 'm', true, '{}', '{}', 'new', '', null, null, 'new'], 1],
  DELETE_RESOURCE: [DELETE_RESOURCE, ['id500'], 1],
  DROP_MEMBERSHIPS: [DROP_MEMBERSHIPS, ['id500'], 0],
  ADD_MEMBERS: [ADD_MEMBERS, ['id49', 2, 'm', ['id500', 'id501'], ['User', 'User']], 1],
  REMOVE_MEMBERS: [REMOVE_MEMBERS, ['id0', 2, 'm', ['id500', 'id501']], 3],
  LEAVE_GROUPS: [LEAVE_GROUPS, ['id500', ['id0', 'id11', 'id60'], [2, 2, 2], 'm'], 6],
  REMOVE_DANGLING: [REMOVE_DANGLING, ['id500'], 6],
  DELETE_KEYS_OF: [DELETE_KEYS_OF, ['User', 'emails.value', ['u500', 'x'], 'id500'], 1],
  REMOVED_BEFORE: [REMOVED_BEFORE, ['x500', 'User'], 1],
  CLEAR_FAILURES: [CLEAR_FAILURES, ['User', ['u500', 'x']], 1],
  DELETE_KEYS: [DELETE_KEYS, ['User', 'emails.value'], 2_000],
  WEIGHTS_AFTER: [WEIGHTS_AFTER, ['User', 300], 200],
  ROWS_BETWEEN: [ROWS_BETWEEN, ['User', 1000, 1010], 10],
  UPDATE_SHAPES: [
    UPDATE_SHAPES,
    [
      ['id500', 'id501'],
      ['{}', '{"a":1}'],
    ],
    2,
  ],
};

/**
 * Without any statistics several indexes that lead with the directory and the type seem to be equal. Nobody is left without
 * them for long: `statistics.ts` has the database look once a few hundred changes were made.
 */
const NEEDS_STATISTICS = ['LOCKED_BY_NAME', 'LOCKED_BY_EXTERNAL_ID', 'CLEAR_FAILURES'];

const NO_STATISTICS = 'before the database has looked at its tables';
const OLD_STATISTICS = 'as it remembers them from when they were small';
const STATISTICS = 'when it knows them';

describe.each([NO_STATISTICS, OLD_STATISTICS, STATISTICS])('%s', (statistics) => {
  beforeAll(async () => {
    const run = async (...statements: readonly string[]): Promise<void> => {
      for (const sql of statements) await writes.database.run(sql);
    };
    if (statistics === NO_STATISTICS) await run(...ROWS);
    if (statistics === OLD_STATISTICS) {
      await run('TRUNCATE resources, memberships, keys, failures, changes', 'ALTER SEQUENCE places RESTART');
      await run(...ROWS.map((sql) => sql.replaceAll(String(PEOPLE), '150').replaceAll('5000', '10')), 'ANALYZE');
      await run('TRUNCATE resources, memberships, keys, failures, changes', 'ALTER SEQUENCE places RESTART', ...ROWS);
    }
    if (statistics === STATISTICS) await run('ANALYZE');
  }, 60_000);

  const asked = Object.entries(STATEMENTS).filter(
    ([name]) => statistics !== NO_STATISTICS || !NEEDS_STATISTICS.includes(name),
  );
  test.each(asked)('%s reads what it is asked for', async (_, [sql, values, reads]) => {
    for (const mode of ['force_generic_plan', 'force_custom_plan']) {
      expect(await readsOf(sql, values, mode), mode).toBeLessThanOrEqual(reads);
    }
  });
});

/** Rows of tables, and entries of indexes, that the statement reads as the role that requests have. What it does is undone. */
async function readsOf(sql: string, values: readonly SqlValue[], mode: string): Promise<number> {
  let reads = 0;
  const undone = writes.pools[0].transaction('d1', async (session) => {
    await session.once(`SET LOCAL plan_cache_mode = ${mode}`, []);
    const [explained] = await session.once(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, ['d1', ...values]);
    reads = readsIn((JSON.parse(explained?.[0] as string) as [{ Plan: Plan }])[0].Plan);
    throw new Undone();
  });
  await expect(undone).rejects.toBeInstanceOf(Undone);
  return reads;
}

class Undone extends Error {}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Plan[];
}

function readsIn(plan: Plan): number {
  const isScan = plan['Relation Name'] !== undefined && / Scan$/.test(plan['Node Type']);
  const removed = (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  const own = isScan ? Math.round((plan['Actual Rows'] + removed) * plan['Actual Loops']) : 0;
  return (plan.Plans ?? []).reduce((sum, one) => sum + readsIn(one), own);
}
