import { afterAll, expect } from 'vitest';
import type { Config } from '../../src/config.ts';
import {
  type DatabaseName,
  type ScimClient,
  type ScimReply,
  scim,
  startServer,
  type TestServer,
} from '../harness/index.ts';
import { GROUP, type Representation, USER } from './world.ts';

/** A server with rules, and in each of its applications as many customers as are asked for, each with nobody in it yet. */
export interface Ruled {
  readonly server: TestServer;
  customer(application: string): Promise<RuledCustomer>;
}

export interface RuledCustomer extends ScimClient {
  readonly organization: string;
  readonly application: string;
  user(userName: string, attributes?: object): Promise<Representation>;
  /** `name0`, `name1` … */
  users(name: string, count: number): Promise<readonly Representation[]>;
  group(displayName: string, members?: readonly Representation[]): Promise<Representation>;
  /** `active: false`, without a path, as Okta does. */
  deactivate(id: string): Promise<ScimReply>;
  isActive(id: string): Promise<boolean>;
}

export async function ruledServer(database: DatabaseName, applications: Config['applications']): Promise<Ruled> {
  const server = await startServer({ database, config: { applications } });
  afterAll(() => server.close());
  let made = 0;
  return {
    server,
    async customer(application) {
      made += 1;
      const organization = `customer-${made}`;
      const { token, baseUrl } = await server.mint('Okta', { organization, application });
      return customerOf(scim({ baseUrl, token }), { organization, application });
    },
  };
}

export function customerOf(
  client: ScimClient,
  place: Pick<RuledCustomer, 'organization' | 'application'>,
): RuledCustomer {
  const user = async (userName: string, attributes: object = {}) =>
    created(await client.post('/Users', { schemas: [USER], userName, active: true, ...attributes }));
  return {
    ...client,
    ...place,
    user,
    // A few at a time: who opens a thousand connections finds some closed while they were idle.
    users: async (name, count) => {
      const made: Representation[] = [];
      const numbers = Array.from({ length: count }, (_, index) => index).values();
      const worker = async (): Promise<void> => {
        for (const index of numbers) made[index] = await user(`${name}${index}`);
      };
      await Promise.all(Array.from({ length: 16 }, worker));
      return made;
    },
    group: async (displayName, members = []) =>
      created(
        await client.post('/Groups', {
          schemas: [GROUP],
          displayName,
          members: members.map(({ id }) => ({ value: id })),
        }),
      ),
    deactivate: (id) => client.patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }]),
    isActive: async (id) => (await client.get(`/Users/${id}`)).body.active,
  };
}

function created(reply: ScimReply): Representation {
  expect(reply, reply.text).toMatchObject({ status: 201 });
  return reply.body;
}
