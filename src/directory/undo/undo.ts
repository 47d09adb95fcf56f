import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../actor.ts';
import type { DirectoryServices } from '../perform.ts';
import { StoreUnavailable } from '../ports.ts';
import { transact } from '../transact.ts';
import { AsIf, View } from './as-if.ts';
import { type MembersPiece, membersPieces, undoMembers } from './members.ts';
import type { Undo, Undone } from './operation.ts';
import { undoRecords } from './records.ts';
import { MOST_CHANGES, select } from './select.ts';
import type { Slice, SliceDone } from './slice.ts';
import { Tally } from './tally.ts';
import { type Work, worksOf } from './work.ts';

/**
 * Takes back what was selected, in slices, each a change set of its own: an end in the middle leaves whole ones, and to
 * run it again goes on with what is left. A dry run decides the same, on what it has decided so far as if it were stored.
 */
export async function undo(services: DirectoryServices, actor: Actor, operation: Undo): Promise<Undone> {
  const { selection } = operation;
  const selected = await select(services.store.history(actor.directory.id), selection);
  if (selected === undefined) return { kind: 'too-much', detail: TOO_MUCH };
  const { records, groups, news } = worksOf(selected);
  const run = new Run(services, actor, operation);
  run.total = records.flat().length + groups.size;

  // A member comes back to the groups that it had when it went, whoever's change says so.
  const back = new Map<string, Set<string>>();
  let again: Work[] = [];
  for (const works of records) again.push(...(await run.records(works, { back })));
  // What stood against it may be gone by now: a name that another one gave back later, a seat.
  for (let before = Number.POSITIVE_INFINITY; again.length > 0 && again.length < before; ) {
    before = again.length;
    again = await run.records(again, { back });
  }
  await run.records(again, { back, isLast: true });
  for await (const slice of membersPieces(groups, { back, news, of: selection.subject })) await run.members(slice);
  return { kind: 'undone', report: run.tally.report(selected), ended: !run.isCutOff, upTo: selected.upTo };
}

const TOO_MUCH = `More than ${MOST_CHANGES.toLocaleString('en')} changes, or 256 MiB of them, are selected, which is more than can be taken back at once. Narrow it by time, credential or user, and take back the latest first.`;

/** Small enough that who waits for one is not held up. */
const RECORDS_IN_A_SLICE = 100;
/** Characters of history: of large records, fewer. */
const WEIGHT_OF_A_SLICE = 2_097_152;
/** In which others have their turn: another process, that waits for the same lock, tries every 50 ms at least. */
const REST_MS = 10;

class Run {
  readonly tally = new Tally();
  total = 0;
  isCutOff = false;
  #done = 0;
  readonly #services: DirectoryServices;
  readonly #actor: Actor;
  readonly #operation: Undo;
  /** Of a dry run: all that it has decided. */
  readonly #decided = new AsIf();

  constructor(services: DirectoryServices, actor: Actor, operation: Undo) {
    this.#services = services;
    this.#actor = actor;
    this.#operation = operation;
  }

  /** Those that a rule refused; the last time they are told. */
  async records(
    works: readonly Work[],
    { back, isLast = false }: { back: Map<string, Set<string>>; isLast?: boolean },
  ): Promise<Work[]> {
    const refused: Work[] = [];
    for (const slice of slicesOf(works)) {
      const done = await this.#slice((means) => undoRecords(means, slice, isLast));
      if (done === undefined) break;
      for (const [group, ids] of done.back) for (const id of ids) addTo(back, group, id);
      refused.push(...done.refused);
      this.#advance(slice.length - done.refused.length);
    }
    return refused;
  }

  async members(pieces: readonly MembersPiece[]): Promise<void> {
    const done = await this.#slice((means) => undoMembers(means, pieces));
    if (done !== undefined) this.#advance(pieces.filter(({ isLast }) => isLast).length);
  }

  /** Undefined when it is to end. */
  async #slice(decide: (slice: Slice) => Promise<SliceDone>): Promise<SliceDone | undefined> {
    const { store, clock } = this.#services;
    const { directory, by, requestId } = this.#actor;
    const { dryRun, signal } = this.#operation;
    if (signal?.aborted) {
      this.isCutOff = true;
      return undefined;
    }
    const { done, layer } = await patiently(() =>
      transact(store, directory.id, {
        alone: true,
        work: async (transaction) => {
          const layer = new AsIf();
          const view = new View(transaction, [layer, this.#decided]);
          const done = await decide({ view, layer, directory, now: clock().toISOString() });
          const { changes, at } = done;
          if (!dryRun && changes.length > 0) await transaction.commit({ by, requestId, at, changes });
          return { done, layer };
        },
      }),
    );
    if (dryRun) this.#decided.absorb(layer);
    this.tally.add(done.tally);
    await sleep(REST_MS);
    return done;
  }

  #advance(by: number): void {
    this.#done += by;
    this.#operation.onProgress?.(Math.min(this.#done, this.total), this.total);
  }
}

const TRIES = 5;
const BETWEEN_TRIES_MS = 500;

/** A slice that the database could not take is tried again: what has been taken back is as before, then. */
async function patiently<T>(slice: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await slice();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || tried >= TRIES) throw error;
      await sleep(BETWEEN_TRIES_MS);
    }
  }
}

function* slicesOf(works: readonly Work[]): Generator<readonly Work[]> {
  let slice: Work[] = [];
  let weight = 0;
  for (const work of works) {
    slice.push(work);
    for (const { before, after } of work.rows) weight += (before?.length ?? 0) + (after?.length ?? 0);
    if (slice.length < RECORDS_IN_A_SLICE && weight < WEIGHT_OF_A_SLICE) continue;
    yield slice;
    slice = [];
    weight = 0;
  }
  if (slice.length > 0) yield slice;
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}
