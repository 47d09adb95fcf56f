import {
  equals,
  isList,
  isNotEmpty,
  isNumber,
  judge,
  openSuite,
  type StepOutcome,
  type SuiteOptions,
  status,
} from './suite.ts';

/**
 * Okta's Entitlements suite (idp-clients §1.12): one step, to be run for each endpoint that ResourceTypes names (`/Roles`,
 * `/Licenses`, …). The number of records a page says it has is the number asked for: one.
 */
export async function runOktaEntitlements(endpoint: string, options: SuiteOptions): Promise<StepOutcome> {
  const suite = openSuite(options);
  const target = `${endpoint}?count=1&startIndex=1`;
  const reply = await suite.ask({ method: 'GET', target });
  suite.close();
  const numbers = [isNumber('startIndex'), isNumber('totalResults'), equals('itemsPerPage', 1)];
  const assertions = judge([status(200), isNotEmpty('Resources'), isList, ...numbers], reply);
  const held = assertions.every((result) => result.held);
  const { status: answered, ms } = reply;
  return {
    number: 1,
    note: `A page of one from ${endpoint}`,
    request: `GET ${target}`,
    status: answered,
    ms,
    held,
    assertions,
  };
}
