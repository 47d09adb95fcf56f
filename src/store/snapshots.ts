import { type Snapshot, StoreUnavailable } from '../directory/index.ts';
import { type Connection, openConnection } from './connection.ts';
import type { PageMeans } from './page.ts';
import { SqliteSnapshot } from './reader.ts';

export interface Snapshots {
  take(directory: string): Snapshot;
  close(): void;
}

/** A snapshot holds back the emptying of the log, and has a connection for itself. */
const MOST_OPEN = 64;
const MOST_KEPT = 4;

export function createSnapshots(file: string, means: Omit<PageMeans, 'connection'>): Snapshots {
  const idle: Connection[] = [];
  const taken = new Set<Connection>();
  let closed = false;
  return {
    take(directory) {
      if (taken.size >= MOST_OPEN) throw new StoreUnavailable('too many long replies are being read');
      const connection = idle.pop() ?? openConnection(file, { readOnly: true });
      connection.statement('BEGIN').run();
      // BEGIN alone waits for the first read before it settles on a moment.
      connection.statement('SELECT 1 FROM organizations LIMIT 1').get();
      taken.add(connection);
      return new SqliteSnapshot({ ...means, connection, still: true }, directory, () => giveBack(connection));
    },
    close() {
      closed = true;
      for (const connection of [...idle.splice(0), ...taken]) connection.close();
      taken.clear();
    },
  };

  function giveBack(connection: Connection): void {
    if (!taken.delete(connection)) return;
    connection.statement('ROLLBACK').run();
    if (closed || idle.length >= MOST_KEPT) connection.close();
    else idle.push(connection);
  }
}
