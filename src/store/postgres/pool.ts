import pg from 'pg';
import { CommitUnheard, StoreUnavailable, TransactionConflict } from '../../directory/index.ts';
import { directoryId } from '../directory-id.ts';
import { createClientsInTurn } from './clients-in-turn.ts';
import { isBroken, isReadOnly, translated, wasNeverSent } from './postgres-error.ts';
import { createSent, type Sent } from './sent.ts';
import { REQUEST_TIMEOUTS, SESSION_SETTINGS } from './session-settings.ts';

export type SqlValue = null | number | string | boolean | readonly (number | string | null)[];
export type Row = readonly (null | number | string | boolean)[];

/** One client, for as long as it is one directory's (or the owner's, who sees all of them). */
export interface Session {
  /** Rows come as arrays, in the order of the columns. The statement is prepared once a client, by its text. */
  rows(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>;
  /** How many rows the statement altered. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>;
  /** The same as `rows` for a statement whose text varies with what was asked: it is not kept prepared. */
  once(sql: string, values: readonly SqlValue[]): Promise<readonly Row[]>;
  /** For Kysely: rows with the names of their columns. */
  objects(sql: string, values: readonly unknown[]): Promise<pg.QueryResult>;
}

/** The clients of one role. What they say is translated into the port's words. */
export interface Pool {
  /**
   * Each statement commits by itself, and `work` may run twice: it reads. `directory` undefined: the owner's pool alone, where
   * row-level security lets it see everything.
   */
  use<T>(directory: string | undefined, work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * The same inside a transaction, which is on disk when this resolves. Undone when `work` throws, or a write fails of what
   * it `sent` and did not wait for: the commit follows these at once, and then commits nothing.
   *
   * @throws UniqueKeyTaken; TransactionConflict when nothing was kept and it may be tried again; StoreUnavailable;
   *   CommitUnheard where the connection was lost while the commit was not heard of: then only the database knows
   */
  transaction<T>(directory: string | undefined, work: (session: Session, sent: Sent) => Promise<T>): Promise<T>;
  /** A transaction that only reads, at one moment, until it is released. */
  moment(directory: string): Promise<Moment>;
  /** How many wait for a client. */
  waiting(): number;
  close(): Promise<void>;
}

export interface Moment {
  readonly session: Session;
  /** `broken`: its client is of no more use. */
  release(broken?: boolean): void;
}

export interface PoolOptions {
  readonly url: string;
  /** At most so many clients. */
  readonly size: number;
  readonly schemas: string;
  readonly onLost: (cause: unknown) => void;
  readonly statementMilliseconds?: number;
  readonly lockMilliseconds?: number;
  readonly connectMilliseconds?: number;
}

const ON_THE_WAY_MS = 2_000;
const CONNECT_MS = 5_000;

/**
 * The only place that hands out clients, to the directories in turns: it sets the directory whose rows row-level security
 * shows (decision 15).
 */
export function openPool(options: PoolOptions): Pool {
  const { connectMilliseconds = CONNECT_MS } = options;
  const clients = createClientsInTurn({ size: options.size, waitMilliseconds: connectMilliseconds });
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    // What is known before the answers come is sent at once: the directory and the first statement are one round trip.
    pipeline: true,
    connectionTimeoutMillis: connectMilliseconds,
    ...REQUEST_TIMEOUTS,
    ...(options.statementMilliseconds === undefined ? {} : { statement_timeout: options.statementMilliseconds }),
    // What is on its way longer than the database may take for it is lost: a network says nothing when it carries nothing.
    query_timeout: (options.statementMilliseconds ?? REQUEST_TIMEOUTS.statement_timeout) + ON_THE_WAY_MS,
    ...(options.lockMilliseconds === undefined ? {} : { lock_timeout: options.lockMilliseconds }),
    keepAlive: true,
    application_name: 'joinery',
    options: optionsOf(options.schemas),
    types: { getTypeParser: parserOf },
  } as pg.PoolConfig);
  // A client that is lost while nobody uses it is replaced when the next one is needed. The error itself holds the client.
  pool.on('error', (error) => options.onLost(new Error(error.message)));
  // Of one that is in use whoever uses it is told; an error that nobody listens to would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));

  return {
    async use(directory, work) {
      try {
        return await once(directory, work);
      } catch (error) {
        // A client may have been cut off while it was idle, which shows when it is used; what only reads is read again.
        if (!(error instanceof StoreUnavailable) || !isBroken(error.cause)) throw error;
        return once(directory, work);
      }
    },
    async transaction(directory, work) {
      const client = await take(directory);
      return finish(client, giveBack, async () => {
        const sent = createSent();
        const begun = client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
        begun.catch(() => undefined);
        let isCommitting = false;
        try {
          const result = await workOut(() => work(sessionOf(client), sent), sent);
          await begun;
          isCommitting = true;
          const committed = client.query('COMMIT');
          committed.catch(() => undefined);
          // Where one of them failed, what it said is the cause; the commit says no more than that there was one.
          await sent.all();
          const { command } = await committed;
          // What had failed is not committed, and only the answer says so.
          if (command !== 'COMMIT') throw new Error('a transaction that had failed was committed');
          return result;
        } catch (error) {
          if (!isBroken(error)) await client.query('ROLLBACK');
          // What was lost before its COMMIT was sent has not happened, and may be tried again.
          else throw isCommitting && !wasNeverSent(error) ? unheard(error) : new Lost(error);
          throw error;
        }
      });
    },
    async moment(directory) {
      const client = await take(directory);
      try {
        await Promise.all([settings.get(client), client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')]);
        settings.delete(client);
      } catch (error) {
        giveBack(client, true);
        throw translated(error);
      }
      return {
        session: sessionOf(client),
        release(broken = false) {
          if (broken) return giveBack(client, true);
          client.query('COMMIT').then(
            () => giveBack(client, false),
            () => giveBack(client, true),
          );
        },
      };
    },
    waiting: () => clients.waiting() + pool.waitingCount,
    close: () => pool.end(),
  };

  async function once<T>(directory: string | undefined, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await take(directory);
    return finish(client, giveBack, () => work(sessionOf(client)));
  }

  async function take(directory: string | undefined): Promise<pg.PoolClient> {
    const wanted = directory === undefined ? '' : directoryId(directory);
    await clients.take(wanted);
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      clients.giveBack();
      throw translated(error);
    }
    if ((directories.get(client) ?? '') === wanted) return client;
    directories.set(client, wanted);
    // It goes out with the statement that follows, and what that one finds is not told before this one has succeeded.
    settings.set(
      client,
      client.query("SELECT set_config('joinery.directory', $1, false)", [wanted]).then(() => undefined),
    );
    settings.get(client)?.catch(() => undefined);
    return client;
  }

  function giveBack(client: pg.PoolClient, broken: boolean): void {
    client.release(broken);
    clients.giveBack();
  }
}

/** Where a write had failed, all that came after it failed too, and says less. */
async function workOut<T>(work: () => Promise<T>, sent: Sent): Promise<T> {
  try {
    const result = await work();
    await sent.checked();
    return result;
  } catch (error) {
    await sent.all();
    throw error;
  }
}

/** The client was lost before its transaction was to be committed. */
class Lost extends Error {
  constructor(cause: unknown) {
    super('lost', { cause });
  }
}

/** What `finish` passes on as it is, but for the client. */
function unheard(cause: unknown): CommitUnheard {
  return new CommitUnheard(`the commit was not heard of (${(cause as Error).message})`, { cause });
}

/** The directory that each client is set to, and what still has to succeed for that. */
const directories = new WeakMap<pg.PoolClient, string>();
const settings = new WeakMap<pg.PoolClient, Promise<void>>();

async function finish<T>(
  client: pg.PoolClient,
  giveBack: (client: pg.PoolClient, broken: boolean) => void,
  work: () => Promise<T>,
): Promise<T> {
  let broken = false;
  try {
    const result = await work();
    await settings.get(client);
    return result;
  } catch (error) {
    const lost = error instanceof Lost;
    broken =
      lost ||
      error instanceof CommitUnheard ||
      isBroken(error) ||
      isReadOnly(error) ||
      (await failed(settings.get(client)));
    if (lost) throw new TransactionConflict('the connection was lost before the commit', { cause: error });
    throw error instanceof CommitUnheard ? error : translated(error);
  } finally {
    settings.delete(client);
    giveBack(client, broken);
  }
}

async function failed(setting: Promise<void> | undefined): Promise<boolean> {
  return (
    setting?.then(
      () => false,
      () => true,
    ) ?? false
  );
}

function sessionOf(client: pg.PoolClient): Session {
  const query = (sql: string, values: readonly SqlValue[], name?: string): Promise<pg.QueryArrayResult> =>
    client.query({ text: sql, values: [...values], rowMode: 'array', ...(name === undefined ? {} : { name }) });
  return {
    rows: async (sql, ...values) => (await query(sql, values, nameOf(sql))).rows,
    run: async (sql, ...values) => (await query(sql, values, nameOf(sql))).rowCount ?? 0,
    once: async (sql, values) => (await query(sql, values)).rows,
    objects: (sql, values) => client.query(sql, [...values]),
  };
}

/** The first row, if there is one. */
export async function row(session: Session, sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
  return (await session.rows(sql, ...values))[0];
}

const names = new Map<string, string>();

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = `joinery_${names.size + 1}`;
    names.set(sql, name);
  }
  return name;
}

/** For the start of a connection: `-c search_path=joinery -c jit=off …`. */
function optionsOf(schemas: string): string {
  const settings = { search_path: schemas, ...SESSION_SETTINGS, client_encoding: 'UTF8' };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

const INT8 = 20;

function parserOf(oid: number): (value: string) => unknown {
  // Counts and places: far below 2 ** 53.
  if (oid === INT8) return Number;
  // JSON is compared in SQL, and read as the text that it is.
  if (oid === pg.types.builtins.JSON || oid === pg.types.builtins.JSONB) return (value) => value;
  return pg.types.getTypeParser(oid, 'text');
}
