import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Reading } from './gauge.ts';
import { joineryOn, openSite, type Start, type Started } from './servers.ts';

export interface Gauge {
  /** What was since the last reading; `settle`: after a collection of garbage; `rest`: and nothing is watched any more. */
  read(how?: 'settle' | 'rest'): Promise<Reading>;
}

export interface Gauged extends Started {
  readonly gauge: Gauge;
}

/** Joinery with the gauge in its process. */
export async function startMeasured(folder: string, entry: string): Promise<Gauged> {
  const site = await openSite(folder, entry);
  return withGauge(joineryOn(site), join(folder, 'gauge.sock'));
}

/** A server with the gauge in its process, which answers on this socket. */
export async function withGauge(start: Start, socket: string): Promise<Gauged> {
  const preload = `--expose-gc --import=${new URL('./gauge.ts', import.meta.url)}`;
  const { server, stop } = await start({
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${preload}`,
    BENCH_GAUGE: socket,
  });
  const connection = connect(socket);
  await once(connection, 'connect');
  const lines = createInterface({ input: connection });
  const gauge: Gauge = {
    async read(how) {
      const line = once(lines, 'line');
      connection.write(`${how ?? 'read'}\n`);
      return JSON.parse((await line)[0] as string) as Reading;
    },
  };
  return {
    server,
    gauge,
    async stop() {
      connection.destroy();
      await stop();
    },
  };
}
