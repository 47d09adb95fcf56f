import { type Answer, openConnection, requestBytes } from '../tests/process/connection.ts';
import type { Sample } from './figures.ts';
import { type Load, measure } from './load.ts';
import type { Gauged } from './measured.ts';
import type { Operation } from './operations.ts';
import type { World } from './worlds.ts';

export const IN_FLIGHT = [1, 32] as const;

export interface Rounds {
  readonly worlds: readonly World[];
  readonly bare: Gauged;
  readonly operations: readonly Operation[];
  readonly rounds: number;
  /** How long a visit lasts. */
  readonly milliseconds: number;
  /** On the clock of `performance.now()`: no round is begun that would not be over by then, when three are done. */
  readonly until: number;
  readonly say: (line: string) => void;
}

/**
 * Rounds of visits: each operation, with one connection and with 32, on every server in turn, which begins with another one
 * in each round: what else the machine does hits all alike. In a round before the first compilers warm up.
 */
export async function visitInRounds(given: Rounds): Promise<Sample[]> {
  const samples: Sample[] = [];
  let took = 0;
  for (let round = 0; round <= given.rounds; round++) {
    const began = performance.now();
    if (round > FEWEST_ROUNDS && began + took > given.until) {
      given.say(`no time for more than ${round - 1} rounds`);
      break;
    }
    for (const operation of given.operations) {
      for (const inFlight of round === 0 ? WARM_UP.inFlight : IN_FLIGHT) {
        const found = await visitAll(given, { operation, inFlight, round });
        if (round > 0) samples.push(...found);
      }
    }
    given.say(round === 0 ? 'warmed up' : `round ${round} of ${given.rounds} done`);
    took = performance.now() - began;
  }
  return samples;
}

/** A median of fewer tells nothing. */
const FEWEST_ROUNDS = 3;

/** Without warming up. */
export function visitsIn({ worlds, operations, rounds }: Pick<Rounds, 'worlds' | 'operations' | 'rounds'>): number {
  return rounds * operations.length * IN_FLIGHT.length * (worlds.length + 1);
}

/** As many requests as a short time has room for. */
export const WARM_UP = { inFlight: [32], milliseconds: 150 } as const;

interface Visit {
  readonly operation: Operation;
  readonly inFlight: number;
  readonly round: number;
}

async function visitAll(
  { worlds, bare, milliseconds }: Rounds,
  { operation, inFlight, round }: Visit,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const load = { inFlight, milliseconds: round === 0 ? WARM_UP.milliseconds : milliseconds };
  const [copied] = worlds as readonly [World, ...World[]];
  const told = await tellBare(bare, copied, operation);
  const check = (answer: Answer) => answer.status === told.status && answer.body.length === told.body.length;
  const turns: (() => Promise<void>)[] = worlds.map((world) => async () => {
    const measured = await measure(world, operation, load);
    const { contender, size } = world;
    samples.push({ operation: operation.name, contender, size, inFlight, round, measured });
  });
  turns.push(async () => {
    const withBare: Load = { ...load, instead: bare, check };
    const measured = await measure(copied, operation, withBare);
    samples.push({ operation: operation.name, contender: 'bare', size: 0, inFlight, round, measured });
  });
  for (const index of turns.keys()) await turns[(index + round) % turns.length]?.();
  return samples;
}

/** Makes the bare server answer what this world's answers to this operation, byte for byte. */
async function tellBare(bare: Gauged, world: World, operation: Operation): Promise<Answer> {
  let answer: Answer | undefined;
  await measure(world, operation, {
    inFlight: 1,
    milliseconds: 1,
    check: (found, step) => {
      answer = found;
      return found.status === step.status;
    },
  });
  if (answer === undefined) throw new Error(`${operation.name}: no answer to copy`);
  const connection = await openConnection(bare.server.port);
  const body = JSON.stringify({ status: answer.status, body: answer.body.toString() });
  await connection.exchange(requestBytes('POST', '/answer', { body }));
  connection.close();
  return answer;
}
