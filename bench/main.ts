import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Answer, openConnection, requestBytes } from '../tests/process/connection.ts';
import { type Load, measure } from './load.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { type Contender, printReport, type Sample } from './report.ts';
import { type Started, startBare, startFloor, startOurs } from './servers.ts';
import { fillWorld, type World } from './world.ts';

/**
 * How fast are the operations that Okta sends, beside what this machine allows? Joinery and its two references (bare.ts,
 * floor.ts) run at the same time, each filled with 1,000 and with 100,000 users; rounds visit every operation, size and
 * server in turn, so that what else the machine does hits all alike. Ratios are medians over the rounds.
 *
 *     npm run bench                         1,000 and 100,000 users, under 10 minutes
 *     npm run bench -- --quick              1,000 users, under a minute
 *     npm run bench -- --only filter,page   the operations whose names contain one of these words
 *     npm run bench -- --entry dist/main.js the built package (after npm run build)
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    milliseconds: { type: 'string' },
    only: { type: 'string', default: '' },
    entry: { type: 'string', default: 'src/main.ts' },
    'references-only': { type: 'boolean', default: false },
  },
});
const sizes = (options.sizes ?? (options.quick ? '1000' : '1000,100000')).split(',').map(Number);
const rounds = Number(options.rounds ?? (options.quick ? 2 : 4));
const milliseconds = Number(options.milliseconds ?? (options.quick ? 250 : 500));
const operations = OPERATIONS.filter(({ name }) => options.only.split(',').some((word) => name.includes(word)));

const folder = mkdtempSync(join(tmpdir(), 'joinery-bench-'));
const started: Started[] = [];
try {
  const bare = await keep(startBare());
  const worlds: World[] = [];
  for (const size of sizes) {
    for (const start of options['references-only'] ? [startFloor] : [startFloor, ours]) {
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
    for (const operation of operations) samples.push(...(await visit(worlds, bare, { operation, round })));
    say(round === 0 ? 'warmed up' : `round ${round} of ${rounds} done`);
  }
  printReport(
    // The first round warms the servers' compilers up.
    samples.filter(({ round }) => round > 0),
    worlds,
  );
} finally {
  await Promise.all(started.map(({ stop }) => stop()));
  rmSync(folder, { recursive: true, force: true });
}

/** One operation on every server and size, at 32 in flight and at 1. */
async function visit(
  worlds: readonly World[],
  bare: Started,
  { operation, round }: { operation: Operation; round: number },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const inFlight of round === 0 ? [32] : [32, 1]) {
    const load = { inFlight, milliseconds: inFlight === 1 ? milliseconds / 2 : milliseconds };
    const take = async (world: World, contender: Contender, changed: Partial<Load> = {}) => {
      const measured = await measure(world, operation, { ...load, ...changed });
      samples.push({ operation: operation.name, size: world.size, inFlight, contender, round, measured });
    };
    for (const size of sizes) {
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

function ours(place: string): Promise<Started> {
  return startOurs(place, options.entry);
}

async function keep(starting: Promise<Started>): Promise<Started> {
  const one = await starting;
  started.push(one);
  return one;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
