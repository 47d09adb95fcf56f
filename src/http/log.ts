import { openSync } from 'node:fs';
import { destination, type Logger, pino } from 'pino';

export interface Log extends Pick<Logger, 'info' | 'warn' | 'error'> {
  /** The one line that every request has: as `info`, at a third of its cost. */
  readonly request: (line: object) => void;
  /** Writes what is still held back; nothing is logged after it. */
  readonly end: () => void;
}

/** The shape of our tokens: none of them reaches a log, wherever a client may have put it. */
const TOKEN = /jn-[A-Za-z0-9_-]{43}/g;
const FLUSH_MS = 250;
const HAND_ON_MS = 20;
const MOST_PENDING = 64;

/**
 * Lines of JSON on standard output, or in a file, written in batches. Whatever looks like a token is cut out of every
 * line, and fields of telling names are cut whole.
 *
 *     {"level":"info","time":"2026-11-21T10:00:00.000Z","request-id":"…","method":"PATCH","path":"/scim/v2/Users/…","status":200,…}
 */
export function openLog(level: string, file?: string): Log {
  const out = destination({
    dest: file === undefined ? 1 : openSync(file, 'a'),
    sync: false,
    minLength: 65_536,
    maxWrite: 131_072,
    // Where nobody reads the log, the newest lines are dropped rather than kept without end.
    maxLength: 16 * 1024 * 1024,
    periodicFlush: FLUSH_MS,
  });
  // A log that cannot be written (a full disk, a reader gone) loses lines; it must not end the server.
  out.on('error', () => undefined);
  const write = (line: string): void => {
    out.write(line.includes('jn-') ? line.replace(TOKEN, '[token]') : line);
  };
  const time = createClock();
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${time()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['authorization', 'token', 'password', 'headers', 'body'], censor: '[cut]' },
    },
    { write },
  );
  const logsRequests = logger.isLevelEnabled('info');
  // Handed on together: each piece that the destination is given costs it as much as ten lines of text.
  let pending: string[] = [];
  const handOn = (): void => {
    if (pending.length > 0) write(pending.join(''));
    pending = [];
  };
  return Object.assign(logger, {
    request: (line: object) => {
      if (!logsRequests) return;
      if (pending.push(`{"level":"info","time":"${time()}",${JSON.stringify(line).slice(1)}\n`) === 1) {
        setTimeout(handOn, HAND_ON_MS).unref();
      }
      if (pending.length >= MOST_PENDING) handOn();
    },
    end: () => {
      handOn();
      out.flushSync();
    },
  });
}

/** The time in words, put into words once a millisecond. */
function createClock(): () => string {
  let last = 0;
  let words = '';
  return () => {
    const now = Date.now();
    if (now !== last) {
      last = now;
      words = new Date(now).toISOString();
    }
    return words;
  };
}
