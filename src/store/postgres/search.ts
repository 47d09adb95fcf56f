import type { Page, StoredRecord } from '../../directory/index.ts';
import type { Position, Query } from '../../scim/index.ts';
import type { Chosen } from '../chosen.ts';
import { KEYED } from '../columns.ts';
import { type Place, type PlaceKey, readPosition, writePosition } from '../position.ts';
import { pageRecordOf } from '../record.ts';
import type { PageAsked, PageMeans } from './page.ts';
import { FOUND, KEY, type Plan, type Planned, plan, RECORD, SELECTION, SEQ, TOTAL } from './plan.ts';
import type { Row } from './pool.ts';

/** A page of what filters match, or of everything in another order than that of creation. */
export interface Search {
  /** `most`: beyond so many rows that an index leaves, none is looked at. */
  plan(most?: number): Plan;
  /** What the rows of the plan say. */
  page(rows: readonly Row[]): Page;
  /** How many rows there are to be read where nothing is counted. */
  readonly mostRows: number;
  readonly counts: 'all' | 'kept' | 'none';
  readonly filtered: boolean;
  readonly sorted: boolean;
}

export function searchOf(
  { ready = ONLY_EMAILS }: Pick<PageMeans, 'ready'>,
  asked: PageAsked,
  chosen: readonly Chosen[],
): Search {
  const { directory, query, context } = asked;
  const { startIndex, count } = query;
  const whole = chosen.every(({ filter }) => filter === undefined);
  const walk = walkOf(query);
  // A total does not depend on an order.
  const sorted = count === 0 ? undefined : query.sorted;
  /** `all`: what matches is counted. `kept`: that is all there is of its types. `none`: nothing is read beyond the page. */
  const counts = whole ? 'kept' : walk === undefined ? 'all' : 'none';
  // One beyond the page tells whether it is the last.
  const mostRows = startIndex - 1 + count + (walk === undefined ? 0 : 1);
  const after = walk === undefined ? undefined : placeIn(asked);
  const planned: Planned = {
    ...{ directory, chosen, ready, startIndex, count, base: context.base, totals: counts === 'kept' },
    ...(counts === 'all' ? {} : { limit: mostRows }),
    ...(sorted === undefined ? {} : { sorted }),
    ...(after === undefined ? {} : { after }),
  };
  return {
    plan: (most) => plan(most === undefined ? planned : { ...planned, most }),
    page: (rows) => pageIn(rows, { counts, walk, sorted: sorted !== undefined, chosen }),
    ...{ mostRows, counts, filtered: !whole, sorted: sorted !== undefined },
  };
}

const ONLY_EMAILS = (keyName: string): boolean => keyName === KEYED.name;

type WalkStep = 'begins' | 'goes on' | undefined;

/** Undefined where only the total is asked for, whatever the cursor. */
function walkOf({ count, after }: Query): WalkStep {
  if (count === 0 || after === undefined) return undefined;
  return after.length === 0 ? 'begins' : 'goes on';
}

/** Undefined for the beginning. */
export function placeIn({ selections, query }: PageAsked): Place | undefined {
  return readPosition(query.after ?? [], { sorted: query.sorted !== undefined, selections: selections.length });
}

interface Read {
  readonly counts: Search['counts'];
  /** The page says where the next one goes on. */
  readonly walk: WalkStep;
  readonly sorted: boolean;
  readonly chosen: readonly Chosen[];
}

function pageIn(rows: readonly Row[], { counts, walk, sorted, chosen }: Read): Page {
  const shown = rows.filter((row) => row[SEQ] !== null);
  const found = (rows[0]?.[FOUND] ?? 0) as number;
  const last = shown.at(-1);
  const records = shown.map(recordIn);
  const more = walk !== undefined && found > shown.length && last !== undefined;
  const next = more ? { next: positionOf(last, { sorted, chosen }) } : {};
  if (counts === 'kept') return { total: (rows[0]?.[TOTAL] ?? 0) as number, ...next, records };
  // A walk that ends on its first page has seen all there is.
  const all = counts === 'all' || (walk === 'begins' && !more);
  return all ? { total: found, ...next, records } : { ...next, records };
}

function recordIn(row: Row): StoredRecord {
  return pageRecordOf(row.slice(RECORD));
}

function positionOf(row: Row, { sorted, chosen }: Pick<Read, 'sorted' | 'chosen'>): Position {
  const selection = row[SELECTION] as number;
  const place = { selection, tie: row[SEQ] as number };
  if (!sorted) return writePosition(place);
  const key = row[KEY] as string | null;
  const sortBy = chosen.find(({ index }) => index === selection)?.sortBy;
  return writePosition({ ...place, key: key !== null && isNumber(sortBy) ? Number(key) : (key as PlaceKey) });
}

function isNumber(sortBy: Chosen['sortBy']): boolean {
  const { type } = sortBy?.sub ?? sortBy?.attribute ?? {};
  return type === 'integer' || type === 'decimal' || type === 'boolean';
}
