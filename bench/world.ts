import { type Connection, openConnection, requestBytes } from '../tests/process/connection.ts';
import { userBody } from './people.ts';

/**
 * One server filled with one number of users, and what the load must know of it. Which users serve what, as shares of
 * the list in its own order:
 *
 *     0 ── 0.2 ── 0.4 ─── 0.5 ── 0.55 ── 0.6 ─────── 0.8 ────────── 0.9 ── 0.95 ── 1
 *     │PUT │PATCH │        │middle│       │join groups│in 3 big groups│      │last   │
 *     └── filter, get ──┘   pages                                          pages
 *
 * so that no operation changes the size of what another one reads.
 */
export interface World {
  readonly server: Server;
  readonly size: number;
  /** In the order of the list. */
  readonly people: readonly Person[];
  /** Groups of 10 members. */
  readonly smallGroups: readonly string[];
  /** Three groups with a tenth of all users each. */
  readonly bigGroups: readonly string[];
  /** What GET answered for the users that are PUT, as Okta would send it back. */
  readonly replies: readonly { readonly id: string; readonly resource: Record<string, unknown> }[];
  /** Ids made while measuring creates, to be removed before the next measurement. */
  readonly created: string[];
  /** How many requests each operation has sent here. */
  readonly turns: Map<string, number>;
  readonly filledPerSecond: number;
  /** A whole import by one walker, in ms. */
  readonly walkMilliseconds: number;
}

export interface Server {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly authorization: string;
  /** Where the SCIM base is: `/scim/v2`. */
  readonly base: string;
}

export interface Person {
  readonly id: string;
  readonly userName: string;
}

const FILL_IN_FLIGHT = 48;
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Creates `size` users and their groups through SCIM, walks the list once, and checks that nobody is missing. */
export async function fillWorld(server: Server, size: number): Promise<World> {
  const began = performance.now();
  await createUsers(server, size);
  const filledPerSecond = size / ((performance.now() - began) / 1000);
  const { people, milliseconds } = await walk(server, size);

  const joiners = part(size, 0.6, 0.8);
  const smallGroups = await createGroups(server, Math.min(1000, size / 2), (index) => ({
    displayName: `Team ${index}`,
    members: [...Array(10).keys()].map((nth) => personAt(people, joiners, index * 10 + nth)),
  }));
  const bigGroups = await createGroups(server, 3, (index) => ({
    displayName: `Region ${index}`,
    members: people.slice(Math.floor(size * 0.8), Math.floor(size * 0.9)),
  }));

  const replies: { id: string; resource: Record<string, unknown> }[] = [];
  const updated = part(size, 0, 0.2);
  const sampled = Math.min(2000, updated.count);
  await eachInFlight(server, sampled, (index) => {
    const { id } = personAt(people, updated, index * Math.floor(updated.count / sampled));
    return {
      request: scim(server, 'GET', `/Users/${id}`),
      status: 200,
      take: (body) => {
        replies[index] = { id, resource: JSON.parse(body.toString()) };
      },
    };
  });
  return {
    server,
    size,
    people,
    smallGroups,
    bigGroups,
    replies,
    created: [],
    turns: new Map(),
    filledPerSecond,
    walkMilliseconds: milliseconds,
  };
}

/** Creates people 0 to `count` - 1; `onCreated` hears after each how many there are. */
export function createUsers(server: Server, count: number, onCreated?: (done: number) => void): Promise<void> {
  let done = 0;
  return eachInFlight(server, count, (index) => ({
    request: scim(server, 'POST', '/Users', userBody(index)),
    status: 201,
    take: () => onCreated?.(++done),
  }));
}

/** The bytes of a SCIM request to this server. */
export function scim(server: Server, method: string, path: string, body?: unknown): Buffer {
  const parts = { authorization: server.authorization };
  return requestBytes(
    method,
    `${server.base}${path}`,
    body === undefined ? parts : { ...parts, body: JSON.stringify(body) },
  );
}

/** A part of the list, as shares of it: looked into, never copied (a copy at each request would be the load's main work). */
export interface Part {
  readonly first: number;
  readonly count: number;
}

export function part(size: number, from: number, to: number): Part {
  const first = Math.floor(size * from);
  return { first, count: Math.floor(size * to) - first };
}

export function personAt(people: readonly Person[], { first, count }: Part, index: number): Person {
  return people[first + (index % count)] as Person;
}

interface FillRequest {
  readonly request: Buffer;
  readonly status: number;
  readonly take?: (body: Buffer) => void;
}

/** Sends `count` requests over a few connections; throws at the first answer with another status. */
export async function eachInFlight(server: Server, count: number, make: (index: number) => FillRequest): Promise<void> {
  let next = 0;
  const lane = async () => {
    const connection = await openConnection(server.port);
    try {
      while (next < count) {
        const { request, status, take } = make(next++);
        const answer = await connection.exchange(request);
        if (answer.status !== status) {
          throw new Error(`${server.name} answered ${answer.status}, not ${status}, to ${request}: ${answer.body}`);
        }
        take?.(answer.body);
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(FILL_IN_FLIGHT, count) }, lane));
}

/** Reads all pages as Okta's import does: startIndex 1, 101, 201 … */
export async function walk(server: Server, size: number): Promise<{ people: Person[]; milliseconds: number }> {
  const connection = await openConnection(server.port);
  const people = new Map<string, Person>();
  let milliseconds = 0;
  for (let start = 1; start <= size; start += 100) {
    const began = performance.now();
    const page = await readPage(connection, server, start);
    milliseconds += performance.now() - began;
    if (page.totalResults !== size) throw new Error(`${server.name} lists ${page.totalResults} users, not ${size}`);
    for (const { id, userName } of page.Resources) people.set(id, { id, userName });
  }
  connection.close();
  if (people.size !== size) throw new Error(`${server.name}: a walk met ${people.size} users, not ${size}`);
  return { people: [...people.values()], milliseconds };
}

async function readPage(connection: Connection, server: Server, start: number) {
  const answer = await connection.exchange(scim(server, 'GET', `/Users?startIndex=${start}&count=100`));
  if (answer.status !== 200) throw new Error(`${server.name} answered ${answer.status} to a page: ${answer.body}`);
  return JSON.parse(answer.body.toString()) as { totalResults: number; Resources: Person[] };
}

/** Returns their ids, in order. */
export async function createGroups(
  server: Server,
  count: number,
  make: (index: number) => { displayName: string; members: readonly Person[] },
): Promise<readonly string[]> {
  const ids: string[] = [];
  await eachInFlight(server, count, (index) => {
    const { displayName, members } = make(index);
    const values = members.map(({ id, userName }) => ({ value: id, display: userName }));
    return {
      request: scim(server, 'POST', '/Groups', { schemas: [GROUP_SCHEMA], displayName, members: values }),
      status: 201,
      take: (body) => {
        ids[index] = JSON.parse(body.toString()).id;
      },
    };
  });
  return ids;
}
