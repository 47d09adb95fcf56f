import { type Connection, openConnection } from '../tests/process/connection.ts';
import { type Crowd, fillCrowds } from './crowds.ts';
import { GROUP_OPERATIONS, type GroupOperation } from './group-operations.ts';
import { type Memory, printGroups, type Visit } from './group-report.ts';
import { type Gauge, startMeasured } from './measured.ts';
import type { Step } from './operations.ts';
import type { Run } from './run.ts';

const IN_FLIGHT = 8;
const REQUESTS = 96;
/** Rounds in which the server's compilers warm up. */
const WARM_UP = 6;

/**
 * What does it cost to change or to look at a group of 100,000 members, beside one of 100? Both are in one directory of one
 * server; many short rounds visit every operation and both groups in turn, now the one first and now the other, so that
 * what else the machine does hits both alike. Each visit says how long a request took and how much of the processor, and
 * ratios are medians over the rounds. At the end both groups are read whole: every request must have had its effect.
 */
export async function measureGroups({ folder, options, keep, say }: Run): Promise<void> {
  const { quick, entry } = options;
  const sizes = options.sizes ?? (quick ? [100, 10_000] : [100, 100_000]);
  const rounds = options.rounds ?? (quick ? 12 : 60);
  const operations = GROUP_OPERATIONS.filter(({ name }) => options.chosen(name));

  const { server, gauge } = await keep(startMeasured(folder, entry));
  const crowds = await fillCrowds(server, sizes, { joiners: REQUESTS * 10, say });
  const connections = await Promise.all(Array.from({ length: IN_FLIGHT }, () => openConnection(server.port)));
  const visits: Visit[] = [];
  const memory: Memory[] = [];
  for (let round = 0; round < WARM_UP + rounds; round++) {
    if (round === WARM_UP) {
      visits.length = 0;
      memory.push(await remember(gauge, 0));
    }
    for (const operation of operations) {
      for (const crowd of round % 2 === 0 ? crowds : crowds.toReversed()) {
        visits.push(await visit(crowd, { operation, round, connections, gauge }));
      }
    }
    const done = round + 1 - WARM_UP;
    if (done > 0 && done % Math.ceil(rounds / 4) === 0) {
      memory.push(await remember(gauge, visits.length * REQUESTS));
      say(`round ${done} of ${rounds} done`);
    }
  }
  for (const connection of connections) connection.close();
  for (const crowd of crowds) await crowd.check();
  printGroups(visits, { sizes, operations: operations.map(({ name }) => name), memory });
}

interface Visiting {
  readonly operation: GroupOperation;
  /** Counts from the first warming up. */
  readonly round: number;
  readonly connections: readonly Connection[];
  readonly gauge: Gauge;
}

async function visit(crowd: Crowd, { operation, round, connections, gauge }: Visiting): Promise<Visit> {
  const send = async (make: GroupOperation['step']) => {
    const steps = Array.from({ length: REQUESTS }, (_, index) => make(crowd, round * REQUESTS + index));
    if (operation.moves) crowd.moved(REQUESTS);
    return exchangeAll(connections, steps);
  };
  if (operation.before !== undefined) await send(operation.before);
  const before = await gauge.read();
  const microseconds = await send(operation.step);
  const after = await gauge.read();
  if (operation.after !== undefined) await send(operation.after);
  return {
    operation: operation.name,
    size: crowd.size,
    round,
    time: microseconds / REQUESTS,
    cpu: (after.cpu - before.cpu) / REQUESTS,
    longestTurn: after.longestTurn,
  };
}

/** In µs, for all of them. */
async function exchangeAll(connections: readonly Connection[], steps: readonly Step[]): Promise<number> {
  const began = performance.now();
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      for (let step = steps[next++]; step !== undefined; step = steps[next++]) {
        const { status, body } = await connection.exchange(step.request);
        if (status === step.status && body.includes(step.key)) continue;
        throw new Error(`${status}, not ${step.status}, to ${step.request}: ${body.toString().slice(0, 500)}`);
      }
    }),
  );
  return (performance.now() - began) * 1000;
}

async function remember(gauge: Gauge, requests: number): Promise<Memory> {
  const { heap, resident } = await gauge.read('settle');
  return { requests, heap, resident };
}
