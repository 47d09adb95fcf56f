import { StoreUnavailable, UniqueKeyTaken } from '../../directory/index.ts';

/** SQLite's result codes (https://sqlite.org/rescode.html); the low byte is the primary one. */
const BUSY = 5;
const LOCKED = 6;
const CONSTRAINT_PRIMARYKEY = 1555;
const CONSTRAINT_UNIQUE = 2067;

/** The database itself fails, whatever was asked of it: a batch that meets one of these is lost as a whole. */
const FAILING: ReadonlyMap<number, string> = new Map([
  [7, 'out of memory'],
  [8, 'the database is read-only'],
  [9, 'interrupted'],
  [10, 'the disk failed'],
  [11, 'the database file is damaged'],
  [13, 'the disk is full'],
  [14, 'the database file cannot be opened'],
  [15, 'the locks of the database file do not work'],
  [22, 'the database file is too large for this system'],
  [26, 'the file is no database'],
]);

export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && ((code & 0xff) === BUSY || (code & 0xff) === LOCKED);
}

export function isFailing(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && FAILING.has(code & 0xff);
}

function isUniqueViolation(error: unknown): boolean {
  const code = codeOf(error);
  return code === CONSTRAINT_UNIQUE || code === CONSTRAINT_PRIMARYKEY;
}

/** The port's words for what SQLite says; everything else is passed on as it is. */
export function translated(error: unknown): unknown {
  if (isUniqueViolation(error)) return new UniqueKeyTaken((error as Error).message, { cause: error });
  if (isBusy(error)) return new StoreUnavailable('the database is locked by another process', { cause: error });
  if (isFailing(error)) return unavailable(error);
  return error;
}

export function unavailable(error: unknown): StoreUnavailable {
  const reason = FAILING.get((codeOf(error) ?? 0) & 0xff) ?? 'the database failed';
  const words = error instanceof Error ? error.message : String(error);
  return new StoreUnavailable(`${reason} (${words})`, { cause: error });
}

function codeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}
