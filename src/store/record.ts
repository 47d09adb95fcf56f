import type { StoredRecord } from '../directory/index.ts';

/** In the order of the columns. SQLite has 1 and 0 for what is true and false. */
type Row = readonly unknown[];

const COLUMNS = 'r.type, r.id, r.version, r.created, r.modified, r.active, r.member_count, r.owned';

/** How many columns these are: where what is asked for beside them stands in a row. */
export const RECORD_WIDTH = 9;
const TEXT = RECORD_WIDTH - 1;

/** The columns of `StoredRecord`, in the order that `recordOf` reads them. */
export const RECORD_COLUMNS = `${COLUMNS}, r.text`;

/**
 * The same of a record on a page: texts are left unread past what a user with everything weighs, for there may be two
 * hundred of them. `octet_length` looks at the row's head alone.
 */
export const PAGE_COLUMNS = `${COLUMNS}, CASE WHEN octet_length(r.text) <= 16384 THEN r.text END`;

export function pageRecordOf(row: Row): StoredRecord {
  return row[TEXT] === null ? { ...recordOf(row), text: '', unread: true } : recordOf(row);
}

export function recordOf(row: Row): StoredRecord {
  const record = {
    type: row[0] as string,
    id: row[1] as string,
    version: row[2] as number,
    created: row[3] as string,
    modified: row[4] as string,
    active: row[5] === 1 || row[5] === true,
    memberCount: row[6] as number,
    text: row[TEXT] as string,
  };
  // Hardly anybody: an object that is put together of parts costs as much again.
  return row[7] === 0 || row[7] === false ? { ...record, ...UNOWNED } : record;
}

const UNOWNED = { unowned: true } as const;
