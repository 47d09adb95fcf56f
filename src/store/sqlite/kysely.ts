import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Kysely, SqliteDatabase } from 'kysely';
import type { Tables } from '../tables.ts';

/**
 * Kysely on one connection of `node:sqlite`, for what is asked seldom. It is loaded when first needed: the package is
 * a tenth of a second of start-up, and a server that finds its tables as they should be never needs it.
 */
export async function openKysely(database: DatabaseSync): Promise<Kysely<Tables>> {
  const { Kysely, SqliteDialect } = await import('kysely');
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapted(database) }) });
}

/** `SqliteDialect` expects better-sqlite3: a statement that knows whether it reads, and parameters in one array. */
function adapted(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  return {
    close: () => undefined,
    prepare(sql) {
      const known = statements.get(sql) ?? adaptedStatement(database.prepare(sql));
      statements.set(sql, known);
      return known;
    },
  };
}

function adaptedStatement(statement: StatementSync): ReturnType<SqliteDatabase['prepare']> {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}
