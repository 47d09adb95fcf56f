import type { Change } from '../../directory/index.ts';
import type { HistoryRow } from '../history-row.ts';
import { type Pool, row } from './pool.ts';
import type { Reading } from './reading.ts';
import type { Sequencer } from './sequencer.ts';

/** The first change of a set has place 0, and all of its places follow one another in history. */
const CHANGES_AFTER = `SELECT seq, seq - place, cause, at, by_kind, by_id, by_name, request_id, kind, type, subject, before, after
  FROM changes WHERE directory = $1 AND seq > $2 ORDER BY seq LIMIT $3`;
const UNNUMBERED = 'SELECT 1 FROM changes WHERE directory = $1 AND seq IS NULL LIMIT 1';

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
  return pool.use(directory, (session) => read({ session, directory }, { seq, limit }));
}

async function read(
  { session, directory }: Reading,
  { seq, limit }: { seq: number; limit: number },
): Promise<readonly HistoryRow[]> {
  return (await session.rows(CHANGES_AFTER, directory, seq, limit)).map((found) => {
    const set = found[1] as number;
    return {
      seq: found[0] as number,
      set,
      cause: found[2] === null ? undefined : set + (found[2] as number),
      at: found[3] as string,
      by: { kind: found[4] as string, id: found[5] as string, name: found[6] as string },
      requestId: found[7] as string,
      kind: found[8] as Change['kind'],
      type: found[9] as string,
      subject: found[10] as string,
      before: (found[11] as string | null) ?? undefined,
      after: (found[12] as string | null) ?? undefined,
    };
  });
}
