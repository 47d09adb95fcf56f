import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COUNT_SINCE, FORGET, RECORD, SET_BACK } from '../../../src/store/postgres/deprovisionings.ts';
import { CLEAR_FAILURES } from '../../../src/store/postgres/failures.ts';
import { DELETE_KEYS, ROWS_BETWEEN, UPDATE_SHAPES, WEIGHTS_AFTER } from '../../../src/store/postgres/fill.ts';
import { GUARD_STATE } from '../../../src/store/postgres/guards.ts';
import { DECIDE, HOLDS, LONG_DECIDED, RECORD_HOLD, STANDING, SURPLUS } from '../../../src/store/postgres/holds.ts';
import { LOCKED_BY_EXTERNAL_ID, LOCKED_BY_ID, LOCKED_BY_NAME } from '../../../src/store/postgres/locked.ts';
import { LOCK_GROUPS, LOCK_MEMBER, MEMBER_OF_AFTER } from '../../../src/store/postgres/member-of.ts';
import { LOCK_JOINING, MEMBER_IDS_AFTER, PRESENT_AMONG } from '../../../src/store/postgres/members.ts';
import { KEYS_AMONG, MEMBER_COUNT, MEMBER_KEYS_AFTER } from '../../../src/store/postgres/members-matching.ts';
import { ADD_MEMBERS, LEAVE_GROUPS, REMOVE_DANGLING, REMOVE_MEMBERS } from '../../../src/store/postgres/memberships.ts';
import { PASSWORD_OF } from '../../../src/store/postgres/passwords.ts';
import type { SqlValue } from '../../../src/store/postgres/pool.ts';
import { DELETE_KEYS_OF } from '../../../src/store/postgres/record-keys.ts';
import {
  DELETE_RESOURCE,
  DROP_MEMBERSHIPS,
  RENAME_RESOURCE,
  SET_OWNED,
  UPDATE_RESOURCE,
} from '../../../src/store/postgres/records.ts';
import { REMOVED_BEFORE } from '../../../src/store/postgres/removed.ts';
import { HOLDER, MEMBER_OF } from '../../../src/store/postgres/role-holder.ts';
import { USER_COUNTS } from '../../../src/store/postgres/user-counts.ts';
import { openWrites, type Writes } from './writes.ts';

let writes: Writes;
beforeAll(async () => {
  writes = await openWrites(2);
  // It would look at the tables in a moment of its own, and what they remember would be another.
  for (const table of TABLES.split(', '))
    await writes.database.run(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
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
  `INSERT INTO changes (directory, set_number, place, at, by_kind, by_id, by_name, request_id, kind, type, subject)
    SELECT 'd' || d, i, 1, '', '', '', '', '', 'updated', 'User', 'x' || i FROM generate_series(1, 5) i, generate_series(1, 2) d`,
  `INSERT INTO keys (directory, type, attribute, value, subject)
    SELECT 'd' || d, 'User', 'roles.value', 'r' || i % 200, 'id' || i FROM generate_series(100, ${PEOPLE}) i, generate_series(1, 2) d`,
  `INSERT INTO passwords SELECT 'd' || d, 'id' || i, 'hash', '' FROM generate_series(100, ${PEOPLE}) i, generate_series(1, 2) d`,
  `INSERT INTO deprovisionings SELECT 'd' || d, what, i, 'at' || lpad(i::text, 6, '0'), 'id' || i, 1, i
    FROM generate_series(1, ${PEOPLE}) i, generate_series(1, 2) d, unnest('{users,memberships}'::text[]) what`,
  "INSERT INTO guards SELECT 'd' || d FROM generate_series(1, 2000) d",
  // A third each is open, rejected, and has come to an end.
  `INSERT INTO holds SELECT 'd' || d, 'h' || lpad(i::text, 6, '0'), 'User', 'id' || i, '', '{}', '', '', '', '', '', '', '', 1, state,
      '', '', '', CASE WHEN state <> 'open' THEN 'at' || lpad(i::text, 6, '0') END
    FROM generate_series(1, ${PEOPLE}) i, generate_series(1, 2) d,
      LATERAL (SELECT (ARRAY['open','rejected','approved'])[1 + i % 3]) one (state)`,
];
const TABLES = 'resources, memberships, keys, failures, changes, passwords, deprovisionings, guards, holds';

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
  // The record, and its password.
  DELETE_RESOURCE: [DELETE_RESOURCE, ['id500'], 2],
  DROP_MEMBERSHIPS: [DROP_MEMBERSHIPS, ['id500'], 0],
  ADD_MEMBERS: [ADD_MEMBERS, ['id49', 2, 'm', ['id500', 'id501'], ['User', 'User']], 1],
  REMOVE_MEMBERS: [REMOVE_MEMBERS, ['id0', 2, 'm', ['id500', 'id501']], 3],
  LEAVE_GROUPS: [LEAVE_GROUPS, ['id500', ['id0', 'id11', 'id60'], [2, 2, 2], 'm'], 6],
  REMOVE_DANGLING: [REMOVE_DANGLING, ['id500'], 6],
  DELETE_KEYS_OF: [DELETE_KEYS_OF, ['User', 'emails.value', ['u500', 'x'], 'id500'], 1],
  REMOVED_BEFORE: [REMOVED_BEFORE, ['x500', 'User'], 1],
  SET_OWNED: [SET_OWNED, ['id500', false], 1],
  // The place of the latest, which is what is counted from.
  RECORD: [RECORD, ['users', 'at999999', 'id500', 1, 1], 1],
  SET_BACK: [SET_BACK, ['users', 'at999999'], 0],
  FORGET: [FORGET, ['users', 'at015000'], 32],
  COUNT_SINCE: [COUNT_SINCE, ['users', 'at000090'], 2],
  GUARD_STATE: [GUARD_STATE, [], 1],
  STANDING: [STANDING, ['User', 'id501'], 1],
  RECORD_HOLD: [RECORD_HOLD, ['new', 'User', 'id501', '', '{}', '', '', '', '', '', '', 1], 0],
  DECIDE: [DECIDE, [['h000501', 'h000502', 'x'], 'approved', '', '', '', ''], 2],
  HOLDS: [HOLDS, [['open', 'rejected'], 'h000030', 100], 200],
  // Past the others in an index, and three times what goes: found, locked, deleted.
  SURPLUS: [SURPLUS, [6_660], 6_660 + 3 * 7],
  LONG_DECIDED: [LONG_DECIDED, ['at000009'], 3 * 3],
  PASSWORD_OF: [PASSWORD_OF, ['id500'], 1],
  // Nobody has it but one; of the group the first who is active.
  HOLDER: [HOLDER, ['roles.value', 'r100', 'id100'], 4],
  MEMBER_OF: [MEMBER_OF, [['name49', 'nobody'], 'id500'], 4],
  USER_COUNTS: [USER_COUNTS, [], 6],
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
const NEEDS_STATISTICS = ['LOCKED_BY_NAME', 'LOCKED_BY_EXTERNAL_ID', 'CLEAR_FAILURES', 'MEMBER_OF'];

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
      await run(`TRUNCATE ${TABLES}`, 'ALTER SEQUENCE places RESTART');
      await run(...ROWS.map((sql) => sql.replaceAll(String(PEOPLE), '150').replaceAll('5000', '10')), 'ANALYZE');
      await run(`TRUNCATE ${TABLES}`, 'ALTER SEQUENCE places RESTART', ...ROWS);
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
