import pg from 'pg';

/**
 * What the second wall lacks: a sentence for everything that the role of requests can see or do beyond the directory that its
 * connection is set to. It is tried out, in transactions that are rolled back, on every table that there is; each of them
 * must hold a row of each of the two directories.
 */
export async function breachesOf(client: pg.Client, directories: readonly [string, string]): Promise<string[]> {
  const tables = await tablesOf(client);
  const found: string[] = [];
  for (const table of tables.directory) {
    found.push(...(await seenUnset(client, table)), ...(await reached(client, table, directories)));
  }
  for (const table of [...tables.operator, 'joinery_operator.kysely_migration']) {
    for (const sql of [`SELECT 1 FROM ${table}`, `DELETE FROM ${table}`]) {
      if ((await tried(client, undefined, sql)) !== 'denied') found.push(`${sql} is not denied`);
    }
  }
  return found;
}

/** What requests may do with rows of their own directory, where it is less than everything. */
const OWN: Readonly<Record<string, { readonly insert: boolean; readonly change: boolean }>> = {
  'joinery.changes': { insert: true, change: false },
  'joinery.totals': { insert: false, change: false },
  'joinery.histories': { insert: false, change: false },
  'joinery.journal': { insert: false, change: false },
};

async function seenUnset(client: pg.Client, table: string): Promise<string[]> {
  const found: string[] = [];
  for (const unset of [undefined, '']) {
    for (const sql of [`SELECT 1 FROM ${table}`, `DELETE FROM ${table}`, `UPDATE ${table} SET directory = directory`]) {
      const rows = await tried(client, unset, sql);
      if (rows !== 0 && rows !== 'denied')
        found.push(`a connection set to ${unset ?? 'nothing'}: ${sql} has ${rows} rows`);
    }
  }
  return found;
}

async function reached(client: pg.Client, table: string, [own, other]: readonly [string, string]): Promise<string[]> {
  const { insert, change } = OWN[table] ?? { insert: true, change: true };
  const columns = (await columnsOf(client, table)).filter((name) => name !== 'directory').join(', ');
  // A row that nobody else has the keys of: the directory is all that could be wrong with it.
  const copied = (into: string) =>
    `INSERT INTO ${table} (directory, ${columns}) SELECT ${into}, ${columns} FROM ${table} WHERE directory = '${own}'`;
  const expected: readonly (readonly [string, number | 'denied'])[] = [
    [`SELECT 1 FROM ${table}`, 1],
    [`SELECT 1 FROM ${table} WHERE directory = '${own}'`, 1],
    [`SELECT 1 FROM ${table} WHERE directory = '${other}'`, 0],
    [`UPDATE ${table} SET directory = directory WHERE directory = '${other}'`, 0],
    [`UPDATE ${table} SET directory = directory`, change ? 1 : 0],
    [`UPDATE ${table} SET directory = 'another'`, change ? 'denied' : 0],
    [`DELETE FROM ${table} WHERE directory = '${other}'`, 0],
    [`DELETE FROM ${table}`, change ? 1 : 0],
    [copied("'another'"), 'denied'],
    [`TRUNCATE ${table}`, 'denied'],
    [`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`, 'denied'],
    [`DROP TABLE ${table}`, 'denied'],
  ];
  const found: string[] = [];
  for (const [sql, rows] of expected) {
    const came = await tried(client, own, sql);
    if (came !== rows) found.push(`set to ${own}: ${sql} has ${came} rows, and should have ${rows}`);
  }
  const added = await tried(client, own, copied('directory'));
  if (insert !== (added === 'taken')) found.push(`set to ${own}: inserting into ${table} is ${added}`);
  return found;
}

/** How many rows; or what PostgreSQL said: `denied`, `taken` (a key is another row's), or in its words. */
async function tried(client: pg.Client, directory: string | undefined, sql: string): Promise<number | string> {
  await client.query('BEGIN');
  try {
    if (directory !== undefined) await client.query("SELECT set_config('joinery.directory', $1, true)", [directory]);
    return (await client.query(sql)).rowCount ?? 0;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === INSUFFICIENT_PRIVILEGE) return 'denied';
    if (error.code === UNIQUE_VIOLATION) return 'taken';
    return error.message;
  } finally {
    await client.query('ROLLBACK');
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';
const UNIQUE_VIOLATION = '23505';

async function tablesOf(client: pg.Client): Promise<{ directory: string[]; operator: string[] }> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('joinery', 'joinery_operator') AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 2`,
  );
  const of = (schema: string) => rows.filter((row) => row.schema === schema).map(({ name }) => name);
  return { directory: of('joinery'), operator: of('joinery_operator') };
}

export async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/**
 * What is declared wrongly, a sentence each: a table without row-level security, or not forced on its owner; a policy for
 * others than the owner that asks for anything but the directory of the connection; what looks past policies (views,
 * functions that run as their owner); a role that policies do not hold for.
 */
export async function undeclared(client: pg.Client): Promise<string[]> {
  const found: string[] = [];
  for (const [what, sql] of Object.entries(WRONG)) {
    const { rows } = await client.query<{ name: string }>(sql);
    found.push(...rows.map(({ name }) => `${name}: ${what}`));
  }
  return found;
}

const IN_SCHEMA = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'joinery'`;
const CONDITION = `(directory = current_setting(''joinery.directory''::text, true))`;
const POLICIES = `FROM pg_policies p WHERE p.schemaname = 'joinery' AND p.roles <> '{joinery_owner}'`;

const WRONG: Readonly<Record<string, string>> = {
  'row-level security is off': `SELECT c.relname AS name ${IN_SCHEMA} AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity`,
  'its owner is not held to it': `SELECT c.relname AS name ${IN_SCHEMA} AND c.relkind IN ('r', 'p') AND NOT c.relforcerowsecurity`,
  'no policy shows a directory its rows': `SELECT c.relname AS name ${IN_SCHEMA} AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT 1 ${POLICIES} AND p.tablename = c.relname AND p.cmd IN ('ALL', 'SELECT'))`,
  'a policy asks for something else than the directory of the connection': `SELECT p.tablename || ' ' || p.policyname AS name ${POLICIES}
    AND (p.permissive <> 'PERMISSIVE' OR p.qual <> '${CONDITION}' OR p.with_check <> '${CONDITION}' OR coalesce(p.qual, p.with_check) IS NULL)`,
  'no column of it is the directory': `SELECT c.relname AS name ${IN_SCHEMA} AND c.relkind IN ('r', 'p') AND NOT EXISTS
    (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'directory' AND a.attnotnull)`,
  'what it shows is not held to policies': `SELECT c.relname AS name ${IN_SCHEMA} AND c.relkind NOT IN ('r', 'p', 'i', 'I', 'S', 't')`,
  'runs with the rights of its owner': `SELECT p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname LIKE 'joinery%' AND p.prosecdef`,
  'the role is not held to policies': `SELECT rolname AS name FROM pg_roles
    WHERE rolname IN ('joinery', 'joinery_owner') AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)`,
  'requests act for another role': `SELECT rolname AS name FROM pg_roles r
    WHERE rolname <> 'joinery' AND pg_has_role('joinery', r.oid, 'MEMBER')`,
  'requests own it': `SELECT c.relname AS name FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'joinery'`,
  'requests may use the schema': `SELECT nspname AS name FROM pg_namespace
    WHERE nspname = 'joinery_operator' AND has_schema_privilege('joinery', oid, 'USAGE')`,
  'requests may make tables in it': `SELECT nspname AS name FROM pg_namespace
    WHERE nspname LIKE 'joinery%' AND has_schema_privilege('joinery', oid, 'CREATE')`,
};
