import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from '../tests/process/connection.ts';
import { firstToken, type JoinerySite, runCommand, startJoinery, stopJoinery } from '../tests/process/joinery.ts';
import { onEachDatabase } from './each-database.ts';
import { percentile } from './figures.ts';
import { userBody } from './people.ts';
import { startReaders } from './readers.ts';
import { count, table } from './report.ts';
import type { Run } from './run.ts';
import { createGroups, eachInFlight, type Person, type Server, scim, walk } from './world.ts';

const USERS = 50_000;
const QUICK_USERS = 2_000;
/** Of all users. */
const LEAVERS = 0.2;
const GROUP_SIZE = 100;
const MOST_SECONDS = 20;
const MOST_P99_MS = 250;

/**
 * A mass deactivation by mistake, and taking it back with the command line beside the server, while somebody reads: a fifth
 * of the users, each in two groups and with a role; half of them are removed, half become inactive and lose their role. All
 * that SCIM shows must be as it was, but for versions and times.
 */
export async function measureUndo(run: Run): Promise<void> {
  const { options, say } = run;
  const [users = options.quick ? QUICK_USERS : USERS] = options.sizes ?? [];
  const results = await onEachDatabase(run, (site, name) => measure(site, { name, users, say }));
  const aims = `at most ${MOST_SECONDS} s, and a p99 of ${MOST_P99_MS} ms`;
  console.log(`\nUndo of ${count(users * LEAVERS)} deactivations of ${count(users)} users, fsync on (aim: ${aims})`);
  table(
    ['database', 'dry run', 'undo', 'GETs meanwhile', 'p50', 'p99', 'longest', 'foretold', 'as before'],
    results.map((one) => [
      one.name,
      `${one.drySeconds.toFixed(1)} s`,
      `${one.seconds.toFixed(1)} s`,
      count(one.gets),
      `${one.p50.toFixed(1)} ms`,
      `${one.p99.toFixed(1)} ms`,
      `${one.longest.toFixed(0)} ms`,
      one.foretold ? 'exactly' : 'NO',
      one.asBefore ? 'yes' : 'NO',
    ]),
  );
  const failed = results.filter((one) => !one.foretold || !one.asBefore);
  if (failed.length > 0) throw new Error('an undo did not do what it said, or did not restore everything');
}

interface Result {
  readonly name: string;
  readonly drySeconds: number;
  readonly seconds: number;
  readonly gets: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  readonly foretold: boolean;
  readonly asBefore: boolean;
}

interface Measuring {
  readonly name: string;
  readonly users: number;
  readonly say: (line: string) => void;
}

async function measure(site: JoinerySite, { name, users, say }: Measuring): Promise<Result> {
  const { token } = await firstToken(site);
  const running = await startJoinery(site);
  try {
    const server = {
      name,
      port: site.port,
      pid: running.child.pid ?? 0,
      authorization: `Bearer ${token}`,
      base: '/scim/v2',
    };
    say(`${name}: filling up to ${count(users)} users`);
    const roles = [{ value: 'admin', primary: true }];
    await eachInFlight(server, users, (index) => ({
      request: scim(server, 'POST', '/Users', { ...userBody(index), roles }),
      status: 201,
    }));
    const { people } = await walk(server, users);
    const leavers = people.filter((_, index) => index % (1 / LEAVERS) === 0);
    const groups = await fillGroups(server, leavers);
    const before = await picture(server, { users, groups });

    await sleep(20);
    const from = new Date().toISOString();
    say(`${name}: deactivating ${count(leavers.length)}`);
    await deactivate(server, leavers);
    const undo = ['undo', '--organization', 'acme', '--from', from, '--to', new Date().toISOString(), '--json'];
    say(`${name}: a dry run, and the undo`);
    const dry = await timed(() => command(site, [...undo, '--dry-run']));
    const staying = people.filter((_, index) => index % (1 / LEAVERS) !== 0);
    const readers = startReaders(server, () => staying[Math.floor(Math.random() * staying.length)] as Person);
    const real = await timed(() => command(site, [...undo, '--yes']));
    const latencies = await readers.end();
    return {
      name,
      drySeconds: dry.seconds,
      seconds: real.seconds,
      gets: latencies.length,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      longest: percentile(latencies, 1),
      foretold: reportIn(dry.value) === reportIn(real.value),
      asBefore: (await picture(server, { users, groups })) === before,
    };
  } finally {
    await stopJoinery(running);
  }
}

/** Each of them is in two. */
async function fillGroups(server: Server, leavers: readonly Person[]): Promise<readonly string[]> {
  const some = Math.ceil(leavers.length / GROUP_SIZE);
  const groups = await createGroups(server, some, (index) => ({
    displayName: `Team ${index}`,
    members: leavers.slice(index * GROUP_SIZE, (index + 1) * GROUP_SIZE),
  }));
  const others = await createGroups(server, some, (index) => ({
    displayName: `Office ${index}`,
    members: leavers.filter((_, nth) => nth % some === index),
  }));
  return [...groups, ...others];
}

/** As Okta does: DELETE, or PATCH. */
function deactivate(server: Server, leavers: readonly Person[]): Promise<void> {
  const message = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [
      { op: 'replace', value: { active: false } },
      { op: 'remove', path: 'roles' },
    ],
  };
  return eachInFlight(server, leavers.length, (index) => {
    const path = `/Users/${leavers[index]?.id}`;
    return index % 2 === 0
      ? { request: scim(server, 'DELETE', path), status: 204 }
      : { request: scim(server, 'PATCH', path, message), status: 200 };
  });
}

/** A digest of all users and groups that SCIM shows, by id. */
async function picture(
  server: Server,
  { users, groups }: { users: number; groups: readonly string[] },
): Promise<string> {
  const seen = new Map<string, string>();
  // One after another, as an import does: a page goes on after the last record of the one before it.
  const connection = await openConnection(server.port);
  for (let start = 1; start <= users; start += 100) {
    const { body } = await connection.exchange(scim(server, 'GET', `/Users?startIndex=${start}&count=100`));
    for (const { id, meta: _, ...user } of JSON.parse(body.toString()).Resources) seen.set(id, digest(user));
  }
  connection.close();
  await eachInFlight(server, groups.length, (index) => ({
    request: scim(server, 'GET', `/Groups/${groups[index]}`),
    status: 200,
    take: (body) => {
      const { id, meta: _, ...group } = JSON.parse(body.toString());
      seen.set(id, digest(group));
    },
  }));
  return digest([seen.size, [...seen].sort()]);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64');
}

async function command(site: JoinerySite, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(site, words);
  if (code !== 0) throw new Error(`joinery ${words.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

/** What it says will happen, or has happened, and nothing else. */
function reportIn(stdout: string): string {
  const { dryRun: _, requestId: __, ...report } = JSON.parse(stdout);
  return JSON.stringify(report);
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const began = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - began) / 1000 };
}
