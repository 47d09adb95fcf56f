import { openConnection, requestBytes } from '../tests/process/connection.ts';
import type { LargePut } from './aims.ts';
import { median, percentile } from './figures.ts';
import { startReaders } from './readers.ts';
import { part } from './world.ts';
import { personIn, type World } from './worlds.ts';

/**
 * A group of a tenth of all users is PUT as its own GET has it, one member less, and again with that member, while others
 * read a user each. The group must have the members at the end that it had at the beginning.
 */
export async function measureLargePut(world: World, rounds: number): Promise<LargePut> {
  const { server, gauge, contender } = world;
  const path = `/Groups/${world.bigGroups[0]}`;
  const whole = await readGroup(world, path);
  const { members } = whole;
  const less = JSON.stringify({ ...whole, members: members.slice(1) });
  const again = JSON.stringify(whole);

  const times: number[] = [];
  await gauge.read();
  let turn = 0;
  const readers = startReaders(server, () => personIn(part(world.size, 0, 0.4), turn++ * STRIDE));
  for (let round = 0; round < rounds; round++) {
    for (const body of [less, again]) {
      const began = performance.now();
      await exchange(world, 'PUT', path, body);
      times.push((performance.now() - began) / 1000);
    }
  }
  const latencies = await readers.end();
  const { longestTurn } = await gauge.read('rest');

  const ids = new Set((await readGroup(world, path)).members.map(({ value }) => value));
  if (ids.size !== members.length || members.some(({ value }) => !ids.has(value))) {
    throw new Error(`${server.name}: a group of ${members.length} has ${ids.size} members after ${times.length} PUTs`);
  }
  return {
    database: contender === 'postgres' ? 'postgres' : 'sqlite',
    members: members.length,
    seconds: median(times),
    p99: percentile(latencies, 0.99),
    gets: latencies.length,
    longestTurn,
  };
}

/** Nothing is parsed while others read: it would take the time of who measures them. */
async function exchange({ server }: World, method: string, path: string, body?: string): Promise<Buffer> {
  const connection = await openConnection(server.port);
  const parts = { authorization: server.authorization, ...(body === undefined ? {} : { body }) };
  const answer = await connection.exchange(requestBytes(method, `${server.base}${path}`, parts));
  connection.close();
  if (answer.status === 200) return answer.body;
  throw new Error(`${server.name} answered ${answer.status} to ${method} ${path}: ${answer.body.subarray(0, 500)}`);
}

async function readGroup(world: World, path: string): Promise<Group> {
  return JSON.parse((await exchange(world, 'GET', path)).toString()) as Group;
}

interface Group {
  readonly members: readonly { readonly value: string }[];
}

const STRIDE = 7919;
