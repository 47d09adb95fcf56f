import { randomUUIDv7 } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { ChangeSet, Reader } from '../src/directory/index.ts';
import { USER } from '../src/scim/index.ts';
import { openStore } from '../src/store/index.ts';
import { migrate } from '../src/store/postgres/migrate.ts';
import { openPool } from '../src/store/postgres/pool.ts';
import { type Prepared, prepareDatabase, REQUEST_SCHEMAS } from '../src/store/postgres/prepare.ts';
import { transact } from '../src/store/postgres/transaction.ts';
import { openPostgres, superuser } from '../tests/harness/postgres.ts';
import { count, median } from './report.ts';
import type { Run } from './run.ts';

const CONNECTIONS = 16;
const AIM = 0.7;

/**
 * Creates in one directory over 16 connections, on a PostgreSQL that keeps what it acknowledges (fsync on), in turns:
 *
 *     with sequence and counts     what a server does; the time until the last change has its number is part of it
 *     the same inserts alone       nobody numbers or counts
 *     a counter in the transaction what decision 14 is instead of: one row of the directory, rewritten by every create
 */
export async function measureCreates({ options, say }: Run): Promise<void> {
  const { rounds = options.quick ? 3 : 7, milliseconds = options.quick ? 1_000 : 3_000 } = options;
  const postgres = await openPostgres({ durable: true });
  try {
    await postgres.start();
    const contenders: Contender[] = [];
    for (const [index, open] of [withSequence, insertsAlone, withCounter].entries()) {
      const name = `bench_${index}`;
      await superuser(postgres.url('postgres'), `CREATE DATABASE ${name}`);
      const prepared = await prepareDatabase(postgres.url(name), { requests: name, owner: `${name}_owner` });
      await migrate(prepared.ownerUrl);
      contenders.push(await open(prepared, postgres.url(name)));
    }
    const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
    for (const contender of contenders) await creates(contender, milliseconds / 3);
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of contenders) rates.get(contender.name)?.push(await creates(contender, milliseconds));
      say(`round ${round} of ${rounds} done`);
    }
    for (const contender of contenders) await contender.close();
    report(rates);
  } finally {
    await postgres.remove();
  }
}

interface Contender {
  readonly name: string;
  create(set: ChangeSet): Promise<void>;
  /** Resolves when nothing is left to be done for what was created. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const SEQUENCE = 'with sequence and counts';
const ALONE = 'the same inserts alone';
const COUNTER = 'a counter in the transaction';

const DIRECTORY = randomUUIDv7();

async function withSequence({ databaseUrl, ownerUrl }: Prepared): Promise<Contender> {
  const store = await openStore({ url: databaseUrl, ownerUrl, connections: CONNECTIONS });
  return {
    name: SEQUENCE,
    create: (set) => store.write(DIRECTORY, (transaction) => transaction.commit(set)),
    settle: async () => void (await store.changesAfter(DIRECTORY, Number.MAX_SAFE_INTEGER, 1)),
    close: () => store.close(),
  };
}

async function insertsAlone({ databaseUrl }: Prepared): Promise<Contender> {
  const pool = openPool({ url: databaseUrl, size: CONNECTIONS, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  return {
    name: ALONE,
    create: (set) =>
      transact(pool, { directory: DIRECTORY, reader: noReader, work: (transaction) => transaction.commit(set) }),
    settle: async () => undefined,
    close: () => pool.close(),
  };
}

async function withCounter({ databaseUrl }: Prepared, superuserUrl: string): Promise<Contender> {
  await superuser(
    superuserUrl,
    'CREATE TABLE public.counters (directory text PRIMARY KEY, n bigint NOT NULL)',
    `INSERT INTO public.counters VALUES ('${DIRECTORY}', 0)`,
    'GRANT SELECT, UPDATE ON public.counters TO PUBLIC',
  );
  const pool = openPool({ url: databaseUrl, size: CONNECTIONS, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  return {
    name: COUNTER,
    create: (set) =>
      transact(pool, {
        directory: DIRECTORY,
        // The session is handed to whoever makes the reader, and to nobody else.
        reader: (session) => {
          void session.run('UPDATE public.counters SET n = n + 1 WHERE directory = $1', DIRECTORY);
          return noReader();
        },
        work: (transaction) => transaction.commit(set),
      }),
    settle: async () => undefined,
    close: () => pool.close(),
  };
}

/** A create that meets nobody reads nothing here. */
function noReader(): Reader {
  return undefined as unknown as Reader;
}

/** Creates per second. */
async function creates(contender: Contender, milliseconds: number): Promise<number> {
  const since = performance.now();
  let made = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - since < milliseconds) {
      await contender.create(createOne());
      made += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  await contender.settle();
  return (made * 1000) / (performance.now() - since);
}

let number = 0;

function createOne(): ChangeSet {
  number += 1;
  const id = randomUUIDv7();
  const at = new Date().toISOString();
  const userName = `person.${number}@bench.example`;
  const resource = {
    schemas: [USER.schema.id],
    id,
    externalId: `00u${number}`,
    userName,
    name: { givenName: 'Given', familyName: `Family ${number}` },
    emails: [{ value: userName, type: 'work', primary: true }],
    displayName: `Given Family ${number}`,
    active: true,
  };
  const after = { type: USER, id, version: 1, created: at, modified: at, resource, text: JSON.stringify(resource) };
  return {
    by: { kind: 'credential', id: 'bench', name: 'bench' },
    requestId: id,
    at,
    changes: [{ kind: 'created', after }],
  };
}

function report(rates: ReadonlyMap<string, readonly number[]>): void {
  const medians = new Map(Array.from(rates, ([name, all]) => [name, median(all)]));
  const alone = medians.get(ALONE) ?? Number.NaN;
  console.log(`\nCreates in one directory over ${CONNECTIONS} connections, PostgreSQL, fsync on (medians)`);
  for (const [name, rate] of medians) {
    const share = (rate / alone).toFixed(2);
    console.log(`${name.padEnd(30)}${count(Math.round(rate)).padStart(8)}/s${share.padStart(8)}`);
  }
  const share = (medians.get(SEQUENCE) ?? Number.NaN) / alone;
  console.log(
    `\nwith sequence and counts: at least ${AIM} of the same inserts alone   ${share.toFixed(2)}  ${share >= AIM ? 'held' : 'NOT HELD'}`,
  );
}
