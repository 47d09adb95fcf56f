import type { Connection } from './connection.ts';

/** One read transaction for all that is read in one turn of the event loop. */
export interface Moment {
  /** Before a read: opens the transaction, unless this turn has it open. */
  begin(): void;
  /** The next read sees what is committed then. */
  end(): void;
}

/**
 * Every statement outside a transaction takes and gives back the read lock: two system calls, a third of what a look-up
 * costs. The requests of one turn share one. The writer ends it with each commit, before anyone is told of it, so that a
 * read sees every write that was acknowledged before it was asked.
 */
export function createMoment(connection: Connection): Moment {
  const { database } = connection;
  const begin = connection.statement('BEGIN');
  const commit = connection.statement('COMMIT');
  const end = (): void => {
    if (database.isOpen && database.isTransaction) commit.run();
  };
  return {
    begin() {
      if (database.isTransaction) return;
      begin.run();
      setImmediate(end);
    },
    end,
  };
}
