import { openConnection, requestBytes } from '../process/connection.ts';
import type { Target } from './drive.ts';

/** What a client finds over SCIM, page by page. */
export interface Found {
  readonly users: Map<string, FoundUser>;
  readonly groups: Map<string, FoundGroup>;
  /** What no list should hold: an id twice, a total that is not the number of its resources. */
  readonly faults: string[];
}

export interface FoundUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string;
  readonly active: boolean;
  readonly title: string;
  readonly nickName: string;
  readonly name: { readonly givenName: string; readonly familyName: string };
  readonly emails: readonly { readonly value: string }[];
  readonly groups?: readonly { readonly value: string; readonly display: string }[];
  readonly meta: { readonly version: string };
  readonly 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { readonly department: string };
}

export interface FoundGroup {
  readonly id: string;
  readonly displayName: string;
  readonly members?: readonly { readonly value: string }[];
  readonly meta: { readonly version: string };
}

export type Get = (path: string) => Promise<{ readonly status: number; readonly json: unknown }>;

export interface ListPage<T> {
  readonly totalResults: number;
  readonly Resources?: readonly T[];
}

export async function readDirectory(target: Target): Promise<Found> {
  const found: Found = { users: new Map(), groups: new Map(), faults: [] };
  await withConnections(target, 1, async (get) => {
    await walk<FoundUser>(get, '/Users', { into: found.users, faults: found.faults });
    await walk<FoundGroup>(get, '/Groups', { into: found.groups, faults: found.faults });
  });
  return found;
}

/** Runs `work` once for each of `count` keep-alive connections, all at the same time. */
export async function withConnections(
  { port, base, authorization }: Target,
  count: number,
  work: (get: Get) => Promise<void>,
): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async () => {
      const connection = await openConnection(port);
      try {
        await work(async (path) => {
          const answer = await connection.exchange(requestBytes('GET', `${base}${path}`, { authorization }));
          return { status: answer.status, json: JSON.parse(answer.body.toString() || 'null') };
        });
      } finally {
        connection.close();
      }
    }),
  );
}

async function walk<T extends { readonly id: string }>(
  get: Get,
  path: string,
  { into, faults }: { into: Map<string, T>; faults: string[] },
): Promise<void> {
  let total = 1;
  for (let start = 1; start <= total; start += 100) {
    const { status, json } = await get(`${path}?startIndex=${start}&count=100`);
    if (status !== 200) throw new Error(`${path} was answered ${status}`);
    const page = json as ListPage<T>;
    total = page.totalResults;
    for (const resource of page.Resources ?? []) {
      if (into.has(resource.id)) faults.push(`${path} lists ${resource.id} twice`);
      into.set(resource.id, resource);
    }
  }
  if (into.size !== total) faults.push(`${path} says ${total} and lists ${into.size}`);
}
