import type { JournalEntry, Note } from '../journal.ts';
import { type DirectoryStore, StoreUnavailable, type Transaction } from '../ports.ts';
import {
  asked,
  CONNECTION,
  type ConnectionReason,
  connectionFailure,
  connectionReason,
  connectionSubject,
} from './connection.ts';
import type { FailureRow, FailureStore } from './row.ts';
import { credentialIn, ends, type Standing } from './standing.ts';

export interface ConnectionFailures {
  /** After the reply; writes nothing where nothing changes. */
  readonly note: Note;
  /** Writes what it holds. */
  close(): Promise<void>;
}

export interface ConnectionFailuresOptions {
  readonly store: Pick<DirectoryStore, 'write'> & FailureStore;
  /** Milliseconds that never go back. */
  readonly uptime: () => number;
  readonly onFailed: (cause: unknown) => void;
  /** How long what was noted waits for more of its kind; and how often a directory is written at most. */
  readonly soonMilliseconds?: number;
  readonly againMilliseconds?: number;
}

const SOON_MS = 200;
const AGAIN_MS = 2_000;
/** What other processes note is looked at so often, for directories that are asked something. */
const LOOK_MS = 10 * 60_000;
const MOST_KNOWN = 10_000;

/** What is known of a directory's connections. */
interface Known {
  /** The rows that it has, by their subjects. */
  readonly open: Map<string, Standing>;
  readonly pending: Map<string, Pending>;
  readonly ended: Set<string>;
  lookedAt: number;
  writtenAt: number;
}

interface Pending {
  entry: JournalEntry;
  reason: ConnectionReason;
  count: number;
}

/**
 * The rows of the failure list that concern whole connections: one a reason and credential, however many calls fail by it.
 * A flood of them is a write every two seconds, with their number. They end when the same kind of thing succeeds.
 */
export function createConnectionFailures(options: ConnectionFailuresOptions): ConnectionFailures {
  const { store, uptime, onFailed, soonMilliseconds = SOON_MS, againMilliseconds = AGAIN_MS } = options;
  const known = new Map<string, Known>();
  const dirty = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let closed = false;

  return {
    note(entry) {
      if (closed || entry.credential === undefined) return;
      const directory = knownOf(entry.directory);
      const reason = connectionReason(entry);
      if (reason !== undefined) fail(directory, { entry, reason });
      else if (directory.open.size > 0 && entry.status < 400) succeed(directory, entry);
      if (uptime() - directory.lookedAt > LOOK_MS || directory.pending.size > 0 || directory.ended.size > 0) {
        dirty.add(entry.directory);
        timer ??= setTimeout(work, soonMilliseconds).unref();
      }
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await working;
      for (const directory of dirty) await update(directory);
    },
  };

  function knownOf(id: string): Known {
    let found = known.get(id);
    if (found === undefined) {
      if (known.size >= MOST_KNOWN) forgetOne();
      const never = Number.NEGATIVE_INFINITY;
      found = { open: new Map(), pending: new Map(), ended: new Set(), lookedAt: never, writtenAt: never };
      known.set(id, found);
    }
    return found;
  }

  /** One that has nothing to be written; it is looked at anew when it is asked something. */
  function forgetOne(): void {
    for (const id of known.keys()) {
      if (dirty.has(id)) continue;
      known.delete(id);
      return;
    }
  }

  function fail(directory: Known, { entry, reason }: { entry: JournalEntry; reason: ConnectionReason }): void {
    const credential = entry.credential ?? '';
    const subject = connectionSubject(reason, credential);
    const { count } = directory.pending.get(subject) ?? { count: 0 };
    directory.pending.set(subject, { entry, reason, count: count + 1 });
    directory.ended.delete(subject);
    directory.open.set(subject, { reason, credential, operation: asked(entry), lastAt: uptime() });
  }

  function succeed(directory: Known, entry: JournalEntry): void {
    for (const [subject, standing] of directory.open) {
      if (!ends(entry, standing, uptime())) continue;
      directory.open.delete(subject);
      directory.pending.delete(subject);
      directory.ended.add(subject);
    }
  }

  function work(): void {
    timer = undefined;
    const due: string[] = [];
    for (const id of dirty) {
      if (uptime() - (known.get(id)?.writtenAt ?? 0) >= againMilliseconds) due.push(id);
    }
    working = each(due).then(() => {
      if (dirty.size > 0 && !closed)
        timer ??= setTimeout(work, Math.max(soonMilliseconds, againMilliseconds / 5)).unref();
    });
  }

  async function each(directories: readonly string[]): Promise<void> {
    for (const directory of directories) await update(directory);
  }

  async function update(id: string): Promise<void> {
    const directory = known.get(id);
    dirty.delete(id);
    if (directory === undefined) return;
    const failed = [...directory.pending.values()];
    const ended = [...directory.ended];
    directory.pending.clear();
    directory.ended.clear();
    try {
      if (failed.length + ended.length > 0) {
        directory.writtenAt = uptime();
        await store.write(id, (transaction) => keep(transaction, failed, ended));
      }
      if (uptime() - directory.lookedAt > LOOK_MS) await look(id, directory);
    } catch (error) {
      if (error instanceof StoreUnavailable) keepFor(directory, { id, failed, ended });
      onFailed(error);
    }
  }

  /** What could not be written waits for the next time: why a call failed may be why this did. */
  function keepFor(
    directory: Known,
    { id, failed, ended }: { id: string; failed: readonly Pending[]; ended: readonly string[] },
  ): void {
    for (const { entry, reason, count } of failed) {
      const subject = connectionSubject(reason, entry.credential ?? '');
      const since = directory.pending.get(subject);
      if (since !== undefined) since.count += count;
      else if (!directory.ended.has(subject)) directory.pending.set(subject, { entry, reason, count });
    }
    for (const subject of ended) if (!directory.pending.has(subject)) directory.ended.add(subject);
    dirty.add(id);
  }

  async function look(id: string, directory: Known): Promise<void> {
    directory.lookedAt = uptime();
    // Their type stands before those of people and groups, so that they are on the first page.
    const rows = await store.failurePage(id, { after: undefined, limit: MOST_ROWS });
    for (const { type, subject, reason, operation, last } of rows) {
      if (type !== CONNECTION || directory.ended.has(subject) || directory.open.has(subject)) continue;
      directory.open.set(subject, { reason, credential: credentialIn(subject), operation, lastAt: agoIn(last) });
    }
  }

  function agoIn(last: FailureRow['last']): number {
    return uptime() - Math.max(0, Date.now() - Date.parse(last));
  }
}

/** More are nobody's to read. */
const MOST_ROWS = 200;

async function keep(transaction: Transaction, failed: readonly Pending[], ended: readonly string[]): Promise<void> {
  for (const { entry, reason, count } of failed) {
    await transaction.recordFailure({ ...connectionFailure(entry, reason), count });
  }
  if (ended.length > 0) await transaction.clearFailures(CONNECTION, () => ended);
}
