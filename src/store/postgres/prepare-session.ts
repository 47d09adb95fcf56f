import pg from 'pg';
import { preparationRefused } from './prepare-refusal.ts';

/** One transaction of a preparation. */
export interface Preparing {
  readonly client: pg.Client;
  /** Runs a statement, and remembers it for who wants to see what was done; `shown` where it must not show all. */
  does(sql: string, shown?: string): Promise<void>;
  /** The rows of a question. */
  asks<T extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]>;
}

/** @throws Error with a sentence for the operator; nothing of it is done then */
export async function preparing<T>(
  url: string,
  statements: string[],
  work: (session: Preparing) => Promise<T>,
): Promise<T> {
  const client = open(url);
  const done: string[] = [];
  try {
    await client.connect();
    await client.query('BEGIN');
    const result = await work(sessionOf(client, done));
    await client.query('COMMIT');
    statements.push(...done);
    return result;
  } catch (error) {
    if (error instanceof Unprepared) throw error;
    throw preparationRefused(error, {
      role: client.user ?? '',
      host: client.host,
      port: client.port,
      database: client.database ?? '',
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What we found ourselves, in words already. */
export class Unprepared extends Error {}

function open(url: string): pg.Client {
  try {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'joinery database prepare',
      connectionTimeoutMillis: 10_000,
    });
    // A connection that breaks is told by the statement that waits for it.
    client.on('error', () => undefined);
    return client;
  } catch (error) {
    throw new Unprepared(`The URL cannot be read (${error instanceof Error ? error.message : error}).`);
  }
}

function sessionOf(client: pg.Client, done: string[]): Preparing {
  return {
    client,
    async does(sql, shown = sql) {
      await client.query(sql);
      done.push(shown);
    },
    async asks(sql, ...values) {
      return (await client.query(sql, [...values])).rows;
    },
  };
}
