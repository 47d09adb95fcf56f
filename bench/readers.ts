import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from '../tests/process/connection.ts';
import { type Person, type Server, scim } from './world.ts';

const READERS = 4;
const PAUSE_MS = 2;

export interface Readers {
  /** Resolves to their latencies in ms, sorted. */
  end(): Promise<number[]>;
}

/** GETs of one user each, `next` saying of whom, with a little time between them, until it is ended. */
export function startReaders(server: Server, next: () => Person): Readers {
  const latencies: number[] = [];
  let isOver = false;
  const lane = async (): Promise<void> => {
    const connection = await openConnection(server.port);
    while (!isOver) {
      const { id, userName } = next();
      const began = performance.now();
      const { status, body } = await connection.exchange(scim(server, 'GET', `/Users/${id}`));
      latencies.push(performance.now() - began);
      if (status !== 200 || !body.includes(userName)) throw new Error(`${server.name} answered ${status} to a GET`);
      await sleep(PAUSE_MS);
    }
    connection.close();
  };
  const lanes = Promise.all(Array.from({ length: READERS }, lane));
  return {
    async end() {
      isOver = true;
      await lanes;
      return latencies.sort((a, b) => a - b);
    },
  };
}
