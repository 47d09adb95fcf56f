import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AuthMode,
  FAULTS,
  type FaultName,
  FLAVOURS,
  type FlavourName,
  type Report,
  runOktaCrud,
  runOktaEntitlements,
  runOktaSpec,
  type StepOutcome,
  simulateOkta,
  startFaultProxy,
} from '../../src/idp/index.ts';
import { startServer, type TestServer } from '../harness/index.ts';

const flavours = Object.keys(FLAVOURS) as FlavourName[];
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe('a simulated Okta provisions a real server', () => {
  const authOf: Record<FlavourName, AuthMode> = {
    aiw: 'basic',
    catalog: 'raw-header',
    'oin-put': 'bearer',
    'oin-patch': 'raw-header',
  };

  test.each(flavours)('%s: no failure, no difference', async (flavour) => {
    const lines: string[] = [];
    const { baseUrl, token } = server;
    const options = { baseUrl, token, flavour, auth: authOf[flavour], users: 25 };
    const report = await simulateOkta({ ...options, verbose: true, print: (line) => lines.push(line) });
    expect(lines.join('\n')).not.toContain(token);
    expect(problemsOf(report)).toEqual([]);
    expect(report.exitCode).toBe(0);
  });

  test('through a proxy that plants nothing, all is well', async () => {
    const proxy = await startFaultProxy({ target: server.baseUrl });
    const report = await simulateOkta({ baseUrl: proxy.baseUrl, token: server.token, users: 10, print: () => {} });
    await proxy.close();
    expect(problemsOf(report)).toEqual([]);
  });
});

describe('the judge finds each wrong that real servers have done', () => {
  const faults = Object.entries(FAULTS) as [FaultName, (typeof FAULTS)[FaultName] & { users?: number }][];
  // One flavour each, by turns, of those that run into it: all of them take minutes.
  const cases = faults.map(([fault, { flavours, users = 10 }], index) => ({
    ...{ fault, users, flavour: flavours[index % flavours.length] as FlavourName },
  }));

  test.each(cases)('$fault, $flavour', async ({ fault, users, flavour }) => {
    const faulty = await startServer();
    const proxy = await startFaultProxy({ target: faulty.baseUrl, fault });
    const report = await simulateOkta({
      ...{ baseUrl: proxy.baseUrl, token: faulty.token, users, flavour, patienceMs: 50 },
      print: () => {},
    });
    await proxy.close();
    await faulty.close();
    expect(report.exitCode).toBe(1);
    expect(problemsOf(report)).not.toEqual([]);
  });
});

describe("Okta's own suites, in our words", () => {
  const suite = () => ({ baseUrl: server.baseUrl, authorization: `Bearer ${server.token}` });

  test('SPEC', async () => {
    expect(unheld(await runOktaSpec(suite()))).toEqual([]);
  });

  test.each(flavours)('CRUD, %s', async (flavour) => {
    expect(unheld(await runOktaCrud({ ...suite(), flavour }))).toEqual([]);
  });

  test('Entitlements, against the endpoint of groups', async () => {
    expect(unheld([await runOktaEntitlements('/Groups', suite())])).toEqual([]);
  });
});

function problemsOf({ failures, differences }: Report): readonly unknown[] {
  return [...failures, ...differences];
}

function unheld(steps: readonly StepOutcome[]): readonly unknown[] {
  expect(steps.length).toBeGreaterThan(0);
  return steps.filter(({ held }) => !held);
}
