import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, openConnection, requestBytes } from '../process/connection.ts';
import { choose, nothingTaken, release, type Taken, take } from './choose.ts';
import { type Intent, wireRequest } from './intent.ts';
import type { Journal } from './journal.ts';
import { chooseLarge } from './large.ts';
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
  /** How many writes were answered with 503: done or not, which only the directory can tell. */
  readonly unavailable: () => number;
  /** Lets what is in flight end, and sends no more. */
  finish(): void;
  /** The next writes will be of over 1,000 members, as many as `count`; resolves when the last has just been sent. */
  sendLarge(count: number): Promise<void>;
}

export interface Writing {
  readonly target: Target;
  readonly model: Model;
  readonly journal: Journal;
}

export interface Driving extends Writing {
  readonly random: Random;
  readonly inFlight: number;
  /** How long each connection rests after an answer; not at all, unless told. */
  readonly restMs?: number;
}

/** Keeps writes in flight until the server dies. Each is in the journal before it is sent, and on disk before it counts. */
export async function startDriving(driving: Driving): Promise<Drive> {
  const { target, inFlight } = driving;
  const connections = await Promise.all(Array.from({ length: inFlight }, () => openConnection(target.port)));
  const lanes: Lanes = { taken: nothingTaken(), finished: false, large: undefined, unavailable: 0 };
  const done = Promise.all(connections.map((connection) => drive(connection, driving, lanes))).then(() => {
    for (const connection of connections) connection.close();
  });
  done.catch(() => {
    lanes.finished = true;
  });
  return {
    done,
    unavailable: () => lanes.unavailable,
    finish: () => {
      lanes.finished = true;
    },
    sendLarge: (count) =>
      new Promise((resolve) => {
        lanes.large = { left: count, sent: resolve };
      }),
  };
}

interface Lanes {
  readonly taken: Taken;
  finished: boolean;
  large: { left: number; readonly sent: () => void } | undefined;
  unavailable: number;
}

/** So many of the writes concern more than 1,000 members, once there are as many users. */
const LARGE_SHARE = 0.002;

async function drive(connection: Connection, driving: Driving, lanes: Lanes): Promise<void> {
  const { model, random, restMs = 0 } = driving;
  while (!lanes.finished) {
    const n = model.next++;
    const wanted = lanes.large !== undefined || random.chance(LARGE_SHARE);
    const large = wanted ? chooseLarge(model, lanes.taken, { random, n }) : undefined;
    const intent = large ?? choose(model, lanes.taken, { random, n });
    take(lanes.taken, intent);
    const answering = attempt(connection, driving, { n, intent });
    if (large !== undefined && lanes.large !== undefined) {
      lanes.large.left -= 1;
      if (lanes.large.left === 0) {
        lanes.large.sent();
        lanes.large = undefined;
      }
    }
    const answer = await answering;
    // The connection broke: this write stays in flight, in the journal too.
    if (answer === undefined) return;
    if (answer !== UNAVAILABLE) {
      release(lanes.taken, intent);
      if (restMs > 0) await pause(restMs);
      continue;
    }
    // So does this one, and nobody else touches what it may have changed.
    lanes.unavailable += 1;
    await pause(AFTER_UNAVAILABLE_MS);
  }
}

const UNAVAILABLE = Symbol('503');
const AFTER_UNAVAILABLE_MS = 50;

/**
 * Makes one write: noted in the journal, sent at once, kept when it is acknowledged. Resolves to the id that it concerns,
 * or to undefined when the connection broke before the answer.
 */
export async function send(
  connection: Connection,
  writing: Writing,
  numbered: { n: number; intent: Intent },
): Promise<string | undefined> {
  const answer = await attempt(connection, writing, numbered);
  if (answer === UNAVAILABLE) throw new Error(`the write ${JSON.stringify(numbered).slice(0, 500)} was answered 503`);
  return answer;
}

async function attempt(
  connection: Connection,
  { target, model, journal }: Writing,
  { n, intent }: { n: number; intent: Intent },
): Promise<string | typeof UNAVAILABLE | undefined> {
  model.inFlight.set(n, intent);
  journal.note({ n, intent });
  const { method, path, body, statuses } = wireRequest(intent);
  const parts = { authorization: target.authorization };
  const request = requestBytes(
    method,
    `${target.base}${path}`,
    body === undefined ? parts : { ...parts, body: JSON.stringify(body) },
  );
  const answer = await connection.exchange(request).catch(() => undefined);
  if (answer === undefined) return undefined;
  if (answer.status === 503) return UNAVAILABLE;
  if (!statuses.includes(answer.status)) {
    throw new Error(
      `${method} ${path} was answered ${answer.status}: ${answer.body}\n${JSON.stringify(intent).slice(0, 2000)}`,
    );
  }
  const id = 'id' in intent ? intent.id : createdId(answer.body, intent);
  await journal.keep({ n, status: answer.status, id });
  acknowledge(model, n, id);
  return id;
}

function createdId(body: Buffer, intent: Intent): string {
  const { id } = JSON.parse(body.toString()) as { id?: unknown };
  if (typeof id !== 'string') throw new Error(`${intent.kind} was answered without an id: ${body}`);
  return id;
}
