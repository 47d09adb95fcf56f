import { openSync } from 'node:fs';
import { destination, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'> & {
  /** Writes what is still held back; nothing is logged after it. */
  readonly end: () => void;
};

/** The shape of our tokens: none of them reaches a log, wherever a client may have put it. */
const TOKEN = /jn-[A-Za-z0-9_-]{43}/g;
const FLUSH_MS = 250;

/**
 * Lines of JSON on standard output, or in a file, written in batches. Whatever looks like a token is cut out of every line, and fields
 * of telling names are cut whole.
 *
 *     {"level":"info","time":"2026-11-21T10:00:00.000Z","request-id":"…","method":"PATCH","path":"/scim/v2/Users/…","status":200,…}
 */
export function openLog(level: string, file?: string): Log {
  const out = destination({
    dest: file === undefined ? 1 : openSync(file, 'a'),
    sync: false,
    minLength: 8_192,
    periodicFlush: FLUSH_MS,
  });
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['authorization', 'token', 'password', 'headers', 'body'], censor: '[cut]' },
    },
    { write: (line: string) => void out.write(line.includes('jn-') ? line.replace(TOKEN, '[token]') : line) },
  );
  return Object.assign(logger, {
    end: () => {
      out.flushSync();
    },
  });
}
