import { performance } from 'node:perf_hooks';
import { createLedger, type Timing } from '../ledger.ts';
import { duration, printOperations } from '../print.ts';
import { newRun } from '../random.ts';
import { operationsOf } from '../report.ts';
import type { Progress } from '../tour.ts';
import { authorizationHeader } from './authorization.ts';
import { connectOkta } from './connect.ts';
import { importGroups, importUsers, type OnPage } from './import.ts';
import { type Candidate, createMatcher } from './match.ts';
import type { Okta } from './okta.ts';
import { makePeople } from './people.ts';
import { nameOf } from './person.ts';
import type { SimulateOptions } from './simulate.ts';

export type SimulateImportOptions = Pick<
  SimulateOptions,
  'baseUrl' | 'at' | 'token' | 'auth' | 'flavour' | 'users' | 'seed' | 'run' | 'print' | 'progress'
>;

/**
 * What "Import Now" shows before anything is confirmed; it writes nothing. With the mark of an earlier run its people are
 * there to be matched; without, people of the same names and other sign-in names. Nobody is kept in memory but those who
 * are shown, so that an app may have millions.
 *
 *     3 of 4 users are pulled in (1 is deactivated), and 2 groups.
 *
 *     exact    zoe.1.ctikig@Example.com   Zoë O'Brien (zoe.1.ctikig@Example.com)
 *     none     bjensen@acme.example       new in Okta
 *
 *     1 exact, 0 partial, 2 new. Nothing was confirmed.
 *
 *     Operation          calls        p50        p99
 *     list users             1     1.2 ms     1.2 ms
 *     list groups            1     0.9 ms     0.9 ms
 *
 * `exitCode` is 1 when the server would not be read.
 */
export async function simulateImport(options: SimulateImportOptions): Promise<{ readonly exitCode: 0 | 1 }> {
  const { baseUrl, at, token, auth = 'bearer', flavour, users = 25, seed = 1, run = newRun() } = options;
  const print = (line: string): void => options.print(line.replaceAll(token, '•••'));
  const authorization = authorizationHeader(token, auth);
  const people = makePeople(users, seed, run);
  const ledger = createLedger();
  const okta = connectOkta({
    ...{ baseUrl, at, authorization, flavour, people },
    observe: ({ request, ms }) => ledger.time(request.operation, ms),
  });
  print(`A simulated Okta imports from ${baseUrl}, and looks for its own ${users} people in it.`);
  const started = performance.now();
  try {
    const found = await importAll(okta, options.progress);
    if (found.problem !== undefined) {
      print(`✗ ${found.problem}`);
      return { exitCode: 1 };
    }
    printFound(print, found);
    print('');
    printOperations(print, operationsOf(ledger.timings));
    printPages(
      print,
      ledger.timings.filter(({ operation }) => operation === 'list users'),
    );
    print(`${ledger.timings.length} calls in ${duration(performance.now() - started)}.`);
    return { exitCode: 0 };
  } finally {
    okta.client.close();
  }
}

interface Found {
  readonly problem: string | undefined;
  users: number;
  off: number;
  groups: number;
  /** The first of each kind, in the order in which they came. */
  readonly shown: Candidate[];
  readonly counts: Record<Candidate['match'], number>;
}

/** Of each kind. */
const SHOWN = 1_000;

async function importAll(okta: Okta, progress: Progress | undefined): Promise<Found> {
  const match = createMatcher(okta);
  const found = { users: 0, off: 0, groups: 0, shown: [] as Candidate[], counts: { exact: 0, partial: 0, none: 0 } };
  const { problem } = await withBar(progress, 'Pages of users', (onPage) =>
    importUsers(
      okta,
      (record) => {
        found.users += 1;
        if (!record.pulledIn) found.off += 1;
        const candidate = match(record);
        if (candidate === undefined) return;
        found.counts[candidate.match] += 1;
        if (found.counts[candidate.match] <= SHOWN) found.shown.push(candidate);
      },
      onPage,
    ),
  );
  if (problem !== undefined) return { ...found, problem };
  const walked = await withBar(progress, 'Pages of groups', (onPage) =>
    importGroups(
      okta,
      () => {
        found.groups += 1;
      },
      onPage,
    ),
  );
  return { ...found, problem: walked.problem };
}

/** How many pages there are is known once the first has come. */
async function withBar<T>(
  progress: Progress | undefined,
  title: string,
  walk: (onPage: OnPage) => Promise<T>,
): Promise<T> {
  let begun = false;
  try {
    return await walk((pages) => {
      if (!begun) progress?.begin(title, pages);
      begun = true;
      progress?.advance();
    });
  } finally {
    if (begun) progress?.end();
  }
}

function printFound(print: (line: string) => void, { users, off, groups, shown, counts }: Found): void {
  const kept = `${users - off} of ${users} ${users === 1 ? 'user is' : 'users are'} pulled in`;
  print(`${kept}${off === 0 ? '' : ` (${off} deactivated)`}, and ${groups} ${groups === 1 ? 'group' : 'groups'}.`);
  if (shown.length === 0) return;
  const width = Math.min(60, Math.max(...shown.map(({ userName }) => userName.length)));
  print('');
  for (const { match, userName, person } of shown) {
    print(`${match.padEnd(9)}${userName.padEnd(width)}  ${person === undefined ? 'new in Okta' : nameOf(person)}`);
  }
  const more = counts.exact + counts.partial + counts.none - shown.length;
  if (more > 0) print(`… and ${more} more: of each kind the first ${SHOWN} are shown.`);
  print('');
  print(`${counts.exact} exact, ${counts.partial} partial, ${counts.none} new. Nothing was confirmed.`);
}

/** Fewer tell nothing of how the cost of a page grows. */
const FEWEST_PAGES = 100;

/** `The last tenth of 10000 pages took 1.02 times as long as the first.` */
function printPages(print: (line: string) => void, pages: readonly Timing[]): void {
  if (pages.length < FEWEST_PAGES) return;
  const tenth = Math.floor(pages.length / 10);
  const [first] = operationsOf(pages.slice(0, tenth));
  const [last] = operationsOf(pages.slice(-tenth));
  const ratio = ((last?.p50 ?? 0) / (first?.p50 ?? 1)).toFixed(2);
  print(`The last tenth of ${pages.length} pages took ${ratio} times as long as the first.`);
}
