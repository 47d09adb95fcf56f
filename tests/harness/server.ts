import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppOptions, createApp } from '../../src/app.ts';
import { type Config, checkConfig, readSettings } from '../../src/config.ts';
import { scim } from './scim.ts';

export interface ServerOptions {
  readonly config?: Config;
  /** Made through SCIM before the server is handed over: `user0@example.com`, `user1@example.com`, … */
  readonly users?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: AppOptions['limits'];
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
  readonly baseUrl: string;
  readonly port: number;
  /** Of organization `acme`, in the first application. */
  readonly token: string;
  readonly databasePath: string;
  mint(name: string, options?: MintOptions): Promise<Minted>;
  revoke(id: string): Promise<void>;
  /** What it logged until it was closed. */
  logs(): string;
  close(): Promise<void>;
}

/** The whole application in this process, on a free port and a SQLite file of its own. */
export async function startServer({
  config,
  users = 0,
  env = {},
  limits = {},
}: ServerOptions = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-'));
  const databasePath = join(folder, 'joinery.db');
  const logFile = join(folder, 'log');
  const settings = readSettings(
    { PORT: '0', DATABASE_URL: `sqlite:${databasePath}`, ...env },
    { logLevel: 'info', insecure: false },
  );
  const applications = await checkConfig(config ?? { applications: { app: {} } }, 'the test');
  const app = await createApp({ settings, applications, logFile, limits });
  const { port } = await app.listen();
  const first = applications[0]?.name ?? '';
  const known = new Set<string>();
  let logged: string | undefined;

  const server: TestServer = {
    baseUrl: app.baseUrl(first),
    port,
    token: (await mint('test')).token,
    databasePath,
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
    return { token: made.token, id: made.credential.id, baseUrl: app.baseUrl(application) };
  }

  async function makeOrganization(slug: string): Promise<void> {
    const made = await app.organizations.create({ name: slug, slug });
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
