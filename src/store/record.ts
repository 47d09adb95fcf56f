import type { StoredRecord } from '../directory/index.ts';
import type { Row } from './connection.ts';

/** The columns of `StoredRecord`, in the order that `recordOf` reads them. */
export const RECORD_COLUMNS = 'r.type, r.id, r.version, r.created, r.modified, r.active, r.member_count, r.text';

export function recordOf(row: Row): StoredRecord {
  return {
    type: row[0] as string,
    id: row[1] as string,
    version: row[2] as number,
    created: row[3] as string,
    modified: row[4] as string,
    active: row[5] === 1,
    memberCount: row[6] as number,
    text: row[7] as string,
  };
}
