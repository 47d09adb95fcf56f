import { columnsOf } from '../../../src/store/columns.ts';
import { openPool, type Pool, type SqlValue } from '../../../src/store/postgres/pool.ts';
import { OWNER_SCHEMAS, REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import type { Reading } from '../../../src/store/postgres/reading.ts';
import { openDatabase, type TestDatabase } from '../../harness/database.ts';
import { AT, type Made } from '../store/fixture.ts';

/** A PostgreSQL of a test's own, whose rows it writes itself: what is tested is how they are read. */
export interface OpenTables {
  readonly database: TestDatabase;
  /** With the role that requests have. */
  readonly pool: Pool;
  read<T>(directory: string, work: (reading: Reading) => Promise<T>): Promise<T>;
  /** As one of its own who sees everything. */
  write(sql: string, ...values: readonly SqlValue[]): Promise<void>;
  /** As a commit does: with a row of history each, which has no number yet. */
  create(directory: string, ...all: readonly Made[]): Promise<void>;
  remove(directory: string, ...all: readonly Made[]): Promise<void>;
  join(directory: string, group: Made, members: readonly Made[]): Promise<void>;
  /** As the sequencer does. */
  number(directory: string): Promise<void>;
  end(): Promise<void>;
}

export async function openTables(): Promise<OpenTables> {
  const database = await openDatabase('postgres');
  const { DATABASE_URL, DATABASE_OWNER_URL = '' } = database.env;
  const common = { size: 3, onLost: () => undefined };
  const pool = openPool({ ...common, url: DATABASE_URL, schemas: REQUEST_SCHEMAS });
  const owner = openPool({ ...common, url: DATABASE_OWNER_URL, schemas: OWNER_SCHEMAS });
  const write = async (sql: string, ...values: readonly SqlValue[]): Promise<void> => {
    await owner.use(undefined, (session) => session.once(sql, values));
  };
  return {
    database,
    pool,
    read: (directory, work) => pool.use(directory, (session) => work({ session, directory })),
    write,
    async create(directory, ...all) {
      await pool.transaction(directory, async (session) => {
        await session.run(CREATE, directory, JSON.stringify(all.map(rowOf)));
        await session.run(ADD, directory, 'created', AT, JSON.stringify(all.map(({ record }) => record)));
      });
    },
    async remove(directory, ...all) {
      await pool.transaction(directory, async (session) => {
        await session.run(REMOVE, directory, JSON.stringify(all.map(({ record }) => record)));
        await session.run(ADD, directory, 'removed', AT, JSON.stringify(all.map(({ record }) => record)));
      });
    },
    async join(directory, group, members) {
      const rows = members.map(({ record }) => ({ group_id: group.id, member_id: record.id, type: record.type }));
      await write(JOIN, directory, JSON.stringify(rows));
    },
    async number(directory) {
      await owner.transaction(undefined, async (session) => {
        await session.run(COUNT, directory);
        await session.run(NUMBER, directory);
      });
    },
    async end() {
      await Promise.all([pool.close(), owner.close()]);
      await database.remove();
    },
  };
}

const CREATE = `INSERT INTO resources (directory, type, id, version, created, modified, active, member_count, name_key, twin,
    external_id, display_key, label, text, shape)
  SELECT $1, type, id, version, created, modified, active, 0, name_key, twin, external_id, display_key, label, text, shape
  FROM json_populate_recordset(NULL::resources, $2) WITH ORDINALITY ORDER BY ordinality`;
const REMOVE = `DELETE FROM resources r USING json_populate_recordset(NULL::resources, $2) gone
  WHERE r.directory = $1 AND r.id = gone.id`;
const ADD = `INSERT INTO changes (directory, set_number, place, at, by_kind, by_id, by_name, request_id, kind, type, subject)
  SELECT $1, nextval('change_sets'), 0, $3, 'credential', 'c1', 'Okta', 'r1', $2, type, id
  FROM json_populate_recordset(NULL::resources, $4)`;
const JOIN = `INSERT INTO memberships SELECT $1, group_id, member_id, type FROM json_populate_recordset(NULL::memberships, $2)`;
const COUNT = `INSERT INTO totals (directory, type, total)
  SELECT directory, type, sum(CASE kind WHEN 'created' THEN 1 ELSE -1 END) FROM changes
  WHERE directory = $1 AND seq IS NULL GROUP BY directory, type
  ON CONFLICT (directory, type) DO UPDATE SET total = totals.total + excluded.total`;
const NUMBER = 'UPDATE changes SET seq = set_number WHERE directory = $1 AND seq IS NULL';

function rowOf({ change: { after } }: Made): unknown {
  const { nameKey, externalId, displayKey, folded, active, ...columns } = columnsOf(after);
  const { type, id, version, created, modified, text } = after;
  return {
    ...{ type: type.name, id, version, created, modified, text, active: active === 1, shape: folded },
    ...{ name_key: nameKey, external_id: externalId, display_key: displayKey },
    ...{ twin: columns.twin, label: columns.label },
  };
}
