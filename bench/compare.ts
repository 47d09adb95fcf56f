import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, openConnection, requestBytes } from '../tests/process/connection.ts';
import { type Load, measure } from './load.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { type Contender, printReport, type Sample } from './report.ts';
import type { Run } from './run.ts';
import { type Started, startBare, startFloor, startOurs } from './servers.ts';
import { fillWorld, type World } from './world.ts';

/**
 * How fast are the operations that Okta sends, beside what this machine allows? Joinery and its two references (bare.ts,
 * floor.ts) run at the same time, each filled with 1,000 and with 100,000 users; rounds visit every operation, size and
 * server in turn, so that what else the machine does hits all alike. Ratios are medians over the rounds.
 */
export async function compare({ folder, options, keep, say }: Run): Promise<void> {
  const { quick, entry } = options;
  const sizes = options.sizes ?? (quick ? [1_000] : [1_000, 100_000]);
  const rounds = options.rounds ?? (quick ? 2 : 4);
  const milliseconds = options.milliseconds ?? (quick ? 250 : 500);
  const operations = OPERATIONS.filter(({ name }) => options.chosen(name));
  const ours = (place: string) => startOurs(place, entry);

  const bare = await keep(startBare());
  const worlds: World[] = [];
  for (const size of sizes) {
    for (const start of options.referencesOnly ? [startFloor] : [startFloor, ours]) {
      const place = join(folder, `${start.name}-${size}`);
      mkdirSync(place);
      const { server } = await keep(start(place));
      const world = await fillWorld(server, size);
      worlds.push(world);
      say(
        `${server.name}: ${size} users created at ${Math.round(world.filledPerSecond)}/s, all pages read in ${Math.round(world.walkMilliseconds)} ms`,
      );
    }
  }
  const samples: Sample[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const operation of operations) {
      samples.push(...(await visit(worlds, bare, { operation, round, milliseconds })));
    }
    say(round === 0 ? 'warmed up' : `round ${round} of ${rounds} done`);
  }
  printReport(
    // The first round warms the servers' compilers up.
    samples.filter(({ round }) => round > 0),
    worlds,
  );
}

/** One operation on every server and size, at 32 in flight and at 1. */
async function visit(
  worlds: readonly World[],
  bare: Started,
  { operation, round, milliseconds }: { operation: Operation; round: number; milliseconds: number },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const inFlight of round === 0 ? [32] : [32, 1]) {
    const load = { inFlight, milliseconds: inFlight === 1 ? milliseconds / 2 : milliseconds };
    const take = async (world: World, contender: Contender, changed: Partial<Load> = {}) => {
      const measured = await measure(world, operation, { ...load, ...changed });
      samples.push({ operation: operation.name, size: world.size, inFlight, contender, round, measured });
    };
    for (const size of new Set(worlds.map((world) => world.size))) {
      const here = worlds.filter((world) => world.size === size);
      for (const world of here) await take(world, world.server.name === 'floor' ? 'floor' : 'ours');
      const last = here.at(-1) as World;
      const told = await tellBare(bare, last, operation);
      const check = (answer: Answer) => answer.status === told.status && answer.body.length === told.body.length;
      await take(last, 'bare', { instead: bare.server, check });
    }
  }
  return samples;
}

/** Makes the bare server answer what Joinery answers to this operation, byte for byte. */
async function tellBare(bare: Started, world: World, operation: Operation): Promise<Answer> {
  let answer: Answer | undefined;
  await measure(world, operation, {
    inFlight: 1,
    milliseconds: 1,
    check: (found, step) => {
      answer = found;
      return found.status === step.status;
    },
  });
  if (answer === undefined) throw new Error(`${operation.name}: no answer to copy`);
  const connection = await openConnection(bare.server.port);
  const body = JSON.stringify({ status: answer.status, body: answer.body.toString() });
  await connection.exchange(requestBytes('POST', '/answer', { body }));
  connection.close();
  return answer;
}
