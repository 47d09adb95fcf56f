import { performance } from 'node:perf_hooks';
import type { Encoding, Exchange, ScimClient } from '../client.ts';
import { inspectExchange } from '../judge/exchange.ts';
import { createReader } from '../judge/reader.ts';
import { createLedger, type Ledger } from '../ledger.ts';
import { printCall, printClosing, printOpening } from '../print.ts';
import { newRun, seededRandom, seedOf } from '../random.ts';
import { CHECKS, makeReport, type Report, type StepResult } from '../report.ts';
import { type Progress, takeTour } from '../tour.ts';
import { authorizationHeader } from './authorization.ts';
import { createOktaClient } from './client.ts';
import { type AuthMode, FLAVOURS, type FlavourName } from './flavour.ts';
import { MAPPINGS } from './mapping.ts';
import { makePeople } from './people.ts';
import { castPeople, LEAST_PEOPLE, makeGroups } from './tour/cast.ts';
import { stepsOf } from './tour/steps.ts';
import type { Tour } from './tour/tour.ts';

export interface SimulateOptions {
  readonly baseUrl: string;
  /** Where the host of the base URL is really reached: `http://127.0.0.1:3000`. */
  readonly at?: string;
  readonly token: string;
  /** At least 8; 25 unless told. */
  readonly users?: number;
  readonly flavour?: FlavourName;
  readonly auth?: AuthMode;
  readonly encoding?: Encoding;
  /** The same seed gives people of the same names and attributes; every run gives them sign-in names of its own. */
  readonly seed?: number;
  /** The mark of this run; random unless told. Letters and digits. */
  readonly run?: string;
  /** Deletes what the run made at its end. Without it the people stay to be looked at. */
  readonly clean?: boolean;
  /** Ends the run after the first step that found something. */
  readonly bail?: boolean;
  /** One line a call, bodies shortened, the token never. */
  readonly verbose?: boolean;
  readonly print: (line: string) => void;
  readonly progress?: Progress | undefined;
  /** How long a 429 may make the simulation wait at a time; Okta itself waits as long as it is told. */
  readonly patienceMs?: number;
  readonly timeoutMs?: number;
}

/**
 * A simulated Okta connects to a SCIM server, provisions people and groups, changes them, takes them away and brings
 * them back, and after each step reads the server to see whether the two sides agree.
 *
 * What else is in the directory may stay there, but nobody else may make or delete records while a run counts them.
 *
 * Never rejects for what the server does: that is in the report, whose `exitCode` is 1 on any failure or difference.
 * RangeError for options that make no run: a base URL with an underscore, fewer than 8 people.
 */
export async function simulateOkta(options: SimulateOptions): Promise<Report> {
  const { users = 25, flavour = 'oin-patch', seed = 1, run = newRun() } = options;
  if (!Number.isInteger(users) || users < LEAST_PEOPLE) {
    throw new RangeError(`A run needs at least ${LEAST_PEOPLE} people to play every part; ${users} are too few.`);
  }
  const print = (line: string): void => options.print(line.replaceAll(options.token, '•••'));
  const ledger = createLedger();
  const clients = connect(options, ledger);
  const people = makePeople(users, seed, run);
  const random = seededRandom(seedOf(run) ^ seed);
  const groups = makeGroups(run, random);
  const okta = {
    client: clients.okta,
    flavour: FLAVOURS[flavour],
    mappings: MAPPINGS,
    random,
    people,
    groups: Object.values(groups),
  };
  const tour: Tour = {
    okta,
    ledger,
    run,
    reader: createReader(clients.judge),
    stranger: clients.stranger,
    cast: castPeople(people),
    lanes: 4,
    progress: options.verbose ? undefined : options.progress,
    oktaCalls: () => ledger.timings.filter(({ operation }) => operation !== CHECKS).length,
    before: { users: undefined, groups: undefined },
    order: new Map(),
  };
  printOpening({ baseUrl: options.baseUrl, print }, { provider: 'Okta', run, flavour, users });
  const started = performance.now();
  const results = await takeTour(tour, stepsOf(groups, options.clean ?? false), {
    print,
    stop,
    bail: options.bail ?? false,
  });
  for (const client of Object.values(clients)) client.close();
  const report = makeReport({ run, ledger, steps: results, ms: performance.now() - started });
  printClosing(print, report);
  return report;
}

function stop({ failures }: StepResult, at: number): string | undefined {
  if (at > 0 || failures.length === 0) return undefined;
  return 'Okta does not switch provisioning on with credentials that fail this test.';
}

/** Okta, the judge, and a stranger with a token that was never issued. */
function connect(options: SimulateOptions, ledger: Ledger): Record<'okta' | 'judge' | 'stranger', ScimClient> {
  const {
    baseUrl,
    at,
    token,
    auth = 'bearer',
    encoding = 'percent',
    patienceMs = 10_000,
    timeoutMs = 60_000,
  } = options;
  const observe = (exchange: Exchange): void => {
    ledger.time(exchange.request.operation, exchange.ms);
    inspectExchange(ledger, exchange);
    if (options.verbose) printCall(options.print, exchange, token);
  };
  const client = (userAgent: string, credential: string): ScimClient => {
    const authorization = authorizationHeader(credential, auth);
    return createOktaClient({ baseUrl, at, authorization, encoding, userAgent, patienceMs, timeoutMs, observe });
  };
  return {
    okta: client('Okta SCIM Client 1.0.0', token),
    judge: client('Joinery verifier', token),
    stranger: client('Okta SCIM Client 1.0.0', 'a-token-that-was-never-issued'),
  };
}
