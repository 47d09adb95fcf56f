import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Health } from '../store.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Notices } from './notices.ts';
import { type Pool, type Row, row, type Session } from './pool.ts';
import { READ_ONLY } from './postgres-error.ts';
import { told } from './told.ts';

export interface HealthMeans {
  readonly requests: Pool;
  readonly owner: Pool;
  readonly notices: Pick<Notices, 'heard'>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Nobody who asks whether we are ready waits for a database that hangs. */
const ANSWER_MS = 2_000;
const FRESH_MS = 1_000;
/** Whoever orders changes by their times, or expires tokens, is told wrong things beyond it. */
const CLOCKS_APART_MS = 30_000;

/** Whether the database is there, takes writes, has the tables that we know, and agrees about the time. */
export function createHealth(means: HealthMeans): () => Promise<Health> {
  const { requests, notices } = means;
  let reason: string | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  return async () => {
    if (performance.now() - lookedAt >= FRESH_MS) {
      looking ??= look();
      const isLate = Symbol('late');
      const first = await Promise.race([looking, sleep(ANSWER_MS, isLate, { ref: false })]);
      if (first === isLate) reason = `the database did not answer within ${ANSWER_MS / 1_000} seconds`;
    }
    return {
      ready: reason === undefined,
      reason,
      writesWaiting: requests.waiting(),
      listening: notices.heard() !== undefined,
    };
  };

  /** One at a time: while the database hangs, those that ask do not hang on further connections. */
  async function look(): Promise<void> {
    try {
      reason = await reasonAgainst(means);
    } catch (error) {
      reason = told(error).message;
    } finally {
      lookedAt = performance.now();
      looking = undefined;
    }
  }
}

const READS_ONLY = "pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean";
const STATE = `SELECT ${READS_ONLY},
  extract(epoch FROM clock_timestamp()) * 1000, (SELECT json_agg(name) FROM kysely_migration)`;

async function reasonAgainst({ requests, owner, now = Date.now }: HealthMeans): Promise<string | undefined> {
  // While requests wait for a client there are some that work.
  const known =
    requests.waiting() > 0
      ? undefined
      : requests.use(undefined, (session) => writable(session, `SELECT ${READS_ONLY}`));
  known?.catch(() => undefined);
  const before = now();
  const state = await owner.use(undefined, (session) => writable(session, STATE));
  const apart = Number(state[1]) - (before + now()) / 2;
  await known;
  return migrationsMissing(new Set(JSON.parse(state[2] as string) as string[])) ?? clocksApart(apart);
}

/** The row, whose first column says whether nothing can be written. */
async function writable(session: Session, sql: string): Promise<Row> {
  const found = await row(session, sql);
  if (found?.[0] !== false) throw new TakesNoWrites();
  return found;
}

/** Said as the database itself says it when it is to write, so that the pool does not keep the client. */
class TakesNoWrites extends Error {
  readonly code = READ_ONLY;

  constructor() {
    super('it is read-only, or a replica');
  }
}

function migrationsMissing(ran: ReadonlySet<string>): string | undefined {
  const missing = Object.keys(MIGRATIONS).filter((name) => !ran.has(name));
  if (missing.length > 0) return `the tables of ${missing.join(', ')} are missing`;
  const newer = [...ran].filter((name) => !Object.hasOwn(MIGRATIONS, name));
  return newer.length === 0 ? undefined : `a newer version of joinery has altered the tables (${newer.join(', ')})`;
}

function clocksApart(apart: number): string | undefined {
  if (Math.abs(apart) <= CLOCKS_APART_MS) return undefined;
  const seconds = Math.round(Math.abs(apart) / 1_000);
  return `the database's clock is ${seconds} seconds ${apart > 0 ? 'ahead of' : 'behind'} the server's`;
}
