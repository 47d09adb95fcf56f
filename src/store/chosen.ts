import type { Filter, ResourceType, Selection, Target } from '../scim/index.ts';
import { reduce } from './reduce.ts';

/** A selection that something may match. */
export interface Chosen {
  /** Its place among the query's selections, which positions name it by. */
  readonly index: number;
  readonly type: ResourceType;
  /** Absent: everything of the type. */
  readonly filter?: Filter<Target>;
  readonly sortBy?: Target;
}

export function chosenOf(selections: readonly Selection[]): readonly Chosen[] {
  const chosen: Chosen[] = [];
  for (const [index, { type, filter, sortBy }] of selections.entries()) {
    const reduced = filter === undefined ? true : reduce(filter);
    if (reduced === false) continue;
    const one = sortBy === undefined ? { index, type } : { index, type, sortBy };
    chosen.push(reduced === true ? one : { ...one, filter: reduced });
  }
  return chosen;
}
