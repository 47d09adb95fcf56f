import type { LogEvent } from '../event.ts';
import { createSnapshots as createSnapshotsOf, type Snapshots, WAIT_MS } from '../snapshots.ts';
import { type Connection, openConnection } from './connection.ts';
import type { PageMeans } from './page.ts';
import { SqliteSnapshot } from './reader.ts';
import { translated } from './sqlite-error.ts';

export interface SnapshotsOptions {
  readonly file: string;
  readonly means: Omit<PageMeans, 'connection' | 'stay'>;
  readonly log: LogEvent;
  /** How long one may be read. */
  readonly lifeMilliseconds: number;
  /** How long one may be waited for. */
  readonly waitMilliseconds?: number;
}

/** A snapshot holds back the emptying of the log, and has a connection for itself. */
export const MOST_OPEN = 64;
/** More than an identity provider reads at a time, and few enough that one customer's slow readers leave room. */
export const MOST_OF_ONE_DIRECTORY = 8;
const MOST_KEPT = 4;
/** How long one may be read, unless who opens the store says otherwise. */
export const SNAPSHOT_MS = 300_000;

export function createSnapshots(options: SnapshotsOptions): Snapshots {
  const { file, means, log, lifeMilliseconds, waitMilliseconds = WAIT_MS } = options;
  const idle: Connection[] = [];
  let closed = false;
  const snapshots = createSnapshotsOf<Connection>({
    open: begun,
    giveBack,
    snapshot: ({ directory, opened, stay }, release) =>
      new SqliteSnapshot({ ...means, connection: opened, stay }, directory, release),
    onBrokenOff: (replies) => log({ kind: 'replies-broken-off', replies }),
    limits: { most: MOST_OPEN, mostOfOneDirectory: MOST_OF_ONE_DIRECTORY, lifeMilliseconds, waitMilliseconds },
  });
  return {
    ...snapshots,
    close() {
      closed = true;
      snapshots.close();
      for (const connection of idle.splice(0)) connection.close();
    },
  };

  function begun(): Connection {
    let connection: Connection | undefined;
    try {
      connection = idle.pop() ?? openConnection(file, { readOnly: true });
      connection.statement('BEGIN').run();
      // BEGIN alone waits for the first read before it settles on a moment.
      connection.statement('SELECT 1 FROM organizations LIMIT 1').get();
      return connection;
    } catch (error) {
      connection?.close();
      throw translated(error);
    }
  }

  function giveBack(connection: Connection): void {
    connection.statement('ROLLBACK').run();
    if (closed || idle.length >= MOST_KEPT) connection.close();
    else idle.push(connection);
  }
}
