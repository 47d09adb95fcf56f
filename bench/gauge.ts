import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

/**
 * What a server says of itself, since it was last asked. It is loaded into the measured process before the server
 * (`--import`), which knows nothing of it, and answers each line on a socket of its own with a line of JSON:
 *
 *     {"cpu":184223,"longestTurn":3.1,"heap":31457280,"resident":104857600}
 */
export interface Reading {
  /** CPU time of all threads from the beginning, in µs. */
  readonly cpu: number;
  /** The longest that the event loop was held, in ms. */
  readonly longestTurn: number;
  /** Bytes in use; what is live, when the line said `settle`. */
  readonly heap: number;
  /** Bytes of memory that are the process's own: not the pages of the database's file, which the system may take back. */
  readonly resident: number;
}

const socket = process.env.BENCH_GAUGE;
if (isMainThread && socket !== undefined) listen(socket);

function listen(path: string): void {
  // A timer each millisecond; how late it is, is how long others had the loop.
  const turns = monitorEventLoopDelay({ resolution: 1 });
  turns.enable();
  const server = createServer((connection) => {
    connection.unref();
    connection.setEncoding('utf8').on('data', (line: string) => {
      const longestTurn = Math.max(0, turns.max / 1e6 - 1);
      if (line.startsWith('settle')) globalThis.gc?.();
      const { user, system } = process.cpuUsage();
      const heap = process.memoryUsage().heapUsed;
      const reading: Reading = { cpu: user + system, longestTurn, heap, resident: residentBytes() };
      connection.write(`${JSON.stringify(reading)}\n`);
      turns.reset();
      // A server that waits for its turn among others does not take their time.
      if (line.startsWith('rest')) turns.disable();
      else turns.enable();
    });
  });
  server.listen(path).unref();
}

function residentBytes(): number {
  const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
