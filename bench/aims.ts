import { type At, type Contender, figuresAt, growthExponent, ratio, type Sample } from './figures.ts';

/** One line of the table of aims. */
export interface Aim {
  readonly what: string;
  readonly aim: string;
  readonly measured: string;
  readonly verdict: 'held' | 'missed' | 'not measured';
}

/** What a run found beside its rounds; what it left out is absent. */
export interface Findings {
  readonly samples: readonly Sample[];
  /** In ascending order. */
  readonly sizes: readonly number[];
  readonly operations: readonly { readonly name: string; readonly kind: 'read' | 'page' | 'write' }[];
  readonly imports: readonly Import[];
  readonly starts: readonly StartTime[];
  readonly memory: readonly Memory[];
  readonly largePuts: readonly LargePut[];
}

export interface Import {
  readonly database: 'sqlite' | 'postgres';
  readonly users: number;
  /** The sum of all pages, without the client's own work. */
  readonly seconds: number;
  /** ms a page, medians: of the beginning, of the end, and at 90 % where no walk came by. */
  readonly first: number;
  readonly last: number;
  readonly cold: number;
}

export interface StartTime {
  readonly contender: Contender;
  readonly users: number;
  /** Spawn to the first authenticated answer, in ms, the median and the longest. */
  readonly median: number;
  readonly longest: number;
}

export interface Memory {
  readonly contender: Contender;
  readonly users: number;
  /** Bytes, after a collection of garbage, when all had been measured. */
  readonly heap: number;
  readonly resident: number;
}

export interface LargePut {
  readonly database: 'sqlite' | 'postgres';
  readonly members: number;
  /** The median. */
  readonly seconds: number;
  /** Of the GETs meanwhile, in ms. */
  readonly p99: number;
  readonly gets: number;
  /** How long the event loop was held, in ms. */
  readonly longestTurn: number;
}

/** The aims of the project, each beside what was measured. Throughputs are compared within a round, then the median taken. */
export function judge(findings: Findings): readonly Aim[] {
  return [
    ...besideFloor(findings),
    ...besideBare(findings),
    ...members(findings),
    ...imports(findings),
    ...growth(findings),
    ...startsAndMemory(findings),
    ...slowest(findings),
    ...largePuts(findings),
    ...postgresBesideBare(findings),
  ];
}

/** The directory that most aims speak of. */
export function middleOf(sizes: readonly number[]): number {
  return sizes.find((size) => size === 100_000) ?? sizes.at(-1) ?? 0;
}

interface Value {
  readonly name: string;
  readonly value: number;
}

/** Held when every value is; the values that are not stand first. */
function row(what: string, values: readonly Value[], { least, most }: { least?: number; most?: number }): Aim {
  const known = values.filter(({ value }) => !Number.isNaN(value));
  const holds = ({ value }: Value) => (least === undefined || value >= least) && (most === undefined || value <= most);
  const aim = least === undefined ? `≤ ${shown(most)}` : `≥ ${shown(least)}`;
  if (known.length === 0) return { what, aim, measured: '', verdict: 'not measured' };
  const worstFirst = known.toSorted((one, other) =>
    least === undefined ? other.value - one.value : one.value - other.value,
  );
  const missed = worstFirst.filter((value) => !holds(value));
  const [worst] = worstFirst as [Value, ...Value[]];
  const told = missed.length > 0 ? missed : known.length > FEW ? [worst] : known;
  const others = known.length - missed.length;
  const rest = missed.length > 0 && others > 0 ? `; ${others} more ${others === 1 ? 'holds' : 'hold'}` : '';
  const all = missed.length === 0 && known.length > FEW ? `, the worst of ${known.length}` : '';
  const measured = told.map(({ name, value }) => (name === '' ? shown(value) : `${name} ${shown(value)}`)).join(', ');
  return { what, aim, measured: `${measured}${rest}${all}`, verdict: missed.length === 0 ? 'held' : 'missed' };
}

const FEW = 4;

/** Two digits that say something, or three decimals of what is nearly nothing. */
function shown(value: number | undefined): string {
  if (value === undefined) return '';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  if (Math.abs(value) >= 10) return String(Number(value.toFixed(1)));
  return String(Number(value.toFixed(Math.abs(value) < 0.2 ? 3 : 2)));
}

function besideFloor({ samples, sizes, operations }: Findings): readonly Aim[] {
  const size = middleOf(sizes);
  return [1, 32].map((inFlight) =>
    row(
      `every operation, SQLite, ${users(size)}, ${connections(inFlight)}: of the floor with history`,
      operations.map(({ name }) => {
        const at = { operation: name, size, inFlight };
        return { name, value: ratio(samples, { ...at, contender: 'sqlite' }, { ...at, contender: 'history' }) };
      }),
      { least: 0.75 },
    ),
  );
}

interface BareAim {
  readonly what: string;
  readonly chosen: (operation: Findings['operations'][number]) => boolean;
  /** By connections in flight. */
  readonly least: Readonly<Record<1 | 32, number>>;
}

const BESIDE_BARE: readonly BareAim[] = [
  { what: 'reads', chosen: ({ kind }) => kind === 'read', least: { 1: 0.5, 32: 0.4 } },
  { what: 'create', chosen: ({ name }) => name === 'create', least: { 1: 0.11, 32: 0.09 } },
  { what: 'PUT and PATCH of a user', chosen: ({ name }) => /^(PUT|PATCH)/.test(name), least: { 1: 0.11, 32: 0.1 } },
  { what: 'page of 100 without groups', chosen: ({ name }) => name === 'page of 100', least: { 1: 0.1, 32: 0.1 } },
];

const POSTGRES_BESIDE_BARE: readonly BareAim[] = [
  { what: 'reads', chosen: ({ kind }) => kind === 'read', least: { 1: 0.25, 32: 0.25 } },
  { what: 'create', chosen: ({ name }) => name === 'create', least: { 1: 0.08, 32: 0.08 } },
];

function besideBare(findings: Findings): readonly Aim[] {
  return asked(findings, { aims: BESIDE_BARE, contender: 'sqlite', database: 'SQLite' });
}

function postgresBesideBare(findings: Findings): readonly Aim[] {
  return asked(findings, {
    aims: POSTGRES_BESIDE_BARE,
    contender: 'postgres',
    database: 'PostgreSQL over a unix socket',
  });
}

interface Asked {
  readonly aims: readonly BareAim[];
  readonly contender: 'sqlite' | 'postgres';
  readonly database: string;
}

function asked({ samples, sizes, operations }: Findings, { aims, contender, database }: Asked): readonly Aim[] {
  const size = middleOf(sizes);
  return aims.flatMap(({ what, chosen, least }) =>
    ([1, 32] as const).map((inFlight) =>
      row(
        `${what}, ${database}, ${connections(inFlight)}: of the bare server`,
        operations.filter(chosen).map(({ name }) => {
          const at = { operation: name, inFlight };
          return { name, value: ratio(samples, { ...at, size, contender }, { ...at, size: 0, contender: 'bare' }) };
        }),
        { least: least[inFlight] },
      ),
    ),
  );
}

const [SMALL_GROUP, BIG_GROUP] = ['add a member, group of 10', 'add a member, big group'];

function members({ samples, sizes }: Findings): readonly Aim[] {
  const size = sizes.at(-1) ?? 0;
  const at = (operation: string, inFlight: number): At => ({ operation, contender: 'sqlite', size, inFlight });
  return [
    row(
      `one member: the time in a group of ${number(size / 10)} by that in a group of 10, SQLite`,
      [1, 32].map((inFlight) => ({
        name: connections(inFlight),
        value: ratio(samples, at(SMALL_GROUP, inFlight), at(BIG_GROUP, inFlight)),
      })),
      { most: 1.2 },
    ),
  ];
}

function imports({ imports, sizes }: Findings): readonly Aim[] {
  const [one] = imports.filter(({ database, users }) => database === 'sqlite' && users === sizes.at(-1));
  const of = (value: number | undefined) => [{ name: '', value: value ?? Number.NaN }];
  const size = users(sizes.at(-1) ?? 0);
  // The time that a page may take holds for any number of them.
  const most = (25 * (sizes.at(-1) ?? 0)) / 1_000_000;
  return [
    row(`import of ${size} in pages of 100, SQLite, one connection: seconds`, of(one?.seconds), { most }),
    row(`the last pages by the first, SQLite, ${size}`, of(one && one.last / one.first), { most: 1.2 }),
    row(`cold pages at 90 % by the first, SQLite, ${size}`, of(one && one.cold / one.first), { most: 1.3 }),
  ];
}

function growth({ samples, sizes, operations }: Findings): readonly Aim[] {
  const [small = 0, large = 0] = [sizes[0], sizes.at(-1)];
  if (small === large) return [];
  return (['sqlite', 'postgres'] as const).flatMap((contender) =>
    [1, 32].map((inFlight) =>
      row(
        `growth exponent, ${users(small)} to ${number(large)}, every operation, ${DATABASES[contender]}, ${connections(inFlight)}`,
        operations.map(({ name }) => ({
          name,
          value: exponent(samples, { operation: name, contender, inFlight }, { small, large }),
        })),
        { most: 0.05 },
      ),
    ),
  );
}

export const DATABASES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;

export function exponent(
  samples: readonly Sample[],
  at: Omit<At, 'size'>,
  { small, large }: { small: number; large: number },
): number {
  return growthExponent(ratio(samples, { ...at, size: large }, { ...at, size: small }), large / small);
}

function startsAndMemory({ starts, memory, sizes }: Findings): readonly Aim[] {
  const large = sizes.at(-1) ?? 0;
  const ours = [0, large].map((size) => starts.find((one) => one.contender === 'sqlite' && one.users === size));
  const heap = memory.find((one) => one.contender === 'sqlite' && one.users === large)?.heap;
  return [
    row(
      'start of the built package to its first authenticated answer, SQLite: ms',
      ours.flatMap((one) => (one === undefined ? [] : [{ name: users(one.users), value: one.median }])),
      { most: 250 },
    ),
    row(`heap with ${users(large)}, SQLite: MiB`, [{ name: '', value: (heap ?? Number.NaN) / 2 ** 20 }], { most: 120 }),
  ];
}

function slowest({ samples, sizes, operations }: Findings): readonly Aim[] {
  const size = middleOf(sizes);
  const figures = (operation: string, contender: 'sqlite' | 'bare') =>
    figuresAt(samples, { operation, contender, size: contender === 'bare' ? 0 : size, inFlight: 32 });
  return [
    row(
      `p99 of reads, SQLite, ${users(size)}, ${connections(32)}: by the bare server’s`,
      operations
        .filter(({ kind }) => kind === 'read')
        .map(({ name }) => ({ name, value: figures(name, 'sqlite').p99 / figures(name, 'bare').p99 })),
      { most: 2 },
    ),
    row(
      `p99 of writes, SQLite, ${users(size)}, ${connections(32)}: by their own p50`,
      operations
        .filter(({ kind }) => kind === 'write')
        .map(({ name }) => ({ name, value: figures(name, 'sqlite').p99 / figures(name, 'sqlite').p50 })),
      { most: 10 },
    ),
  ];
}

function largePuts({ largePuts }: Findings): readonly Aim[] {
  return largePuts.flatMap(({ database, members, seconds, p99 }) => [
    row(
      `GETs while a group of ${number(members)} is PUT, ${DATABASES[database]}: p99, ms`,
      [{ name: '', value: p99 }],
      {
        most: 250,
      },
    ),
    row(`that PUT itself, ${DATABASES[database]}: seconds`, [{ name: '', value: seconds }], { most: 10 }),
  ]);
}

function connections(inFlight: number): string {
  return inFlight === 1 ? '1 connection' : `${inFlight} connections`;
}

function users(size: number): string {
  return `${number(size)} users`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
