import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceType } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import type { DirectoryServices } from '../perform.ts';
import { StoreUnavailable, TransactionConflict, UniqueKeyTaken } from '../ports.ts';
import { transact } from '../transact.ts';
import { userType } from '../user-type.ts';
import { Ahead } from './ahead.ts';
import { type CheckedLine, checkLine, type LineChecked } from './checked-line.ts';
import { importLine, type LineDone } from './import-line.ts';
import type { ImportReport, ImportUsers, RefusedLine } from './operation.ts';
import { Seen } from './seen.ts';
import { ImportTally } from './tally.ts';

/** Small enough that who waits for one is not held up (decision 9: 50 ms). */
const LINES_IN_A_SLICE = 100;
/** Characters: of long lines, fewer. */
const WEIGHT_OF_A_SLICE = 1_048_576;
/** In which others have their turn: another process, that waits for the same lock, tries every 50 ms at least. */
const REST_MS = 10;

/**
 * Takes the lines as they come, in slices that are one transaction each, and holds no more of them than one slice, and the
 * keys that there were.
 *
 * @throws StoreUnavailable: what stood before the slice is kept
 */
export async function importUsers(
  services: DirectoryServices,
  actor: Actor,
  operation: ImportUsers,
): Promise<ImportReport> {
  const { lines, mostRefused = Number.POSITIVE_INFINITY, signal } = operation;
  const run = new Run(services, actor, operation);
  let slice: LineChecked[] = [];
  let weight = 0;
  let refused = 0;
  for await (const line of lines) {
    if (signal?.aborted) return run.report('interrupted');
    if (line.kind === 'broken') {
      await run.slice(slice);
      run.refuse({ line: line.line, label: '', detail: line.problem });
      return run.report('broken');
    }
    const checked = run.check(line);
    slice.push(checked);
    if (checked.kind === 'checked') weight += JSON.stringify(checked.draft.attributes).length;
    else refused += 1;
    const isOver = run.tally.counts.refused + refused >= mostRefused;
    if (slice.length < LINES_IN_A_SLICE && weight < WEIGHT_OF_A_SLICE && !isOver) continue;
    await run.slice(slice);
    slice = [];
    weight = 0;
    refused = 0;
    if (run.tally.counts.refused >= mostRefused) return run.report('too-many-refused');
  }
  if (signal?.aborted) return run.report('interrupted');
  await run.slice(slice);
  return run.report(run.tally.counts.refused >= mostRefused ? 'too-many-refused' : 'done');
}

class Run {
  readonly tally = new ImportTally();
  readonly #services: DirectoryServices;
  readonly #actor: Actor;
  readonly #operation: ImportUsers;
  readonly #type: ResourceType;
  readonly #seen = new Seen();
  #ahead = new Ahead();
  #lastLine = 0;

  constructor(services: DirectoryServices, actor: Actor, operation: ImportUsers) {
    this.#services = services;
    this.#actor = actor;
    this.#operation = operation;
    this.#type = userType(actor.directory.types);
  }

  check(line: Parameters<typeof checkLine>[0]): LineChecked {
    const { tolerances } = this.#actor.directory;
    return checkLine(line, { type: this.#type, tolerances, seen: this.#seen });
  }

  async slice(lines: readonly LineChecked[]): Promise<void> {
    if (lines.length === 0) return;
    const checked = lines.filter((line) => line.kind === 'checked');
    const done = checked.length === 0 ? new Map<CheckedLine, LineDone>() : await this.#inTurn(checked);
    for (const line of lines) this.#tell(line, line.kind === 'checked' ? done.get(line) : undefined);
    this.#operation.onProgress?.(this.tally.counts);
    if (checked.length > 0) await sleep(REST_MS);
  }

  refuse(refused: RefusedLine): void {
    this.tally.refused();
    this.#operation.onRefused?.(refused);
  }

  report(ended: ImportReport['ended']): ImportReport {
    const { counts, examples } = this.tally;
    return { counts, examples, lastLine: this.#lastLine, ended };
  }

  #tell(line: LineChecked, done: LineDone | undefined): void {
    this.#lastLine = line.line;
    if (line.kind === 'refused') this.refuse({ line: line.line, label: line.label, detail: line.detail });
    else if (done?.kind === 'refused') {
      this.refuse({ line: line.line, label: line.userName, detail: done.detail });
    } else if (done !== undefined) this.tally.done(line, done);
  }

  /** Where a provider makes the same people at the same moment, fewer of them at once do not meet it again and again. */
  async #inTurn(lines: readonly CheckedLine[]): Promise<ReadonlyMap<CheckedLine, LineDone>> {
    try {
      return await this.#transact(lines);
    } catch (error) {
      if (!stoodInTheWay(error) || lines.length === 1) throw error;
      const half = Math.ceil(lines.length / 2);
      const first = await this.#inTurn(lines.slice(0, half));
      return new Map([...first, ...(await this.#inTurn(lines.slice(half)))]);
    }
  }

  #transact(lines: readonly CheckedLine[]): Promise<ReadonlyMap<CheckedLine, LineDone>> {
    const { dryRun } = this.#operation;
    const means = { services: this.#services, actor: this.#actor, type: this.#type, dryRun, seen: this.#seen };
    return transact(this.#services.store, this.#actor.directory.id, {
      alone: true,
      work: async (transaction) => {
        // It may run again, from the start.
        const ahead = dryRun ? this.#ahead.copy() : undefined;
        const over = ahead?.over(transaction) ?? transaction;
        const done = new Map<CheckedLine, LineDone>();
        for (const line of lines) {
          const one = await importLine(over, line, means);
          ahead?.note(one);
          done.set(line, one);
        }
        if (ahead !== undefined) this.#ahead = ahead;
        return done;
      },
    });
  }
}

function stoodInTheWay(error: unknown): boolean {
  if (!(error instanceof StoreUnavailable)) return false;
  return error.cause instanceof UniqueKeyTaken || error.cause instanceof TransactionConflict;
}
