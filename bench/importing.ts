import { type Connection, openConnection } from '../tests/process/connection.ts';
import type { Import } from './aims.ts';
import { median } from './figures.ts';
import { scim } from './world.ts';
import { person, type World } from './worlds.ts';

const PAGE = 100;
/** Of each kind; a cold page of PostgreSQL skips rows, and takes its time. */
const SAMPLES = { sqlite: 100, postgres: 20 } as const;

/**
 * A whole import over one connection, page after page as Okta reads it, and each page is looked at: it must say how many
 * there are, and begin and end with whom it should. Afterwards pages of the beginning, of the end, and
 * between 90 and 95 % of the list where no page was asked for before, in turns.
 */
export async function measureImport(world: World): Promise<Import> {
  const { server, size } = world;
  const database = world.contender === 'postgres' ? 'postgres' : 'sqlite';
  const connection = await openConnection(server.port);
  let milliseconds = 0;
  for (let start = 1; start <= size; start += PAGE) milliseconds += await readPage(world, connection, start);

  const [first, last, cold]: [number[], number[], number[]] = [[], [], []];
  const samples = Math.min(SAMPLES[database], Math.floor(size / PAGE / 10));
  const apart = Math.floor((size * 0.05) / samples / 50) * 50;
  for (let nth = 0; nth < samples; nth++) {
    first.push(await readPage(world, connection, 1 + nth * PAGE));
    last.push(await readPage(world, connection, size - (samples - nth) * PAGE + 1));
    // A page of the walk begins with 1 of a hundred, these elsewhere; from behind, so that none begins where one ended.
    cold.push(await readPage(world, connection, Math.floor(size * 0.95) - 13 - nth * apart));
  }
  connection.close();
  const middles = { first: median(first), last: median(last), cold: median(cold) };
  return { database, users: size, seconds: milliseconds / 1000, ...middles };
}

/** In ms. */
async function readPage({ server, size }: World, connection: Connection, start: number): Promise<number> {
  const request = scim(server, 'GET', `/Users?startIndex=${start}&count=${PAGE}`);
  const began = performance.now();
  const { status, body } = await connection.exchange(request);
  const milliseconds = performance.now() - began;
  const count = Math.min(PAGE, size - start + 1);
  const expected = [`"totalResults":${size}`, person(start - 1).id, person(start + count - 2).id];
  if (status === 200 && expected.every((text) => body.includes(text))) return milliseconds;
  throw new Error(`${server.name} answered ${status} to the page at ${start}: ${body.subarray(0, 300)}`);
}
