import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type JoinerySite, stopJoinery } from '../process/joinery.ts';
import { readDirectory } from './directory.ts';
import { type DatabaseName, groundOf, JOURNAL } from './ground.ts';
import { makeTokens } from './made-tokens.ts';
import { type MeasuredServer, startMeasuredServer } from './measured-server.ts';
import { watchMemory } from './memory.ts';
import { startPatientProxy } from './patient-proxy.ts';
import { type Provided, type Provider, provide, SETUPS } from './providers.ts';
import { seededRandom } from './random.ts';
import { type Away, readLog } from './server-log.ts';
import { watchSizes } from './sizes.ts';
import { createWitness } from './witness.ts';
import { startWriter } from './writer.ts';

export interface StageOptions {
  readonly database: DatabaseName;
  readonly seed: number;
  readonly folder: string;
  readonly entry: string;
}

/** One database with its server, and all who work on it. */
export interface Stage {
  /** What was done so far, in one line. */
  readonly shown: () => string;
  /** Until then (`performance.now()`) the server, or its database, is stopped and killed at random moments. */
  disturb(until: number): Promise<void>;
  /** Until then nothing befalls the server, and its memory may not grow. */
  leaveAlone(until: number): Promise<void>;
  /** Lets everyone finish, reads everything back, and prints what was found; resolves to what is broken. */
  conclude(): Promise<readonly string[]>;
  end(): Promise<void>;
}

const PROVIDERS = 20;
/** The longest time between two mishaps. */
const MOST_BETWEEN_MS = 30_000;
/** The server hears of the database's return within this. */
const RECOVERED_MS = 6_000;
/** Small enough that it is full within minutes. */
const JOURNAL_MIB = 16;
/** It may have a quarter more before it is swept; letters of two bytes, and indexes, come on top. */
const MOST_JOURNAL = 3 * JOURNAL_MIB * 2 ** 20;

export async function openStage({ database, seed, folder, entry }: StageOptions): Promise<Stage> {
  mkdirSync(folder, { recursive: true });
  const ground = await groundOf(database, join(folder, 'server'), entry);
  const witness = createWitness();
  const proxy = await startPatientProxy(() => ground.site.port, witness);
  const site: JoinerySite = {
    ...ground.site,
    environment: { ...ground.site.environment, PUBLIC_URL: proxy.origin, JOURNAL_MIB: String(JOURNAL_MIB) },
  };
  const tokens = await makeTokens(site, PROVIDERS + 1);
  const random = seededRandom(seed);
  const sizes = watchSizes(ground.growing.map((one) => (one.name === JOURNAL ? { ...one, most: MOST_JOURNAL } : one)));
  const faults: string[] = [];
  const away: Away[] = [];
  const befallen = new Map<string, number>();
  let server: MeasuredServer = await startMeasuredServer(site);
  const memory = watchMemory(server);
  const stopped = new AbortController();
  const provided: Provided = { runs: 0, faults };
  const providing = Promise.all(
    tokens.slice(1).map((token, index) => provide(providerOf(token, index), provided, stopped.signal)),
  );
  const writer = await startWriter({ site, token: tokens[0] ?? '', folder, seed });

  return { shown, disturb, leaveAlone, conclude, end };

  function providerOf(token: string, index: number): Provider {
    const setup = SETUPS[index % SETUPS.length] ?? SETUPS[0];
    return { setup, baseUrl: `${proxy.origin}/scim/v2`, token, random: seededRandom(seed * 1_000 + index) };
  }

  function shown(): string {
    const { calls, again, statuses } = proxy.tally;
    const refused = [...statuses].filter(([status]) => status === 429 || status >= 500);
    return [
      `${database}: ${provided.runs} runs, ${calls} calls (${again} again${refused.map(([status, times]) => `, ${status} ${times}`).join('')})`,
      `${witness.acknowledged()} + ${writer.acknowledged()} writes acknowledged`,
      Array.from(befallen, ([name, times]) => `${name} ${times}`).join(', ') || 'undisturbed',
      memory.shown(),
      sizes.shown(),
      `${faults.length + proxy.tally.faults.length + witness.faults.length} faults`,
    ].join(' · ');
  }

  async function disturb(until: number): Promise<void> {
    const most = Math.min(MOST_BETWEEN_MS, (until - performance.now()) / 2);
    for (;;) {
      const rest = 1_000 + random.integer(Math.max(1, most - 1_000));
      if (performance.now() + rest > until) break;
      await pause(rest);
      await befall();
    }
    await pause(Math.max(0, until - performance.now()));
  }

  async function befall(): Promise<void> {
    const what = random.integer(2 + ground.mishaps.length);
    const mishap = ground.mishaps[what - 2];
    const name = what === 0 ? 'stopped' : what === 1 ? 'killed' : (mishap?.name ?? '');
    befallen.set(name, (befallen.get(name) ?? 0) + 1);
    const from = Date.now();
    if (mishap !== undefined) {
      // The writer's calls in flight are done or not, which only the directory can tell, once it is there again.
      await mishap.happen();
      away.push({ from, to: Date.now() + RECOVERED_MS });
      await pause(1_000);
      await writer.settle();
      return;
    }
    await stopJoinery(server, what === 0 ? 'SIGTERM' : 'SIGKILL');
    if (what === 0 && server.child.exitCode !== 0) {
      faults.push(`asked to stop, the server ended with ${server.child.exitCode ?? server.child.signalCode}`);
    }
    await pause(random.integer(300));
    server = await startMeasuredServer(site);
    memory.of(server);
    await writer.settle();
  }

  async function leaveAlone(until: number): Promise<void> {
    // What a server needs once (code, caches, statements) it has by then.
    await pause(Math.max(0, (until - performance.now()) / 4));
    await memory.settle('first');
    await pause(Math.max(0, until - performance.now()));
    await memory.settle('last');
  }

  async function conclude(): Promise<readonly string[]> {
    stopped.abort();
    await providing;
    faults.push(...(await writer.finish()));
    if (Math.min(provided.runs, witness.acknowledged(), writer.acknowledged()) === 0) {
      faults.push('nothing was written, so that nothing could be lost');
    }
    for (const token of tokens.slice(1)) faults.push(...(await compare(token)));
    faults.push(...(await ground.contradictions()));
    memory.stop();
    sizes.stop();
    faults.push(...memory.faults(), ...sizes.faults());
    await stopJoinery(server);
    if (server.child.exitCode !== 0) faults.push(`at the end the server ended with ${server.child.exitCode}`);
    const log = await readLog(site.log, away);
    faults.push(...log.faults, ...proxy.tally.faults, ...witness.faults);
    console.log(`${shown()}`);
    console.log(`${database}: live heap ${memory.history()}`);
    const warned = Array.from(log.warnings, ([what, times]) => `${what} ${times}`).join(', ') || 'none';
    console.log(`${database}: ${log.lines} lines in the log, warnings: ${warned}`);
    for (const fault of faults.slice(0, 30)) console.log(`${database}: FAULT ${fault.slice(0, 2_000)}`);
    console.log(`${database}: ${faults.length} faults`);
    return faults;
  }

  async function compare(token: string): Promise<readonly string[]> {
    const target = { port: site.port, base: '/scim/v2', authorization: `Bearer ${token}` };
    const listed = await readDirectory(target);
    return [...listed.faults, ...witness.compare(token, new Map<string, unknown>([...listed.users, ...listed.groups]))];
  }

  async function end(): Promise<void> {
    stopped.abort();
    memory.stop();
    sizes.stop();
    await stopJoinery(server, 'SIGKILL');
    await proxy.close();
    await ground.end();
  }
}
