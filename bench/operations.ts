import { userBody, userName } from './people.ts';
import { type Part, part, scim } from './world.ts';
import { person, personIn, type World } from './worlds.ts';

/** One request of a measurement, and what makes its answer right. */
export interface Step {
  readonly request: Buffer;
  readonly status: number;
  /** Must stand in the answer's body: a key of the record that was asked for. */
  readonly key: string;
  /** Must stand there too. */
  readonly also?: string;
  readonly take?: (body: Buffer) => void;
}

/** Where a request stands. */
interface Turn {
  /** The how-manieth of its operation. */
  readonly turn: number;
  /** The how-manieth of its connection in this measurement. */
  readonly step: number;
  /** How many requests of its operation each connection had sent before. */
  readonly before: number;
}

export interface Operation {
  readonly name: string;
  readonly kind: 'read' | 'page' | 'write';
  readonly step: (world: World, at: Turn) => Step;
  /** Requests that change nothing and bring into memory what the operation reads; unmeasured, before each measurement. */
  readonly touch?: (world: World) => Buffer[];
  /** A measurement ends early when its steps would begin to repeat themselves. */
  readonly limit?: (world: World) => number;
  /** The requests that put the world back as it was after `turns` steps, unmeasured. */
  readonly undo?: (world: World, turns: { from: number; to: number }) => { request: Buffer; status: number }[];
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** What an identity provider sends all day long. */
export const OPERATIONS: readonly Operation[] = [
  lookUp('lookup by userName', ({ id, userName }) => ({ userName, key: `"id":"${id}"` })),
  lookUp('lookup, nobody there', ({ userName }) => ({ userName: `${userName}.no`, key: '"totalResults":0' })),
  {
    name: 'read a user',
    kind: 'read',
    touch: (world) => readEach(world, part(world.size, 0, 0.4)),
    step: (world, { turn }) => {
      const { id, userName } = scattered(part(world.size, 0, 0.4), turn);
      return { request: scim(world.server, 'GET', `/Users/${id}`), status: 200, key: userName, also: id };
    },
  },
  {
    name: 'group without members',
    kind: 'read',
    step: (world, { turn }) => {
      const id = world.bigGroups[turn % world.bigGroups.length] ?? '';
      const request = scim(world.server, 'GET', `/Groups/${id}?excludedAttributes=members`);
      return { request, status: 200, key: id };
    },
  },
  {
    name: 'create',
    kind: 'write',
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
    name: 'PUT, its title changed',
    kind: 'write',
    touch: (world) => world.replies.map(({ id }) => scim(world.server, 'GET', `/Users/${id}`)),
    step: (world, { turn }) => {
      const { id, resource } = world.replies[turn % world.replies.length] as World['replies'][number];
      const title = `Engineer ${turn}`;
      const request = scim(world.server, 'PUT', `/Users/${id}`, { ...resource, title });
      return { request, status: 200, key: title, also: id };
    },
  },
  {
    name: 'PATCH active',
    kind: 'write',
    touch: (world) => readEach(world, part(world.size, 0.2, 0.4)),
    step: (world, { turn }) => {
      const people = part(world.size, 0.2, 0.4);
      const active = Math.floor(turn / askedOf(people)) % 2 === 1;
      const { id } = scattered(people, turn);
      const request = scim(world.server, 'PATCH', `/Users/${id}`, {
        schemas: [PATCH_OP],
        Operations: [{ op: 'replace', value: { active } }],
      });
      return { request, status: 200, key: `"active":${active}`, also: id };
    },
  },
  pages('page of 100', 0.4, 0.6),
  pages('page of 100, 3 groups each', 0.8, 0.9),
  joins('add a member, group of 10', (world) => world.smallGroups),
  joins('add a member, big group', (world) => world.bigGroups),
];

function lookUp(name: string, of: (one: ReturnType<typeof person>) => { userName: string; key: string }): Operation {
  return {
    name,
    kind: 'read',
    touch: (world) => Array.from({ length: askedOf(part(world.size, 0, 0.4)) }, (_, turn) => ask(world, turn).request),
    step: (world, { turn }) => ask(world, turn),
  };

  function ask(world: World, turn: number): Step {
    const { userName, key } = of(scattered(part(world.size, 0, 0.4), turn));
    const filter = encodeURIComponent(`userName eq "${userName}"`);
    return { request: scim(world.server, 'GET', `/Users?filter=${filter}&startIndex=1&count=100`), status: 200, key };
  }
}

/** Each connection walks over the first pages of a part of the list, and goes on where the last measurement ended. */
function pages(name: string, from: number, to: number): Operation {
  const countIn = (world: World) => Math.min(MOST_PAGES, Math.max(1, Math.floor((world.size * (to - from)) / 100)));
  const firstIn = (world: World) => Math.floor((world.size * from) / 100) * 100;
  const page = (world: World, start: number) => scim(world.server, 'GET', `/Users?startIndex=${start + 1}&count=100`);
  return {
    name,
    kind: 'page',
    touch: (world) => Array.from({ length: countIn(world) }, (_, nth) => page(world, firstIn(world) + nth * 100)),
    step: (world, { step, before }) => {
      const start = firstIn(world) + ((before + step) % countIn(world)) * 100;
      const [first, last] = [person(start), person(start + 99)];
      return { request: page(world, start), status: 200, key: `"id":"${first.id}"`, also: `"id":"${last.id}"` };
    },
  };
}

const MOST_PAGES = 20;

/** Adds one user a request, never one that is in the group already. */
function joins(name: string, groupsOf: (world: World) => readonly string[]): Operation {
  const joinersOf = (world: World) => part(world.size, 0.6, 0.8);
  const pair = (world: World, turn: number) => {
    const groups = groupsOf(world);
    const group = turn % groups.length;
    // Small group n has the ten joiners from 10 n on: its next ones come after them. No joiner is in a big group.
    const joiner = group * 10 + 10 + Math.floor(turn / groups.length);
    return { group: groups[group] ?? '', ...personIn(joinersOf(world), joiner) };
  };
  const patch = (world: World, group: string, operation: object) =>
    scim(world.server, 'PATCH', `/Groups/${group}`, { schemas: [PATCH_OP], Operations: [operation] });
  const leave = (world: World, turn: number) => {
    const { group, id } = pair(world, turn);
    return patch(world, group, { op: 'remove', path: `members[value eq "${id}"]` });
  };
  return {
    name,
    kind: 'write',
    // Who is no member is taken out.
    touch: (world) => Array.from({ length: MOST_ASKED }, (_, turn) => leave(world, turn)),
    step: (world, { turn }) => {
      const { group, id, userName } = pair(world, turn);
      const value = [{ value: id, display: userName }];
      return { request: patch(world, group, { op: 'add', path: 'members', value }), status: 204, key: '' };
    },
    limit: (world) => groupsOf(world).length * (joinersOf(world).count - 10),
    undo: (world, { from, to }) =>
      Array.from({ length: to - from }, (_, index) => ({ request: leave(world, from + index), status: 204 })),
  };
}

/**
 * The same number of people are asked for in every directory, spread over all of it, in an order that is not theirs: so that
 * a larger directory is measured, and not how long the system keeps in memory what nobody asks for.
 */
function scattered(among: Part, turn: number): ReturnType<typeof person> {
  const asked = askedOf(among);
  return person(among.first + ((turn * STRIDE) % asked) * Math.floor(among.count / asked));
}

function askedOf({ count }: Part): number {
  return Math.min(MOST_ASKED, count);
}

const MOST_ASKED = 400;
/** A prime that divides no number of people that is asked. */
const STRIDE = 149;

function readEach({ server }: World, among: Part): Buffer[] {
  return Array.from({ length: askedOf(among) }, (_, turn) =>
    scim(server, 'GET', `/Users/${scattered(among, turn).id}`),
  );
}
