import { StoreUnavailable, TransactionConflict, UniqueKeyTaken } from '../../directory/index.ts';

/** PostgreSQL's SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const QUERY_CANCELED = '57014';
export const READ_ONLY = '25006';

/** By code, or by its class: what is said of nothing that was asked, only of the database. */
const UNAVAILABLE: ReadonlyMap<string, string> = new Map([
  ['08', 'the connection to the database was lost'],
  [READ_ONLY, 'the database does not take writes'],
  ['25P02', 'the transaction had failed'],
  ['25P03', 'the transaction was idle for too long'],
  ['53', 'the database is out of resources'],
  ['55P03', 'another transaction holds a lock for too long'],
  [QUERY_CANCELED, 'the statement took too long'],
  ['57P', 'the database is shutting down or starting'],
  ['58', 'the system under the database failed'],
  ['XX', 'the database failed'],
]);

/** The port's words for what PostgreSQL, or the way to it, says; everything else is passed on as it is. */
export function translated(error: unknown): unknown {
  const code = codeOf(error);
  if (code === UNIQUE_VIOLATION) return new UniqueKeyTaken((error as Error).message, { cause: error });
  if (code === SERIALIZATION_FAILURE || code === DEADLOCK) {
    return new TransactionConflict((error as Error).message, { cause: error });
  }
  const reason = code === undefined ? connectionFailure(error) : unavailability(code);
  if (reason === undefined) return error;
  return new StoreUnavailable(`${reason} (${(error as Error).message})`, { cause: error });
}

/** A statement had its time (`statement_timeout`). */
export function isOverdue(error: unknown): boolean {
  return codeOf(error) === QUERY_CANCELED;
}

/** Whether the client that said this is of no more use. */
export function isBroken(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined ? connectionFailure(error) !== undefined : /^(08|57P|XX)/.test(code);
}

/** The client was lost already when it was asked: neither this nor what was asked after it went out. */
export function wasNeverSent(error: unknown): boolean {
  return error instanceof Error && error.message.includes('not queryable');
}

/**
 * Whether the client that said this reaches a server that takes no writes: one that was the primary, and keeps its
 * connections. Another client may reach the one that is.
 */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === READ_ONLY;
}

function unavailability(code: string): string | undefined {
  return UNAVAILABLE.get(code) ?? UNAVAILABLE.get(code.slice(0, 3)) ?? UNAVAILABLE.get(code.slice(0, 2));
}

/** What `pg` says by itself has no code, or the system's. */
const LOST =
  /connection (?:terminated|error|timeout)|query read timeout|timeout exceeded when trying to connect|not queryable|client was closed|pool after calling end/i;
const SYSTEM = /^(?:ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOST|ENET|EAI_|ENOTFOUND)/;

function connectionFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const system = 'code' in error && typeof error.code === 'string' && SYSTEM.test(error.code);
  // Of several addresses that were tried, each has its own error.
  const several = error instanceof AggregateError && error.errors.some((one) => connectionFailure(one) !== undefined);
  return system || several || LOST.test(error.message) ? 'the database cannot be reached' : undefined;
}

/** Five characters, which the system's codes do not have. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(error.code) && !/^E[A-Z]{4}$/.test(error.code) ? error.code : undefined;
}
