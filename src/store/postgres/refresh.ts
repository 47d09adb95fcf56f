import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEvent } from '../event.ts';
import type { Filler } from '../filler.ts';
import { told } from './told.ts';

const EVERY_MS = 2_000;

/**
 * While a new version takes over from this one, it may declare an attribute otherwise, and take out the keys that this one
 * looks by: from then on this one looks without them.
 *
 * @returns what ends it
 */
export function refreshOften(filler: Pick<Filler, 'refresh'>, log: LogEvent): () => Promise<void> {
  const stopping = new AbortController();
  const ended = goOn();
  return () => {
    stopping.abort();
    return ended;
  };

  async function goOn(): Promise<void> {
    for (;;) {
      await sleep(EVERY_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await filler.refresh().catch((error: unknown) => log({ kind: 'fill-failed', cause: told(error) }));
    }
  }
}
