import { type Connection, openConnection, requestBytes } from '../tests/process/connection.ts';
import { userBody } from './people.ts';

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
