import { performance } from 'node:perf_hooks';
import type { Exchange, ScimClient } from '../client.ts';
import { inspectExchange } from '../judge/exchange.ts';
import { createReader } from '../judge/reader.ts';
import { createLedger, type Ledger } from '../ledger.ts';
import { printCall, printClosing, printOpening } from '../print.ts';
import { newRun, seededRandom, seedOf } from '../random.ts';
import { CHECKS, makeReport, type Report } from '../report.ts';
import { type Progress, takeTour } from '../tour.ts';
import { createEntraClient } from './client.ts';
import type { EntraFlavour } from './flavour.ts';
import { makePeople } from './people.ts';
import { readTenantUrl } from './tenant-url.ts';
import { castPeople, LEAST_PEOPLE, makeGroups, seatManagers } from './tour/cast.ts';
import { PARTS, type Part, stepsOf } from './tour/steps.ts';
import type { Tour } from './tour/tour.ts';

export interface SimulateEntraOptions {
  /** The Tenant URL; the flag at its end decides the flavour. */
  readonly baseUrl: string;
  /** The Secret Token. */
  readonly token: string;
  /** At least 12; 25 unless told. */
  readonly users?: number;
  readonly flavour?: EntraFlavour;
  /** The same seed gives people of the same names and attributes; every run gives them sign-in names of its own. */
  readonly seed?: number;
  /** The mark of this run; random unless told. Letters and digits. */
  readonly run?: string;
  /** What is done after the initial cycle; all of it unless told. */
  readonly parts?: readonly Part[];
  /** Deletes what the run made at its end. Without it the people stay to be looked at. */
  readonly clean?: boolean;
  /** Ends the run after the first step that found something. */
  readonly bail?: boolean;
  /** One line a call, bodies shortened, the token never. */
  readonly verbose?: boolean;
  readonly print: (line: string) => void;
  readonly progress?: Progress | undefined;
  /** How long a 429 may make the simulation wait at a time. */
  readonly patienceMs?: number;
  readonly timeoutMs?: number;
}

/**
 * A simulated Entra ID tests the connection, runs an initial cycle and then incremental ones, one after each change in
 * the tenant instead of one every forty minutes, and after each reads the server to see whether the two sides agree.
 *
 * What else is in the directory may stay there, but nobody else may make or delete records while a run counts them.
 *
 * Never rejects for what the server does: that is in the report, whose `exitCode` is 1 on any failure or difference.
 * RangeError for options that make no run: an address that is none, fewer than 12 people.
 */
export async function simulateEntra(options: SimulateEntraOptions): Promise<Report> {
  const { users = 25, seed = 1, run = newRun(), parts = PARTS, clean = false } = options;
  const { baseUrl, flavour } = readTenantUrl(options.baseUrl, options.flavour ?? 'classic');
  if (!Number.isInteger(users) || users < LEAST_PEOPLE) {
    throw new RangeError(`A run needs at least ${LEAST_PEOPLE} people to play every part; ${users} are too few.`);
  }
  const print = (line: string): void => options.print(line.replaceAll(options.token, '•••'));
  const ledger = createLedger();
  const clients = connect({ ...options, baseUrl, flavour }, ledger);
  const people = makePeople(users, seed, run);
  seatManagers(people);
  const random = seededRandom(seedOf(run) ^ seed);
  const groups = makeGroups(run, random);
  const tour: Tour = {
    entra: {
      ...{ client: clients.entra, flavour, random, people, groups: Object.values(groups) },
      ...{ matching: ['userPrincipalName'], escrow: new Map(), cycle: 0 },
    },
    ledger,
    run,
    reader: createReader(clients.judge),
    stranger: clients.stranger,
    cast: castPeople(people),
    lanes: 4,
    progress: options.verbose ? undefined : options.progress,
    calls: () => ledger.timings.filter(({ operation }) => operation !== CHECKS).length,
    before: { users: undefined, groups: undefined },
    order: new Map(),
    quarantined: false,
  };
  printOpening({ baseUrl, print }, { provider: 'Entra ID', run, flavour, users });
  const started = performance.now();
  const steps = await takeTour(tour, stepsOf(groups, { parts, clean }), {
    print,
    bail: options.bail ?? false,
    stop: ({ failures }, at) => {
      if (at === 0 && failures.length > 0) return 'Entra does not save a connection that fails its test.';
      return tour.quarantined ? 'Most of the cycle failed, and Entra puts the job in quarantine.' : undefined;
    },
  });
  for (const client of Object.values(clients)) client.close();
  const report = makeReport({ run, ledger, steps, ms: performance.now() - started });
  printClosing(print, report);
  return report;
}

/** Entra, the judge, and a stranger with a token that was never issued. */
function connect(
  options: SimulateEntraOptions & { readonly flavour: EntraFlavour },
  ledger: Ledger,
): Record<'entra' | 'judge' | 'stranger', ScimClient> {
  const { baseUrl, token, flavour, patienceMs = 10_000, timeoutMs = 60_000 } = options;
  const observe = (exchange: Exchange): void => {
    ledger.time(exchange.request.operation, exchange.ms);
    inspectExchange(ledger, exchange);
    if (options.verbose) printCall(options.print, exchange, token);
  };
  const shared = { baseUrl, patienceMs, timeoutMs, observe };
  return {
    entra: createEntraClient({ ...shared, token, flavour }),
    judge: createEntraClient({ ...shared, token, flavour: 'classic', userAgent: 'Joinery verifier' }),
    stranger: createEntraClient({ ...shared, token: 'a-token-that-was-never-issued', flavour }),
  };
}
