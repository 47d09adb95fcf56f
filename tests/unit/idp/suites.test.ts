import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type FaultName,
  FLAVOURS,
  type FlavourName,
  runOktaCrud,
  runOktaEntitlements,
  runOktaSpec,
  type StepOutcome,
  startFaultProxy,
} from '../../../src/idp/index.ts';
import { startTinyScim, type TinyScim } from './tiny-scim.ts';

let server: TinyScim;
beforeEach(async () => {
  server = await startTinyScim();
});
afterEach(() => server.close());

const options = (baseUrl = server.baseUrl) => ({ baseUrl, authorization: `Bearer ${server.token}` });
const broken = (outcomes: readonly StepOutcome[]) => outcomes.filter(({ held }) => !held).map(({ number }) => number);

test('the SPEC suite has twelve steps, and all hold once there is a user to read', async () => {
  expect(broken(await runOktaSpec(options()))).toEqual([1, 2]);
  const outcomes = await runOktaSpec(options());
  expect(outcomes.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(broken(outcomes)).toEqual([]);
});

test("its requests have the suite's own headers", async () => {
  await runOktaSpec(options());
  const create = server.seen.find(({ method }) => method === 'POST');
  expect(create?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'OKTA SCIM Integration' });
  expect(JSON.parse(create?.body ?? '')).not.toHaveProperty('password');
  expect(server.seen[0]?.headers['content-type']).toBe('application/scim+json; charset=utf-8');
  expect(server.seen.some(({ headers }) => headers.authorization === 'non-token')).toBe(true);
});

test.each<[FaultName, number[]]>([
  ['user-name-lower-cased', [6, 7]],
  ['emails-flattened', [1, 2]],
  ['total-as-text', [1, 3, 5]],
  ['lookup-returns-everything', [3, 5]],
  ['lookup-miss-is-404', [3, 5]],
  ['read-answers-list', [2, 7]],
  ['errors-in-plain-text', [4, 11, 12]],
  ['unknown-id-is-400', [4, 12]],
  ['every-token-accepted', [11]],
  ['created-without-body', [6, 7]],
])('a server with %s fails its steps %j', async (fault, steps) => {
  await runOktaSpec(options());
  const proxy = await startFaultProxy({ target: server.baseUrl, fault });
  expect(broken(await runOktaSpec(options(proxy.baseUrl)))).toEqual(steps);
  await proxy.close();
});

test.each(Object.keys(FLAVOURS) as FlavourName[])('the CRUD suite holds for %s', async (flavour) => {
  const outcomes = await runOktaCrud({ ...options(), flavour });
  expect(outcomes.map(({ number }) => number)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(broken(outcomes)).toEqual([]);
});

test.each<[FaultName, number[]]>([
  ['deactivation-not-applied', [8, 12]],
  ['deactivation-deletes', [8, 10, 12]],
  ['reactivation-refused', [9, 10]],
  ['patch-drops-enterprise', []],
  ['stale-after-update', [8, 12]],
])('a server with %s fails its steps %j', async (fault, steps) => {
  const proxy = await startFaultProxy({ target: server.baseUrl, fault });
  expect(broken(await runOktaCrud(options(proxy.baseUrl)))).toEqual(steps);
  await proxy.close();
});

test('the Entitlements step wants one record in a page of one', async () => {
  expect((await runOktaEntitlements('/Groups', options())).held).toBe(false);
  const headers = { authorization: `Bearer ${server.token}` };
  for (const displayName of ['a', 'b']) {
    await fetch(`${server.baseUrl}/Groups`, { method: 'POST', headers, body: JSON.stringify({ displayName }) });
  }
  expect((await runOktaEntitlements('/Groups', options())).held).toBe(true);
  const proxy = await startFaultProxy({ target: server.baseUrl, fault: 'total-as-text' });
  expect((await runOktaEntitlements('/Groups', options(proxy.baseUrl))).held).toBe(false);
  await proxy.close();
});
