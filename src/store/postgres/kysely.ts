import { Kysely, PostgresDialect } from 'kysely';
import type { Tables } from '../tables.ts';
import type { Session } from './pool.ts';

/** Kysely on a client that is the owner's, for what is asked seldom: in the transaction that the session is in, if it is. */
export function kyselyOn(session: Session): Kysely<Tables> {
  const client = {
    // Kysely says what it does: rows of an update have a command and a count.
    query: (sql: unknown, values: readonly unknown[] = []) => session.objects(sql as string, values),
    release: () => undefined,
  };
  const pool = { connect: async () => client, end: async () => undefined, options: {} };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) });
}
