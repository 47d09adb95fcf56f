import { openConnection } from '../tests/process/connection.ts';
import { createGroups, createUsers, type Person, type Server, scim, walk } from './world.ts';

/** A group of one size, in a directory that it shares with the others. */
export interface Crowd {
  readonly server: Server;
  readonly size: number;
  readonly group: string;
  /** Who is in this group, and in no other, from the beginning to the end. */
  readonly members: readonly Person[];
  /** Users who are in none of the groups, and join and leave each. */
  readonly joiners: readonly Person[];
  /** So many requests have each moved the group's version. */
  moved(requests: number): void;
  /** @throws when the group has other members, or another version, than its requests must have made of it */
  check(): Promise<void>;
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** Members added by one request. */
const AT_ONCE = 1000;

export async function fillCrowds(
  server: Server,
  sizes: readonly number[],
  { joiners, say }: { joiners: number; say: (line: string) => void },
): Promise<readonly Crowd[]> {
  const users = sizes.reduce((sum, size) => sum + size, joiners);
  await createUsers(server, users);
  const people = scattered((await walk(server, users)).people);
  say(`${users} users created`);
  const own = { server, joiners: people.splice(0, joiners) };
  const crowds: Crowd[] = [];
  for (const size of sizes) {
    const members = people.splice(0, size);
    const [group = ''] = await createGroups(server, 1, () => ({ displayName: `Crowd of ${size}`, members: [] }));
    for (let from = 0; from < size; from += AT_ONCE) await add(server, group, members.slice(from, from + AT_ONCE));
    crowds.push(crowd({ ...own, size, group, members }));
    say(`a group of ${size} filled`);
  }
  return crowds;
}

/** The people in an order that no cache and no page of the database likes: the members of each group are everywhere. */
function scattered(people: readonly Person[]): Person[] {
  return people.map((_, index) => people[(index * STRIDE) % people.length] as Person);
}

/** A prime that divides no number of people that is likely. */
const STRIDE = 7919;

export function patchGroup(server: Server, group: string, operation: object): Buffer {
  return scim(server, 'PATCH', `/Groups/${group}`, { schemas: [PATCH_OP], Operations: [operation] });
}

async function add(server: Server, group: string, members: readonly Person[]): Promise<void> {
  const value = members.map(({ id, userName }) => ({ value: id, display: userName }));
  await ask(server, patchGroup(server, group, { op: 'add', path: 'members', value }), 204);
}

async function ask(server: Server, request: Buffer, status: number): Promise<Buffer> {
  const connection = await openConnection(server.port);
  const answer = await connection.exchange(request);
  connection.close();
  if (answer.status !== status) throw new Error(`${answer.status}, not ${status}: ${answer.body.subarray(0, 500)}`);
  return answer.body;
}

function crowd(given: Omit<Crowd, 'moved' | 'check'>): Crowd {
  const { server, group, size, members } = given;
  let version = 1 + Math.ceil(size / AT_ONCE);
  return {
    ...given,
    moved(requests) {
      version += requests;
    },
    async check() {
      const body = await ask(server, scim(server, 'GET', `/Groups/${group}`), 200);
      const found = JSON.parse(body.toString()) as { members: { value: string }[]; meta: { version: string } };
      const ids = new Set(found.members.map(({ value }) => value));
      const same = found.members.length === size && members.every(({ id }) => ids.has(id));
      if (!same) throw new Error(`the group of ${size} has other members at the end: ${found.members.length}`);
      if (found.meta.version !== `W/"${version}"`) {
        throw new Error(`the group of ${size} has version ${found.meta.version} at the end, not W/"${version}"`);
      }
    },
  };
}
