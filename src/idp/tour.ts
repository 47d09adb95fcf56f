import { performance } from 'node:perf_hooks';
import { eachOf } from './each.ts';
import { type Json, shown } from './json.ts';
import type { Reader } from './judge/reader.ts';
import type { Ledger } from './ledger.ts';
import { printStep } from './print.ts';
import type { StepResult } from './report.ts';

/** A bar on long runs; whoever draws it decides how. */
export interface Progress {
  begin(title: string, total: number): void;
  advance(): void;
  end(): void;
}

/** One run of any provider: the judge beside it, and what it remembers. */
export interface Tour {
  readonly reader: Reader;
  readonly ledger: Ledger;
  /** In every name that this run makes. */
  readonly run: string;
  /** How many requests the provider has under way at once. */
  readonly lanes: number;
  readonly progress: Progress | undefined;
  /** `totalResults` before anything was made. */
  before: { users: number | undefined; groups: number | undefined };
  /** The ids of this run in the order of the last walk through the list, to hold the next one against. */
  readonly order: Map<string, readonly string[]>;
}

/** One line of the tour. */
export interface Step<Of extends Tour> {
  readonly title: string;
  /** What was done, in a few words: `22 created, each read back`. */
  run(tour: Of): Promise<string>;
}

export interface Conduct {
  readonly print: (line: string) => void;
  /** Ends the run after the first step that found something. */
  readonly bail: boolean;
  /** Why the provider stops after this step; undefined to go on. */
  stop(result: StepResult, at: number): string | undefined;
}

/** Takes the steps in order, and prints a line for each. */
export async function takeTour<Of extends Tour>(
  tour: Of,
  steps: readonly Step<Of>[],
  { print, stop, bail }: Conduct,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const [at, step] of steps.entries()) {
    const result = await takeStep(tour, step);
    printStep(print, result);
    results.push(result);
    const found = result.failures.length + result.differences.length > 0;
    const reason = stop(result, at) ?? (bail && found ? BAILED : undefined);
    if (reason === undefined) continue;
    print(`  ${reason} The run ends here.`);
    break;
  }
  return results;
}

const BAILED = 'The rest is left, as --bail asks.';

async function takeStep<Of extends Tour>(tour: Of, step: Step<Of>): Promise<StepResult> {
  const { ledger } = tour;
  ledger.step = step.title;
  const marks = [ledger.failures.length, ledger.differences.length] as const;
  const started = performance.now();
  const summary = await step.run(tour);
  return {
    title: step.title,
    summary,
    ms: performance.now() - started,
    failures: ledger.failures.slice(marks[0]),
    differences: ledger.differences.slice(marks[1]),
  };
}

/** Work on many things, a few at a time, under a bar. */
export async function overAll<Item>(
  tour: Tour,
  { title, items }: { title: string; items: readonly Item[] },
  task: (item: Item) => Promise<void>,
): Promise<void> {
  if (items.length === 0) return;
  tour.progress?.begin(title, items.length);
  await eachOf(items, tour.lanes, async (item) => {
    await task(item);
    tour.progress?.advance();
  });
  tour.progress?.end();
}

export function note(tour: Tour, who: string, problem: string | undefined): void {
  if (problem !== undefined) tour.ledger.fail(who, problem);
}

/** A check that is no attribute: `expect(tour, ['A wrong token', 'the status'], {expected: 401, found: 200})`. */
export function expect(
  tour: Tour,
  [who, what]: readonly [string, string],
  { expected, found }: { expected: Json | undefined; found: Json | undefined },
): void {
  if (expected !== found) tour.ledger.remark(who, what, { expected: shown(expected), found: shown(found) });
}

/** `1 person`, `3 people`. */
export function count(many: number, one: string, more: string): string {
  return `${many} ${many === 1 ? one : more}`;
}
