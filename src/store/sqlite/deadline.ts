import { performance } from 'node:perf_hooks';
import type { DatabaseSync } from 'node:sqlite';

/** How long the filters of a connection may take. */
export interface Deadline {
  /** From now on. */
  allow(milliseconds: number): void;
  /** Whether a statement was ended since: whatever error came of that, this is why. */
  passed(): boolean;
}

/**
 * Registers `deadline()`, which every filter asks of every row (65 ns a call): `node:sqlite` cannot interrupt a statement,
 * but a function that throws ends it.
 */
export function registerDeadline(database: DatabaseSync): Deadline {
  let until = Number.POSITIVE_INFINITY;
  let passed = false;
  database.function('deadline', { directOnly: true }, () => {
    if (performance.now() <= until) return 1;
    passed = true;
    throw new Error('the query took too long');
  });
  return {
    allow(milliseconds) {
      until = performance.now() + milliseconds;
      passed = false;
    },
    passed: () => passed,
  };
}
