import { migrate } from '../../src/store/postgres/migrate.ts';
import { prepareDatabase } from '../../src/store/postgres/prepare.ts';
import { openPostgres, superuser } from './postgres.ts';

/** One PostgreSQL for a whole run of tests. Its databases are copies of one that has the tables, and they share its roles. */
export interface Cluster {
  /** As the superuser, who makes the databases and looks into them: `postgres://postgres@localhost/postgres?host=/tmp/…`. */
  readonly superuserUrl: string;
  /** As the role of requests, of the database that is copied. */
  readonly databaseUrl: string;
  /** As the owner of its tables. */
  readonly ownerUrl: string;
}

export const TEMPLATE = 'joinery_template';

/**
 * Before the tests, by vitest (`globalSetup`): the workers find it in their environment. It ends with the run, however that
 * ends. Where it does not start, the tests that need it say why, and the others run.
 */
export async function setup(): Promise<() => Promise<void>> {
  try {
    const { cluster, remove } = await startCluster();
    process.env[GIVEN] = JSON.stringify(cluster);
    return remove;
  } catch (error) {
    process.env[GIVEN] = JSON.stringify({ failed: String(error) });
    return async () => undefined;
  }
}

let known: Promise<Cluster> | undefined;

/** The run's; where there is none (`npm run fuzz`), one that this process starts, and that ends with it. */
export function cluster(): Promise<Cluster> {
  known ??= findCluster();
  return known;
}

async function findCluster(): Promise<Cluster> {
  const text = process.env[GIVEN];
  if (text === undefined) return (await startCluster()).cluster;
  const given: Cluster | { readonly failed: string } = JSON.parse(text);
  if ('failed' in given) throw new Error(`no PostgreSQL could be started for the tests: ${given.failed}`);
  return given;
}

const GIVEN = 'JOINERY_TEST_CLUSTER';

async function startCluster(): Promise<{ cluster: Cluster; remove: () => Promise<void> }> {
  const server = await openPostgres();
  try {
    await server.start();
    await superuser(server.url('postgres'), `CREATE DATABASE ${TEMPLATE}`);
    const roles = { requests: 'joinery', owner: 'joinery_owner' };
    const { databaseUrl, ownerUrl } = await prepareDatabase(server.url(TEMPLATE), roles);
    await migrate(ownerUrl);
    // Whoever is connected to it keeps it from being copied.
    await superuser(server.url('postgres'), `ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`);
    const cluster = { superuserUrl: server.url('postgres'), databaseUrl, ownerUrl };
    return { cluster, remove: () => server.remove() };
  } catch (error) {
    await server.remove();
    throw error;
  }
}
