import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepareDatabase } from '../src/store/postgres/prepare.ts';
import { type PostgresServer, superuser } from '../tests/harness/postgres.ts';
import type { Contender } from './figures.ts';
import { type Gauged, withGauge } from './measured.ts';
import { userName } from './people.ts';
import { seededGroupId, seededId } from './seed.ts';
import { groupsOf } from './seed-people.ts';
import { floorOn, joineryOn, openSite, type Site, type Start } from './servers.ts';
import { eachInFlight, type Part, type Person, part, scim } from './world.ts';

/**
 * One server on a database that was filled with one number of users by SQL. Person `index` is the same in all worlds, and has
 * the place `index` in the list. Which users serve what, as shares of it:
 *
 *     0 ── 0.2 ── 0.4 ─────────── 0.6 ─────── 0.8 ────────── 0.9 ── 1
 *     │PUT │PATCH │     page      │join groups│in 3 big groups│      │
 *     └── filter, get ──┘                     └ page, 3 groups┘
 *
 * so that no operation changes the size of what another one reads.
 */
export interface World extends Gauged {
  readonly contender: Contender;
  readonly size: number;
  /** Groups of 10 members. */
  readonly smallGroups: readonly string[];
  /** Three groups with a tenth of all users each. */
  readonly bigGroups: readonly string[];
  /** What GET answered for the users that are PUT, as Okta would send it back. */
  readonly replies: readonly { readonly id: string; readonly resource: Record<string, unknown> }[];
  /** Ids made while measuring creates, to be removed before the next measurement. */
  readonly created: string[];
  /** How many requests each operation has sent here. */
  readonly turns: Map<string, number>;
}

/** A world whose server does not run. */
export interface Filled {
  readonly contender: Exclude<Contender, 'bare'>;
  readonly size: number;
  readonly folder: string;
  readonly start: Start;
  /** Of Joinery. */
  readonly site?: Site;
}

export interface Filling {
  readonly folder: string;
  readonly entry: string;
  /** Absent: no world on PostgreSQL. */
  readonly postgres: PostgresServer | undefined;
}

/** Makes a database for a contender, with so many users in it. */
export async function fill(contender: Filled['contender'], size: number, filling: Filling): Promise<Filled> {
  const folder = join(filling.folder, `${contender}-${size}`);
  mkdirSync(folder);
  if (contender === 'floor' || contender === 'history') {
    const file = join(folder, 'floor.db');
    await runFill([contender, String(size), file], process.env);
    const program = contender === 'floor' ? 'floor.ts' : 'floor-with-history.ts';
    return { contender, size, folder, start: floorOn(program, file) };
  }
  const given = contender === 'sqlite' ? {} : await databaseIn(filling.postgres as PostgresServer, size);
  const site = await openSite(folder, filling.entry, { ...given, LOG_LEVEL: 'warn' });
  if (size > 0) await runFill(['joinery', String(size)], site.environment);
  return { contender, size, folder, start: joineryOn(site), site };
}

const FILL = fileURLToPath(new URL('./fill.ts', import.meta.url));

async function runFill(words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await promisify(execFile)(process.execPath, [FILL, ...words], { env });
}

/** What the environment of a server must say to be on a database of its own there, over the unix socket. */
async function databaseIn(postgres: PostgresServer, size: number): Promise<Record<string, string>> {
  const name = `joinery_${size}`;
  await superuser(postgres.url('postgres'), `CREATE DATABASE ${name}`);
  const prepared = await prepareDatabase(postgres.url(name), { requests: name, owner: `${name}_owner` });
  return { DATABASE_URL: prepared.databaseUrl, DATABASE_OWNER_URL: prepared.ownerUrl };
}

/** Starts a world's server, and reads whom it will PUT. */
export async function open({ contender, size, folder, start }: Filled): Promise<World> {
  const gauged = await withGauge(start, join(folder, 'gauge.sock'));
  const { small, big } = groupsOf(size, { groups: true, groupsEach: 0 });
  const ids = [...small, ...big].map((_, index) => seededGroupId(index));
  const replies: { id: string; resource: Record<string, unknown> }[] = [];
  const updated = part(size, 0, 0.2);
  const sampled = Math.min(MOST_PUT, updated.count);
  await eachInFlight(gauged.server, sampled, (index) => {
    const { id } = personIn(updated, index * Math.floor(updated.count / sampled));
    return {
      request: scim(gauged.server, 'GET', `/Users/${id}`),
      status: 200,
      take: (body) => {
        replies[index] = { id, resource: JSON.parse(body.toString()) };
      },
    };
  });
  await gauged.gauge.read('rest');
  return {
    ...gauged,
    contender,
    size,
    smallGroups: ids.slice(0, small.length),
    bigGroups: ids.slice(small.length),
    replies,
    created: [],
    turns: new Map(),
  };
}

const MOST_PUT = 400;

export function person(index: number): Person {
  return { id: seededId(index), userName: userName(index) };
}

/** The nth of a part, which begins again where it ends. */
export function personIn({ first, count }: Part, nth: number): Person {
  return person(first + (nth % count));
}

/** @throws when a world has another number of users than it was filled with */
export async function checkTotal({ server, size }: World): Promise<void> {
  await eachInFlight(server, 1, () => ({
    request: scim(server, 'GET', '/Users?startIndex=1&count=1'),
    status: 200,
    take: (body) => {
      const { totalResults } = JSON.parse(body.toString()) as { totalResults: number };
      if (totalResults !== size) throw new Error(`${server.name} has ${totalResults} users at the end, not ${size}`);
    },
  }));
}
