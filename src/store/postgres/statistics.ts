import type { LogEvent } from '../event.ts';
import type { Pool } from './pool.ts';
import { told } from './told.ts';

/**
 * Keeps the planner informed while tables are young. PostgreSQL's autovacuum does so later, but looks once a minute, and
 * plans that were made for an empty table are kept until somebody looks.
 */
export interface Statistics {
  /** So many changes were numbered. */
  numbered(changes: number): void;
  /** Resolves when nothing more is done. */
  close(): Promise<void>;
}

/** An alteration counts once when it is made, and a change once more when it is numbered. */
const FEWEST = 500;
/** By then the writers have told the server's statistics what they wrote. */
const LATER_MS = 1_000;
const ANALYZING = 0x4a_6f_69_41;

const TRY = `SELECT pg_try_advisory_xact_lock(${ANALYZING})`;
/** Those that nobody has looked at yet, and whose rows have doubled since somebody did. */
const GROWN = `SELECT c.relname FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
  WHERE s.schemaname = 'joinery' AND s.relname = ANY ($1::name[])
  AND (c.reltuples <= 0 OR s.n_mod_since_analyze >= greatest($2, c.reltuples))`;
const TABLES = ['resources', 'memberships', 'keys', 'changes', 'failures', 'deprovisionings', 'holds'] as const;

export function createStatistics({ pool, log }: { pool: Pool; log: LogEvent }): Statistics {
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let closed = false;

  return {
    numbered(changes) {
      since += changes;
      if (since < FEWEST || closed || timer !== undefined) return;
      timer = setTimeout(() => {
        since = 0;
        looking = look()
          .catch((error: unknown) => log({ kind: 'analyze-failed', cause: told(error) }))
          .finally(() => {
            timer = undefined;
          });
      }, LATER_MS);
      timer.unref();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
    },
  };

  async function look(): Promise<void> {
    for (const [table] of await pool.use(undefined, (session) => session.rows(GROWN, TABLES, FEWEST))) {
      if (closed) return;
      await pool.transaction(undefined, async (session) => {
        const [held] = await session.rows(TRY);
        // Another process is at it.
        if (held?.[0] !== true) return;
        await session.once(`ANALYZE joinery.${TABLES.find((name) => name === table)}`, []);
      });
    }
  }
}
