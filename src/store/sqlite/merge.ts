import { compareSortKeys, type Query } from '../../scim/index.ts';
import type { Connection, Row, SqlValue } from './connection.ts';
import type { Find } from './plan.ts';

/** The sorted rows of several types as one list, until `visit` says that it is enough. What is equal is in the types' order. */
export function eachMerged(
  connection: Connection,
  { finds, sorted }: { finds: readonly Find[]; sorted: NonNullable<Query['sorted']> },
  visit: (number: number, find: Find) => boolean,
): void {
  const sign = sorted === 'descending' ? -1 : 1;
  const heads = finds.map((find) => headOf(connection, find));
  try {
    for (;;) {
      let first: Head | undefined;
      for (const head of heads) {
        if (head.row !== undefined && (first === undefined || sign * compare(head.row, first.row) < 0)) first = head;
      }
      if (first?.row === undefined) return;
      if (!visit(first.row[0] as number, first.find)) return;
      first.row = first.next();
    }
  } finally {
    for (const head of heads) head.end();
  }
}

/** The rows of one find that are still to come. */
interface Head {
  readonly find: Find;
  row: Row | undefined;
  next(): Row | undefined;
  end(): void;
}

function headOf(connection: Connection, find: Find): Head {
  const iterator = connection.statement(find.sql).iterate(...find.values) as unknown as Iterator<Row, undefined>;
  const next = (): Row | undefined => {
    try {
      const { done, value } = iterator.next();
      return done ? undefined : value;
    } catch (error) {
      connection.forget(find.sql);
      throw error;
    }
  };
  return { find, row: next(), next, end: () => void iterator.return?.() };
}

/** Rows are a number and a key. */
function compare(one: Row, other: Row | undefined): number {
  return compareSortKeys(keyIn(one), keyIn(other));
}

function keyIn(row: Row | undefined): Exclude<SqlValue, null> | undefined {
  return row?.[1] ?? undefined;
}
