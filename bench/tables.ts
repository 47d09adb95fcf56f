import { exponent, type Findings, judge } from './aims.ts';
import { type At, type Contender, figuresAt, ratio } from './figures.ts';
import type { Machine } from './machine.ts';
import { count } from './report.ts';

/** One table of the report, for the terminal and for the page. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Its columns hold words: they begin to the left. */
  readonly words?: true;
}

/** Everything that a run has found, what the aims say of it first. */
export function tablesOf(findings: Findings): readonly Table[] {
  const operations = [1, 32].flatMap((inFlight) =>
    findings.sizes.flatMap((size) => [
      ours(findings, { contender: 'sqlite', size, inFlight }),
      ours(findings, { contender: 'postgres', size, inFlight }),
    ]),
  );
  return [
    aims(findings),
    ...operations,
    references(findings),
    growth(findings),
    imports(findings),
    largePuts(findings),
    starts(findings),
    memory(findings),
  ].filter(({ rows }) => rows.length > 0);
}

function aims(findings: Findings): Table {
  const rows = judge(findings).map(({ what, aim, measured, verdict }) => [what, aim, verdict, measured]);
  return { title: 'Aims', head: ['what', 'aim', '', 'measured'], rows, words: true };
}

const NAMES: Readonly<Record<Contender, string>> = {
  sqlite: 'SQLite',
  postgres: 'PostgreSQL',
  history: 'floor with history',
  floor: 'floor',
  bare: 'bare',
};

function ours({ samples, operations }: Findings, world: Omit<At, 'operation'>): Table {
  const { contender, size, inFlight } = world;
  const rows = operations.flatMap(({ name: operation }) => {
    const at = { ...world, operation };
    const own = figuresAt(samples, at);
    if (Number.isNaN(own.perSecond)) return [];
    const bare = { ...at, contender: 'bare', size: 0 } as const;
    const by = (other: At) => share(ratio(samples, at, other));
    const floors = (['history', 'floor'] as const).map((floor) => by({ ...at, contender: floor }));
    const cpu = figuresAt(samples, bare).cpu / own.cpu;
    return [
      [
        operation,
        ...[whole(own.perSecond), ...floors, by(bare), share(cpu)],
        ...[decimal(own.p50), decimal(own.p99), whole(own.cpu)],
        `${decimal(own.longestTurn)} / ${decimal(own.longestOfAll)}`,
      ],
    ];
  });
  return {
    title: `${NAMES[contender]}, ${count(size)} users, ${connections(inFlight)}`,
    head: [
      ...['operation', 'a second', 'of floor with history', 'of floor', 'of bare', 'of bare, by CPU'],
      ...['p50 ms', 'p99 ms', 'CPU µs', 'longest turn ms, half / all'],
    ],
    rows,
  };
}

/** The references themselves, at the sizes that they have. */
function references({ samples, sizes, operations }: Findings): Table {
  const worlds = [1, 32].flatMap((inFlight) => [
    { contender: 'bare', size: 0, inFlight } as const,
    ...sizes.flatMap((size) =>
      (['floor', 'history'] as const).map((contender) => ({ contender, size, inFlight }) as const),
    ),
  ]);
  const rows = worlds.flatMap((world) =>
    operations.flatMap(({ name }) => {
      const { perSecond, p50, p99, cpu, busy } = figuresAt(samples, { ...world, operation: name });
      if (Number.isNaN(perSecond)) return [];
      const who = `${NAMES[world.contender]}${world.size === 0 ? '' : `, ${count(world.size)} users`}`;
      const figures = [whole(perSecond), decimal(p50), decimal(p99), whole(cpu), share(busy)];
      return [[name, who, String(world.inFlight), ...figures]];
    }),
  );
  const head = ['operation', 'reference', 'connections', 'a second', 'p50 ms', 'p99 ms', 'CPU µs', 'busy'];
  return { title: 'The references', head, rows };
}

function growth({ samples, sizes, operations }: Findings): Table {
  const [small = 0, large = 0] = [sizes[0], sizes.at(-1)];
  const worlds = (['sqlite', 'postgres', 'history', 'floor'] as const).flatMap((contender) =>
    [1, 32].map((inFlight) => ({ contender, inFlight })),
  );
  const rows = operations.map(({ name }) => [
    name,
    ...worlds.map((world) => exponent(samples, { ...world, operation: name }, { small, large })).map(shareSigned),
  ]);
  return {
    title: `Growth: the exponent of the time of one request from ${count(small)} to ${count(large)} users (0 flat, 1 linear)`,
    head: ['operation', ...worlds.map(({ contender, inFlight }) => `${NAMES[contender]}, ${inFlight}`)],
    rows: small === large ? [] : rows,
  };
}

function imports({ imports }: Findings): Table {
  return {
    title: 'A whole import in pages of 100, one connection',
    head: ['database', 'users', 'all pages, s', 'first pages, ms', 'last pages, ms', 'cold pages at 90 %, ms'],
    rows: imports.map(({ database, users, seconds, ...pages }) => [
      ...[NAMES[database], count(users), seconds.toFixed(1)],
      ...[decimal(pages.first), decimal(pages.last), decimal(pages.cold)],
    ]),
  };
}

function largePuts({ largePuts }: Findings): Table {
  return {
    title: 'A large group PUT as its own GET has it, while users are read',
    head: ['database', 'members', 'the PUT, s', 'GETs meanwhile', 'their p99, ms', 'longest turn, ms'],
    rows: largePuts.map(({ database, members, seconds, gets, p99, longestTurn }) => [
      ...[NAMES[database], count(members), seconds.toFixed(1), count(gets), decimal(p99), whole(longestTurn)],
    ]),
  };
}

function starts({ starts }: Findings): Table {
  return {
    title: 'From spawn to the first authenticated answer, ms',
    head: ['server', 'users', 'median', 'longest'],
    rows: starts.map(({ contender, users, median, longest }) => [
      ...[NAMES[contender], count(users), whole(median), whole(longest)],
    ]),
  };
}

function memory({ memory }: Findings): Table {
  return {
    title: 'Memory when all had been measured, after a collection of garbage, MiB',
    head: ['server', 'users', 'live in the heap', 'resident, its own'],
    rows: memory.map(({ contender, users, heap, resident }) => [
      ...[NAMES[contender], count(users), (heap / 2 ** 20).toFixed(1), (resident / 2 ** 20).toFixed(1)],
    ]),
  };
}

/** How it was measured, for the reader of the tables. */
export function describe(
  machine: Machine,
  run: { sizes: readonly number[]; rounds: number; milliseconds: number },
): string {
  const gibibytes = Math.round(machine.memory / 2 ** 30);
  return [
    `${machine.processor}, ${machine.cores} cores that the load shares, ${gibibytes} GiB, ${machine.system};`,
    `Node.js ${machine.node}, SQLite ${machine.sqlite};`,
    `an append of 4 KiB is on disk after ${Math.round(machine.sync)} µs.`,
    `Directories of ${run.sizes.map(count).join(', ')} users; ${run.rounds} rounds of visits of ${run.milliseconds} ms.`,
  ].join(' ');
}

function connections(inFlight: number): string {
  return inFlight === 1 ? '1 connection' : `${inFlight} connections`;
}

function whole(value: number): string {
  return count(Math.round(value));
}

function decimal(value: number): string {
  return value.toFixed(2);
}

function share(value: number): string {
  return Number.isNaN(value) ? '-' : `${Math.round(value * 100)} %`;
}

function shareSigned(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3);
}
