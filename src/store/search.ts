import type { Page, StoredRecord } from '../directory/index.ts';
import { type Connection, rows } from './connection.ts';
import type { Statement } from './plan.ts';
import { PAGE_COLUMNS, pageRecordOf } from './record.ts';

export interface Search {
  readonly directory: string;
  /** One for each resource type; the lists follow one another. */
  readonly finds: readonly Statement[];
  readonly startIndex: number;
  readonly count: number;
}

export const RECORDS_BY_NUMBER = `SELECT ${PAGE_COLUMNS} FROM json_each(?) wanted
  CROSS JOIN resources r ON r.number = wanted.value AND r.directory = ? ORDER BY wanted.key`;

/** What matches is counted, and of it one page read. The caller holds the connection on one moment. */
export function search(connection: Connection, { directory, finds, startIndex, count }: Search): Page {
  const wanted: number[] = [];
  let total = 0;
  for (const { sql, values } of finds) {
    try {
      for (const row of connection.statement(sql).iterate(...values)) {
        total += 1;
        if (total >= startIndex && wanted.length < count) wanted.push((row as unknown as [number])[0]);
      }
    } catch (error) {
      connection.forget(sql);
      throw error;
    }
  }
  return { total, records: recordsByNumber(connection, directory, wanted) };
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
