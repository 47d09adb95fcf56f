import type { Query } from '../../scim/index.ts';
import type { Chosen } from '../chosen.ts';
import { KEYED } from '../columns.ts';
import { type Place, readPosition } from '../position.ts';
import type { PageAsked, PageMeans } from './page.ts';
import { type Plan, plan } from './plan.ts';
import { mostRows, type Search } from './search.ts';

export interface PlannedSearch {
  /** One for each selection. */
  readonly plans: readonly Plan[];
  readonly search: Search;
}

/** A page of what filters match, or of everything in another order than that of creation. */
export function planSearch(
  { ready = ONLY_EMAILS }: Pick<PageMeans, 'ready'>,
  asked: PageAsked,
  chosen: readonly Chosen[],
): PlannedSearch {
  const { directory, query, context } = asked;
  const { startIndex, count } = query;
  const whole = chosen.every(({ filter }) => filter === undefined);
  const walk = walkOf(query);
  // A total does not depend on an order.
  const sorted = count === 0 || query.sorted === undefined ? {} : { sorted: query.sorted };
  const window = { startIndex, count, ...(walk === undefined ? {} : { walk }) };
  const counts = whole ? 'kept' : walk === undefined ? 'all' : 'none';
  const common = {
    ...sorted,
    directory,
    base: context.base,
    ready,
    ...(counts === 'all' ? {} : { limit: mostRows(window) }),
    merged: sorted.sorted !== undefined && chosen.length > 1,
  };
  const after = walk === undefined ? undefined : placeIn(asked);
  const plans = chosen.map((selection) => plan({ ...common, selection, ...(after === undefined ? {} : { after }) }));
  const finds = plans.map(({ find }) => find);
  return { plans, search: { ...window, ...sorted, directory, finds, counts, filtered: !whole } };
}

const ONLY_EMAILS = (keyName: string): boolean => keyName === KEYED.name;

/** Undefined where only the total is asked for, whatever the cursor. */
function walkOf({ count, after }: Query): Search['walk'] {
  if (count === 0 || after === undefined) return undefined;
  return after.length === 0 ? 'begins' : 'goes on';
}

/** Undefined for the beginning. */
export function placeIn({ selections, query }: PageAsked): Place | undefined {
  return readPosition(query.after ?? [], { sorted: query.sorted !== undefined, selections: selections.length });
}
