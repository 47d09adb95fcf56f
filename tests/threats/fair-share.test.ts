import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  DATABASES,
  openDatabase,
  runCommand,
  type ServerProcess,
  startServer,
  startServerProcess,
  type TestDatabase,
} from '../harness/index.ts';
import { type Connection, openConnection, requestBytes } from '../process/connection.ts';
import { user } from './world.ts';

const PACE_MS = 40;
/** Fewer than these may all be worked on at once. */
const MANY = 150;

describe.each(DATABASES)('T-DOS-05 directories at full speed, on %s', (name) => {
  let database: TestDatabase;
  let server: ServerProcess;
  let port: number;
  const open: Connection[] = [];
  beforeEach(async () => {
    database = await openDatabase(name);
    server = await startServerProcess({ ...database.env, LOG_LEVEL: 'info' });
    port = server.port;
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.close();
    await server.stop();
    await database.remove();
  });

  async function tokenOf(slug: string): Promise<string> {
    await succeed(['organization', 'create', '--name', slug, '--slug', slug]);
    const made = await succeed(['token', 'create', '--organization', slug, '--name', 'Okta', '--json']);
    return JSON.parse(made).token;
  }

  async function succeed(words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runCommand(words, database.env);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  async function connection(): Promise<Connection> {
    const one = await openConnection(port);
    open.push(one);
    return one;
  }

  /** Over each connection one request after the other, until it is ended. Resolves to what each was answered. */
  async function press(connections: number, make: (nth: number) => Buffer): Promise<() => Promise<number[]>> {
    let isOver = false;
    let nth = 0;
    const asked: number[] = [];
    const lanes = await Promise.all(Array.from({ length: connections }, connection));
    const running = lanes.map(async (lane) => {
      while (!isOver) asked.push(await exchange(lane, make(nth++)));
    });
    return async () => {
      isOver = true;
      await Promise.all(running);
      return asked;
    };
  }

  /** 25 requests a second, whatever becomes of them: a create, a look-up of who was created, and on. */
  async function steady(token: string, seconds: number): Promise<number[]> {
    const lanes = await Promise.all(Array.from({ length: 16 }, connection));
    const asked: Promise<number>[] = [];
    for (let nth = 0; nth < (seconds * 1_000) / PACE_MS; nth += 1) {
      const lane = lanes.shift() ?? (await connection());
      const request = nth % 2 === 0 ? create(token, `steady-${nth}`) : lookUp(token, `steady-${nth - 1}`);
      asked.push(exchange(lane, request).finally(() => lanes.push(lane)));
      await new Promise((resolve) => setTimeout(resolve, PACE_MS));
    }
    return Promise.all(asked);
  }

  test('who sends 25 requests a second is served sooner than who pushes over four hundred connections', async () => {
    const [noisy, quiet] = [await tokenOf('noisy'), await tokenOf('quiet')];
    const end = await press(400, (nth) => create(noisy, `noisy-${nth}`));
    const served = await steady(quiet, 3);
    const pushed = await end();
    expect(statusesOf(served)).toEqual([200, 201]);
    expect(statusesOf(pushed)).toEqual([201]);
    await server.stop();
    // By the server's own log, in the order in which it answered: how long anything takes says more of the machine.
    const [quietly = [], loudly = []] = createdIn(server.output());
    expect([quietly.length, loudly.length]).toEqual([Math.ceil(served.length / 2), pushed.length]);
    const shares = quietly.flatMap((one) => shareBehind(one, loudly));
    expect(shares.length).toBeGreaterThan(quietly.length / 4);
    // In one line with the others it would wait for all that were there before it, and the share would be 0.
    expect(median(shares)).toBeGreaterThan(0.25);
  });

  test('T-DOS-07 beside a flood of tokens that nobody has, one that is seen for the first time opens its directory', async () => {
    const tokens = [await tokenOf('one'), await tokenOf('two')];
    const end = await press(1_200, () => lookUp(`jn-${randomBytes(32).toString('base64url')}`, 'anybody'));
    const own = await connection();
    const opened: number[] = [];
    for (const token of tokens) {
      await pause(1_000);
      opened.push(await exchange(own, lookUp(token, 'anybody')));
    }
    expect(statusesOf(await end())).toEqual([401]);
    expect(opened).toEqual([200, 200]);
  });

  test('who sends 25 requests a second is never refused beside twenty that push', async () => {
    const here = await startServer({ database: name });
    port = here.port;
    const quiet = (await here.mint('Okta', { organization: 'quiet' })).token;
    const ends: (() => Promise<number[]>)[] = [];
    for (let n = 0; n < 20; n += 1) {
      const { token } = await here.mint('Okta', { organization: `noisy-${n}` });
      ends.push(await press(8, (nth) => (n % 2 === 0 ? create(token, `u${nth}`) : lookUp(token, `u${nth}`))));
    }
    const served = await steady(quiet, 3);
    const pushed = await Promise.all(ends.map((end) => end()));
    expect(statusesOf(served)).toEqual([200, 201]);
    // Nor is anybody else, and each has its share.
    expect(pushed.map(statusesOf)).toEqual(Array.from({ length: 20 }, (_, n) => [n % 2 === 0 ? 201 : 200]));
    for (const connection of open.splice(0)) connection.close();
    await here.close();
  });
});

async function exchange(lane: Connection, request: Buffer): Promise<number> {
  return (await lane.exchange(request)).status;
}

function create(token: string, userName: string): Buffer {
  const body = JSON.stringify(user(userName));
  return requestBytes('POST', '/scim/v2/Users', { authorization: `Bearer ${token}`, body });
}

function lookUp(token: string, userName: string): Buffer {
  const path = `/scim/v2/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`;
  return requestBytes('GET', path, { authorization: `Bearer ${token}` });
}

function statusesOf(answers: readonly number[]): number[] {
  return [...new Set(answers)].sort((a, b) => a - b);
}

interface Created {
  readonly directory: string;
  /** In ms since 1970. */
  readonly began: number;
  readonly ended: number;
  /** Its place among all that were answered. */
  readonly place: number;
}

/** The creates, directory by directory: those of the fewest first. */
function createdIn(output: string): Created[][] {
  const lines = output.split('\n').filter((line) => line.includes('"status":201'));
  const created = lines.map((line, place): Created => {
    const { directory, time, ms } = JSON.parse(line) as { directory: string; time: string; ms: number };
    const ended = Date.parse(time);
    return { directory, began: ended - ms, ended, place };
  });
  const byDirectory = Object.values(Object.groupBy(created, ({ directory }) => directory));
  return byDirectory.map((each = []) => each).sort((a, b) => a.length - b.length);
}

/** Of the others that were waiting when it came, the share that was answered after it; nothing where next to none waited. */
function shareBehind(one: Created, others: readonly Created[]): readonly number[] {
  const waited = others.filter(({ began, ended }) => began < one.began && ended > one.began);
  if (waited.length < MANY) return [];
  return [waited.filter(({ place }) => place > one.place).length / waited.length];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
