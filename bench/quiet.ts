import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Connection, openConnection, requestBytes } from '../tests/process/connection.ts';
import { type JoinerySite, runCommand, startJoinery, stopJoinery } from '../tests/process/joinery.ts';
import { onEachDatabase } from './each-database.ts';
import type { Noise, NoiseGiven, NoiseMade } from './noise.ts';
import { userBody } from './people.ts';
import { count, table } from './report.ts';
import type { Run } from './run.ts';

/** What a quiet directory sends in a second: what IPSIE wants served, always. */
const PER_SECOND = 25;
const SECONDS = 20;
const QUICK_SECONDS = 4;
const WARM_MS = 1_000;
const CROWD = 20;

interface Beside {
  readonly name: string;
  readonly directories: number;
  /** Of each. */
  readonly connections: number;
  readonly noise: Noise;
}

const BESIDE: readonly Beside[] = [
  { name: 'nobody', directories: 0, connections: 0, noise: 'creates' },
  { name: 'one, 32 connections, creates', directories: 1, connections: 32, noise: 'creates' },
  { name: 'one, 512 connections, creates', directories: 1, connections: 512, noise: 'creates' },
  { name: 'one, 32 connections, pages of 100', directories: 1, connections: 32, noise: 'pages' },
  { name: 'one, 512 connections, pages of 100', directories: 1, connections: 512, noise: 'pages' },
  { name: `${CROWD}, 32 connections each, creates`, directories: CROWD, connections: 32, noise: 'creates' },
];

interface Result {
  readonly beside: string;
  readonly database: string;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  readonly refused: number;
  readonly noise: NoiseMade;
}

/** How long a directory that sends 25 requests a second waits for its answers, while others push as much as they can. */
export async function measureQuiet(run: Run): Promise<void> {
  const results = (await onEachDatabase(run, (site, name) => measure(site, name, run))).flat();
  console.log(`\nA directory that sends ${PER_SECOND} requests a second, beside others at full speed (ms; fsync on)`);
  table(
    ['beside', 'database', 'p50', 'p99', 'longest', 'refused', 'theirs a second', 'refused of theirs'],
    results.map((one) => [
      one.beside,
      one.database,
      one.p50.toFixed(1),
      one.p99.toFixed(1),
      one.longest.toFixed(0),
      String(one.refused),
      count(Math.round(one.noise.perSecond)),
      count(one.noise.refused),
    ]),
  );
  if (results.some(({ refused }) => refused > 0)) throw new Error('the quiet directory was refused');
}

async function measure(site: JoinerySite, database: string, { options, say }: Run): Promise<readonly Result[]> {
  const quiet = await tokenOf(site, 'quiet');
  const noisy = await Promise.all(Array.from({ length: CROWD }, (_, index) => tokenOf(site, `noisy-${index}`)));
  const running = await startJoinery(site);
  const results: Result[] = [];
  try {
    const to = { port: site.port, base: '/scim/v2' };
    let from = 0;
    await fill(to, noisy[0] ?? '');
    for (const beside of BESIDE) {
      say(`${database}: beside ${beside.name}`);
      from += 1_000_000;
      const tokens = noisy.slice(0, beside.directories);
      const noise = tokens.length === 0 ? undefined : await begin({ ...to, ...beside, tokens, from });
      await sleep(WARM_MS);
      const seconds = options.quick ? QUICK_SECONDS : SECONDS;
      const asked = await ask({ ...to, token: quiet, from, seconds });
      const made = (await noise?.()) ?? { perSecond: 0, refused: 0 };
      results.push({ beside: beside.name, database, ...asked, noise: made });
    }
  } finally {
    await stopJoinery(running);
  }
  return results;
}

async function tokenOf(site: JoinerySite, slug: string): Promise<string> {
  await command(site, ['organization', 'create', '--name', slug, '--slug', slug]);
  const made = await command(site, ['token', 'create', '--organization', slug, '--name', 'bench', '--json']);
  return (JSON.parse(made) as { token: string }).token;
}

async function command(site: JoinerySite, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(site, words);
  if (code !== 0) throw new Error(`joinery ${words.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

interface To {
  readonly port: number;
  readonly base: string;
}

/** A page of 100 for those who ask for one. */
async function fill({ port, base }: To, token: string): Promise<void> {
  const connection = await openConnection(port);
  for (let index = 0; index < 100; index += 1) {
    const body = JSON.stringify(userBody(index));
    await connection.exchange(requestBytes('POST', `${base}/Users`, { authorization: `Bearer ${token}`, body }));
  }
  connection.close();
}

/** Resolves when the noise has begun, to what ends it. */
async function begin(given: NoiseGiven): Promise<() => Promise<NoiseMade>> {
  const child = fork(fileURLToPath(new URL('./noise.ts', import.meta.url)), [JSON.stringify(given)]);
  await once(child, 'message');
  return async () => {
    const made = once(child, 'message');
    child.send('stop');
    return (await made)[0] as NoiseMade;
  };
}

interface Asking extends To {
  readonly token: string;
  readonly from: number;
  readonly seconds: number;
}

/** Sends at the same pace whatever comes back, as whoever has 25 things to do in a second does: a create, a look-up, and on. */
async function ask({
  port,
  base,
  token,
  from,
  seconds,
}: Asking): Promise<Omit<Result, 'beside' | 'database' | 'noise'>> {
  const authorization = `Bearer ${token}`;
  const idle: Connection[] = [];
  const latencies: number[] = [];
  let refused = 0;
  const one = async (index: number): Promise<void> => {
    const person = userBody(from + (index >> 1));
    const request =
      index % 2 === 0
        ? requestBytes('POST', `${base}/Users`, { authorization, body: JSON.stringify(person) })
        : requestBytes('GET', `${base}/Users?filter=userName%20eq%20%22${person.userName}%22`, { authorization });
    const began = performance.now();
    const connection = idle.pop() ?? (await openConnection(port));
    const { status } = await connection.exchange(request);
    latencies.push(performance.now() - began);
    if (status === 429 || status === 503) refused += 1;
    else if (status !== (index % 2 === 0 ? 201 : 200)) throw new Error(`the quiet directory was answered ${status}`);
    idle.push(connection);
  };
  const all: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < seconds * PER_SECOND; index += 1) {
    await sleep(Math.max(0, began + (1_000 * index) / PER_SECOND - performance.now()));
    all.push(one(index));
  }
  await Promise.all(all);
  for (const connection of idle) connection.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), longest: at(1), refused };
}
