import { randomBytes } from 'node:crypto';
import { connectOkta } from '../okta/connect.ts';
import type { FlavourName } from '../okta/flavour.ts';
import { testCredentials } from '../okta/import.ts';
import type { Okta, Task } from '../okta/okta.ts';
import { makePeople } from '../okta/people.ts';
import type { Person } from '../okta/person.ts';
import { edited } from '../okta/profile.ts';
import { assign, deactivate, unassign, update } from '../okta/users.ts';
import { seedOf } from '../random.ts';
import { type Assertion, equals, judge, openSuite, type StepOutcome, type SuiteOptions, status } from './suite.ts';

export interface CrudOptions extends SuiteOptions {
  readonly flavour?: FlavourName;
}

interface CrudStep {
  readonly number: number;
  readonly note: string;
  /** What an administrator does in Okta. */
  readonly act?: (okta: Okta, person: Person) => Task;
  /** What the suite then reads from the server. */
  readonly read?: (person: Person) => string;
  readonly assertions?: (person: Person) => readonly Assertion[];
}

/**
 * Okta's CRUD suite (idp-clients §1.12), in our own words: an administrator acts in Okta, and the server is read. The
 * simulated Okta stands where the suite drives Okta's own API; the reads of the server are the suite's. Its step 2, the
 * making of the user, happens inside Okta alone.
 */
export async function runOktaCrud(options: CrudOptions): Promise<StepOutcome[]> {
  const { baseUrl, authorization, flavour = 'oin-patch' } = options;
  const run = randomBytes(4).toString('hex');
  const [person] = makePeople(1, seedOf(run), run);
  if (person === undefined) throw new RangeError('No person was made.');
  person.profile = edited(person.profile, { title: 'Engineer', primaryPhone: '415.123.4567' });
  const suite = openSuite(options);
  const okta = connectOkta({ baseUrl, authorization, flavour, people: [person] });
  const outcomes: StepOutcome[] = [];
  for (const step of STEPS)
    outcomes.push(step.act ? await takeAct(okta, person, step) : await takeRead(suite, person, step));
  okta.client.close();
  suite.close();
  return outcomes;
}

const STEPS: readonly CrudStep[] = [
  { number: 1, note: 'Okta reaches the app', act: (okta) => testCredentials(okta) },
  { number: 3, note: 'Okta assigns the user', act: assign },
  {
    number: 4,
    note: 'The user is found by userName',
    read: ({ profile }) => `/Users?filter=${encodeURIComponent(`userName eq "${profile.login}"`)}`,
    assertions: ({ profile }) => [
      status(200),
      equals('Resources[0].userName', profile.login),
      equals('Resources[0].emails[0].value', profile.email),
      equals('Resources[0].name.familyName', profile.lastName),
      equals('Resources[0].name.givenName', profile.firstName),
    ],
  },
  {
    number: 5,
    note: 'Okta changes the first name',
    act: (okta, person) => update(okta, person, { firstName: `${person.profile.firstName}update` }),
  },
  {
    number: 6,
    note: 'The first name is changed',
    read: byId,
    assertions: ({ profile }) => [status(200), equals('name.givenName', profile.firstName)],
  },
  { number: 7, note: 'Okta deactivates the user', act: deactivate },
  { number: 8, note: 'The user is inactive', read: byId, assertions: () => [status(200), equals('active', false)] },
  { number: 9, note: 'Okta activates and assigns the user again', act: assign },
  {
    number: 10,
    note: 'The user is active under the same id',
    read: byId,
    assertions: ({ firstAppId = '' }) => [status(200), equals('active', true), equals('id', firstAppId)],
  },
  { number: 11, note: 'Okta unassigns the user', act: unassign },
  {
    number: 12,
    note: 'The user is inactive again',
    read: byId,
    assertions: () => [status(200), equals('active', false)],
  },
];

/** The id of the first assignment, whatever the server said later. */
function byId({ firstAppId }: Person): string {
  return `/Users/${firstAppId}`;
}

async function takeAct(okta: Okta, person: Person, { number, note, act }: CrudStep): Promise<StepOutcome> {
  const problem = await act?.(okta, person);
  const result = { what: 'the task goes through', held: problem === undefined, found: problem ?? 'no problem' };
  return { number, note, request: 'Okta', status: 0, ms: 0, held: result.held, assertions: [result] };
}

async function takeRead(suite: ReturnType<typeof openSuite>, person: Person, step: CrudStep): Promise<StepOutcome> {
  const { number, note, read = byId, assertions = () => [] } = step;
  const target = read(person);
  const reply = await suite.ask({ method: 'GET', target });
  const results = judge(assertions(person), reply);
  const held = results.every((result) => result.held);
  return { number, note, request: `GET ${target}`, status: reply.status, ms: reply.ms, held, assertions: results };
}
