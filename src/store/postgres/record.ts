import type { StoredRecord } from '../../directory/index.ts';
import type { Row } from './pool.ts';

const COLUMNS = 'r.type, r.id, r.version, r.created, r.modified, r.active, r.member_count';

/** The columns of `StoredRecord`, in the order that `recordOf` reads them. */
export const RECORD_COLUMNS = `${COLUMNS}, r.text`;

/** The same of a record on a page: texts are left unread past what a user with everything weighs (see SQLite's). */
export const PAGE_COLUMNS = `${COLUMNS}, CASE WHEN octet_length(r.text) <= 16384 THEN r.text END`;

export function pageRecordOf(row: Row): StoredRecord {
  return row[7] === null ? { ...recordOf(row), text: '', unread: true } : recordOf(row);
}

export function recordOf(row: Row): StoredRecord {
  return {
    type: row[0] as string,
    id: row[1] as string,
    version: row[2] as number,
    created: row[3] as string,
    modified: row[4] as string,
    active: row[5] as boolean,
    memberCount: row[6] as number,
    text: row[7] as string,
  };
}
