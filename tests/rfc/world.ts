import { type Minted, type MintOptions, type ScimClient, scim, type TestServer } from '../harness/index.ts';
import { exchange, type WireReply } from '../wire/exchange.ts';
import type { Mode, Sent } from './case.ts';
import { user } from './shorthand.ts';

/** A directory that no other case knows of, and its provider's token. */
export interface World extends ScimClient {
  readonly mode: Mode;
  readonly server: TestServer;
  readonly baseUrl: string;
  readonly token: string;
  /** The id of the token's credential. */
  readonly credential: string;
  /** Another customer of the same application. */
  another(): Promise<World>;
  /** One more token for this directory. */
  mint(options?: Omit<MintOptions, 'organization' | 'application'>): Promise<Minted>;
  /** Makes a user, and gives its representation. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into representations of every shape
  user(userName: string, attributes?: Readonly<Record<string, unknown>>): Promise<any>;
  send(sent: Sent): Promise<WireReply>;
}

export const CONFIG = {
  applications: { default: { basePath: '/scim/v2' }, strict: { basePath: '/strict/scim/v2', strict: true } },
} as const;

let count = 0;

export async function openWorld(server: TestServer, mode: Mode): Promise<World> {
  const organization = `o${++count}`;
  const mint: World['mint'] = (options = {}) => server.mint('rfc', { ...options, organization, application: mode });
  const { token, baseUrl, id: credential } = await mint();
  const client = scim({ baseUrl, token });
  return {
    ...client,
    mode,
    server,
    baseUrl,
    token,
    credential,
    another: () => openWorld(server, mode),
    mint,
    user: async (userName, attributes = {}) => {
      const reply = await client.post('/Users', user(userName, attributes));
      if (reply.status !== 201) throw new Error(`${userName}: ${reply.status} ${reply.text}`);
      return reply.body;
    },
    send: (sent) => send({ baseUrl, token }, sent),
  };
}

function send(
  { baseUrl, token }: { readonly baseUrl: string; readonly token: string },
  { method, path, headers, body, text }: Sent,
): Promise<WireReply> {
  const sent = body === undefined ? text : JSON.stringify(body);
  const all = {
    Authorization: `Bearer ${token}`,
    Accept: 'application/scim+json',
    ...(sent === undefined ? {} : { 'Content-Type': 'application/scim+json' }),
    ...headers,
  };
  const named = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  // A URL in place of a path stands beside the base.
  const { origin } = new URL(baseUrl);
  const beside = path.startsWith(`${origin}/`);
  return exchange(beside ? origin : baseUrl, {
    method,
    path: beside ? path.slice(origin.length + 1) : path,
    headers: Object.fromEntries(named),
    ...(sent === undefined ? {} : { text: sent }),
  });
}
