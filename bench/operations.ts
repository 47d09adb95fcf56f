import { userBody, userName } from './people.ts';
import { type Part, type Person, part, personAt, scim, type World } from './world.ts';

/** One request of a measurement, and what makes its answer right. */
export interface Step {
  readonly request: Buffer;
  readonly status: number;
  /** Must stand in the answer's body: a key of the record that was asked for. */
  readonly key: string;
  readonly take?: (body: Buffer) => void;
}

/** Where a request stands: the how-manieth of its operation, and of its connection in this measurement. */
interface Turn {
  readonly turn: number;
  readonly step: number;
}

export interface Operation {
  readonly name: string;
  /** What the aims of the project call it. */
  readonly aim?: 'read' | 'write';
  readonly step: (world: World, at: Turn) => Step;
  /** A measurement ends early when its steps would begin to repeat themselves. */
  readonly limit?: (world: World) => number;
  /** The requests that put the world back as it was after `turns` steps, unmeasured. */
  readonly undo?: (world: World, turns: { from: number; to: number }) => { request: Buffer; status: number }[];
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The operations that Okta sends, all day long. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'filter by userName',
    aim: 'read',
    step: (world, { turn }) => {
      const person = scattered(world, part(world.size, 0, 0.4), turn);
      const filter = encodeURIComponent(`userName eq "${person.userName}"`);
      const request = scim(world.server, 'GET', `/Users?filter=${filter}&startIndex=1&count=100`);
      return { request, status: 200, key: `"id":"${person.id}"` };
    },
  },
  {
    name: 'get',
    aim: 'read',
    step: (world, { turn }) => {
      const person = scattered(world, part(world.size, 0, 0.4), turn);
      return { request: scim(world.server, 'GET', `/Users/${person.id}`), status: 200, key: person.userName };
    },
  },
  {
    name: 'create',
    aim: 'write',
    step: (world, { turn }) => {
      const index = world.size + turn;
      return {
        request: scim(world.server, 'POST', '/Users', userBody(index)),
        status: 201,
        key: userName(index),
        take: (body) => world.created.push(/"id": ?"([^"]+)"/.exec(body.toString())?.[1] ?? ''),
      };
    },
    undo: (world) =>
      world.created.splice(0).map((id) => ({ request: scim(world.server, 'DELETE', `/Users/${id}`), status: 204 })),
  },
  {
    name: 'put (GET’s body, title changed)',
    step: (world, { turn }) => {
      const { id, resource } = world.replies[(turn * STRIDE) % world.replies.length] as World['replies'][number];
      const title = `Engineer ${turn}`;
      const request = scim(world.server, 'PUT', `/Users/${id}`, { ...resource, title });
      return { request, status: 200, key: title };
    },
  },
  {
    name: 'patch active',
    aim: 'write',
    step: (world, { turn }) => {
      const people = part(world.size, 0.2, 0.4);
      const active = Math.floor(turn / people.count) % 2 === 1;
      const request = scim(world.server, 'PATCH', `/Users/${scattered(world, people, turn).id}`, {
        schemas: [PATCH_OP],
        Operations: [{ op: 'replace', value: { active } }],
      });
      return { request, status: 200, key: `"active":${active}` };
    },
  },
  pages('page of 100, first', 0, 0),
  pages('page of 100, middle', 0.5, 0.55),
  pages('page of 100, last', 0.95, 1),
  pages('page of 100, 3 groups each', 0.8, 0.9),
  joins('member add, group of 10', (world) => world.smallGroups),
  joins('member add, big group', (world) => world.bigGroups),
  {
    name: 'big group without members',
    step: (world, { turn }) => {
      const id = world.bigGroups[turn % world.bigGroups.length] ?? '';
      const request = scim(world.server, 'GET', `/Groups/${id}?excludedAttributes=members`);
      return { request, status: 200, key: id };
    },
  },
];

/** Each connection walks its own way through a part of the list, from `from` to `to`, and begins again there. */
function pages(name: string, from: number, to: number): Operation {
  return {
    name,
    step: (world, { step }) => {
      const first = Math.floor((world.size * from) / 100) * 100;
      const count = Math.max(1, Math.floor((world.size * (to - from)) / 100));
      const before = first + (step % count) * 100;
      const request = scim(world.server, 'GET', `/Users?startIndex=${before + 1}&count=100`);
      return { request, status: 200, key: (world.people[before] as Person).userName };
    },
  };
}

/** Adds one user a request, never one that is in the group already. */
function joins(name: string, groupsOf: (world: World) => readonly string[]): Operation {
  const joinersOf = (world: World) => part(world.size, 0.6, 0.8);
  const pair = (world: World, turn: number) => {
    const groups = groupsOf(world);
    const joiners = joinersOf(world);
    const group = turn % groups.length;
    // Small group n has the ten joiners from 10 n on: its next ones come after them. No joiner is in a big group.
    const joiner = group * 10 + 10 + Math.floor(turn / groups.length);
    return { group: groups[group] ?? '', person: personAt(world.people, joiners, joiner) };
  };
  const patch = (world: World, group: string, operation: object) =>
    scim(world.server, 'PATCH', `/Groups/${group}`, { schemas: [PATCH_OP], Operations: [operation] });
  return {
    name,
    step: (world, { turn }) => {
      const { group, person } = pair(world, turn);
      const value = [{ value: person.id, display: person.userName }];
      return { request: patch(world, group, { op: 'add', path: 'members', value }), status: 204, key: '' };
    },
    limit: (world) => groupsOf(world).length * (joinersOf(world).count - 10),
    undo: (world, { from, to }) =>
      Array.from({ length: to - from }, (_, index) => {
        const { group, person } = pair(world, from + index);
        const operation = { op: 'remove', path: `members[value eq "${person.id}"]` };
        return { request: patch(world, group, operation), status: 204 };
      }),
  };
}

/** Visits all of a part in an order that no cache and no page of the database likes. */
function scattered(world: World, among: Part, turn: number): Person {
  return personAt(world.people, among, turn * STRIDE);
}

const STRIDE = 7919;
