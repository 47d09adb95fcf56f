import { randomInt } from 'node:crypto';
import pg from 'pg';
import { told } from './told.ts';

/** What the two URLs name, before anything is done there. */
export interface Urls {
  readonly url: string;
  readonly ownerUrl: string;
}

/** Older ones lack what the statements say. */
const OLDEST = 14;
const CONNECT_MS = 10_000;

/**
 * That the server, the roles and the tables are such that a directory's rows are its own (decision 15). The tables are looked
 * at when `migrate` has made them.
 *
 * @throws Error with a sentence for the operator
 */
export async function checkDatabase({ url, ownerUrl }: Urls, migrate: () => Promise<void>): Promise<void> {
  await connected(url, 'DATABASE_URL', async (requests) => {
    for (const server of (await requests.query<Server>(SERVER)).rows) checkServer(server);
    await checkRole(requests);
    await connected(ownerUrl, 'DATABASE_OWNER_URL', async (owner) => {
      await checkSame(requests, owner);
      await checkOwner(owner);
    });
    await migrate();
    await checkTables(requests);
  });
}

/** What to do when a URL is missing, or is not what it should be. */
export const PREPARE =
  'Run "joinery database prepare --owner postgres://…" once, and set DATABASE_URL and DATABASE_OWNER_URL to what it prints.';

export interface Server {
  /** 18 */
  readonly version: number;
  /** `18.4 (Debian …)` */
  readonly shown: string;
  readonly encoding: string;
}

/** @throws Error with a sentence for the operator */
export function checkServer({ version, shown, encoding }: Server): void {
  if (version < OLDEST) throw new Error(`PostgreSQL ${shown} is too old: expected ${OLDEST} or newer.`);
  if (encoding === 'UTF8') return;
  throw new Error(
    `The database is encoded in ${encoding}: expected UTF8. Make another one: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
  );
}

/** Its one row is a `Server`. */
export const SERVER = `SELECT current_setting('server_version_num')::int / 10000 AS version,
  current_setting('server_version') AS shown, current_setting('server_encoding') AS encoding`;

/** Whoever may become a superuser, or a role that bypasses row-level security, is as good as one. */
const MIGHTY = `SELECT current_user::text AS role, rolname::text AS other, rolsuper AS super FROM pg_roles
  WHERE (rolsuper OR rolbypassrls) AND pg_has_role(current_user, oid, 'MEMBER')
  ORDER BY rolname = current_user DESC LIMIT 1`;

async function checkRole(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ role: string; other: string; super: boolean }>(MIGHTY);
  const [found] = rows;
  if (found === undefined) return;
  const { role, other } = found;
  const what = found.super ? 'a superuser' : 'allowed to bypass row-level security';
  const who = role === other ? `is ${what}` : `may act as "${other}", which is ${what}`;
  throw new Error(`The role "${role}" of DATABASE_URL ${who}, so it would see all directories. ${PREPARE}`);
}

/** A lock is known in its own database, and nowhere else. */
async function checkSame(requests: pg.Client, owner: pg.Client): Promise<void> {
  const lock = [randomInt(2 ** 31), randomInt(2 ** 31)];
  await owner.query('BEGIN');
  await owner.query('SELECT pg_advisory_xact_lock($1, $2)', lock);
  const { rows } = await requests.query<{ free: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1::int, $2::int) AS free',
    lock,
  );
  await owner.query('ROLLBACK');
  if (rows[0]?.free !== false) throw new Error('DATABASE_URL and DATABASE_OWNER_URL name different databases.');
}

/** A database that was not prepared has no such schema, which `migrate` tells. */
const NOT_OWNER = `SELECT current_user::text AS role FROM pg_namespace
  WHERE nspname = 'joinery_operator' AND NOT has_schema_privilege(oid, 'CREATE')`;

async function checkOwner(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ role: string }>(NOT_OWNER);
  const [found] = rows;
  if (found === undefined) return;
  throw new Error(
    `The role "${found.role}" of DATABASE_OWNER_URL does not own the tables; the two URLs may have been exchanged. ${PREPARE}`,
  );
}

async function checkTables(requests: pg.Client): Promise<void> {
  const { rows } = await requests.query<Table>(TABLES);
  for (const { name, role, owned, open, allowed } of rows) {
    if (owned) {
      throw new Error(
        `The role "${role}" of DATABASE_URL owns the table ${name}, or may act for its owner, so it would see all directories. ${PREPARE}`,
      );
    }
    if (open) {
      throw new Error(
        `Row-level security is off for the table ${name}: expected ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, and FORCE.`,
      );
    }
    if (!allowed) throw new Error(`The role "${role}" of DATABASE_URL may not read and write ${name}. ${PREPARE}`);
  }
}

interface Table {
  readonly name: string;
  readonly role: string;
  readonly owned: boolean;
  readonly open: boolean;
  readonly allowed: boolean;
}

/** What row-level security shows is read by all, and what is written by requests is `resources` first of all. */
const TABLES = `SELECT 'joinery.' || c.relname AS name, current_user::text AS role,
    pg_has_role(current_user, c.relowner, 'MEMBER') AS owned,
    NOT (c.relrowsecurity AND c.relforcerowsecurity) AS open,
    has_schema_privilege(c.relnamespace, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
      AND (c.relname <> 'resources' OR has_table_privilege(c.oid, 'INSERT')) AS allowed
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'joinery' AND c.relkind IN ('r', 'p') ORDER BY c.relname`;

async function connected<T>(url: string, name: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = clientOf(url, name);
  // What breaks a connection is told by what waits for it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new Error(`The database of ${name} cannot be reached: ${told(error).message}.`);
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function clientOf(url: string, name: string): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      application_name: 'joinery start',
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
    });
  } catch {
    // What it says may repeat the URL, and so the password.
    throw new Error(`${name} is no URL that could be read: expected postgres://role:password@host/database.`);
  }
}
