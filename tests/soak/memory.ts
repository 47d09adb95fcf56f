import type { MeasuredServer } from './measured-server.ts';
import { mebibytes } from './sizes.ts';

/**
 * What may stay live on the heap, of a server of small directories: the aim for a million users is the same (issue 6), and
 * these measured 20 to 30 MiB.
 */
const MOST_LIVE = 120 * 2 ** 20;
/**
 * By how much it may grow while nothing befalls the server: caches fill by 2 or 3 MiB. A server that kept 500 bytes of
 * each call would grow by more within 30,000 calls.
 */
const MOST_GROWTH = 12 * 2 ** 20;
/** Of the process's own, not the pages of the database's file. */
const MOST_RESIDENT = 512 * 2 ** 20;
const LOOK_MS = 1_000;

/** A server's memory, looked at each second, and what is live of its heap at moments that are named. */
export interface Memory {
  /** The server that is looked at from now on. */
  of(server: Pick<MeasuredServer, 'read'>): void;
  /** What is live, at the beginning and at the end of a time in which nothing befalls the server. */
  settle(which: 'first' | 'last'): Promise<void>;
  shown(): string;
  /** `24.1 → 25.0 MiB, 23.9 → 24.4 MiB` */
  history(): string;
  faults(): readonly string[];
  stop(): void;
}

export function watchMemory(first: Pick<MeasuredServer, 'read'>): Memory {
  let server = first;
  let highest = 0;
  let live = 0;
  let before = 0;
  const stretches: { from: number; to: number }[] = [];
  const timer = setInterval(async () => {
    const reading = await server.read('read');
    highest = Math.max(highest, reading?.resident ?? 0);
  }, LOOK_MS);
  timer.unref();
  return {
    of(started) {
      server = started;
    },
    async settle(which) {
      live = (await server.read('settle'))?.heap ?? Number.POSITIVE_INFINITY;
      if (which === 'first') before = live;
      else stretches.push({ from: before, to: live });
    },
    shown: () => `memory at most ${mebibytes(highest)}, live heap ${live === 0 ? 'not measured' : mebibytes(live)}`,
    history: () =>
      stretches.map(({ from, to }) => `${mebibytes(from)} → ${mebibytes(to)}`).join(', ') || 'not measured',
    faults: () => [
      ...stretches.flatMap(({ from, to }) => [
        ...(to > MOST_LIVE ? [`${mebibytes(to)} are live on the heap; it may be ${mebibytes(MOST_LIVE)}`] : []),
        ...(to - from > MOST_GROWTH
          ? [`the live heap grew from ${mebibytes(from)} to ${mebibytes(to)}; it may grow by ${mebibytes(MOST_GROWTH)}`]
          : []),
      ]),
      ...(highest > MOST_RESIDENT
        ? [`the server had ${mebibytes(highest)} of memory; it may have ${mebibytes(MOST_RESIDENT)}`]
        : []),
    ],
    stop: () => clearInterval(timer),
  };
}
