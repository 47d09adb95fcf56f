import type { DirectoryContext } from '../actor.ts';
import type { Change } from '../change.ts';
import type { AsIf, View } from './as-if.ts';
import type { Tally } from './tally.ts';
import type { Work } from './work.ts';

/** What a slice of an undo is decided with. */
export interface Slice {
  readonly view: View;
  /** Takes what is decided. */
  readonly layer: AsIf;
  readonly directory: DirectoryContext;
  readonly now: string;
}

export interface SliceDone {
  readonly changes: readonly Change[];
  readonly at: string;
  readonly tally: Tally;
  /** What a rule refused, unless it was told. */
  readonly refused: readonly Work[];
  /** By group: who comes back to it. */
  readonly back: ReadonlyMap<string, readonly string[]>;
}
