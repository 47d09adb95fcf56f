import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FEW_GROUPS_OF_MANY } from '../../../src/store/postgres/groups.ts';
import {
  CHANGE_AT,
  CHANGES_IN,
  CHANGES_OF,
  FIRST_CHANGE,
  LAST_CHANGE,
} from '../../../src/store/postgres/history-reader.ts';
import {
  COUNTED_PAGE,
  PAGE_AFTER,
  PAGE_BEHIND,
  TOTAL,
  TOTAL_AND_PAGE_AFTER,
} from '../../../src/store/postgres/list.ts';
import {
  RECORD_BY_EXTERNAL_ID,
  RECORD_BY_ID,
  RECORD_BY_NAME,
  RECORDS_BY,
  TYPE_BY_ID,
} from '../../../src/store/postgres/lookup.ts';
import { GROUPS_AFTER, MEMBERS_AFTER } from '../../../src/store/postgres/pieces.ts';
import type { SqlValue } from '../../../src/store/postgres/pool.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.end());

const SIZE = 20_000;

/** Records of three directories, a twentieth of them groups; each user is in three of its directory's, and in the first. */
const rows = (from: number, to: number): readonly string[] => [
  `INSERT INTO resources (directory, type, id, version, created, modified, active, member_count, name_key, twin,
      external_id, label, text, shape)
    SELECT 'd' || i % 3, CASE WHEN i % 20 = 0 THEN 'Group' ELSE 'User' END, 'id' || i, 1, 'c' || i, 'm' || i, i % 7 > 0, 0,
      'name' || i, '', 'external' || i, 'Label ' || i, '{}', '{}' FROM generate_series(${from}, ${to}) i`,
  // Directory 2 has the groups 20, 80, 140 …, directory 1 has 40, 100 …, and directory 0 has 60, 120 …
  `INSERT INTO memberships
    SELECT 'd' || i % 3, 'id' || g, 'id' || i, 'User' FROM generate_series(${from}, ${to}) i,
      LATERAL (VALUES (0), (60 * (1 + i % 200)), (60 * (201 + i % 100))) beyond (first),
      LATERAL (SELECT first + (ARRAY[60, 40, 20])[1 + i % 3]) one (g)
    WHERE i % 20 > 0 AND g <= ${to}`,
  `INSERT INTO totals SELECT directory, type, count(*) FROM resources GROUP BY directory, type
    ON CONFLICT (directory, type) DO UPDATE SET total = excluded.total`,
  `INSERT INTO changes (directory, set_number, place, seq, at, by_kind, by_id, by_name, request_id, kind, type, subject)
    SELECT directory, seq, 0, CASE WHEN seq <= ${SIZE - 10} THEN seq END, '', '', '', '', '', 'created', type, id
    FROM resources WHERE seq >= ${from}`,
];
const EMPTY = ['TRUNCATE resources, memberships, totals, changes', 'ALTER SEQUENCE places RESTART'];
const LOOK = 'VACUUM ANALYZE';

interface Asked {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** By which of its columns an index is asked. */
  readonly seeks: Readonly<Record<string, readonly string[]>>;
  /** Rows that are read in all, of tables and indexes. */
  readonly reads: number;
  /** Of a whole range the order may be made after it was read. */
  readonly isRange?: true;
}

const BY_ID = { resources_pkey: ['directory,id'] };
const GROUPS_WITH_ROW = { memberships_member: ['directory,member_id'], ...BY_ID };
const TOTALS = { totals_pkey: ['directory,type'], changes_unnumbered: ['directory'] };
const HISTORY = { changes_seq: ['directory', 'directory,seq'] };
const AFTER = { resources_seq: ['directory,type,seq'] };
/** The place that the page begins with, and the page. */
const COUNTED_FROM = { resources_seq: ['directory,type', 'directory,type,seq'] };

/** The row, three memberships and their groups. */
const KEYED = 7;
/** The total of a type, and the four unnumbered changes of the directory. */
const COUNTED = 5;

const STATEMENTS: Readonly<Record<string, Asked>> = {
  RECORD_BY_ID: { sql: RECORD_BY_ID, values: ['id4'], seeks: GROUPS_WITH_ROW, reads: KEYED },
  RECORD_BY_NAME: {
    sql: RECORD_BY_NAME,
    values: ['User', 'name4'],
    seeks: { resources_name: ['directory,type,name_key_at'], ...GROUPS_WITH_ROW },
    reads: KEYED,
  },
  RECORD_BY_EXTERNAL_ID: {
    sql: RECORD_BY_EXTERNAL_ID,
    values: ['User', 'external4'],
    seeks: { resources_external_id: ['directory,type,external_id_at'], ...GROUPS_WITH_ROW },
    reads: KEYED,
  },
  'RECORDS_BY.id': {
    sql: RECORDS_BY.id,
    values: [
      ['User', 'User', 'User'],
      ['id4', 'id7', 'id10'],
    ],
    seeks: GROUPS_WITH_ROW,
    reads: 3 * KEYED,
  },
  'RECORDS_BY.name': {
    sql: RECORDS_BY.name,
    values: [
      ['User', 'Group', 'User'],
      ['name4', 'name40', 'nobody'],
    ],
    seeks: { resources_name: ['directory,type,name_key_at'], ...GROUPS_WITH_ROW },
    reads: KEYED + 1,
  },
  'RECORDS_BY.externalId': {
    sql: RECORDS_BY.externalId,
    values: [
      ['User', 'User'],
      ['external4', 'external7'],
    ],
    seeks: { resources_external_id: ['directory,type,external_id_at'], ...GROUPS_WITH_ROW },
    reads: 2 * KEYED,
  },
  TYPE_BY_ID: { sql: TYPE_BY_ID, values: ['id4'], seeks: BY_ID, reads: 1 },
  FEW_GROUPS_OF_MANY: {
    sql: FEW_GROUPS_OF_MANY,
    values: [['id1', 'id4', 'id7', 'id10']],
    seeks: GROUPS_WITH_ROW,
    reads: 24,
  },
  GROUPS_AFTER: {
    sql: GROUPS_AFTER,
    values: ['id4', '', 500],
    seeks: { ...GROUPS_WITH_ROW, memberships_member: ['directory,member_id,group_id'] },
    reads: 6,
  },
  // One more row is read than is shown.
  MEMBERS_AFTER: {
    sql: MEMBERS_AFTER,
    values: ['id40', 'id1', 100],
    seeks: { memberships_pkey: ['directory,group_id,member_id'], ...BY_ID },
    reads: 202,
  },
  TOTAL: { sql: TOTAL, values: ['User'], seeks: TOTALS, reads: COUNTED },
  PAGE_AFTER: {
    sql: PAGE_AFTER,
    values: ['User', 9000, 101],
    seeks: AFTER,
    reads: 101,
  },
  // Those that are passed by are entries of the index.
  PAGE_BEHIND: {
    sql: PAGE_BEHIND,
    values: ['User', 9000, 101, 200],
    seeks: AFTER,
    reads: 301,
  },
  TOTAL_AND_PAGE_AFTER: {
    sql: TOTAL_AND_PAGE_AFTER,
    values: ['User', 9000, 101],
    seeks: { ...TOTALS, ...AFTER },
    reads: 101 + COUNTED,
  },
  FIRST_CHANGE: { sql: FIRST_CHANGE, values: [], seeks: HISTORY, reads: 1 },
  LAST_CHANGE: { sql: LAST_CHANGE, values: [], seeks: HISTORY, reads: 1 },
  CHANGE_AT: { sql: CHANGE_AT, values: [9000], seeks: HISTORY, reads: 1 },
  CHANGES_IN: {
    sql: CHANGES_IN,
    values: [9000, 9059, null, null, null, null],
    seeks: HISTORY,
    reads: 20,
    isRange: true,
  },
  'CHANGES_IN, about somebody': {
    sql: CHANGES_IN,
    values: [9000, 9059, 'c1', 'r1', 'members', 'id4'],
    seeks: HISTORY,
    reads: 20,
    isRange: true,
  },
  CHANGES_OF: {
    sql: CHANGES_OF,
    values: ['id4', 20_000, 10],
    seeks: { changes_subject: ['directory,subject'] },
    reads: 1,
  },
  'COUNTED_PAGE, the first one': {
    sql: COUNTED_PAGE,
    values: [['User'], 0, 100],
    seeks: { ...TOTALS, ...COUNTED_FROM },
    reads: 101 + COUNTED,
  },
  'COUNTED_PAGE of several types, past the first one': {
    sql: COUNTED_PAGE,
    values: [['Group', 'User'], 300, 100],
    seeks: { ...TOTALS, ...COUNTED_FROM },
    // Of the index the groups before the page are read, 300 of 333, and then both types for it.
    reads: 300 + 1 + 33 + 1 + 67 + 2 * COUNTED,
  },
  'COUNTED_PAGE beyond the end': {
    sql: COUNTED_PAGE,
    values: [['Group', 'User'], 2 ** 53 - 2, 100],
    seeks: { ...TOTALS, ...COUNTED_FROM },
    reads: 2 * COUNTED,
  },
};

/** What is planned without regard to the values is what a client comes to after it has asked five times. */
const PLANNED = ['force_generic_plan', 'force_custom_plan'];

describe.each([
  ['nobody has looked at', rows(1, SIZE)],
  ['somebody has looked at', [LOOK]],
  ['somebody looked at when it was small', [...EMPTY, ...rows(1, 60), LOOK, ...rows(61, SIZE)]],
])('in a table that %s every read is a seek in an index, of no more than is asked for', (_, before) => {
  beforeAll(async () => {
    for (const sql of before) await tables.write(sql);
  });

  test.each(Object.keys(STATEMENTS))('%s', async (name) => {
    const asked = STATEMENTS[name] as Asked;
    for (const mode of PLANNED) {
      const { nodes, answer } = await explained(asked, mode);
      const isMap = ({ 'Node Type': type }: PlanNode) => asked.isRange === true && type === 'Bitmap Heap Scan';
      const read = nodes.filter((node) => ('Relation Name' in node || 'Index Name' in node) && !isMap(node));
      expect(
        read.map((node) => node['Node Type']).filter((type) => !/^(?:Index (?:Only )?|Bitmap Index )Scan$/.test(type)),
      ).toEqual([]);
      for (const node of read) {
        const seek = `${mode}: ${node['Index Name']} by ${columnsIn(node['Index Cond']).join()}`;
        expect(seeksOf(asked, mode), seek).toContain(seek);
      }
      expect(
        read.reduce((sum, node) => sum + rowsRead(node), 0),
        mode,
      ).toBeLessThanOrEqual(asked.reads);
      for (const node of nodes.filter(({ 'Node Type': type }) => /Sort/.test(type))) {
        expect(node['Actual Rows'] * node['Actual Loops'], mode).toBeLessThanOrEqual(answer);
      }
    }
  });
});

function seeksOf({ seeks }: Asked, mode: string): string[] {
  return Object.entries(seeks).flatMap(([index, all]) => all.map((columns) => `${mode}: ${index} by ${columns}`));
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** With the role of requests, as row-level security lets it. */
async function explained(
  { sql, values }: Asked,
  mode: string,
): Promise<{ nodes: readonly PlanNode[]; answer: number }> {
  const [[text]] = (await tables.read('d1', async ({ session }) => {
    await session.once(`SET plan_cache_mode = ${mode}`, []);
    await session.once(`PREPARE asked AS ${sql}`, []);
    try {
      const explain = 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, FORMAT JSON)';
      return await session.once(`${explain} EXECUTE asked(${['d1', ...values].map(literal).join(', ')})`, []);
    } finally {
      await session.once('DEALLOCATE asked', []);
      await session.once('RESET plan_cache_mode', []);
    }
  })) as [[string]];
  const [{ Plan: plan }] = JSON.parse(text) as [{ Plan: PlanNode }];
  return { nodes: nodesOf(plan), answer: Math.max(plan['Actual Rows'], 2) };
}

function literal(value: SqlValue): string {
  if (Array.isArray(value)) return `'{${value.join(',')}}'`;
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : pg.escapeLiteral(String(value));
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** `((directory = $1) AND (type = $2) AND (seq > $3))` → directory, type, seq */
function columnsIn(condition = ''): string[] {
  return [...condition.matchAll(/\(([a-z_]+) (?:=|>=?) /g)].map(([, column]) => column as string);
}

function rowsRead(node: PlanNode): number {
  // PostgreSQL tells rows a loop, to two decimals.
  return Math.round((node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']);
}
