import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type AppOptions, createApp } from '../../src/app.ts';
import { type Config, checkConfig, readSettings } from '../../src/config.ts';
import { type DatabaseName, openDatabase, type SqlRow, type TestDatabase } from './database.ts';
import { scim } from './scim.ts';

export interface ServerOptions {
  /** Which one it has to itself; or one that others are on too, which stays when the server is closed. SQLite when absent. */
  readonly database?: DatabaseName | TestDatabase;
  readonly config?: Config;
  /** Made through SCIM before the server is handed over: `user0@example.com`, `user1@example.com`, … */
  readonly users?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: AppOptions['limits'];
  readonly bounds?: AppOptions['bounds'];
}

export interface MintOptions {
  readonly application?: string;
  readonly scope?: 'provision' | 'read';
  /** ISO 8601. */
  readonly expires?: string;
  /** Its slug; the organization is made when it is not there. `acme` when absent. */
  readonly organization?: string;
}

export interface Minted {
  readonly token: string;
  readonly id: string;
  readonly baseUrl: string;
}

export interface TestServer {
  /** What its operator can do. */
  readonly app: App;
  readonly baseUrl: string;
  readonly port: number;
  /** Of organization `acme`, in the first application. */
  readonly token: string;
  readonly database: DatabaseName;
  /** What another process on its database has in its environment. */
  readonly env: TestDatabase['env'];
  /** The file of a SQLite. */
  readonly databasePath: string;
  /** Of a PostgreSQL, for whom there is no row-level security. */
  readonly superuserUrl: string | undefined;
  /** What its database has. Values stand as `?`. */
  rows(sql: string, ...values: readonly (string | number)[]): Promise<SqlRow[]>;
  /** All that it keeps, by name: its database, and its log. */
  kept(): Promise<ReadonlyMap<string, Buffer>>;
  /** Resolves when all history that is committed has its numbers. */
  numbered(): Promise<void>;
  mint(name: string, options?: MintOptions): Promise<Minted>;
  revoke(id: string): Promise<void>;
  /** What it logged until it was closed. */
  logs(): string;
  close(): Promise<void>;
}

/** The whole application in this process, on a free port and a database of its own. */
export async function startServer({
  database = 'sqlite',
  config,
  users = 0,
  env = {},
  limits = {},
  bounds = {},
}: ServerOptions = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-'));
  const stands = typeof database === 'string' ? await openDatabase(database) : database;
  const logFile = join(folder, 'log');
  const settings = readSettings({ PORT: '0', ...stands.env, ...env }, { logLevel: 'info', insecure: false });
  const applications = await checkConfig(config ?? { applications: { app: {} } }, 'the test');
  const app = await createApp({ settings, applications, logFile, limits, bounds });
  const { port } = await app.listen();
  const first = applications[0]?.name ?? '';
  const known = new Set<string>();
  let logged: string | undefined;

  const server: TestServer = {
    app,
    baseUrl: app.baseUrl(first, 'acme'),
    port,
    token: (await mint('test')).token,
    database: stands.name,
    env: stands.env,
    get databasePath() {
      if (stands.file === undefined) throw new Error(`a database of ${stands.name} is no file`);
      return stands.file;
    },
    superuserUrl: stands.superuserUrl,
    rows: stands.rows,
    kept: async () => new Map([...(await stands.kept()), ['log', readFileSync(logFile)]]),
    numbered: stands.numbered,
    mint,
    revoke: async (id) => {
      const revoked = await app.credentials.revoke(id);
      if (revoked.kind === 'refused') throw new Error(revoked.detail);
    },
    logs: () => logged ?? readFileSync(logFile, 'utf8'),
    close: async () => {
      if (logged !== undefined) return;
      await app.close();
      logged = readFileSync(logFile, 'utf8');
      if (typeof database === 'string') await stands.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await createUsers(server, users);
  return server;

  async function mint(name: string, options: MintOptions = {}): Promise<Minted> {
    const { organization = 'acme', application = first, scope = 'provision', expires } = options;
    if (!known.has(organization)) await makeOrganization(organization);
    const made = await app.credentials.create({ organization, application, name, scope, expires });
    if (made.kind === 'refused') throw new Error(made.detail);
    return { token: made.token, id: made.credential.id, baseUrl: app.baseUrl(application, organization) };
  }

  async function makeOrganization(slug: string): Promise<void> {
    const { plans, sso } = applications[0]?.requires ?? {};
    const made = await app.organizations.create({ name: slug, slug, plan: plans?.[0], sso });
    // The command line may have made it.
    if (made.kind === 'refused' && !(await app.organizations.list()).some((each) => each.slug === slug)) {
      throw new Error(made.detail);
    }
    known.add(slug);
  }
}

async function createUsers(server: TestServer, count: number): Promise<void> {
  const client = scim(server);
  const numbers = Array.from({ length: count }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of numbers) {
      const { status, text } = await client.post('/Users', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: `user${index}@example.com`,
        name: { givenName: `Given${index}`, familyName: `Family${index}` },
        emails: [{ value: `user${index}@example.com`, type: 'work', primary: true }],
        active: true,
      });
      if (status !== 201) throw new Error(`user ${index}: ${status} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
