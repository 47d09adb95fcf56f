import { type Connection, openConnection, requestBytes } from '../process/connection.ts';
import { choose, chooseLarge, nothingTaken, release, type Taken, take } from './choose.ts';
import { type Intent, wireRequest } from './intent.ts';
import type { Journal } from './journal.ts';
import { acknowledge, type Model } from './model.ts';
import type { Random } from './random.ts';

/** Where the load goes: the SCIM base on this machine. */
export interface Target {
  readonly port: number;
  readonly base: string;
  readonly authorization: string;
}

export interface Drive {
  /** Resolves when every connection has broken, or after `finish()`. Rejects at an answer that should not be. */
  readonly done: Promise<void>;
  /** Lets what is in flight end, and sends no more. */
  finish(): void;
  /** The next write of some connection will be a large one; resolves when it has just been sent. */
  sendLarge(): Promise<void>;
}

export interface Driving {
  readonly target: Target;
  readonly model: Model;
  readonly journal: Journal;
  readonly random: Random;
  readonly inFlight: number;
}

/** Keeps writes in flight until the server dies. Each is in the journal before it is sent, and on disk before it counts. */
export async function startDriving(driving: Driving): Promise<Drive> {
  const { target, inFlight } = driving;
  const connections = await Promise.all(Array.from({ length: inFlight }, () => openConnection(target.port)));
  const lanes: Lanes = { taken: nothingTaken(), finished: false, largeSent: undefined };
  const done = Promise.all(connections.map((connection) => drive(connection, driving, lanes))).then(() => {
    for (const connection of connections) connection.close();
  });
  done.catch(() => {
    lanes.finished = true;
  });
  return {
    done,
    finish: () => {
      lanes.finished = true;
    },
    sendLarge: () =>
      new Promise((resolve) => {
        lanes.largeSent = resolve;
      }),
  };
}

interface Lanes {
  readonly taken: Taken;
  finished: boolean;
  largeSent: (() => void) | undefined;
}

async function drive(connection: Connection, { target, model, journal, random }: Driving, lanes: Lanes): Promise<void> {
  while (!lanes.finished) {
    const n = model.next++;
    const large = lanes.largeSent === undefined ? undefined : chooseLarge(model, lanes.taken, { random, n });
    const intent = large ?? choose(model, lanes.taken, { random, n });
    take(lanes.taken, intent);
    model.inFlight.set(n, intent);
    journal.note({ n, intent });
    const { method, path, body, statuses } = wireRequest(intent);
    const parts = { authorization: target.authorization };
    const request = requestBytes(
      method,
      `${target.base}${path}`,
      body === undefined ? parts : { ...parts, body: JSON.stringify(body) },
    );
    const answering = connection.exchange(request).catch(() => undefined);
    if (large !== undefined) {
      lanes.largeSent?.();
      lanes.largeSent = undefined;
    }
    const answer = await answering;
    // The connection broke: this write stays in flight, in the journal too.
    if (answer === undefined) return;
    if (!statuses.includes(answer.status)) {
      throw new Error(
        `${method} ${path} was answered ${answer.status}: ${answer.body}\n${JSON.stringify(intent).slice(0, 2000)}`,
      );
    }
    const id = 'id' in intent ? intent.id : createdId(answer.body, intent);
    await journal.keep({ n, status: answer.status, id });
    acknowledge(model, n, id);
    release(lanes.taken, intent);
  }
}

function createdId(body: Buffer, intent: Intent): string {
  const { id } = JSON.parse(body.toString()) as { id?: unknown };
  if (typeof id !== 'string') throw new Error(`${intent.kind} was answered without an id: ${body}`);
  return id;
}
