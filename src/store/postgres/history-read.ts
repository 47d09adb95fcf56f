import { HISTORY_COLUMNS, historyRowOf } from '../history-columns.ts';
import type { HistoryRow } from '../history-row.ts';
import { type Pool, type Row, row } from './pool.ts';
import type { Sequencer } from './sequencer.ts';

/** The first change of a set has place 0, and all of its places follow one another in history. */
export const COLUMNS = `${HISTORY_COLUMNS}, c.seq, c.seq - c.place`;
const SEQ = 11;
const CHANGES_AFTER = `SELECT ${COLUMNS} FROM changes c
  WHERE c.directory = $1 AND c.seq > $2 ORDER BY c.seq LIMIT $3`;
export const UNNUMBERED = 'SELECT 1 FROM changes WHERE directory = $1 AND seq IS NULL LIMIT 1';

export interface HistoryMeans {
  /** Of requests. */
  readonly pool: Pool;
  readonly sequencer: Pick<Sequencer, 'settle'>;
}

/** History in order, after a place in it: all that was committed before this was asked. */
export async function changesAfter(
  { pool, sequencer }: HistoryMeans,
  directory: string,
  { seq, limit }: { seq: number; limit: number },
): Promise<readonly HistoryRow[]> {
  const isBehind = await pool.use(directory, (session) => row(session, UNNUMBERED, directory));
  if (isBehind !== undefined) await sequencer.settle(directory, seq + limit);
  return pool.use(directory, async (session) => (await session.rows(CHANGES_AFTER, directory, seq, limit)).map(read));
}

/** What stands in `COLUMNS`. */
export function read(found: Row): HistoryRow {
  const [seq, set] = [found[SEQ] as number, found[SEQ + 1] as number];
  return historyRowOf(found, { seq, set, cause: found[0] === null ? undefined : set + (found[0] as number) });
}
