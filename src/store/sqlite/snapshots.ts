import { type Snapshot, StoreUnavailable } from '../../directory/index.ts';
import type { LogEvent } from '../event.ts';
import { type Connection, openConnection } from './connection.ts';
import type { PageMeans, Stay } from './page.ts';
import { SqliteSnapshot } from './reader.ts';
import { translated } from './sqlite-error.ts';

export interface Snapshots {
  /**
   * Waits a little while others are read, when they are too many.
   *
   * @throws StoreUnavailable
   */
  take(directory: string): Promise<Snapshot>;
  /** Resolves when none is open; none is taken until the function is called that it resolves with. */
  hold(): Promise<() => void>;
  close(): void;
}

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
const MOST_WAITING = 1_000;
const MOST_KEPT = 4;
/** How long one may be read, unless who opens the store says otherwise. */
export const SNAPSHOT_MS = 300_000;
export const WAIT_MS = 5_000;
/** What a reply that is being read still gets, when all have to end. */
const GRACE_MS = 1_000;

interface Taken {
  readonly directory: string;
  readonly connection: Connection;
  readonly stay: Stay;
  readonly timer: NodeJS.Timeout;
}

interface Waiting {
  readonly directory: string;
  readonly resolve: (snapshot: Snapshot) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export function createSnapshots(options: SnapshotsOptions): Snapshots {
  const { file, means, log, lifeMilliseconds, waitMilliseconds = WAIT_MS } = options;
  const idle: Connection[] = [];
  const open = new Set<Taken>();
  const waiting = new Set<Waiting>();
  let holds = 0;
  let closed = false;
  let onEmpty: () => void = () => undefined;

  return {
    async take(directory) {
      if (closed) throw new StoreUnavailable('the store is closing');
      if (hasRoom(directory)) return take(directory);
      if (waiting.size >= MOST_WAITING) throw new StoreUnavailable('too many long replies are waited for');
      return new Promise((resolve, reject) => {
        const giveUp = (): void => refuse(one, 'too many long replies are being read');
        const one: Waiting = { directory, resolve, reject, timer: setTimeout(giveUp, waitMilliseconds) };
        waiting.add(one);
      });
    },
    async hold() {
      holds += 1;
      if (open.size > 0) await emptied();
      if (open.size > 0) log({ kind: 'replies-broken-off', replies: open.size });
      for (const taken of open) finish(taken, new StoreUnavailable('the reply was read while the log grew too long'));
      return () => {
        holds -= 1;
        takeForWaiting();
      };
    },
    close() {
      closed = true;
      for (const one of waiting) refuse(one, 'the store is closing');
      for (const taken of open) finish(taken, new StoreUnavailable('the store is closing'));
      for (const connection of idle.splice(0)) connection.close();
    },
  };

  function hasRoom(directory: string): boolean {
    if (holds > 0 || open.size >= MOST_OPEN) return false;
    let own = 0;
    for (const taken of open) if (taken.directory === directory) own += 1;
    return own < MOST_OF_ONE_DIRECTORY;
  }

  function take(directory: string): Snapshot {
    const connection = begun();
    const stay: Stay = { over: undefined };
    const overdue = (): void => finish(taken, new StoreUnavailable('the reply was read too slowly'));
    const taken: Taken = { directory, connection, stay, timer: setTimeout(overdue, lifeMilliseconds) };
    open.add(taken);
    return new SqliteSnapshot({ ...means, connection, stay }, directory, () =>
      finish(taken, new Error('a snapshot was read after its release')),
    );
  }

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

  function finish(taken: Taken, why: Error): void {
    if (!open.delete(taken)) return;
    taken.stay.over = why;
    clearTimeout(taken.timer);
    giveBack(taken.connection);
    if (open.size === 0) onEmpty();
    takeForWaiting();
  }

  function giveBack(connection: Connection): void {
    connection.statement('ROLLBACK').run();
    if (closed || idle.length >= MOST_KEPT) connection.close();
    else idle.push(connection);
  }

  function takeForWaiting(): void {
    for (const one of waiting) {
      if (!hasRoom(one.directory)) continue;
      waiting.delete(one);
      clearTimeout(one.timer);
      try {
        one.resolve(take(one.directory));
      } catch (error) {
        one.reject(error);
      }
    }
  }

  function refuse(one: Waiting, why: string): void {
    waiting.delete(one);
    clearTimeout(one.timer);
    one.reject(new StoreUnavailable(why));
  }

  function emptied(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GRACE_MS);
      onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
