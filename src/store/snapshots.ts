import { type Snapshot, StoreUnavailable } from '../directory/index.ts';
import { createWaitingLine } from './waiting-line.ts';

/** Who may read at one moment, for how long, and who waits. */
export interface Snapshots {
  /**
   * Waits a little while others are read, when they are too many; the directories take turns.
   *
   * @throws TooMuchWaiting when there is no room for it; StoreUnavailable when it did not get its time
   */
  take(directory: string): Promise<Snapshot>;
  /** Ends what is still open after a moment; none is taken until the function is called that it resolves with. */
  hold(): Promise<() => void>;
  close(): void;
}

export interface SnapshotsOf<T> {
  /** Settles on a moment. */
  readonly open: (directory: string) => T | Promise<T>;
  /** Once for each that was opened. */
  readonly giveBack: (opened: T) => void;
  readonly snapshot: (taken: Taken<T>, release: () => void) => Snapshot;
  /** So many were open when all had to end. */
  readonly onBrokenOff?: (replies: number) => void;
  readonly limits: SnapshotLimits;
}

export interface Taken<T> {
  readonly directory: string;
  readonly opened: T;
  readonly stay: Stay;
}

/** For how long what was opened is the reader's. */
export interface Stay {
  /** Set at its end: why nothing more is read. */
  over: Error | undefined;
}

export interface SnapshotLimits {
  readonly most: number;
  readonly mostOfOneDirectory: number;
  /** How long one may be read. */
  readonly lifeMilliseconds: number;
  /** How long one may be waited for. */
  readonly waitMilliseconds: number;
}

/** How many may wait. */
export const WAITING = { mostOfOneDirectory: 200, most: 1_000 };
export const WAIT_MS = 5_000;
/** What a reply that is being read still gets, when all have to end. */
const GRACE_MS = 1_000;

interface Place {
  readonly directory: string;
  /** Why it ends. */
  end(why: Error): void;
}

export function createSnapshots<T>({ open, giveBack, snapshot, onBrokenOff, limits }: SnapshotsOf<T>): Snapshots {
  const places = new Set<Place>();
  const line = createWaitingLine({
    room: WAITING,
    milliseconds: limits.waitMilliseconds,
    full: 'too many long replies are waited for',
    late: 'too many long replies are being read',
  });
  let isTaking = false;
  let holds = 0;
  let closed = false;
  let onEmpty: () => void = () => undefined;

  return {
    async take(directory) {
      if (closed) throw closing();
      if (hasRoom(directory)) return take(directory);
      return new Promise((resolve, reject) => line.wait(directory, () => resolve(take(directory)), reject));
    },
    async hold() {
      holds += 1;
      if (places.size > 0) await emptied();
      if (places.size > 0) onBrokenOff?.(places.size);
      for (const place of places) place.end(new StoreUnavailable('the reply was read while the log grew too long'));
      return () => {
        holds -= 1;
        takeForWaiting();
      };
    },
    close() {
      closed = true;
      line.close(closing());
      for (const place of places) place.end(closing());
    },
  };

  function hasRoom(directory: string): boolean {
    if (holds > 0 || places.size >= limits.most) return false;
    let own = 0;
    for (const place of places) if (place.directory === directory) own += 1;
    return own < limits.mostOfOneDirectory;
  }

  /** Its place is taken while it is opened, and given back when that fails. */
  async function take(directory: string): Promise<Snapshot> {
    const stay: Stay = { over: undefined };
    let opened: { readonly it: T } | undefined;
    const place: Place = {
      directory,
      end(why) {
        if (stay.over !== undefined) return;
        stay.over = why;
        clearTimeout(timer);
        if (opened !== undefined) giveBack(opened.it);
        leave(place);
      },
    };
    const overdue = (): void => place.end(new StoreUnavailable('the reply was read too slowly'));
    const timer = setTimeout(overdue, limits.lifeMilliseconds);
    places.add(place);
    try {
      const it = await open(directory);
      // It may have come to its end meanwhile.
      if (stay.over !== undefined) giveBack(it);
      else opened = { it };
    } catch (error) {
      place.end(new Error('it was not opened'));
      throw error;
    }
    if (opened === undefined) throw stay.over;
    return snapshot({ directory, opened: opened.it, stay }, () =>
      place.end(new Error('a snapshot was read after its release')),
    );
  }

  function leave(place: Place): void {
    places.delete(place);
    if (places.size === 0) onEmpty();
    takeForWaiting();
  }

  function takeForWaiting(): void {
    // One that cannot be opened leaves its place while it is taken.
    if (isTaking) return;
    isTaking = true;
    while (holds === 0 && places.size < limits.most && line.letNext(hasRoom));
    isTaking = false;
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

function closing(): StoreUnavailable {
  return new StoreUnavailable('the store is closing');
}
