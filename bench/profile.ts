import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '../tests/harness/postgres.ts';
import { middleOf } from './aims.ts';
import { measure } from './load.ts';
import { OPERATIONS } from './operations.ts';
import { table } from './report.ts';
import type { Run } from './run.ts';
import { type Filled, fill, open } from './worlds.ts';

const SIZE = 100_000;
const IN_FLIGHT = 32;
/** Functions that are shown of each operation. */
const SHOWN = 30;

/**
 * Where the processor's time goes in the server while one operation is asked on 32 connections: the functions that have most
 * of it, of the thread that answers. The whole profile stays in the system's folder for temporary files, for a flame graph in
 * the DevTools of a browser.
 */
export async function measureProfile(run: Run): Promise<void> {
  const { folder, options, say } = run;
  const { milliseconds = options.quick ? 3_000 : 10_000 } = options;
  const size = middleOf(options.sizes ?? [SIZE]);
  const postgres = options.databases.includes('sqlite') ? undefined : await openPostgres({ durable: true });
  try {
    await postgres?.start();
    const contender = postgres === undefined ? 'sqlite' : 'postgres';
    const filled = await fill(contender, size, { folder, entry: options.entry, postgres });
    say(`${contender}: filled with ${size} users`);
    for (const measured of OPERATIONS.filter(({ name }) => options.chosen(name))) {
      // Putting back what was made would be in the profile too.
      const operation = measured.undo === undefined ? measured : { ...measured, undo: () => [] };
      const profiles = join(folder, 'profiles', operation.name);
      mkdirSync(profiles, { recursive: true });
      const world = await open(profiled(filled, profiles));
      const from = now();
      const { requests, seconds, cpu } = await measure(world, operation, { inFlight: IN_FLIGHT, milliseconds });
      const span = { from, to: now() };
      await world.stop();
      const rate = `${Math.round(requests / seconds)} a second, ${Math.round(cpu / requests)} µs of CPU each`;
      console.log(`\n${operation.name}, ${contender}, ${size} users, ${IN_FLIGHT} connections: ${rate}`);
      print(
        profiles,
        span,
        join(tmpdir(), `joinery-${contender}-${operation.name.replaceAll(/\W+/g, '-')}.cpuprofile`),
      );
    }
  } finally {
    await run.stopAll();
    await postgres?.remove();
  }
}

/** Node writes a profile of each thread when it ends. */
function profiled(filled: Filled, folder: string): Filled {
  return {
    ...filled,
    start: (environment = {}) => {
      const options = `${environment.NODE_OPTIONS ?? ''} --cpu-prof --cpu-prof-interval=200 "--cpu-prof-dir=${folder}"`;
      return filled.start({ ...environment, NODE_OPTIONS: options });
    },
  };
}

/** In µs, by the clock that all processes of the machine share. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function now(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

interface Profile {
  readonly startTime: number;
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

function print(folder: string, span: Span, kept: string): void {
  const profiles = readdirSync(folder).map((name) => {
    const file = join(folder, name);
    return { file, times: selfTimes(JSON.parse(readFileSync(file, 'utf8')), span) };
  });
  // The thread that answers works most.
  const [busiest] = profiles.toSorted((one, other) => worked(other.times) - worked(one.times));
  if (busiest === undefined) throw new Error('the server left no profile');
  const whole = worked(busiest.times);
  const rows = [...busiest.times]
    .filter(([name]) => !IDLE.has(name))
    .sort(([, one], [, other]) => other - one)
    .slice(0, SHOWN);
  table(
    ['its own time', ''],
    rows.map(([name, time]) => [name, `${((time / whole) * 100).toFixed(1)} %`]),
  );
  copyFileSync(busiest.file, kept);
  console.log(`the whole profile: ${kept}`);
}

const IDLE = new Set(['(idle)', '(root)']);

/** By function, in µs; what starting took is not part of it. */
function selfTimes(
  { startTime, nodes, samples, timeDeltas }: Profile,
  { from, to }: Span,
): ReadonlyMap<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    at += delta;
    const name = names.get(id) ?? '';
    if (at >= from && at <= to) times.set(name, (times.get(name) ?? 0) + delta);
  }
  return times;
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  const place = url === '' ? '' : ` ${url.replace(/^.*\/((?:src|dist|node_modules)\/)/, '$1')}:${lineNumber + 1}`;
  return `${functionName === '' ? 'anonymous' : functionName}${place}`;
}

function worked(times: ReadonlyMap<string, number>): number {
  return [...times].reduce((sum, [name, time]) => sum + (IDLE.has(name) ? 0 : time), 0);
}
