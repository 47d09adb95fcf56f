import { createFairQueue } from '../directory/index.ts';
import { ScimError } from '../scim/index.ts';

/** Where the requests of known directories wait for their turn, before anything is done for them. */
export interface Gate {
  /** @throws ScimError 429 when as many of this directory wait as may */
  enter(directory: string): Visit;
}

/** One request's. */
export interface Visit {
  /**
   * Resolves when it is its turn; undefined when that is now.
   *
   * @throws ScimError 429 as `enter`
   */
  begin(): Promise<void> | undefined;
  /** Makes room for the next one; to be called once, however it came out. */
  end(): void;
}

export interface GateBounds {
  /** How many of one directory are worked on at once. */
  readonly atOnce: number;
  /** How many more of one directory may wait. */
  readonly waiting: number;
  /** How many may wait of all. A directory that has fewer than `always` waiting may have one more all the same. */
  readonly allWaiting: number;
  readonly always: number;
  /** For how long requests begin in one turn of the event loop; the first of each directory begins all the same. */
  readonly turnMilliseconds: number;
}

/**
 * Some hundreds of one directory: an identity provider sends some dozens at once. 32 that wait are 25 a second for longer
 * than a request ever takes. In a long turn nobody else is heard, and a turn accepts one new connection, no more.
 */
export const BOUNDS: GateBounds = {
  atOnce: 128,
  waiting: 512,
  allWaiting: 8_192,
  always: 32,
  turnMilliseconds: 5,
};

/** A directory that has something at the gate. */
interface Guest {
  running: number;
  /** The turn in which it last began one. */
  turn: number;
  /** Since when it is counted how many end: since something waits, or for `COUNTED_MS` at most. */
  since: number;
  ended: number;
  /** How many ended in the time that was counted before, while as much had to wait. */
  perSecond: number | undefined;
}

interface Waiting {
  readonly guest: Guest;
  readonly go: () => void;
}

/**
 * The directories take turns: who has one request is looked at within one turn of the event loop, however many another
 * has. Where nothing has to wait, a request costs no wait at all.
 */
export function createGate(bounds: GateBounds = BOUNDS): Gate {
  const { atOnce, waiting, allWaiting, always, turnMilliseconds } = bounds;
  const guests = new Map<string, Guest>();
  const queue = createFairQueue<Waiting>({ mostOfOneDirectory: waiting, most: Number.POSITIVE_INFINITY });
  let turn = 0;
  let turnBegan = 0;
  /** `going`: what waited begins. */
  let phase: 'idle' | 'set' | 'going' = 'idle';
  /** Who may have nothing here any more; kept until the next turn, which goes by whom it has begun one of. */
  const left = new Set<string>();

  return { enter };

  function enter(directory: string): Visit {
    const known = guests.get(directory);
    if (known !== undefined) refuseFull(directory, known);
    let state: 'before' | 'running' | 'over' = 'before';
    return {
      begin() {
        if (state !== 'before') return undefined;
        const guest = guestOf(directory);
        state = 'running';
        if (queue.sizeOf(directory) === 0 && mayBegin(guest) && hasTurn(guest)) {
          start(guest);
          return undefined;
        }
        state = 'before';
        return wait(directory, guest).then(() => {
          state = 'running';
        });
      },
      end() {
        if (state === 'running') leave(directory);
        state = 'over';
      },
    };
  }

  function guestOf(directory: string): Guest {
    let guest = guests.get(directory);
    if (guest === undefined) {
      guest = { running: 0, turn: -1, since: 0, ended: 0, perSecond: undefined };
      guests.set(directory, guest);
    }
    return guest;
  }

  function mayBegin({ running }: Guest): boolean {
    return running < atOnce;
  }

  function hasTurn(guest: Guest): boolean {
    setTurn();
    return guest.turn !== turn || !isTurnSpent();
  }

  function isTurnSpent(): boolean {
    return performance.now() - turnBegan >= turnMilliseconds;
  }

  function start(guest: Guest): void {
    guest.running += 1;
    guest.turn = turn;
  }

  function wait(directory: string, guest: Guest): Promise<void> {
    refuseFull(directory, guest);
    const { promise, resolve: go } = Promise.withResolvers<void>();
    if (queue.sizeOf(directory) === 0) beginCount(guest, undefined);
    queue.add(directory, { guest, go });
    setTurn();
    return promise;
  }

  function leave(directory: string): void {
    const guest = guestOf(directory);
    guest.running -= 1;
    guest.ended += 1;
    if (queue.size > 0) {
      if (queue.sizeOf(directory) > 0) paceOf(guest);
      setTurn();
    }
    if (guest.running === 0) left.add(directory);
  }

  function setTurn(): void {
    if (phase !== 'idle') return;
    beginTurn('set');
    setImmediate(nextTurn);
  }

  function beginTurn(as: 'set' | 'going'): void {
    phase = as;
    turn += 1;
    turnBegan = performance.now();
  }

  function nextTurn(): void {
    phase = 'idle';
    for (const directory of left) {
      if (guests.get(directory)?.running === 0 && queue.sizeOf(directory) === 0) guests.delete(directory);
    }
    left.clear();
    if (queue.size === 0) return;
    beginTurn('going');
    letGo();
  }

  /** One after the other, each as far as it comes without waiting: what reads SQLite is done by then. */
  function letGo(): void {
    const next = queue.next((directory) => mayBegin(guestOf(directory)));
    if (next === undefined) {
      // What is left goes on when something of its directory has ended.
      phase = 'idle';
      return;
    }
    start(next.guest);
    next.go();
    queueMicrotask(() => process.nextTick(goOn));
  }

  function goOn(): void {
    if (queue.size > 0 && !isTurnSpent()) {
      letGo();
      return;
    }
    phase = 'idle';
    if (queue.size > 0) setTurn();
  }

  /** @throws ScimError 429 */
  function refuseFull(directory: string, guest: Guest): void {
    const own = queue.sizeOf(directory);
    const isFull = own >= waiting;
    if (!isFull && (queue.size < allWaiting || own < always)) return;
    const seconds = secondsUntilServed(own, guest);
    const whose = isFull
      ? `This directory has ${own} requests waiting, the most that may wait at once`
      : 'As many requests of all directories are waiting as may wait at once';
    const remedy = isFull ? 'let the identity provider send fewer requests at once' : 'tell support';
    throw ScimError.tooManyRequests(
      `${whose}, so nothing of this one was done. Send it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}; most identity providers do so by themselves. If it goes on, ${remedy}.`,
      seconds,
    );
  }
}

/** As fast as it went for so long, it is taken to go on. */
const COUNTED_MS = 2_000;
const LONGEST_S = 60;

/** How long what waits will take, in whole seconds. */
function secondsUntilServed(waiting: number, guest: Guest): number {
  return Math.min(Math.max(Math.ceil(waiting / paceOf(guest)), 1), LONGEST_S);
}

/** How many are done in a second. */
function paceOf(guest: Guest): number {
  const passed = performance.now() - guest.since;
  const perSecond = (1_000 * (guest.ended + 1)) / Math.max(passed, 1);
  if (passed > COUNTED_MS) beginCount(guest, perSecond);
  return guest.perSecond ?? perSecond;
}

function beginCount(guest: Guest, perSecond: number | undefined): void {
  guest.since = performance.now();
  guest.ended = 0;
  guest.perSecond = perSecond;
}
