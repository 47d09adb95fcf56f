import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AuthMode,
  FLAVOURS,
  type FlavourName,
  type Report,
  runOktaCrud,
  runOktaEntitlements,
  runOktaSpec,
  type StepOutcome,
  simulateOkta,
} from '../../src/idp/index.ts';
import { DATABASES, startServer, type TestServer } from '../harness/index.ts';

const flavours = Object.keys(FLAVOURS) as FlavourName[];
describe.each(DATABASES)('on %s', (database) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ database });
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
});

function problemsOf({ failures, differences }: Report): readonly unknown[] {
  return [...failures, ...differences];
}

function unheld(steps: readonly StepOutcome[]): readonly unknown[] {
  expect(steps.length).toBeGreaterThan(0);
  return steps.filter(({ held }) => !held);
}
