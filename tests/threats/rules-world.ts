import { afterAll } from 'vitest';
import type { Config, PolicyConfig } from '../../src/config.ts';
import {
  type DatabaseName,
  openDatabase,
  type ScimClient,
  type ScimReply,
  scim,
  startServer,
  type TestServer,
} from '../harness/index.ts';
import { GROUP, type Representation, USER } from './world.ts';

/** One application for each policy on one server, and a client of each. */
export interface RulesWorld<Name extends string> {
  readonly server: TestServer;
  readonly clients: Readonly<Record<Name, RulesClient>>;
  /** Makes the user one of the application's own, as an import of the operator's leaves them. */
  disown(id: string): Promise<void>;
}

export interface RulesClient extends ScimClient {
  /** Makes a user, and gives its representation. */
  user(userName: string, attributes?: object): Promise<Representation>;
  group(displayName: string, members?: readonly string[]): Promise<Representation>;
  /** Who has this userName, in any case. */
  named(userName: string): Promise<readonly Representation[]>;
}

/** The roles that each of the applications has. */
const ROLES = ['viewer', 'editor', 'admin', 'owner'] as const;

/** For the top of a test file. */
export async function rulesWorld<Name extends string>(
  database: DatabaseName,
  policies: Readonly<Record<Name, PolicyConfig>>,
): Promise<RulesWorld<Name>> {
  const stands = await openDatabase(database);
  const names = Object.keys(policies) as Name[];
  const applications: Config['applications'] = Object.fromEntries(
    names.map((name) => [
      name,
      {
        basePath: `/${name}/scim/v2`,
        entitlements: [{ name: 'Role', kind: 'role', values: ROLES.map((id) => ({ id, displayName: `The ${id}` })) }],
        policy: policies[name],
      },
    ]),
  );
  const server = await startServer({ database: stands, config: { applications } });
  afterAll(async () => {
    await server.close();
    await stands.remove();
  });
  const clients: [Name, RulesClient][] = [];
  for (const application of names)
    clients.push([application, clientOf(scim(await server.mint('Okta', { application })))]);
  return {
    server,
    clients: Object.fromEntries(clients) as Record<Name, RulesClient>,
    disown: (id) => stands.run('UPDATE resources SET owned = false WHERE id = ?', id),
  };
}

function clientOf(client: ScimClient): RulesClient {
  return {
    ...client,
    user: async (userName, attributes = {}) =>
      created(await client.post('/Users', { schemas: [USER], userName, ...attributes })),
    group: async (displayName, members = []) =>
      created(
        await client.post('/Groups', { schemas: [GROUP], displayName, members: members.map((value) => ({ value })) }),
      ),
    named: async (userName) =>
      (await client.get(`/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)).body.Resources,
  };
}

function created({ status, body, text }: ScimReply): Representation {
  if (status !== 201) throw new Error(`${status} ${text}`);
  return body;
}
