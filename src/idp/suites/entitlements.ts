import { asArray, asText, member } from '../json.ts';
import {
  equals,
  isList,
  isNotEmpty,
  isNumber,
  judge,
  openSuite,
  type StepOutcome,
  type Suite,
  type SuiteOptions,
  status,
} from './suite.ts';

/** idp-clients §1.8: what Okta manages as entitlements, and nothing else, whatever it is called. */
const OKTA_SCHEMAS: readonly (string | undefined)[] = [
  'urn:okta:scim:schemas:core:1.0:Role',
  'urn:okta:scim:schemas:core:1.0:Entitlement',
];

/**
 * Okta's entitlement management as it begins (idp-clients §1.8): the resource types, the schemas, and then a page of each
 * endpoint that a resource type of Okta's own schemas names. Two steps where none does.
 */
export async function runOktaEntitlementDiscovery(options: SuiteOptions): Promise<readonly StepOutcome[]> {
  const suite = openSuite(options);
  try {
    const asked = { suite, number: 1, note: 'The resource types', target: '/ResourceTypes' };
    const { outcome, reply } = await step(asked, [status(200), isNotEmpty('Resources'), isList]);
    const schemas = { suite, number: 2, note: 'The schemas', target: '/Schemas' };
    const outcomes = [outcome, (await step(schemas, [status(200), isNotEmpty('Resources'), isList])).outcome];
    for (const type of asArray(member(reply.json, 'Resources')) ?? []) {
      if (!OKTA_SCHEMAS.includes(asText(member(type, 'schema')))) continue;
      const endpoint = asText(member(type, 'endpoint')) ?? '';
      outcomes.push(await pageOfOne({ suite, number: outcomes.length + 1, endpoint }));
    }
    return outcomes;
  } finally {
    suite.close();
  }
}

/**
 * Okta's Entitlements suite (idp-clients §1.12): one step, to be run for each endpoint that ResourceTypes names (`/Roles`,
 * `/Licenses`, …). The number of records a page says it has is the number asked for: one.
 */
export async function runOktaEntitlements(endpoint: string, options: SuiteOptions): Promise<StepOutcome> {
  const suite = openSuite(options);
  try {
    return await pageOfOne({ suite, number: 1, endpoint });
  } finally {
    suite.close();
  }
}

async function pageOfOne({
  suite,
  number,
  endpoint,
}: {
  suite: Suite;
  number: number;
  endpoint: string;
}): Promise<StepOutcome> {
  const asked = { suite, number, note: `A page of one from ${endpoint}`, target: `${endpoint}?count=1&startIndex=1` };
  const numbers = [isNumber('startIndex'), isNumber('totalResults'), equals('itemsPerPage', 1)];
  return (await step(asked, [status(200), isNotEmpty('Resources'), isList, ...numbers])).outcome;
}

interface Asked {
  readonly suite: Suite;
  readonly number: number;
  readonly note: string;
  readonly target: string;
}

async function step({ suite, number, note, target }: Asked, asserted: Parameters<typeof judge>[0]) {
  const reply = await suite.ask({ method: 'GET', target });
  const assertions = judge(asserted, reply);
  const held = assertions.every((result) => result.held);
  const { status: answered, ms } = reply;
  const outcome: StepOutcome = { number, note, request: `GET ${target}`, status: answered, ms, held, assertions };
  return { outcome, reply };
}
