import { bulkIdOf, type References, referencesIn } from './bulk-id.ts';
import { circlesOf } from './circles.ts';
import type { BulkOperation } from './read-bulk.ts';

/** One step of a bulk: one operation by its index, or several creations that refer to each other and are done together. */
export type BulkStep = readonly number[];

export interface BulkPlan {
  readonly steps: readonly BulkStep[];
  /** By operation: what its data refers to. */
  readonly bulkIds: readonly ReadonlySet<string>[];
}

/**
 * The order in which a bulk is done: as it stands, but what refers to a resource that a later operation creates waits for
 * it (RFC 7644 §3.7.2), and creations that refer to each other in a circle are one step (§3.7.1).
 *
 *     POST g → q, POST q, DELETE x          q · g · x
 *     POST a → b, POST b → a                a and b together
 */
export function* planBulk(operations: readonly BulkOperation[]): Generator<void, BulkPlan> {
  const ids = findIds(operations);
  const references: References[] = [];
  for (const { data } of operations) references.push(yield* referencesIn(data, ids.removals));
  const needs = needsOf(operations, ids, references);
  const steps = [...circlesOf(needs)].sort(([a = 0], [b = 0]) => a - b);
  const stepOf = new Map(steps.flatMap((step, number) => step.map((index) => [index, number] as const)));
  const wanted = steps.map((step, number) => {
    const others = step.flatMap((index) => [...(needs[index] ?? [])]).map((index) => stepOf.get(index) ?? number);
    return new Set(others.filter((other) => other !== number));
  });
  return {
    steps: inTurn(wanted).map((number) => steps[number] ?? []),
    bulkIds: references.map(({ bulkIds }) => bulkIds),
  };
}

/**
 * What each operation comes after: the creations that it refers to (references to nothing of this request are its own
 * fault); and, should those make another one late, that one where order matters (BLK-28): an earlier operation on the same
 * resource, and for a removal what names the resource before. Creations come after creations only.
 */
function needsOf(
  operations: readonly BulkOperation[],
  { creations, removals }: Ids,
  references: readonly References[],
): readonly ReadonlySet<number>[] {
  const needs = operations.map(() => new Set<number>());
  const latest = new Map<string, number>();
  for (const [index, { segments }] of operations.entries()) {
    const [, id] = segments;
    const { bulkIds = NOTHING, ids = NOTHING } = references[index] ?? {};
    for (const bulkId of [...bulkIds, bulkIdOf(id ?? '')]) {
      const creation = bulkId === undefined ? undefined : creations.get(bulkId);
      if (creation !== undefined) needs[index]?.add(creation);
    }
    for (const named of ids) {
      const removal = removals.get(named);
      if (removal !== undefined && removal > index) needs[removal]?.add(index);
    }
    if (id === undefined) continue;
    const before = latest.get(id);
    if (before !== undefined) needs[index]?.add(before);
    latest.set(id, index);
  }
  for (const [index, { method }] of operations.entries()) {
    if (method === 'PUT' || method === 'PATCH') holdCreations(operations, needs, index);
  }
  return needs;
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * A change that waits for a later creation may free a name that the creations between them want, so those wait for it:
 *
 *     PUT a → q, POST b, POST q             q · a · b
 */
function holdCreations(operations: readonly BulkOperation[], needs: readonly Set<number>[], index: number): void {
  const last = Math.max(...(needs[index] ?? []));
  const between = operations.slice(index + 1, Math.max(last, index + 1));
  if (between.length === 0 || between.some(({ method }) => method !== 'POST')) return;
  const needed = reachedFrom(needs, index);
  for (const offset of between.keys()) {
    const creation = index + 1 + offset;
    // What it needs itself, by whatever way, cannot wait for it.
    if (!needed.has(creation)) needs[creation]?.add(index);
  }
}

function reachedFrom(needs: readonly ReadonlySet<number>[], start: number): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const needed of needs[node] ?? []) {
      if (reached.has(needed)) continue;
      reached.add(needed);
      open.push(needed);
    }
  }
  return reached;
}

interface Ids {
  /** Index by bulkId. */
  readonly creations: ReadonlyMap<string, number>;
  /** Index by id. */
  readonly removals: ReadonlyMap<string, number>;
}

function findIds(operations: readonly BulkOperation[]): Ids {
  const creations = new Map<string, number>();
  const removals = new Map<string, number>();
  for (const [index, { method, bulkId, segments }] of operations.entries()) {
    if (method === 'POST' && bulkId !== undefined) creations.set(bulkId, index);
    if (method === 'DELETE' && segments[1] !== undefined) removals.set(segments[1], index);
  }
  return { creations, removals };
}

/** Always the first that has all it wants. What wants each other has been made one before, so nothing is left over. */
function inTurn(wanted: readonly Set<number>[]): readonly number[] {
  const wantedBy: number[][] = wanted.map(() => []);
  for (const [number, others] of wanted.entries()) for (const other of others) wantedBy[other]?.push(number);
  const ready = wanted.flatMap((others, number) => (others.size === 0 ? [number] : []));
  const order: number[] = [];
  for (let first = ready.shift(); first !== undefined; first = ready.shift()) {
    order.push(first);
    for (const number of wantedBy[first] ?? []) {
      wanted[number]?.delete(first);
      if (wanted[number]?.size === 0) insert(ready, number);
    }
  }
  return order;
}

function insert(ready: number[], number: number): void {
  const at = ready.findIndex((other) => other > number);
  ready.splice(at === -1 ? ready.length : at, 0, number);
}
