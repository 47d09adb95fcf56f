import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { openConnection, requestBytes } from '../tests/process/connection.ts';
import { userBody } from './people.ts';

/** What a noisy directory sends, over each of its connections, one request after the other. */
export type Noise = 'creates' | 'pages';

export interface NoiseGiven {
  readonly port: number;
  readonly base: string;
  readonly tokens: readonly string[];
  /** Of each token. */
  readonly connections: number;
  readonly noise: Noise;
  /** Numbers that no other run on the database has given to its people. */
  readonly from: number;
}

export interface NoiseMade {
  readonly perSecond: number;
  readonly refused: number;
}

/** A process of its own, so that what it does is not in the way of who measures: `node noise.ts {…}`, until it is told to stop. */
async function make({ port, base, tokens, connections, noise, from }: NoiseGiven): Promise<NoiseMade> {
  let isOver = false;
  let answered = 0;
  let refused = 0;
  let next = from;
  process.once('message', () => {
    isOver = true;
  });
  const requestOf = (token: string): Buffer => {
    const authorization = `Bearer ${token}`;
    next += 1;
    return noise === 'creates'
      ? requestBytes('POST', `${base}/Users`, { authorization, body: JSON.stringify(userBody(next)) })
      : requestBytes('GET', `${base}/Users?startIndex=1&count=100`, { authorization });
  };
  const lane = async (token: string): Promise<void> => {
    let connection = await openConnection(port);
    while (!isOver) {
      try {
        const { status } = await connection.exchange(requestOf(token));
        if (status === 429) refused += 1;
        else if (status === 200 || status === 201) answered += 1;
        else throw new Error(`${status} to ${noise}`);
      } catch (error) {
        if (isOver || !/closed|ECONNRESET|EPIPE/.test(String(error))) throw error;
        connection = await openConnection(port);
      }
    }
    connection.close();
  };
  const began = performance.now();
  const lanes = tokens.flatMap((token) => Array.from({ length: connections }, () => lane(token)));
  process.send?.('begun');
  await Promise.all(lanes);
  return { perSecond: (1_000 * answered) / (performance.now() - began), refused };
}

if (import.meta.main && process.argv[2] !== undefined) {
  const made = await make(JSON.parse(process.argv[2]) as NoiseGiven);
  process.send?.(made, () => process.disconnect?.());
}
