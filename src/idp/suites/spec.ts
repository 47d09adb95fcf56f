import { randomInt } from 'node:crypto';
import { asArray, type Json, member } from '../json.ts';
import { USER } from '../scim.ts';
import {
  type Assertion,
  equals,
  hasSchema,
  isError,
  isList,
  isNotEmpty,
  isNumber,
  judge,
  openSuite,
  type StepOutcome,
  type SuiteOptions,
  type SuiteReply,
  type SuiteRequest,
  status,
  textAt,
} from './suite.ts';

/** What the steps hand on. */
interface Variables {
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  firstId: string;
  createdId: string;
}

interface SpecStep {
  readonly number: number;
  readonly note: string;
  readonly request: (variables: Variables) => SuiteRequest;
  readonly assertions: (variables: Variables) => readonly Assertion[];
  readonly keep?: (variables: Variables, reply: SuiteReply) => void;
}

/**
 * What Okta asks of a SCIM server before it publishes an integration: the twelve steps of its SPEC suite (idp-clients
 * §1.12), in our own words. At least one active user with a whole name must be there, first in the list.
 */
export async function runOktaSpec(options: SuiteOptions): Promise<StepOutcome[]> {
  const suite = openSuite(options);
  const variables = newVariables();
  const outcomes: StepOutcome[] = [];
  for (const { number, note, request, assertions, keep } of STEPS) {
    const asked = request(variables);
    const reply = await suite.ask(asked);
    keep?.(variables, reply);
    const results = judge(assertions(variables), reply);
    const held = results.every((result) => result.held);
    const line = `${asked.method} ${asked.target}`;
    outcomes.push({ number, note, request: line, status: reply.status, ms: reply.ms, held, assertions: results });
  }
  suite.close();
  return outcomes;
}

const get = (target: string): SuiteRequest => ({ method: 'GET', target });
const byUserName = (userName: string): SuiteRequest =>
  get(`/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);

const STEPS: readonly SpecStep[] = [
  {
    number: 1,
    note: 'The users endpoint',
    request: () => get('/Users?count=1&startIndex=1'),
    assertions: () => [
      status(200),
      isNotEmpty('Resources'),
      isList,
      ...['itemsPerPage', 'startIndex', 'totalResults'].map(isNumber),
      ...WHOLE_USER.map((name) => isNotEmpty(`Resources[0].${name}`)),
    ],
    keep: (variables, reply) => {
      variables.firstId = textAt(reply, 'Resources[0].id');
    },
  },
  {
    number: 2,
    note: 'One user by id',
    request: ({ firstId }) => get(`/Users/${firstId}`),
    assertions: ({ firstId }) => [status(200), ...WHOLE_USER.map(isNotEmpty), equals('id', firstId)],
  },
  {
    number: 3,
    note: 'A userName that nobody has',
    request: () => byUserName('abcdefgh@atko.com'),
    assertions: () => [status(200), isList, equals('totalResults', 0)],
  },
  {
    number: 4,
    note: 'An id that nobody has',
    request: () => get('/Users/010101001010101011001010101011'),
    assertions: () => [status(404), isNotEmpty('detail'), isError],
  },
  {
    number: 5,
    note: 'The new user does not exist yet',
    request: ({ email }) => byUserName(email),
    assertions: () => [status(200), equals('totalResults', 0), isList],
  },
  {
    number: 6,
    note: 'Create a user with realistic values',
    request: (variables) => ({ method: 'POST', target: '/Users', body: newUser(variables) }),
    assertions: ({ givenName, familyName, email }) => [
      status(201),
      equals('active', true),
      isNotEmpty('id'),
      equals('name.familyName', familyName),
      equals('name.givenName', givenName),
      hasSchema(USER),
      equals('userName', email),
    ],
    keep: (variables, reply) => {
      variables.createdId = textAt(reply, 'id');
    },
  },
  {
    number: 7,
    note: 'The created user is there',
    request: ({ createdId }) => get(`/Users/${createdId}`),
    assertions: ({ givenName, familyName, email }) => [
      status(200),
      equals('userName', email),
      equals('name.familyName', familyName),
      equals('name.givenName', givenName),
    ],
  },
  {
    number: 8,
    note: 'The same create again is a conflict',
    request: (variables) => ({ method: 'POST', target: '/Users', body: newUser(variables) }),
    assertions: () => [status(409)],
  },
  {
    number: 9,
    note: 'The userName in capitals',
    request: ({ email }) => byUserName(email.toUpperCase()),
    assertions: () => [status(200)],
  },
  {
    number: 10,
    note: 'The groups endpoint, in 600 ms',
    request: () => get('/Groups'),
    assertions: () => [
      status(200),
      { what: 'the reply takes less than 600 ms', of: ({ ms }) => ms, holds: (ms) => Number(ms) < 600 },
      { what: 'there are no groups, or Resources is a list', of: ({ json }) => json ?? null, holds: isGroupList },
    ],
  },
  {
    number: 11,
    note: 'A wrong credential without a scheme',
    request: ({ email }) => ({ ...byUserName(email), authorization: 'non-token' }),
    assertions: () => [status(401), isNotEmpty('detail'), statusText('401'), isError],
  },
  {
    number: 12,
    note: 'Another id that nobody has',
    request: () => get('/Users/00919288221112222'),
    assertions: () => [status(404), isNotEmpty('detail'), statusText('404'), isError],
  },
];

/** What Okta must find in the first user of the list. */
const WHOLE_USER = ['id', 'name.familyName', 'name.givenName', 'userName', 'active', 'emails[0].value'];

function statusText(expected: string): Assertion {
  return {
    what: `status in the body is ${expected}`,
    of: ({ json }) => member(json, 'status'),
    holds: (found) => String(found) === expected,
  };
}

function isGroupList(json: Json | undefined): boolean {
  return member(json, 'totalResults') === 0 || asArray(member(json, 'Resources')) !== undefined;
}

function newVariables(): Variables {
  const digits = (): string => String(randomInt(100, 1000));
  const letters = Array.from({ length: 9 }, () => String.fromCharCode(97 + randomInt(26))).join('');
  const givenName = `Runscope${digits()}`;
  const familyName = `${letters.charAt(0).toUpperCase()}${letters.slice(1)}${digits()}`;
  return { givenName, familyName, email: `${givenName}${familyName}@atko.com`, firstId: '', createdId: '' };
}

/** No externalId and no password, unlike Okta's own create. */
function newUser({ givenName, familyName, email }: Variables): Json {
  return {
    schemas: [USER],
    userName: email,
    name: { givenName, familyName },
    emails: [{ primary: true, value: email, type: 'work' }],
    displayName: `${givenName} ${familyName}`,
    active: true,
  };
}
