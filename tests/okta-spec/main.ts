import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createGroups, createUsers, personAt, type Server, walk } from '../../bench/world.ts';
import { runOktaEntitlementDiscovery, runOktaSpec, type StepOutcome } from '../../src/idp/index.ts';
import { firstToken, joinerySite, startJoinery, stopJoinery } from '../process/joinery.ts';

/**
 * Okta's SPEC suite (idp-clients §1.12), step by step, against a server that holds a large directory; then its
 * Entitlements suite, against every endpoint of them that the server declares:
 *
 *     npm run okta-spec -- --users 100000 --config examples/extensions/joinery.config.ts
 *
 * Exits 1 when an assertion does not hold, or when `/Groups` is not well under Okta's 600 ms.
 */
const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '100000' },
    groups: { type: 'string', default: '500' },
    entry: { type: 'string', default: 'src/main.ts' },
    config: { type: 'string', default: 'examples/extensions/joinery.config.ts' },
  },
});
const users = Number(options.users);
const GROUPS_STEP = 10;
const WELL_UNDER_MS = 300;

const folder = mkdtempSync(join(tmpdir(), 'joinery-okta-spec-'));
const site = await joinerySite(folder, options.entry);
site.environment.JOINERY_CONFIG = options.config;
const { token, baseUrl } = await firstToken(site);
const running = await startJoinery(site);
try {
  const authorization = `Bearer ${token}`;
  const base = new URL(baseUrl).pathname;
  await fill({ name: 'joinery', port: site.port, pid: running.child.pid ?? 0, authorization, base });
  const outcomes = await runOktaSpec({ baseUrl, authorization });
  const isGood = report(outcomes);
  const entitlements = await runOktaEntitlementDiscovery({ baseUrl, authorization });
  process.exitCode = reportEntitlements(entitlements) && isGood ? 0 : 1;
} finally {
  await stopJoinery(running);
  rmSync(folder, { recursive: true, force: true });
}

/** Users, then groups of 20 with one of 10,000 (or all) first, so that the first page of `/Groups` is a heavy one. */
async function fill(server: Server): Promise<void> {
  const began = performance.now();
  await createUsers(server, users, (done) => {
    if (done % Math.max(1, Math.floor(users / 10)) === 0) say(`${count(done)} of ${count(users)} users`);
  });
  const { people } = await walk(server, users);
  await createGroups(server, 1, () => ({ displayName: 'Everyone', members: people.slice(0, 10_000) }));
  await createGroups(server, Number(options.groups), (index) => ({
    displayName: `Team ${index}`,
    members: Array.from({ length: Math.min(20, users) }, (_, nth) =>
      personAt(people, { first: 0, count: users }, index * 20 + nth),
    ),
  }));
  say(`filled in ${Math.round((performance.now() - began) / 1000)} s`);
}

function report(outcomes: readonly StepOutcome[]): boolean {
  console.log(`Okta's SPEC suite against ${count(users)} users and ${count(Number(options.groups) + 1)} groups\n`);
  tell(outcomes);
  const failed = outcomes.filter(({ held }) => !held).length;
  const groups = outcomes.find(({ number }) => number === GROUPS_STEP)?.ms ?? Number.POSITIVE_INFINITY;
  const isQuick = groups <= WELL_UNDER_MS;
  console.log(
    `\n${outcomes.length - failed} of ${outcomes.length} steps held; /Groups took ${groups.toFixed(1)} ms${isQuick ? ', well under 600' : `: more than ${WELL_UNDER_MS}`}`,
  );
  return failed === 0 && outcomes.length > 0 && isQuick;
}

function reportEntitlements(outcomes: readonly StepOutcome[]): boolean {
  console.log("\nOkta's entitlement management: discovery, and its Entitlements suite for each endpoint\n");
  tell(outcomes);
  const failed = outcomes.filter(({ held }) => !held).length;
  console.log(`\n${outcomes.length - failed} of ${outcomes.length} steps held`);
  return failed === 0 && outcomes.length > 0;
}

function tell(outcomes: readonly StepOutcome[]): void {
  for (const { number, note, request, status, ms, held, assertions } of outcomes) {
    console.log(
      `${String(number).padStart(2)}  ${held ? 'held    ' : 'NOT HELD'}  ${ms.toFixed(1).padStart(7)} ms  ${status}  ${note}`,
    );
    console.log(`    ${request}`);
    for (const assertion of assertions) {
      console.log(
        `      ${assertion.held ? '✓' : '✗'} ${assertion.what}${assertion.held ? '' : `: found ${assertion.found}`}`,
      );
    }
  }
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
