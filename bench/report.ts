import type { Measured } from './load.ts';
import { OPERATIONS } from './operations.ts';
import type { World } from './world.ts';

export type Contender = 'ours' | 'floor' | 'bare';

export interface Sample {
  readonly operation: string;
  readonly size: number;
  readonly inFlight: number;
  readonly contender: Contender;
  readonly round: number;
  readonly measured: Measured;
}

/** Prints the tables: one a size and load, then growth from the smallest to the largest size, then the aims. */
export function printReport(samples: readonly Sample[], worlds: readonly World[]): void {
  const sizes = [...new Set(worlds.map(({ size }) => size))];
  const operations = OPERATIONS.map(({ name }) => name).filter((name) => samples.some((s) => s.operation === name));
  for (const inFlight of [32, 1]) {
    for (const size of sizes) {
      console.log(`\n${count(size)} users, ${inFlight} in flight`);
      table(
        ['', 'ours/s', 'of floor', 'of bare', 'p50 ms', 'p99 ms', 'CPU µs', 'floor/s', 'p50', 'p99', 'CPU', 'bare/s'],
        operations.map((operation) => {
          const at = (contender: Contender) => ({ operation, size, inFlight, contender });
          return [
            operation,
            ...[
              rate(samples, at('ours')),
              ratio(samples, at('ours'), at('floor')),
              ratio(samples, at('ours'), at('bare')),
            ],
            ...times(samples, at('ours')),
            rate(samples, at('floor')),
            ...times(samples, at('floor')),
            rate(samples, at('bare')),
          ];
        }),
      );
    }
  }
  const [small, large] = [sizes[0] ?? 0, sizes.at(-1) ?? 0];
  if (small !== large) {
    console.log(`\nThroughput with ${count(large)} users as a share of that with ${count(small)}`);
    table(
      ['', 'ours, 32', 'floor, 32', 'ours, 1', 'floor, 1'],
      operations.map((operation) => [
        operation,
        ...[32, 1].flatMap((inFlight) =>
          (['ours', 'floor'] as const).map((contender) =>
            ratio(
              samples,
              { operation, size: large, inFlight, contender },
              { operation, size: small, inFlight, contender },
            ),
          ),
        ),
      ]),
    );
  }
  printAims(samples, { operations, small, large });
  for (const { server, size, filledPerSecond, walkMilliseconds } of worlds) {
    const fill = `${count(size)} users created at ${count(Math.round(filledPerSecond))}/s`;
    console.log(`${server.name}: ${fill}; a whole import took ${count(Math.round(walkMilliseconds))} ms`);
  }
}

/** The aims at 32 in flight: reads ≥ 60 % and writes ≥ 30 % of the floor, growth ≥ 0.9, a big group ≤ 1.3 times a small one. */
function printAims(
  samples: readonly Sample[],
  { operations, small, large }: { operations: readonly string[]; small: number; large: number },
): void {
  console.log('\nAims, at 32 in flight');
  const rows: string[][] = [];
  const aim = (what: string, value: number, held: boolean) => {
    if (!Number.isNaN(value)) rows.push([what, value.toFixed(2), held ? 'held' : 'NOT HELD']);
  };
  const at = (operation: string, contender: Contender, size: number) => ({ operation, contender, size, inFlight: 32 });
  for (const { name, aim: kind } of OPERATIONS) {
    if (kind === undefined) continue;
    const least = kind === 'read' ? 0.6 : 0.3;
    const value = medianRatio(samples, at(name, 'ours', large), at(name, 'floor', large));
    aim(`${name}: at least ${least} of the floor`, value, value >= least);
  }
  if (small !== large) {
    for (const name of operations) {
      const value = medianRatio(samples, at(name, 'ours', large), at(name, 'ours', small));
      aim(`${name}: ${count(large)} users at least 0.9 of ${count(small)}`, value, value >= 0.9);
    }
  }
  const [first, last] = ['page of 100, first', 'page of 100, last'];
  const pages = medianRatio(samples, at(last, 'ours', large), at(first, 'ours', large));
  aim('the last page at least 0.9 of the first', pages, pages >= 0.9);
  const [ten, big] = ['member add, group of 10', 'member add, big group'];
  const cost = medianRatio(samples, at(ten, 'ours', large), at(big, 'ours', large));
  aim(`member add: group of ${count(large / 10)} at most 1.3 times group of 10`, cost, cost <= 1.3);
  table(['', 'is', ''], rows);
  console.log('');
}

type Key = Omit<Sample, 'round' | 'measured'>;

function matching(samples: readonly Sample[], key: Key): readonly Sample[] {
  return samples.filter(
    (sample) =>
      sample.operation === key.operation &&
      sample.size === key.size &&
      sample.inFlight === key.inFlight &&
      sample.contender === key.contender,
  );
}

function rate(samples: readonly Sample[], key: Key): string {
  const value = median(matching(samples, key).map(({ measured }) => measured.perSecond));
  return Number.isNaN(value) ? '-' : count(Math.round(value));
}

function times(samples: readonly Sample[], key: Key): string[] {
  const found = matching(samples, key).map(({ measured }) => measured);
  const [p50, p99, cpu] = [
    median(found.map((m) => m.p50)),
    median(found.map((m) => m.p99)),
    median(found.map((m) => m.cpu)),
  ];
  return [p50, p99]
    .map((value) => (Number.isNaN(value) ? '-' : value.toFixed(2)))
    .concat(Number.isNaN(cpu) ? '-' : cpu.toFixed(0));
}

function ratio(samples: readonly Sample[], one: Key, other: Key): string {
  const value = medianRatio(samples, one, other);
  return Number.isNaN(value) ? '-' : value.toFixed(2);
}

/** The median over the rounds of one's throughput by the other's in the same round. */
function medianRatio(samples: readonly Sample[], one: Key, other: Key): number {
  const others = new Map(matching(samples, other).map(({ round, measured }) => [round, measured.perSecond]));
  return median(
    matching(samples, one).map(({ round, measured }) => measured.perSecond / (others.get(round) ?? Number.NaN)),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  for (const row of [head, ...rows]) {
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    );
  }
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}
