import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Reading } from '../../bench/gauge.ts';
import { type JoineryProcess, type JoinerySite, startJoinery } from '../process/joinery.ts';

/** A server that says how much memory it has: bench's gauge is loaded into its process, and knows nothing of it. */
export interface MeasuredServer extends JoineryProcess {
  /** Its memory; what is live of the heap, after `settle`. Undefined when it has ended. */
  read(line: 'read' | 'settle'): Promise<Reading | undefined>;
}

export async function startMeasuredServer(site: JoinerySite): Promise<MeasuredServer> {
  started += 1;
  const socket = join(site.folder, `gauge-${started}.sock`);
  const preload = `--expose-gc --import=${new URL('../../bench/gauge.ts', import.meta.url)}`;
  const options = `${process.env.NODE_OPTIONS ?? ''} ${preload}`;
  const server = await startJoinery({
    ...site,
    environment: { ...site.environment, NODE_OPTIONS: options, BENCH_GAUGE: socket },
  });
  const gauge = connect(socket);
  await once(gauge, 'connect');
  const lines = createInterface({ input: gauge });
  // It ends with the server, in whatever manner.
  gauge.on('error', () => undefined);
  lines.on('error', () => undefined);
  const gone = new AbortController();
  void server.ended.then(() => gone.abort());
  let asked: Promise<unknown> = Promise.resolve();
  const ask = (line: string): Promise<Reading | undefined> => {
    const answered = asked.then(async () => {
      if (gone.signal.aborted) return undefined;
      gauge.write(`${line}\n`);
      return readingOf(lines, gone.signal).catch(() => undefined);
    });
    asked = answered;
    return answered;
  };
  return {
    ...server,
    async read(line) {
      // A collection leaves what only the next one can take: what waited to be told of its end.
      if (line === 'settle') await ask(line);
      return ask(line);
    },
  };
}

let started = 0;

async function readingOf(lines: Interface, signal: AbortSignal): Promise<Reading> {
  const [line] = (await once(lines, 'line', { signal })) as [string];
  return JSON.parse(line) as Reading;
}
