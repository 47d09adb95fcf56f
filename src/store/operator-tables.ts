import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** How the operator's tables are read and written, in either database. */
export interface OperatorTables {
  read<T>(work: (tables: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** In one transaction, which is on disk when this resolves. */
  write<T>(work: (tables: Kysely<Tables>) => Promise<T>): Promise<T>;
}

export interface TellingTables extends OperatorTables {
  /** As `write`, and every process that remembers credentials, or where they lead, looks again. */
  readonly writeAndTell: OperatorTables['write'];
}
