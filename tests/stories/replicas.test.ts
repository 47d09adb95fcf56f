import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { prepareDatabase } from '../../src/store/postgres/prepare.ts';
import { openPostgres, superuser } from '../harness/postgres.ts';
import { startBalancer } from '../process/balancer.ts';
import { openConnection, requestBytes } from '../process/connection.ts';
import {
  type CommandResult,
  firstToken,
  type JoineryToken,
  joinerySite,
  runCommand,
  spawnJoinery,
  startJoinery,
  stopJoinery,
} from '../process/joinery.ts';
import { contradictionsInPostgres } from '../soak/rows-postgres.ts';

test('two servers on one PostgreSQL share a provider’s calls, while a third one is killed and started again', {
  timeout: 240_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-replicas-'));
  const postgres = await openPostgres();
  try {
    await postgres.start();
    await superuser(postgres.url('postgres'), 'CREATE DATABASE joinery');
    const roles = { requests: 'joinery', owner: 'joinery_owner' };
    const { databaseUrl, ownerUrl } = await prepareDatabase(postgres.url('joinery'), roles);
    const environment = { DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: ownerUrl };
    const sites = await Promise.all(
      ['first', 'second', 'third'].map((name) => joinerySite(join(folder, name), 'src/main.ts', environment)),
    );
    const [first, second, third] = sites as [Site, Site, Site];
    const balancer = await startBalancer([first.port, second.port]);
    // They are known by the address of what stands in front of them.
    const known = { PUBLIC_URL: `http://127.0.0.1:${balancer.port}` };
    const behind = [first, second].map((site) => ({ ...site, environment: { ...site.environment, ...known } }));
    const servers = await Promise.all(behind.map((site) => startJoinery(site)));
    const { token, baseUrl } = await firstToken(behind[0] as Site);
    const other = await tokenOf(third, 'other');

    const over = { yes: false };
    const restarts = killAndRestart(third, other, over);
    const simulated: CommandResult[] = [];
    for (const flavour of FLAVOURS) simulated.push(await runCommand(first, simulate(flavour, { token, baseUrl })));
    over.yes = true;
    const { kills, written } = await restarts;

    for (const { code, stdout, stderr } of simulated) expect(code, stdout + stderr).toBe(0);
    expect(kills).toBeGreaterThan(2);
    expect(written).toBeGreaterThan(0);
    expect(Math.min(...balancer.calls)).toBeGreaterThan(100);
    const faults = await contradictionsInPostgres(postgres.url('joinery'));
    expect(faults).toEqual([]);
    await Promise.all(servers.map((server) => stopJoinery(server)));
    await balancer.close();
  } finally {
    await postgres.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});

type Site = Awaited<ReturnType<typeof joinerySite>>;

const FLAVOURS = ['aiw', 'oin-put', 'oin-patch'];

function simulate(flavour: string, { token, baseUrl }: JoineryToken): readonly string[] {
  return ['simulate', 'okta', '--base-url', baseUrl, '--token', token, '--users', '60', '--flavour', flavour];
}

async function tokenOf(site: Site, slug: string): Promise<JoineryToken> {
  for (const words of [
    ['organization', 'create', '--name', slug, '--slug', slug],
    ['token', 'create', '--organization', slug, '--name', 'ci', '--json'],
  ]) {
    const { code, stdout, stderr } = await runCommand(site, words);
    if (code !== 0) throw new Error(stderr);
    if (words[0] === 'token') return JSON.parse(stdout) as JoineryToken;
  }
  throw new Error('no token was made');
}

/** It has a directory of its own to write into, so that it dies in the middle of something. */
async function killAndRestart(
  site: Site,
  { token, baseUrl }: JoineryToken,
  over: { readonly yes: boolean },
): Promise<{ readonly kills: number; readonly written: number }> {
  let kills = 0;
  let written = 0;
  while (!over.yes) {
    const server = await startJoinery(site);
    const until = performance.now() + 500 + Math.random() * 500;
    const connection = await openConnection(site.port);
    const writing = (async () => {
      for (let n = 0; ; n += 1) {
        const userName = `k${kills}-${n}@example.com`;
        const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName });
        const path = `${new URL(baseUrl).pathname}/Users`;
        const answer = await connection
          .exchange(requestBytes('POST', path, { authorization: `Bearer ${token}`, body }))
          .catch(() => undefined);
        if (answer === undefined) return;
        expect(answer.status).toBe(201);
        written += 1;
      }
    })();
    await Promise.race([pause(until - performance.now()), writing]);
    await stopJoinery(server, 'SIGKILL');
    await writing;
    connection.close();
    kills += 1;
  }
  // The one that was killed last comes up once more.
  const last = spawnJoinery(site);
  await pause(100);
  await stopJoinery(last, 'SIGKILL');
  return { kills, written };
}
