import type { HistoryOnly, HistoryPage, HistoryReader, HistorySpan } from '../../directory/index.ts';
import { COLUMNS, type HistoryMeans, read, UNNUMBERED } from './history-read.ts';
import { row } from './pool.ts';
import type { Reading } from './reading.ts';

export const FIRST_CHANGE = `SELECT c.seq FROM changes c
  WHERE c.directory = $1 AND c.seq IS NOT NULL ORDER BY c.seq LIMIT 1`;
export const LAST_CHANGE = `SELECT c.seq FROM changes c
  WHERE c.directory = $1 AND c.seq IS NOT NULL ORDER BY c.seq DESC LIMIT 1`;
export const CHANGE_AT = `SELECT c.at FROM changes c
  WHERE c.directory = $1 AND c.seq >= $2 ORDER BY c.seq LIMIT 1`;
/** A membership names its member as a JSON string in a list: `"2819…"`. What is not asked for is NULL. */
export const CHANGES_IN = `SELECT ${COLUMNS} FROM changes c
  WHERE c.directory = $1 AND c.seq >= $2 AND c.seq <= $3
    AND ($4::text IS NULL OR c.by_id = $4) AND ($5::text IS NULL OR c.request_id = $5)
    AND ($6::text IS NULL OR c.kind = $6)
    AND ($7::text IS NULL OR c.subject = $7 OR
      c.kind = 'members' AND (strpos(c.before, '"' || $7 || '"') > 0 OR strpos(c.after, '"' || $7 || '"') > 0))
  ORDER BY c.seq`;
export const CHANGES_OF = `SELECT ${COLUMNS} FROM changes c
  WHERE c.directory = $1 AND c.subject = $2 AND c.seq < $3 ORDER BY c.seq DESC LIMIT $4`;

/** Reads the history of one directory: all that was committed before its span was asked for. */
export function historyReader({ pool, sequencer }: HistoryMeans, directory: string): HistoryReader {
  const use = <T>(work: (reading: Reading) => Promise<T>): Promise<T> =>
    pool.use(directory, (session) => work({ session, directory }));
  return {
    async span() {
      const isBehind = await use(({ session }) => row(session, UNNUMBERED, directory));
      if (isBehind !== undefined) await sequencer.settle(directory);
      return use(async ({ session }) => {
        const asked = [row(session, FIRST_CHANGE, directory), row(session, LAST_CHANGE, directory)];
        const [first, last] = (await Promise.all(asked)).map((found) => found?.[0]);
        return first === undefined || last === undefined ? undefined : { first: first as number, last: last as number };
      });
    },
    at: (seq) => use(async ({ session }) => (await row(session, CHANGE_AT, directory, seq))?.[0] as string | undefined),
    range: ({ first, last }: HistorySpan, { by, requestId, about, kind }: HistoryOnly = {}) =>
      use(async ({ session }) => {
        const only = [by ?? null, requestId ?? null, kind ?? null, about ?? null];
        return (await session.rows(CHANGES_IN, directory, first, last, ...only)).map(read);
      }),
    ofSubject: (subject, { before, limit }: HistoryPage) =>
      use(async ({ session }) => (await session.rows(CHANGES_OF, directory, subject, before, limit)).map(read)),
  };
}
