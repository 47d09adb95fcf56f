import { count, median, table } from './report.ts';

/** What one operation cost in one group in one round. */
export interface Visit {
  readonly operation: string;
  /** Members of the group. */
  readonly size: number;
  readonly round: number;
  /** µs a request, with others in flight. */
  readonly time: number;
  /** The server's CPU time a request, in µs. */
  readonly cpu: number;
  /** In ms. */
  readonly longestTurn: number;
}

/** In bytes, after a collection of garbage. */
export interface Memory {
  /** So many requests had been measured. */
  readonly requests: number;
  readonly heap: number;
  readonly resident: number;
}

/** How much more the larger group may cost, and how much more memory may be in use at the end than at the beginning. */
const MOST_COST = 1.5;
const MOST_MEMORY = 1.15;

export function printGroups(
  visits: readonly Visit[],
  { sizes, operations, memory }: { sizes: readonly number[]; operations: readonly string[]; memory: readonly Memory[] },
): void {
  const [small = 0, large = 0] = sizes;
  const rows: string[][] = [];
  for (const operation of operations) {
    for (const figure of ['time', 'cpu'] as const) {
      const of = (size: number) => visits.filter((one) => one.operation === operation && one.size === size);
      const others = new Map(of(small).map((one) => [one.round, one[figure]]));
      const ratios = of(large).map((one) => one[figure] / (others.get(one.round) ?? Number.NaN));
      const ratio = median(ratios);
      rows.push([
        figure === 'time' ? operation : '',
        figure === 'time' ? 'time µs' : 'CPU µs',
        ...[small, large].map((size) => median(of(size).map((one) => one[figure])).toFixed(0)),
        ratio.toFixed(2),
        `${quantile(ratios, 0.25).toFixed(2)}–${quantile(ratios, 0.75).toFixed(2)}`,
        verdict(ratio, MOST_COST),
      ]);
    }
  }
  console.log(`\nA group of ${count(large)} members beside one of ${count(small)}, a request`);
  table(['', '', count(small), count(large), 'ratio', 'middle half', `aim ≤ ${MOST_COST}`], rows);
  printTurns(visits, { sizes: [small, large], operations });
  printMemory(memory);
}

function printTurns(
  visits: readonly Visit[],
  { sizes, operations }: { sizes: readonly number[]; operations: readonly string[] },
): void {
  console.log('\nThe longest that the event loop was held, in ms: in half of the visits / in all');
  table(
    ['', ...sizes.map(count)],
    operations.map((operation) => [
      operation,
      ...sizes.map((size) => {
        const turns = visits.filter((one) => one.operation === operation && one.size === size);
        const longest = turns.map(({ longestTurn }) => longestTurn);
        return `${median(longest).toFixed(1)} / ${quantile(longest, 1).toFixed(1)}`;
      }),
    ]),
  );
}

function printMemory(memory: readonly Memory[]): void {
  console.log('\nMemory in use while these requests were answered, in MiB');
  const row = (name: string, of: (one: Memory) => number) => {
    const [first = Number.NaN] = memory.map(of);
    const ratio = of(memory.at(-1) as Memory) / first;
    return [
      name,
      ...memory.map((one) => (of(one) / 2 ** 20).toFixed(1)),
      ratio.toFixed(2),
      verdict(ratio, MOST_MEMORY),
    ];
  };
  table(
    ['after requests', ...memory.map(({ requests }) => count(requests)), 'last by first', `aim ≤ ${MOST_MEMORY}`],
    [row('live in the heap', ({ heap }) => heap), row('resident, its own', ({ resident }) => resident)],
  );
}

function verdict(value: number, most: number): string {
  return value <= most ? 'held' : 'NOT HELD';
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
