import type { UndoCounts, UndoLine, UndoReport } from './operation.ts';
import type { Selected } from './select.ts';

type Counts = { -readonly [K in keyof UndoCounts]: UndoCounts[K] };

const EXAMPLES_OF_A_KIND = 20;
const MOST_LEFT = 1000;

/** Counts what an undo does: first of a slice, and of all of it once that is stored. */
export class Tally {
  readonly counts: Counts = {
    restored: 0,
    removed: 0,
    updated: 0,
    activated: 0,
    putBack: 0,
    takenOut: 0,
    asBefore: 0,
    conflicts: 0,
    refused: 0,
    passwords: 0,
  };
  readonly #examples: UndoLine[] = [];
  readonly #left: UndoLine[] = [];

  did(line: UndoLine): void {
    const alike = this.#examples.filter(({ kind }) => kind === line.kind).length;
    if (alike < EXAMPLES_OF_A_KIND) this.#examples.push(line);
  }

  left(line: UndoLine): void {
    if (this.#left.length < MOST_LEFT) this.#left.push(line);
  }

  add(slice: Tally): void {
    for (const name of Object.keys(this.counts) as (keyof Counts)[]) this.counts[name] += slice.counts[name];
    for (const line of slice.#examples) this.did(line);
    for (const line of slice.#left) this.left(line);
  }

  report({ changes, first, last }: Selected): UndoReport {
    return { changes, first, last, counts: { ...this.counts }, examples: [...this.#examples], left: [...this.#left] };
  }
}
