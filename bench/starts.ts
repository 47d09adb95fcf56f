import { setTimeout as pause } from 'node:timers/promises';
import { openConnection } from '../tests/process/connection.ts';
import { spawnJoinery, stopJoinery } from '../tests/process/joinery.ts';
import type { StartTime } from './aims.ts';
import { median } from './figures.ts';
import { type Server, scim } from './world.ts';
import type { Filled } from './worlds.ts';

/** Spawn to the first authenticated answer, of each database in turn; a first start, which fills the compile cache, aside. */
export async function measureStarts(filled: readonly Filled[], rounds: number): Promise<readonly StartTime[]> {
  const times = filled.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, one] of filled.entries()) {
      const milliseconds = await firstAnswer(one);
      if (round > 0) times[index]?.push(milliseconds);
    }
  }
  return filled.map(({ contender, size }, index) => {
    const all = times[index] ?? [];
    return { contender, users: size, median: median(all), longest: Math.max(...all) };
  });
}

async function firstAnswer({ site, start }: Filled): Promise<number> {
  const began = performance.now();
  if (site === undefined) {
    const { server, stop } = await start();
    await look(server);
    const milliseconds = performance.now() - began;
    await stop();
    return milliseconds;
  }
  const running = spawnJoinery(site);
  const server = { ...site.server, pid: running.child.pid ?? 0 };
  while (!(await answers(server))) {
    if (running.child.exitCode !== null) throw new Error(`the server ended: ${site.log} says why`);
    await pause(1);
  }
  const milliseconds = performance.now() - began;
  await stopJoinery(running);
  return milliseconds;
}

/** Whether somebody listens and answers; an answer that is wrong is an error. */
async function answers(server: Server): Promise<boolean> {
  try {
    await look(server);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return false;
    throw error;
  }
}

async function look(server: Server): Promise<void> {
  const connection = await openConnection(server.port);
  const { status, body } = await connection.exchange(scim(server, 'GET', '/Users?startIndex=1&count=1'));
  connection.close();
  if (status !== 200) throw new Error(`${server.name} answered its first request with ${status}: ${body}`);
}
