import type { Page } from '../../directory/index.ts';
import type { Chosen } from '../chosen.ts';
import { type Place, unreadable } from '../position.ts';
import { PAGE_COLUMNS, pageRecordOf, RECORD_WIDTH } from '../record.ts';
import type { NearPlace, Walk, Walks } from '../walk.ts';
import { type Row, row } from './pool.ts';
import type { Reading } from './reading.ts';

export interface Listing {
  readonly type: string;
  readonly startIndex: number;
  readonly count: number;
  /** Whose walk it is, and where walks are remembered; absent inside a transaction. */
  readonly walk?: { readonly walks: Walks; readonly walker: string };
}

/**
 * A page of all records of a type, in order of creation. Records that are created at once, by several connections, may
 * appear in another order than that of their places: a walk that is in the midst of them may pass one by.
 */
export async function list(reading: Reading, listing: Listing): Promise<Page & { readonly total: number }> {
  const { type, startIndex, count } = listing;
  if (count === 0) return { total: await totalOf(reading, type), records: [] };
  const known = startIndex === 1 ? undefined : listing.walk?.walks.findNear(walkOf(reading, listing, startIndex));
  const { total, found } =
    (known === undefined ? undefined : await resumed(reading, listing, known)) ??
    (await counted(reading, { types: [type], startIndex, count }));
  const last = found.at(-1)?.[SEQ] as number | undefined;
  const next = startIndex + found.length;
  if (last !== undefined) listing.walk?.walks.keep(walkOf(reading, listing, next), { seq: last, total, version: 0 });
  return { total, records: found.map(pageRecordOf) };
}

export interface TypesListing extends Omit<Listing, 'type' | 'walk'> {
  readonly types: readonly string[];
}

/** The same of several types, which follow one another, each in its own order of creation. */
export async function listTypes(reading: Reading, listing: TypesListing): Promise<Page> {
  const { total, found } = await counted(reading, listing);
  return { total, records: found.map(pageRecordOf) };
}

export interface Resuming {
  readonly chosen: readonly Chosen[];
  readonly count: number;
  /** Undefined: from the beginning. */
  readonly after: Place | undefined;
}

/** The page after a place, of types that follow one another; and where the next one goes on. */
export async function listAfter(reading: Reading, { chosen, count, after }: Resuming): Promise<Page> {
  const found: { readonly index: number; readonly row: Row }[] = [];
  let total = 0;
  for (const { index, type } of chosen) {
    const seq = index === after?.selection ? after.tie : 0;
    if (typeof seq !== 'number') throw unreadable();
    // One beyond the page tells whether it is the last.
    const left = index < (after?.selection ?? 0) ? 0 : count + 1 - found.length;
    const rows = await reading.session.rows(TOTAL_AND_PAGE_AFTER, reading.directory, type.name, seq, left);
    total += rows[0]?.[TOTAL_AFTER] as number;
    for (const row of inOrder(rows)) found.push({ index, row });
  }
  const page = found.slice(0, count);
  const last = page.at(-1);
  const next = last === undefined || found.length <= count ? {} : { next: [last.index, last.row[SEQ] as number] };
  return { total, ...next, records: page.map(({ row }) => pageRecordOf(row)) };
}

/** The numbered changes are in `totals`; what the sequencer has not come to yet is added. One statement sees one moment. */
export const totalIn = (type: string): string => `(coalesce((SELECT kept.total FROM totals kept
    WHERE kept.directory = $1 AND kept.type = ${type}), 0)
  + (SELECT count(*) FILTER (WHERE c.kind = 'created') - count(*) FILTER (WHERE c.kind = 'removed') FROM changes c
    WHERE c.directory = $1 AND c.seq IS NULL AND c.type = ${type}))`;

export const TOTAL = `SELECT ${totalIn('$2')}`;

const COLUMNS = `${PAGE_COLUMNS} AS text, r.seq`;
/** Where they stand in a row of `COLUMNS`, and what follows them. */
const SEQ = RECORD_WIDTH;
const TOTAL_AFTER = SEQ + 1;
const PLACE = SEQ + 2;

export const PAGE_AFTER = `SELECT ${COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.seq > $3 ORDER BY r.seq LIMIT $4`;

/** The same behind `$5` records more, which are passed by in the index alone. */
export const PAGE_BEHIND = `SELECT ${COLUMNS} FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.seq > (SELECT s.seq FROM resources s
    WHERE s.directory = $1 AND s.type = $2 AND s.seq > $3 ORDER BY s.seq LIMIT 1 OFFSET $5::bigint - 1)
  ORDER BY r.seq LIMIT $4`;

/** A row without a record, when there is none. */
export const TOTAL_AND_PAGE_AFTER = `SELECT page.*, counted.total FROM (SELECT ${totalIn('$2')} AS total) counted
  LEFT JOIN LATERAL (${PAGE_AFTER}) page ON true`;

/**
 * Of types ($2) in their order, `$4` records from the `$3`rd (0 is the first), and the total: `skipped` is how many of a
 * type come before the page, `wanted` how many of it are on the page if it has them. Places are found in the index alone,
 * and no type is looked into that the page has nothing of.
 */
export const COUNTED_PAGE = `WITH counted AS MATERIALIZED
    (SELECT t.type, t.place, ${totalIn('t.type')} AS total FROM unnest($2::text[]) WITH ORDINALITY t (type, place)),
  placed AS MATERIALIZED (SELECT type, place, total, sum(total) OVER (ORDER BY place) - total AS before FROM counted)
  SELECT page.*, (SELECT sum(total) FROM counted)::bigint, placed.place FROM
    (SELECT type, place, greatest($3::bigint - before, 0)::bigint AS skipped,
      CASE WHEN $3::bigint < before + total THEN greatest($3::bigint + $4::bigint - greatest(before, $3::bigint), 0) ELSE 0 END::bigint AS wanted
      FROM placed) placed
  LEFT JOIN LATERAL (SELECT ${COLUMNS} FROM resources r WHERE r.directory = $1 AND r.type = placed.type
      AND r.seq >= (SELECT s.seq FROM resources s WHERE s.directory = $1 AND s.type = placed.type
        ORDER BY s.seq LIMIT 1 OFFSET placed.skipped)
    ORDER BY r.seq LIMIT placed.wanted) page ON true`;

/** As it is committed, and in a transaction as it has made it. */
export async function totalOf({ session, directory }: Reading, type: string): Promise<number> {
  return (await row(session, TOTAL, directory, type))?.[0] as number;
}

interface Found {
  readonly total: number;
  /** In order. */
  readonly found: readonly Row[];
}

async function counted(reading: Reading, { types, startIndex, count }: TypesListing): Promise<Found> {
  const rows = await reading.session.rows(COUNTED_PAGE, reading.directory, types, startIndex - 1, count);
  return { total: (rows[0]?.[TOTAL_AFTER] as number | undefined) ?? 0, found: inOrder(rows) };
}

/** A join promises no order, and the rows of one page are sorted faster here than there. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  const found = rows.filter((row) => row[SEQ] !== null);
  const order = (one: Row, other: Row, column: number): number =>
    ((one[column] as number | undefined) ?? 0) - ((other[column] as number | undefined) ?? 0);
  return found.sort((one, other) => order(one, other, PLACE) || order(one, other, SEQ));
}

/**
 * Nothing is counted anew in the midst of a walk: as long as there is more, its total is what it was, or one more than it
 * has seen, and on its last page it is what it has seen. So a deletion behind it never ends it too early. Undefined where
 * the page is beyond the end of what stands behind the place.
 */
async function resumed(
  { session, directory }: Reading,
  { type, startIndex, count }: Listing,
  { seq, skipped, total }: NearPlace,
): Promise<Found | undefined> {
  const rows =
    skipped === 0
      ? await session.rows(PAGE_AFTER, directory, type, seq, count + 1)
      : await session.rows(PAGE_BEHIND, directory, type, seq, count + 1, skipped);
  if (rows.length === 0 && skipped > 0) return undefined;
  const seen = startIndex - 1 + rows.length;
  if (rows.length <= count) return { total: seen, found: rows };
  return { total: Math.max(total, seen), found: rows.slice(0, count) };
}

function walkOf({ directory }: Reading, { type, walk, count }: Listing, startIndex: number): Walk {
  return { directory, type, walker: walk?.walker ?? '', startIndex, count };
}
