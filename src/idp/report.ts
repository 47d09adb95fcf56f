import type { Difference, Failure, Ledger, Timing } from './ledger.ts';

export interface StepResult {
  readonly title: string;
  readonly summary: string;
  readonly ms: number;
  readonly failures: readonly Failure[];
  readonly differences: readonly Difference[];
}

/** How long one kind of call took, in milliseconds. */
export interface OperationTiming {
  readonly operation: string;
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
}

/** What a run found. */
export interface Report {
  /** 1 on any failure or difference. */
  readonly exitCode: 0 | 1;
  readonly run: string;
  readonly steps: readonly StepResult[];
  readonly calls: number;
  readonly failures: readonly Failure[];
  readonly differences: readonly Difference[];
  readonly operations: readonly OperationTiming[];
  readonly ms: number;
}

interface Run {
  readonly run: string;
  readonly ledger: Ledger;
  readonly steps: readonly StepResult[];
  readonly ms: number;
}

export function makeReport({ run, ledger, steps, ms }: Run): Report {
  const { failures, differences, timings } = ledger;
  const exitCode = failures.length + differences.length === 0 ? 0 : 1;
  return { exitCode, run, steps, calls: timings.length, failures, differences, operations: operationsOf(timings), ms };
}

/** The calls of each operation together. */
export function operationsOf(timings: readonly Timing[]): OperationTiming[] {
  // The provider's calls first, the judge's own reads below them.
  const rows = [...Map.groupBy(timings, ({ operation }) => operation)];
  const ordered = rows.toSorted(([a], [b]) => Number(a === CHECKS) - Number(b === CHECKS));
  return ordered.map(([operation, times]) => {
    const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
    return { operation, calls: sorted.length, p50: rank(sorted, 0.5), p99: rank(sorted, 0.99) };
  });
}

/** What the judge's own calls are called. */
export const CHECKS = 'checks';

/** Nearest rank. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
