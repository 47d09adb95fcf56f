import { type Answer, openConnection } from '../tests/process/connection.ts';
import { type Measured, percentile } from './figures.ts';
import type { Gauged } from './measured.ts';
import type { Operation, Step } from './operations.ts';
import { eachInFlight } from './world.ts';
import type { World } from './worlds.ts';

export interface Load {
  readonly inFlight: number;
  readonly milliseconds: number;
  /** What the answer must be; by default the step's status and what must stand in it. */
  readonly check?: (answer: Answer, step: Step) => boolean;
  /** Whom to send to, when it is not the world's server. */
  readonly instead?: Gauged;
}

/** Keeps `inFlight` requests of one operation in flight, checks every answer, then puts the world back. */
export async function measure(world: World, operation: Operation, load: Load): Promise<Measured> {
  const { server, gauge } = load.instead ?? world;
  const check = load.check ?? isRight;
  // A walk goes on where one of as many connections ended.
  const counter = operation.kind === 'page' ? `${operation.name}, ${load.inFlight}` : operation.name;
  const from = world.turns.get(counter) ?? 0;
  const before = Math.floor(from / load.inFlight);
  const last = from + (operation.limit?.(world) ?? Number.POSITIVE_INFINITY);
  let turn = from;
  if (load.instead === undefined) await touch(world, operation);
  const latencies: number[] = [];
  const connections = await Promise.all(Array.from({ length: load.inFlight }, () => openConnection(server.port)));
  const atFirst = await gauge.read();
  const began = performance.now();
  const until = began + load.milliseconds;
  await Promise.all(
    connections.map(async (connection) => {
      for (let step = 0; turn < last && (step === 0 || performance.now() < until); step++) {
        const made = operation.step(world, { turn: turn++, step, before });
        const sent = performance.now();
        const answer = await connection.exchange(made.request);
        latencies.push(performance.now() - sent);
        if (!check(answer, made)) {
          const said = answer.body.toString().slice(0, 500);
          throw new Error(`${server.name}, ${operation.name}: ${answer.status} ${said}`);
        }
        if (load.instead === undefined) made.take?.(answer.body);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const { cpu, longestTurn } = await gauge.read('rest');
  for (const connection of connections) connection.close();
  if (load.instead === undefined) {
    const undo = operation.undo?.(world, { from, to: turn }) ?? [];
    await eachInFlight(world.server, undo.length, (index) => undo[index] as { request: Buffer; status: number });
    // What is put back may come again; what alternates must go on where it stopped.
    world.turns.set(counter, operation.name === 'create' || operation.undo === undefined ? turn : from);
  }
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpu: cpu - atFirst.cpu,
    longestTurn,
  };
}

async function touch(world: World, operation: Operation): Promise<void> {
  const requests = operation.touch?.(world) ?? [];
  const status = operation.kind === 'write' && operation.undo !== undefined ? 204 : 200;
  await eachInFlight(world.server, requests.length, (index) => ({ request: requests[index] as Buffer, status }));
}

function isRight({ status, body }: Answer, step: Step): boolean {
  return status === step.status && body.includes(step.key) && (step.also === undefined || body.includes(step.also));
}
