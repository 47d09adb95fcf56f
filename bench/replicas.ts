import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { prepareDatabase } from '../src/store/postgres/prepare.ts';
import { openPostgres, superuser } from '../tests/harness/postgres.ts';
import { openConnection } from '../tests/process/connection.ts';
import { firstToken, joinerySite, startJoinery, stopJoinery } from '../tests/process/joinery.ts';
import { userBody } from './people.ts';
import { count, median, table } from './report.ts';
import type { Run } from './run.ts';
import type { Started } from './servers.ts';
import { eachInFlight, type Server, scim } from './world.ts';

const SERVERS = [1, 2, 3];
const IN_FLIGHT = 32;
const USERS = 50_000;
const QUICK_USERS = 2_000;

/**
 * What several servers do on one PostgreSQL that keeps what it acknowledges (fsync on): creates and reads a second of one,
 * two and three, in turns, with the same requests in flight; how many connections they have; how many bytes a user takes.
 */
export async function measureReplicas(run: Run): Promise<void> {
  const { options, say } = run;
  const { rounds = options.quick ? 1 : 3, milliseconds = options.quick ? 1_000 : 3_000 } = options;
  const [users = options.quick ? QUICK_USERS : USERS] = options.sizes ?? [];
  const postgres = await openPostgres({ durable: true });
  const running: Started[] = [];
  try {
    await postgres.start();
    await superuser(postgres.url('postgres'), 'CREATE DATABASE joinery');
    const ask = (sql: string) => rowsOf(postgres.url('joinery'), sql);
    const roles = { requests: 'joinery', owner: 'joinery_owner' };
    const { databaseUrl, ownerUrl } = await prepareDatabase(postgres.url('joinery'), roles);
    const servers = await startServers(run, running, { DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: ownerUrl });
    const results = SERVERS.map((number) => ({ number, creates: [] as number[], reads: [] as number[] }));
    for (let round = 1; round <= rounds; round += 1) {
      for (const { number, creates, reads } of results) {
        const loaded = servers.slice(0, number);
        creates.push(await rateOf(loaded, milliseconds, createOne));
        reads.push(await rateOf(loaded, milliseconds, readOne));
      }
      say(`round ${round} of ${rounds} done`);
    }
    console.log(`\nServers on one PostgreSQL, fsync on, ${IN_FLIGHT} requests in flight (medians)`);
    table(
      ['servers', 'creates/s', 'reads/s'],
      results.map(({ number, creates, reads }) => [String(number), rounded(median(creates)), rounded(median(reads))]),
    );
    const [first] = servers as [Server];
    await rateOf([first], 2_000, (server) => (Math.random() < 0.5 ? createOne(server) : readOne(server)));
    await printConnections(ask);
    say(`filling up to ${count(users)} users`);
    const missing = users - made.length;
    if (missing > 0) await eachInFlight(first, missing, () => createOne(first));
    await printSizes(ask);
  } finally {
    // The servers first: they let go of a database that is there.
    await Promise.all(running.map(({ stop }) => stop()));
    await postgres.remove();
  }
}

async function startServers(
  { folder, options }: Run,
  running: Started[],
  environment: Record<string, string>,
): Promise<Server[]> {
  const servers: Server[] = [];
  let authorization = '';
  for (const number of SERVERS) {
    const site = await joinerySite(join(folder, `replica-${number}`), options.entry, {
      ...environment,
      LOG_LEVEL: 'warn',
    });
    if (authorization === '') authorization = `Bearer ${(await firstToken(site)).token}`;
    const started = await startJoinery(site);
    const pid = started.child.pid ?? 0;
    const server = { name: `replica ${number}`, port: site.port, pid, authorization, base: '/scim/v2' };
    running.push({ server, stop: () => stopJoinery(started) });
    servers.push(server);
  }
  return servers;
}

/** The ids of who was created. */
const made: string[] = [];
let next = 0;

interface Request {
  readonly request: Buffer;
  readonly status: number;
  readonly take?: (body: Buffer) => void;
}

function createOne(server: Server): Request {
  next += 1;
  const take = (body: Buffer) => void made.push((JSON.parse(body.toString()) as { id: string }).id);
  return { request: scim(server, 'POST', '/Users', userBody(next)), status: 201, take };
}

function readOne(server: Server): Request {
  const id = made[Math.floor(Math.random() * made.length)] ?? '';
  return { request: scim(server, 'GET', `/Users/${id}`), status: 200 };
}

/** Requests a second, spread evenly over the servers. */
async function rateOf(servers: readonly Server[], milliseconds: number, make: (server: Server) => Request) {
  const since = performance.now();
  let done = 0;
  const lane = async (_: unknown, nth: number): Promise<void> => {
    const server = servers[nth % servers.length] as Server;
    const connection = await openConnection(server.port);
    while (performance.now() - since < milliseconds) {
      const { request, status, take } = make(server);
      const answer = await connection.exchange(request);
      if (answer.status !== status) throw new Error(`${server.name} answered ${answer.status}: ${answer.body}`);
      take?.(answer.body);
      done += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return (done * 1_000) / (performance.now() - since);
}

type Ask = (sql: string) => Promise<readonly Record<string, unknown>[]>;

async function rowsOf(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const [result] = await superuser(url, sql);
  return result?.rows ?? [];
}

async function printConnections(ask: Ask): Promise<void> {
  const rows = await ask(`SELECT usename::text AS role, count(*)::int AS n FROM pg_stat_activity
    WHERE application_name LIKE 'joinery%' GROUP BY 1 ORDER BY 1`);
  console.log(`\nConnections of ${SERVERS.length} servers, one of which was under load`);
  for (const { role, n } of rows) console.log(`${String(role).padEnd(16)}${String(n).padStart(4)}`);
}

async function printSizes(ask: Ask): Promise<void> {
  const rows = await ask(`SELECT relname::text AS name, n_live_tup::int AS live, n_dead_tup::int AS dead,
      pg_table_size(relid)::bigint::text AS rows, pg_indexes_size(relid)::bigint::text AS indexes
    FROM pg_stat_user_tables WHERE schemaname = 'joinery' AND pg_total_relation_size(relid) > 200000 ORDER BY 1`);
  console.log(`\nBytes a user takes, after ${count(made.length)} creates`);
  const each = (bytes: unknown): string => count(Math.round(Number(bytes) / made.length));
  table(
    ['table', 'rows', 'dead rows', 'bytes of rows', 'of indexes'],
    rows.map(({ name, live, dead, rows: bytes, indexes }) => [
      ...[String(name), count(Number(live)), count(Number(dead))],
      ...[each(bytes), each(indexes)],
    ]),
  );
}

function rounded(rate: number): string {
  return count(Math.round(rate));
}
