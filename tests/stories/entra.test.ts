import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTRA_FLAVOURS, type Report, simulateEntra, startFaultProxy } from '../../src/idp/index.ts';
import { DATABASES, startServer, type TestServer } from '../harness/index.ts';

describe.each(DATABASES)('on %s', (database) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ database });
  });
  afterAll(() => server.close());

  describe('a simulated Entra ID provisions a real server', () => {
    test.each(ENTRA_FLAVOURS)('%s: no failure, no difference', async (flavour) => {
      const lines: string[] = [];
      const { baseUrl, token } = server;
      const options = { baseUrl, token, flavour, users: 16, clean: true, verbose: true };
      const report = await simulateEntra({ ...options, print: (line) => lines.push(line) });
      expect(lines.join('\n')).not.toContain(token);
      expect(problemsOf(report)).toEqual([]);
      expect(report.exitCode).toBe(0);
      // Each flavour writes its own shapes, and only its own; the validator's and those on demand are the same for both.
      const cycles = lines.slice(
        0,
        lines.findIndex((line) => line.includes('Restart after edits')),
      );
      const sent = cycles.filter((line) => /^ +sent .*PatchOp/.test(line)).join('\n');
      expect(sent.includes('"value":"False"')).toBe(flavour === 'classic');
      expect(sent.includes('"path":"members","value":[{"$ref":null')).toBe(flavour === 'classic');
      expect(sent.includes('{"op":"replace","value":{')).toBe(flavour === 'aadOptscim062020');
      expect(lines.some((line) => line.includes('?aadOptscim062020'))).toBe(flavour === 'aadOptscim062020');
    });
  });

  test('a job of which most fails goes into quarantine, and the run ends', async () => {
    const proxy = await startFaultProxy({ target: server.baseUrl, fault: 'patch-not-implemented' });
    const lines: string[] = [];
    const options = { baseUrl: proxy.baseUrl, token: server.token, users: 12 };
    const report = await simulateEntra({ ...options, print: (line) => lines.push(line) });
    await proxy.close();
    expect(report.exitCode).toBe(1);
    expect(report.steps.at(-1)?.title).toBe('Initial cycle');
    expect(lines).toContain('  Most of the cycle failed, and Entra puts the job in quarantine. The run ends here.');
  });

  test('the flag at the end of the Tenant URL decides, as in Entra', async () => {
    const lines: string[] = [];
    const baseUrl = `${server.baseUrl}?aadOptscim062020`;
    const options = { baseUrl, token: server.token, users: 12, parts: [] };
    const { exitCode } = await simulateEntra({ ...options, print: (line) => lines.push(line) });
    expect(exitCode).toBe(0);
    expect(lines[0]).toContain('A simulated Entra ID (aadOptscim062020) provisions 12 people');
  });

  test.each([
    ['too few people', { users: 11 }],
    ['an address with another query', { baseUrl: 'http://127.0.0.1:1/scim?x=1' }],
  ])('%s make no run', async (_what, change) => {
    const options = { baseUrl: server.baseUrl, token: server.token, print: () => {}, ...change };
    await expect(simulateEntra(options)).rejects.toThrow(RangeError);
  });
});

function problemsOf({ failures, differences }: Report): readonly unknown[] {
  return [...failures, ...differences];
}
