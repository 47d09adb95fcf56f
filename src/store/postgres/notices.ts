import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { LogEvent } from '../event.ts';
import { told } from './told.ts';

/** What other processes say. */
export interface Notices {
  /** Moves whenever credentials may have changed in any process; undefined while nothing would be heard. */
  heard(): number | undefined;
  /** Resolves when it listens, or has found that it cannot yet. */
  readonly begun: Promise<void>;
  close(): Promise<void>;
}

export const CREDENTIALS_CHANGED = 'joinery_credentials';

/** A connection that is cut off silently is found out within this and the time that an answer has. */
const BEAT_MS = 1_500;
const ANSWER_MS = 2_000;
/** A database that is gone answers to no farewell. */
const FAREWELL_MS = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Listens on a connection of its own, and connects again for as long as it takes. */
export function listen({ url, log }: { url: string; log: LogEvent }): Notices {
  const stopping = new AbortController();
  let client: pg.Client | undefined;
  let changes = 0;
  let isListening = false;
  let onBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    onBegun = resolve;
  });
  const ended = goOn();

  return {
    heard: () => (isListening ? changes : undefined),
    begun,
    async close() {
      stopping.abort();
      await Promise.race([client?.end().catch(() => undefined), sleep(FAREWELL_MS, undefined, { ref: false })]);
      discard(client);
      await ended;
    },
  };

  async function goOn(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !stopping.signal.aborted; ) {
      try {
        await connect();
        pause = FIRST_PAUSE_MS;
        await untilLost();
      } catch (error) {
        if (!stopping.signal.aborted) log({ kind: 'listener-lost', cause: told(error) });
      }
      isListening = false;
      onBegun();
      // Nothing more is expected of it, and it may not answer to a farewell.
      discard(client);
      await rest(pause * (0.5 + Math.random()));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'joinery notices',
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
    });
    client = fresh;
    fresh.on('error', () => undefined);
    fresh.on('notification', ({ channel }) => {
      if (channel === CREDENTIALS_CHANGED) changes += 1;
    });
    await fresh.connect();
    await fresh.query(`LISTEN ${CREDENTIALS_CHANGED}`);
    // What was said before that was not heard.
    changes += 1;
    isListening = true;
    onBegun();
  }

  /** @throws what cut it off */
  async function untilLost(): Promise<void> {
    const current = client;
    const cut = new Promise<never>((_resolve, reject) => {
      current?.once('error', reject);
      current?.once('end', () => reject(new Error('the connection ended')));
    });
    cut.catch(() => undefined);
    while (!stopping.signal.aborted) {
      await Promise.race([rest(BEAT_MS), cut]);
      if (!stopping.signal.aborted) await Promise.race([current?.query('SELECT 1'), cut]);
    }
  }

  async function rest(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  }
}

function discard(client: pg.Client | undefined): void {
  (client as unknown as { connection?: { stream?: { destroy(): void } } } | undefined)?.connection?.stream?.destroy();
}
