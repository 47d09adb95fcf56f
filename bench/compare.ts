import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPostgres, superuser } from '../tests/harness/postgres.ts';
import { type Findings, type Import, type LargePut, type Memory, middleOf } from './aims.ts';
import { buildPackage } from './build.ts';
import { measureImport } from './importing.ts';
import { measureLargePut } from './large-put.ts';
import { lookAtMachine } from './machine.ts';
import { withGauge } from './measured.ts';
import { OPERATIONS } from './operations.ts';
import { writePage } from './page.ts';
import { table, wordTable } from './report.ts';
import { visitInRounds, visitsIn, WARM_UP } from './rounds.ts';
import type { Run } from './run.ts';
import { startBare } from './servers.ts';
import { measureStarts } from './starts.ts';
import { describe, type Table, tablesOf } from './tables.ts';
import { checkTotal, type Filled, type Filling, fill, open, type World } from './worlds.ts';

/**
 * How fast is what identity providers send, beside what this machine allows? The built package on both databases, and three
 * references (bare.ts, floor.ts, floor-with-history.ts) beside it, each filled by SQL with 1,000, 100,000 and 1,000,000 users:
 *
 *     fill      every database, two at once
 *     starts    spawn to first answer, with nobody and with all
 *     rounds    every operation, on 1 and on 32 connections, on every server in turn: seven, of visits as long as the ten
 *               minutes leave room for, or fewer, never under three, where even short ones leave none
 *     closing   a whole import, cold pages, a large group PUT while others read, memory
 *
 * Every answer is checked while it is measured. A run with nothing left out writes docs/reference/performance.md.
 */
export async function compare(run: Run): Promise<void> {
  const clock = new Clock(run.say);
  const plan = planOf(run);
  const machine = lookAtMachine(run.folder);
  const postgres = plan.contenders.includes('postgres') ? await openPostgres(POSTGRES) : undefined;
  try {
    await postgres?.start();
    const entry = plan.builds ? await buildPackage(run.folder) : run.options.entry;
    clock.lap('built the package');

    const filled = await fillAll(plan, { folder: run.folder, entry, postgres });
    // What is still to be written would be in the way of every commit.
    if (postgres !== undefined) await superuser(postgres.url('postgres'), 'CHECKPOINT');
    await promisify(execFile)('sync');
    clock.lap('filled');

    const starts = await measureStarts(filled.filter(plan.isStarted), plan.starts);
    clock.lap('starts');

    const worlds: World[] = [];
    for (const one of filled.filter(({ size }) => size > 0)) worlds.push(await run.keep(open(one)));
    const bare = await run.keep(withGauge(startBare, join(run.folder, 'bare.sock')));
    clock.lap('started');

    const operations = OPERATIONS.filter(({ name }) => run.options.chosen(name));
    const left = plan.seconds - clock.seconds() - closingSeconds(plan.sizes);
    const given = { worlds, bare, operations, rounds: plan.rounds, say: run.say };
    const milliseconds = run.options.milliseconds ?? visitMilliseconds(left, given);
    const until = plan.isTimed ? performance.now() + left * 1000 : Number.POSITIVE_INFINITY;
    const samples = await visitInRounds({ ...given, milliseconds, until });
    const rounds = new Set(samples.map(({ round }) => round)).size;
    for (const world of worlds) await checkTotal(world);
    clock.lap(`${rounds} rounds of visits of ${milliseconds} ms`);

    const findings = { samples, sizes: plan.sizes, operations, starts, ...(await closing(plan, worlds, clock)) };
    clock.lap('memory');

    const tables = tablesOf(findings);
    const about = describe(machine, { sizes: plan.sizes, rounds, milliseconds });
    print(about, tables);
    if (plan.isWhole) writePage(about, tables);
    clock.report();
  } finally {
    await run.stopAll();
    await postgres?.remove();
  }
}

/** What a commit acknowledges is on disk; three databases of the largest directories are in one server. */
const POSTGRES = { durable: true, settings: { shared_buffers: '1GB', max_wal_size: '8GB' } };

interface Plan {
  readonly sizes: readonly number[];
  readonly contenders: readonly Filled['contender'][];
  readonly rounds: number;
  readonly starts: number;
  readonly isStarted: (one: Filled) => boolean;
  readonly largePuts: number;
  /** The directories of PostgreSQL that are imported. */
  readonly imported: number;
  readonly builds: boolean;
  /** The whole run, in seconds. */
  readonly seconds: number;
  /** Whether rounds that there is no time for are left out. */
  readonly isTimed: boolean;
  /** Whether nothing was left out. */
  readonly isWhole: boolean;
}

const SIZES = [1_000, 100_000, 1_000_000];
const QUICK_SIZES = [1_000, 100_000];
/** What is used when no other was given: the package, built by the run. */
const SOURCE = 'src/main.ts';

function planOf({ options }: Run): Plan {
  const { quick, full } = options;
  const sizes = (options.sizes ?? (quick ? QUICK_SIZES : SIZES)).toSorted((a, b) => a - b);
  const large = sizes.at(-1) ?? 0;
  const given = [options.sizes, options.rounds, options.milliseconds].some((one) => one !== undefined);
  return {
    sizes,
    contenders: [...options.databases, 'history', 'floor'],
    rounds: options.rounds ?? (quick ? 2 : 7),
    starts: quick ? 3 : 7,
    isStarted: ({ size }) => size === 0 || size === large,
    largePuts: full ? 3 : 1,
    imported: full ? large : middleOf(sizes),
    builds: options.entry === SOURCE,
    seconds: full ? 1800 : quick ? 110 : 570,
    isTimed: options.rounds === undefined && options.milliseconds === undefined,
    isWhole: !quick && !given && options.databases.length === 2 && OPERATIONS.every(({ name }) => options.chosen(name)),
  };
}

const AT_ONCE = 2;

/** The largest first, so that both processors are busy to the end; in the order of the plan, the middle size first. */
async function fillAll({ sizes, contenders }: Plan, filling: Filling): Promise<readonly Filled[]> {
  const middle = middleOf(sizes);
  const ordered = [middle, ...sizes.filter((size) => size !== middle)].flatMap((size) =>
    contenders.map((contender) => ({ contender, size })),
  );
  // Joinery with nobody in it, for its start.
  for (const contender of contenders) {
    if (contender === 'sqlite' || contender === 'postgres') ordered.push({ contender, size: 0 });
  }
  const waiting = ordered.toSorted((one, other) => other.size - one.size);
  const filled = new Map<object, Filled>();
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      filled.set(next, await fill(next.contender, next.size, filling));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return ordered.map((one) => filled.get(one) as Filled);
}

/** What comes after the rounds takes, with a million users. */
const CLOSING_SECONDS = 90;
/** A visit takes longer than it measures: what it reads is touched, connections are opened, what was created is removed. */
const OVERHEAD = 1.4;
const AROUND_MS = 40;
const SHORTEST_MS = 40;
const LONGEST_MS = 300;

function closingSeconds(sizes: readonly number[]): number {
  return 10 + (CLOSING_SECONDS * (sizes.at(-1) ?? 0)) / 1_000_000;
}

/** So many that all rounds are over in the seconds that are left. */
function visitMilliseconds(left: number, given: Parameters<typeof visitsIn>[0]): number {
  const warmUps = given.worlds.length * given.operations.length;
  const warming = warmUps * (WARM_UP.milliseconds + AROUND_MS) * OVERHEAD;
  const measured = ((left * 1000 - warming) / visitsIn(given) - AROUND_MS) / OVERHEAD;
  return Math.round(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, measured)));
}

async function closing(
  { sizes, largePuts: rounds, imported }: Plan,
  worlds: readonly World[],
  clock: Clock,
): Promise<Pick<Findings, 'imports' | 'largePuts' | 'memory'>> {
  const large = sizes.at(-1) ?? 0;
  const ours = worlds.filter(({ contender }) => contender === 'sqlite' || contender === 'postgres');
  const [imports, largePuts, memory]: [Import[], LargePut[], Memory[]] = [[], [], []];
  for (const world of ours) {
    const { contender, size } = world;
    if (size === (contender === 'sqlite' ? large : imported)) {
      imports.push(await measureImport(world));
      clock.lap(`import, ${contender}, ${size}`);
    }
    if (size === large) {
      largePuts.push(await measureLargePut(world, rounds));
      clock.lap(`large PUT, ${contender}`);
    }
  }
  for (const { contender, size, gauge } of worlds) {
    const { heap, resident } = await gauge.read('settle');
    await gauge.read('rest');
    memory.push({ contender, users: size, heap, resident });
  }
  return { imports, largePuts, memory };
}

function print(about: string, tables: readonly Table[]): void {
  console.log(`\n${about}`);
  for (const { title, head, rows, words } of tables) {
    console.log(`\n${title}`);
    (words ? wordTable : table)(head, rows);
  }
}

/** Where the time went. */
class Clock {
  readonly #began = performance.now();
  readonly #say: (line: string) => void;
  readonly #laps: string[] = [];
  #last = this.#began;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  lap(name: string): void {
    const now = performance.now();
    const line = `${name}: ${((now - this.#last) / 1000).toFixed(1)} s`;
    this.#last = now;
    this.#laps.push(line);
    this.#say(line);
  }

  report(): void {
    console.log(`\nThe run took ${this.seconds().toFixed(0)} s: ${this.#laps.join('; ')}.`);
  }
}
