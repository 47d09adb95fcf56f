import type { HistoryOnly, HistoryPage, HistoryReader, HistoryRow, HistorySpan } from '../../directory/index.ts';
import { HISTORY_COLUMNS, historyRowOf } from '../history-columns.ts';
import { type Connection, type Row, row, rows } from './connection.ts';
import { limitTo } from './limit.ts';

export const COLUMNS = `${HISTORY_COLUMNS}, c.seq, c.change_set`;
const SEQ = 11;

export const FIRST_CHANGE = 'SELECT c.seq FROM changes c WHERE c.directory = ? ORDER BY c.seq LIMIT 1';
export const LAST_CHANGE = 'SELECT c.seq FROM changes c WHERE c.directory = ? ORDER BY c.seq DESC LIMIT 1';
export const CHANGE_AT = 'SELECT c.at FROM changes c WHERE c.directory = ? AND c.seq >= ? ORDER BY c.seq LIMIT 1';
/** A membership names its member as a JSON string in a list: `"2819…"`. */
export const CHANGES_IN = `SELECT ${COLUMNS} FROM changes c INDEXED BY changes_seq
  WHERE c.directory = ?1 AND c.seq >= ?2 AND c.seq <= ?3
    AND (?4 IS NULL OR c.by_id = ?4) AND (?5 IS NULL OR c.request_id = ?5) AND (?6 IS NULL OR c.kind = ?6)
    AND (?7 IS NULL OR c.subject = ?7 OR
      c.kind = 'members' AND (instr(c.before, '"' || ?7 || '"') > 0 OR instr(c.after, '"' || ?7 || '"') > 0))
  ORDER BY c.seq`;
export const CHANGES_OF = `SELECT ${COLUMNS} FROM changes c
  WHERE c.directory = ? AND c.subject = ? AND c.seq < ? ORDER BY c.seq DESC ${limitTo()}`;

/** Reads the history of one directory, as it is committed. */
export function historyReader(connection: Connection, directory: string): HistoryReader {
  return {
    async span() {
      const first = row(connection, FIRST_CHANGE, directory)?.[0];
      const last = row(connection, LAST_CHANGE, directory)?.[0];
      return first === undefined || last === undefined ? undefined : { first: first as number, last: last as number };
    },
    async at(seq) {
      return row(connection, CHANGE_AT, directory, seq)?.[0] as string | undefined;
    },
    async range({ first, last }: HistorySpan, { by, requestId, about, kind }: HistoryOnly = {}) {
      const only = [by ?? null, requestId ?? null, kind ?? null, about ?? null];
      return rows(connection, CHANGES_IN, directory, first, last, ...only).map(read);
    },
    async ofSubject(subject, { before, limit }: HistoryPage) {
      return rows(connection, CHANGES_OF, directory, subject, before, limit).map(read);
    },
  };
}

/** What stands in `COLUMNS`. */
export function read(found: Row): HistoryRow {
  const [seq, set] = [found[SEQ] as number, found[SEQ + 1] as number];
  return historyRowOf(found, { seq, set, cause: (found[0] as number | null) ?? undefined });
}
