import { openSync } from 'node:fs';
import { type Logger, pino } from 'pino';
import { openOutlet } from './outlet.ts';

export interface Log extends Pick<Logger, 'info' | 'warn' | 'error'> {
  /** The one line that every request has: as `info`, at a third of its cost. */
  readonly request: (line: object) => void;
  /** Writes what is still held back, if it can be written within a second. */
  readonly end: () => Promise<void>;
}

/** The shape of our tokens: none of them reaches a log, wherever a client may have put it. */
const TOKEN = /jn-[A-Za-z0-9_-]{43}/g;

/**
 * Lines of JSON on standard output, or in a file, written in batches. Whatever looks like a token is cut out of every
 * line, and fields of telling names are cut whole. A log that cannot be written costs lines, never a request.
 *
 *     {"level":"info","time":"2026-11-21T10:00:00.000Z","request-id":"…","method":"PATCH","path":"/scim/v2/Users/…","status":200,…}
 *     {"level":"warn","time":"2026-11-21T10:05:00.000Z","lost":1200,"msg":"lines of the log that could not be written"}
 */
export function openLog(level: string, file?: string): Log {
  const time = createClock();
  const out = openOutlet({
    fd: file === undefined ? 1 : openSync(file, 'a'),
    prepare: (lines) => (lines.includes('jn-') ? lines.replace(TOKEN, '[token]') : lines),
    lost: (lines) =>
      `{"level":"warn","time":"${time()}","lost":${lines},"msg":"lines of the log that could not be written"}\n`,
  });
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${time()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['authorization', 'token', 'password', 'headers', 'body'], censor: '[cut]' },
    },
    { write: out.write },
  );
  const logsRequests = logger.isLevelEnabled('info');
  return Object.assign(logger, {
    request: (line: object) => {
      if (logsRequests) out.write(`{"level":"info","time":"${time()}",${JSON.stringify(line).slice(1)}\n`);
    },
    end: out.flush,
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
