import { newRun } from '../random.ts';
import { authorizationHeader } from './authorization.ts';
import { connectOkta } from './connect.ts';
import { type Imported, importGroups, importUsers } from './import.ts';
import { type Candidate, matchUsers } from './match.ts';
import { makePeople } from './people.ts';
import { nameOf } from './person.ts';
import type { SimulateOptions } from './simulate.ts';

export type SimulateImportOptions = Pick<
  SimulateOptions,
  'baseUrl' | 'at' | 'token' | 'auth' | 'flavour' | 'users' | 'seed' | 'run' | 'print'
>;

/**
 * What "Import Now" shows before anything is confirmed; it writes nothing. With the mark of an earlier run its people are
 * there to be matched; without, people of the same names and other sign-in names.
 *
 *     3 of 4 users are pulled in (1 is deactivated), and 2 groups.
 *
 *     exact    zoe.1.ctikig@Example.com   Zoë O'Brien (zoe.1.ctikig@Example.com)
 *     none     bjensen@acme.example       new in Okta
 *
 * `exitCode` is 1 when the server would not be read.
 */
export async function simulateImport(options: SimulateImportOptions): Promise<{ readonly exitCode: 0 | 1 }> {
  const { baseUrl, at, token, auth = 'bearer', flavour, users = 25, seed = 1, run = newRun() } = options;
  const print = (line: string): void => options.print(line.replaceAll(token, '•••'));
  const authorization = authorizationHeader(token, auth);
  const people = makePeople(users, seed, run);
  const okta = connectOkta({ baseUrl, at, authorization, flavour, people });
  print(`A simulated Okta imports from ${baseUrl}, and looks for its own ${users} people in it.`);
  try {
    const records: Imported[] = [];
    let groups = 0;
    const walked = await importUsers(okta, (record) => records.push(record));
    const problem = walked.problem ?? (await importGroups(okta, () => groups++)).problem;
    if (problem !== undefined) {
      print(`✗ ${problem}`);
      return { exitCode: 1 };
    }
    const off = records.filter(({ pulledIn }) => !pulledIn).length;
    const kept = `${records.length - off} of ${records.length} ${records.length === 1 ? 'user is' : 'users are'} pulled in`;
    print(`${kept}${off === 0 ? '' : ` (${off} deactivated)`}, and ${groups} ${groups === 1 ? 'group' : 'groups'}.`);
    printMatches(print, matchUsers(okta, records));
    return { exitCode: 0 };
  } finally {
    okta.client.close();
  }
}

function printMatches(print: (line: string) => void, candidates: readonly Candidate[]): void {
  if (candidates.length === 0) return;
  const width = Math.min(60, Math.max(...candidates.map(({ userName }) => userName.length)));
  print('');
  for (const { match, userName, person } of candidates) {
    print(`${match.padEnd(9)}${userName.padEnd(width)}  ${person === undefined ? 'new in Okta' : nameOf(person)}`);
  }
  const count = (kind: Candidate['match']): number => candidates.filter(({ match }) => match === kind).length;
  print('');
  print(`${count('exact')} exact, ${count('partial')} partial, ${count('none')} new. Nothing was confirmed.`);
}
