import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import {
  type DatabaseName,
  type ScimClient,
  type ScimReply,
  type ServerOptions,
  scim,
  startServer,
  type TestServer,
} from '../harness/index.ts';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Two customers on one server: what one does must leave the other as it was, to the byte. */
export interface World {
  readonly server: TestServer;
  readonly acme: Customer;
  readonly globex: Customer;
  close(): Promise<void>;
}

export interface Customer extends ScimClient {
  readonly baseUrl: string;
  readonly token: string;
  readonly credential: string;
  /** The id of its directory. */
  readonly directory: string;
  /** Makes a user, and gives its representation. */
  user(userName: string, attributes?: object): Promise<Representation>;
  group(displayName: string, members?: readonly string[]): Promise<Representation>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into representations of every shape
export type Representation = Record<string, any> & { readonly id: string };

export async function openWorld(options: ServerOptions = {}): Promise<World> {
  const server = await startServer(options);
  return {
    server,
    acme: await customerOf(server, 'acme'),
    globex: await customerOf(server, 'globex'),
    close: () => server.close(),
  };
}

async function customerOf(server: TestServer, organization: string): Promise<Customer> {
  const { token, baseUrl, id } = await server.mint('Okta', { organization });
  const client = scim({ baseUrl, token });
  const [found] = await server.rows('SELECT directory FROM credentials WHERE id = ?', id);
  const directory = found?.directory as string | undefined;
  if (directory === undefined) throw new Error('a credential without a directory');
  return {
    ...client,
    baseUrl,
    token,
    credential: id,
    directory,
    user: async (userName, attributes = {}) =>
      created(await client.post('/Users', { schemas: [USER], userName, ...attributes })),
    group: async (displayName, members = []) =>
      created(
        await client.post('/Groups', { schemas: [GROUP], displayName, members: members.map((value) => ({ value })) }),
      ),
  };
}

function created(reply: ScimReply): Representation {
  expect(reply, reply.text).toMatchObject({ status: 201 });
  return reply.body;
}

/** Makes many users, `name-0`, `name-1` …, and gives their ids. */
export async function crowd(customer: Customer, name: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  const numbers = Array.from({ length: count }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of numbers) {
      ids[index] = (await customer.user(`${name}-${index}`, { displayName: `${name} ${index}` })).id;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return ids;
}

export function user(userName: string, attributes: object = {}): object {
  return { schemas: [USER], userName, ...attributes };
}

/** Of a SQLite, of which nobody else writes now. */
export function query(
  databasePath: string,
  sql: string,
  ...values: readonly (string | number)[]
): Record<string, string | number | bigint | null>[] {
  const database = new DatabaseSync(databasePath, { readOnly: true });
  try {
    return database.prepare(sql).all(...values) as Record<string, string | number | bigint | null>[];
  } finally {
    database.close();
  }
}

/** A directory as the database has it: every row of every table that belongs to it, but what refused calls may note. */
export async function rowsOf(server: TestServer, directory: string): Promise<Record<string, string[]>> {
  await server.numbered();
  const tables = (await server.rows(TABLES_OF_A_DIRECTORY[server.database])).map(({ name }) => String(name));
  expect(tables).toEqual(expect.arrayContaining(['changes', 'failures', 'keys', 'memberships', 'resources', 'totals']));
  const rows: Record<string, string[]> = {};
  for (const table of tables) {
    // It has what was refused, too, and a moment later.
    if (table === 'journal') continue;
    const found = await server.rows(`SELECT * FROM ${table} WHERE directory = ?`, directory);
    rows[table] = found
      // When a credential was last used says nothing of what it did.
      .map(({ last_used: _, ...row }) =>
        JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
      )
      .sort();
  }
  return rows;
}

const TABLES_OF_A_DIRECTORY: Readonly<Record<DatabaseName, string>> = {
  sqlite: `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND c.name = 'directory' ORDER BY m.name`,
  postgres: `SELECT c.table_name AS name FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema LIKE 'joinery%' AND c.column_name = 'directory' AND t.table_type = 'BASE TABLE' ORDER BY 1`,
};

/**
 * The common postcondition of every abuse case: the other customer's rows are as they were, failures included; one's own
 * are too, but for the failures that refusals note; no property of any object was planted; and the server answers.
 */
export async function leavesNoTrace<T>({ server, acme, globex }: World, attack: () => Promise<T>): Promise<T> {
  const own = withoutFailures(await rowsOf(server, acme.directory));
  const other = await rowsOf(server, globex.directory);
  const prototypes = planted();
  const result = await attack();
  expect(withoutFailures(await rowsOf(server, acme.directory))).toEqual(own);
  expect(await rowsOf(server, globex.directory)).toEqual(other);
  expect(planted()).toEqual(prototypes);
  await isAlive(acme);
  return result;
}

function withoutFailures({ failures: _, ...rows }: Record<string, string[]>): Record<string, string[]> {
  return rows;
}

export async function isAlive(customer: ScimClient): Promise<void> {
  const { status, body } = await customer.get('/Users?count=1');
  expect(status).toBe(200);
  expect(body.Resources).toBeInstanceOf(Array);
}

/** What every object inherits; a polluted prototype shows here, as the server runs in this process. */
export function planted(): string[] {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype].flatMap((prototype) =>
    Reflect.ownKeys(prototype).map(String).sort(),
  );
}

/** Words of the machine that no customer's administrator should ever read. */
const INTERNALS =
  /sqlite|postgres|\bSELECT\b|\bINSERT\b|UNIQUE constraint|node:|node_modules|\.ts\b|\bat .+\(.+:\d+|\bstack\b|\bundefined\b|\[object|\bNaN\b|TypeError|RangeError|\/tmp\/|\/src\/|jn-/;

export interface Expected {
  readonly status: number | readonly number[];
  readonly scimType?: string | readonly string[];
  /** What the `detail` must name. */
  readonly says?: string | RegExp;
}

/** A refusal: SCIM JSON with these values, a sentence for `detail`, and nothing of the machine in it. */
export function expectRefusal(reply: ScimReply, expected: Expected): void {
  expect([expected.status].flat(), reply.text).toContain(reply.status);
  isScimError(reply);
  if (expected.scimType !== undefined) expect([expected.scimType].flat(), reply.text).toContain(reply.body.scimType);
  if (expected.says !== undefined) expect(reply.body.detail).toMatch(expected.says);
}

export function isScimError(reply: ScimReply): void {
  expect(reply.status, reply.text).toBeGreaterThanOrEqual(400);
  // Only what we say we do not do is above 499.
  if (reply.status >= 500) expect(reply.status, reply.text).toBe(501);
  expect(reply.headers.get('content-type')).toMatch(/^application\/scim\+json/);
  expect(reply.headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/);
  expect(reply.body, reply.text).toMatchObject({ schemas: [ERROR], status: String(reply.status) });
  expect(Object.keys(reply.body).every((name) => ['schemas', 'status', 'scimType', 'detail'].includes(name))).toBe(
    true,
  );
  expect(reply.body.detail).toMatch(/\S.*[.]$/s);
  expect(reply.body.detail.length).toBeLessThan(2000);
  expect(reply.text).not.toMatch(INTERNALS);
}
