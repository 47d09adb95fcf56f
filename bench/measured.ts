import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Reading } from './gauge.ts';
import { type Started, startOurs } from './servers.ts';

export interface Gauge {
  /** `settle`: after a collection of garbage. */
  read(settle?: 'settle'): Promise<Reading>;
}

/** Joinery with the gauge in its process. */
export async function startMeasured(folder: string, entry: string): Promise<Started & { readonly gauge: Gauge }> {
  const socket = join(folder, 'gauge.sock');
  const preload = `--expose-gc --import=${new URL('./gauge.ts', import.meta.url)}`;
  const { server, stop } = await startOurs(folder, entry, {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${preload}`,
    BENCH_GAUGE: socket,
  });
  const connection = connect(socket);
  await once(connection, 'connect');
  const lines = createInterface({ input: connection });
  const gauge: Gauge = {
    async read(settle) {
      const line = once(lines, 'line');
      connection.write(`${settle ?? 'read'}\n`);
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
