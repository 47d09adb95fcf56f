import type { Page, StoredRecord } from '../../directory/index.ts';
import type { Position, Query } from '../../scim/index.ts';
import { type PlaceKey, writePosition } from '../position.ts';
import { PAGE_COLUMNS, pageRecordOf } from '../record.ts';
import { type Connection, row, rows } from './connection.ts';
import { totalOf } from './list.ts';
import { eachMerged } from './merge.ts';
import type { Find } from './plan.ts';

export interface Search {
  readonly directory: string;
  /** One for each selection. In order of creation the lists follow one another, sorted they become one. */
  readonly finds: readonly Find[];
  readonly sorted?: Query['sorted'];
  readonly startIndex: number;
  readonly count: number;
  /** `all`: what matches is counted. `kept`: that is all there is of its types. `none`: nothing is read beyond the page. */
  readonly counts: 'all' | 'kept' | 'none';
  /** The page says where the next one goes on. */
  readonly walk?: 'begins' | 'goes on';
  /** Whether there is a filter, for what is said when it all takes too long. */
  readonly filtered: boolean;
}

export const RECORDS_BY_NUMBER = `SELECT ${PAGE_COLUMNS} FROM json_each(?) wanted
  CROSS JOIN resources r ON r.number = wanted.value AND r.directory = ? ORDER BY wanted.key`;

/** What matches is counted, if that is asked, and of it one page read. The caller holds the connection on one moment. */
export function search(connection: Connection, asked: Search): Page {
  const { directory, startIndex, count, counts, walk } = asked;
  const enough = mostRows(asked);
  const wanted: number[] = [];
  let found = 0;
  let last: Find | undefined;
  eachRow(connection, asked, (number, find) => {
    found += 1;
    if (found >= startIndex && wanted.length < count) {
      wanted.push(number);
      last = find;
    }
    return counts === 'all' || found < enough;
  });
  const records = recordsByNumber(connection, directory, wanted);
  const more = walk !== undefined && found > wanted.length && last !== undefined;
  const next = more ? { next: positionOf(connection, last as Find, wanted.at(-1) as number) } : {};
  if (counts === 'kept') return { total: keptTotal(connection, asked), ...next, records };
  // A walk that ends on its first page has seen all there is.
  const all = counts === 'all' || (walk === 'begins' && !more);
  return all ? { total: found, ...next, records } : { ...next, records };
}

/** How many rows there are to be read where nothing is counted: one beyond the page tells whether it is the last. */
export function mostRows({ startIndex, count, walk }: Pick<Search, 'startIndex' | 'count' | 'walk'>): number {
  return startIndex - 1 + count + (walk === undefined ? 0 : 1);
}

/** Until `visit` says that it is enough. */
function eachRow(
  connection: Connection,
  { finds, sorted }: Search,
  visit: (number: number, find: Find) => boolean,
): void {
  if (sorted !== undefined && finds.length > 1) {
    eachMerged(connection, { finds, sorted }, visit);
    return;
  }
  for (const find of finds) {
    try {
      for (const row of connection.statement(find.sql).iterate(...find.values)) {
        if (!visit((row as unknown as [number])[0], find)) return;
      }
    } catch (error) {
      connection.forget(find.sql);
      throw error;
    }
  }
}

function positionOf(connection: Connection, { selection, place }: Find, number: number): Position {
  const [tie, key] = row(connection, place.sql, ...place.values, number) as [string | number, PlaceKey | undefined];
  return writePosition({ selection, tie, ...(key === undefined ? {} : { key }) });
}

function keptTotal(connection: Connection, { directory, finds }: Search): number {
  let total = 0;
  for (const { type } of finds) total += totalOf(connection, directory, type);
  return total;
}

function recordsByNumber(
  connection: Connection,
  directory: string,
  numbers: readonly number[],
): readonly StoredRecord[] {
  if (numbers.length === 0) return [];
  return rows(connection, RECORDS_BY_NUMBER, JSON.stringify(numbers), directory).map(pageRecordOf);
}

/** Several reads of one moment, though another process commits between them. */
export function atOneMoment<T>(connection: Connection, read: () => T): T {
  if (connection.database.isTransaction) return read();
  connection.statement('BEGIN').run();
  try {
    return read();
  } finally {
    connection.statement('COMMIT').run();
  }
}
