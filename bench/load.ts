import { readFileSync } from 'node:fs';
import { type Answer, openConnection } from '../tests/process/connection.ts';
import type { Operation, Step } from './operations.ts';
import { eachInFlight, type World } from './world.ts';

export interface Measured {
  readonly perSecond: number;
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  /** The server's CPU time a request, in µs. */
  readonly cpu: number;
}

export interface Load {
  readonly inFlight: number;
  readonly milliseconds: number;
  /** What the answer must be; by default the step's status and key. */
  readonly check?: (answer: Answer, step: Step) => boolean;
  /** The port and process to send to, when it is not the world's server. */
  readonly instead?: { readonly name: string; readonly port: number; readonly pid: number };
}

/** Keeps `inFlight` requests of one operation in flight, checks every answer, then puts the world back. */
export async function measure(world: World, operation: Operation, load: Load): Promise<Measured> {
  const { name, port, pid } = load.instead ?? world.server;
  const check = load.check ?? isRight;
  const from = world.turns.get(operation.name) ?? 0;
  const last = from + (operation.limit?.(world) ?? Number.POSITIVE_INFINITY);
  let turn = from;
  const latencies: number[] = [];
  const connections = await Promise.all(Array.from({ length: load.inFlight }, () => openConnection(port)));
  const cpuBefore = cpuMicroseconds(pid);
  const began = performance.now();
  const until = began + load.milliseconds;
  await Promise.all(
    connections.map(async (connection) => {
      for (let step = 0; turn < last && (step === 0 || performance.now() < until); step++) {
        const made = operation.step(world, { turn: turn++, step });
        const sent = performance.now();
        const answer = await connection.exchange(made.request);
        latencies.push(performance.now() - sent);
        if (!check(answer, made)) {
          throw new Error(`${name}, ${operation.name}: ${answer.status} ${answer.body.toString().slice(0, 500)}`);
        }
        if (load.instead === undefined) made.take?.(answer.body);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const cpu = (cpuMicroseconds(pid) - cpuBefore) / latencies.length;
  for (const connection of connections) connection.close();
  if (load.instead === undefined) {
    const undo = operation.undo?.(world, { from, to: turn }) ?? [];
    await eachInFlight(world.server, undo.length, (index) => undo[index] as { request: Buffer; status: number });
    // What is put back may come again; what alternates must go on where it stopped.
    world.turns.set(operation.name, operation.name === 'create' || operation.undo === undefined ? turn : from);
  }
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpu,
  };
}

function isRight(answer: Answer, step: Step): boolean {
  return answer.status === step.status && answer.body.includes(step.key);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** User and system time of all threads; Linux counts in ticks of 10 ms. */
function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
