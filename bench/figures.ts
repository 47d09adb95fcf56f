/** Who answers: Joinery on each database, and the three references. */
export type Contender = 'sqlite' | 'postgres' | 'history' | 'floor' | 'bare';

/** What one visit of one operation found. */
export interface Measured {
  readonly requests: number;
  readonly seconds: number;
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  /** The server's CPU time, all threads, in µs. */
  readonly cpu: number;
  /** The longest that the server's event loop was held, in ms. */
  readonly longestTurn: number;
}

export interface Sample extends At {
  readonly round: number;
  readonly measured: Measured;
}

export interface At {
  readonly operation: string;
  readonly contender: Contender;
  /** Users; of the bare server, which has none, 0. */
  readonly size: number;
  readonly inFlight: number;
}

/** What the rounds say of one operation in one world: medians over them, or sums where a visit is too short to tell. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** µs a request. */
  readonly cpu: number;
  /** The server's share of one processor while it was asked. */
  readonly busy: number;
  /** The median over the visits, and the longest of all. */
  readonly longestTurn: number;
  readonly longestOfAll: number;
}

export function figuresAt(samples: readonly Sample[], at: At): Figures {
  const found = matching(samples, at).map(({ measured }) => measured);
  const sum = (of: (one: Measured) => number) => found.reduce((total, one) => total + of(one), 0);
  const middle = (of: (one: Measured) => number) => median(found.map(of));
  return {
    perSecond: middle(rateOf),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    cpu: sum(({ cpu }) => cpu) / sum(({ requests }) => requests),
    busy: sum(({ cpu }) => cpu) / 1e6 / sum(({ seconds }) => seconds),
    longestTurn: middle(({ longestTurn }) => longestTurn),
    longestOfAll: found.length === 0 ? Number.NaN : Math.max(...found.map(({ longestTurn }) => longestTurn)),
  };
}

/** The median over the rounds of one's requests a second by the other's in the same round. */
export function ratio(samples: readonly Sample[], one: At, other: At): number {
  const others = new Map(matching(samples, other).map(({ round, measured }) => [round, rateOf(measured)]));
  const ratios = matching(samples, one).map(
    ({ round, measured }) => rateOf(measured) / (others.get(round) ?? Number.NaN),
  );
  return median(ratios.filter((value) => !Number.isNaN(value)));
}

/**
 * How the time of one request grows with the number of users: 0 not at all, 1 as they do. `ratio` is the throughput of the
 * larger directory by that of the smaller, which has `factor` times fewer users.
 */
export function growthExponent(ratio: number, factor: number): number {
  return -Math.log(ratio) / Math.log(factor);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function matching(samples: readonly Sample[], at: At): readonly Sample[] {
  return samples.filter(
    (sample) =>
      sample.operation === at.operation &&
      sample.contender === at.contender &&
      sample.size === at.size &&
      sample.inFlight === at.inFlight,
  );
}

function rateOf({ requests, seconds }: Measured): number {
  return requests / seconds;
}
