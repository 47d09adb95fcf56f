import type { Page, StoredRecord } from '../../directory/index.ts';
import type { Chosen } from '../chosen.ts';
import { type Place, unreadable } from '../position.ts';
import { PAGE_COLUMNS, pageRecordOf, RECORD_WIDTH } from '../record.ts';
import type { Walk, Walks } from '../walk.ts';
import { type Connection, type Row, row, rows } from './connection.ts';
import { limitTo } from './limit.ts';
import { BLOCK } from './tally.ts';

export interface Listing {
  readonly directory: string;
  readonly type: string;
  readonly startIndex: number;
  readonly count: number;
  /** Whose walk it is, and where walks are remembered; absent inside a transaction. */
  readonly walk?: { readonly walks: Walks; readonly walker: string };
}

/** A page of all records of a type, in order of creation. The caller holds the connection on one moment. */
export function list(connection: Connection, listing: Listing): Page & { readonly total: number } {
  const { directory, type, startIndex, count } = listing;
  if (count === 0) return { total: totalOf(connection, directory, type), records: [] };
  const { seq, total } = placeOf(connection, listing);
  const found = startIndex > total ? [] : rows(connection, PAGE_AFTER, directory, type, seq, count);
  const last = found.at(-1)?.[RECORD_WIDTH] as number | undefined;
  if (last !== undefined) keepPlace(connection, listing, { seq: last, total, startIndex: startIndex + found.length });
  return { total, records: found.map(pageRecordOf) };
}

export interface TypesListing extends Omit<Listing, 'type' | 'walk'> {
  readonly types: readonly string[];
}

/** The same of several types, which follow one another, each in its own order of creation. */
export function listTypes(connection: Connection, { types, startIndex, count, directory }: TypesListing): Page {
  let total = 0;
  const records: StoredRecord[] = [];
  for (const type of types) {
    const first = Math.max(startIndex - total, 1);
    const own = totalOf(connection, directory, type);
    const wanted = startIndex - total > own ? 0 : count - records.length;
    if (wanted > 0) records.push(...list(connection, { directory, type, startIndex: first, count: wanted }).records);
    total += own;
  }
  return { total, records };
}

export interface Resuming {
  readonly directory: string;
  readonly chosen: readonly Chosen[];
  readonly count: number;
  /** Undefined: from the beginning. */
  readonly after: Place | undefined;
}

/** The page after a place, of types that follow one another; and where the next one goes on. */
export function listAfter(connection: Connection, { directory, chosen, count, after }: Resuming): Page {
  const found: { readonly index: number; readonly row: Row }[] = [];
  let total = 0;
  for (const { index, type } of chosen) {
    total += totalOf(connection, directory, type.name);
    if (index < (after?.selection ?? 0)) continue;
    const seq = index === after?.selection ? after.tie : 0;
    if (typeof seq !== 'number') throw unreadable();
    // One beyond the page tells whether it is the last.
    const left = count + 1 - found.length;
    if (left === 0) continue;
    for (const row of rows(connection, PAGE_AFTER, directory, type.name, seq, left)) found.push({ index, row });
  }
  const page = found.slice(0, count);
  const last = page.at(-1);
  const next =
    last === undefined || found.length <= count ? {} : { next: [last.index, last.row[RECORD_WIDTH] as number] };
  return { total, ...next, records: page.map(({ row }) => pageRecordOf(row)) };
}

export const PAGE_AFTER = `SELECT ${PAGE_COLUMNS}, r.seq FROM resources r
  WHERE r.directory = ? AND r.type = ? AND r.seq > ? ORDER BY r.seq ${limitTo()}`;
export const TOTAL = 'SELECT total FROM totals WHERE directory = ? AND type = ?';
export const TOTAL_OF_BLOCKS = `SELECT coalesce(sum(total), 0) FROM blocks
  WHERE directory = ? AND type = ? AND block >= ? AND block < ?`;
export const BLOCKS = `SELECT block, total FROM blocks
  WHERE directory = ? AND type = ? AND block >= ? ORDER BY block ${limitTo()}`;
export const RANK_IN_BLOCK = `SELECT seq FROM resources
  WHERE directory = ? AND type = ? AND seq >= ? ORDER BY seq LIMIT 1 OFFSET ?`;
export const LEFT_IN_BLOCK = `SELECT count(*) FROM resources
  WHERE directory = ? AND type = ? AND seq > ? AND seq < ?`;

export function totalOf(connection: Connection, directory: string, type: string): number {
  return (row(connection, TOTAL, directory, type)?.[0] as number | undefined) ?? 0;
}

interface Start {
  /** The page holds what comes after. */
  readonly seq: number;
  readonly total: number;
}

function placeOf(connection: Connection, listing: Listing): Start {
  const { directory, type, startIndex } = listing;
  const known = listing.walk?.walks.find(walkOf(listing, startIndex));
  if (known === undefined || startIndex === 1) {
    const total = totalOf(connection, directory, type);
    return { seq: startIndex === 1 || startIndex > total ? 0 : seqBefore(connection, listing), total };
  }
  if (known.version === moment(connection)) return known;
  // What the walk has seen and what is left: a total without what was deleted behind it would end the walk too early.
  return { seq: known.seq, total: startIndex - 1 + leftAfter(connection, listing, known.seq) };
}

/** So many blocks are looked through one by one; a sum over more of them is taken by the database. */
const FEW_BLOCKS = 16;

/**
 * The seq of the record before `startIndex`, by adding up whole blocks and looking into one. As no block has more records
 * than places, so many of them can be left out at once, however many records are gone.
 */
function seqBefore(connection: Connection, { directory, type, startIndex }: Listing): number {
  let left = startIndex - 2;
  let block = 0;
  for (let whole = Math.floor(left / BLOCK); whole > FEW_BLOCKS; whole = Math.floor(left / BLOCK)) {
    left -= totalOfBlocks(connection, { directory, type, from: block, to: block + whole });
    block += whole;
  }
  for (;;) {
    const some = rows(connection, BLOCKS, directory, type, block, FEW_BLOCKS * 2) as readonly [number, number][];
    if (some.length === 0) return Number.MAX_SAFE_INTEGER;
    for (const [other, total] of some) {
      if (left < total) return row(connection, RANK_IN_BLOCK, directory, type, other * BLOCK, left)?.[0] as number;
      left -= total;
      block = other + 1;
    }
  }
}

interface Blocks {
  readonly directory: string;
  readonly type: string;
  readonly from: number;
  /** The first that is not among them. */
  readonly to: number;
}

function totalOfBlocks(connection: Connection, { directory, type, from, to }: Blocks): number {
  return row(connection, TOTAL_OF_BLOCKS, directory, type, from, to)?.[0] as number;
}

function leftAfter(connection: Connection, { directory, type }: Listing, seq: number): number {
  const next = Math.floor(seq / BLOCK) + 1;
  const left = row(connection, LEFT_IN_BLOCK, directory, type, seq, next * BLOCK)?.[0] as number;
  return left + totalOfBlocks(connection, { directory, type, from: next, to: Number.MAX_SAFE_INTEGER });
}

function keepPlace(
  connection: Connection,
  listing: Listing,
  { seq, total, startIndex }: { seq: number; total: number; startIndex: number },
): void {
  listing.walk?.walks.keep(walkOf(listing, startIndex), { seq, total, version: moment(connection) });
}

function walkOf({ directory, type, walk, count }: Listing, startIndex: number): Walk {
  return { directory, type, walker: walk?.walker ?? '', startIndex, count };
}

/** Moves with every commit, of this process or another; two connections' numbers never meet (`PRAGMA data_version`, 1.7 µs). */
function moment(connection: Connection): number {
  return connection.number * 2 ** 40 + (row(connection, 'PRAGMA data_version')?.[0] as number);
}
