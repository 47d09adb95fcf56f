import { describe, expect, test } from 'vitest';
import { seedUsers } from '../../bench/seed.ts';
import { simulateImport } from '../../src/idp/index.ts';
import { DATABASES, openDatabase, startServer } from '../harness/index.ts';

const USERS = 10_150;

describe.each(DATABASES)('on %s', (name) => {
  test('a simulated Okta imports ten thousand users page by page, keeps the first of them, and tells what a page took', async () => {
    const database = await openDatabase(name);
    try {
      await (await startServer({ database })).close();
      await seedUsers({ environment: database.env }, USERS);
      const server = await startServer({ database });
      const { baseUrl, token } = server;
      const lines: string[] = [];
      const bars: string[] = [];
      let advanced = 0;
      const progress = {
        begin: (title: string, total: number) => bars.push(`${title} ${total}`),
        advance: () => (advanced += 1),
        end: () => bars.push('ended'),
      };
      const print = (line: string) => lines.push(line);
      expect(await simulateImport({ baseUrl, token, print, progress })).toEqual({ exitCode: 0 });
      await server.close();
      expect(bars).toEqual(['Pages of users 102', 'ended', 'Pages of groups 11', 'ended']);
      expect(advanced).toBe(113);
      expect(lines[1]).toBe(`${USERS} of ${USERS} users are pulled in, and 1003 groups.`);
      expect(lines.filter((line) => line.startsWith('none '))).toHaveLength(1000);
      expect(lines).toContain(`… and ${USERS - 1000} more: of each kind the first 1000 are shown.`);
      expect(lines).toContain(`0 exact, 0 partial, ${USERS} new. Nothing was confirmed.`);
      expect(lines).toContainEqual(expect.stringMatching(/^list users +102( +[\d.]+ m?s){2}$/));
      expect(lines).toContainEqual(
        expect.stringMatching(/^The last tenth of 102 pages took [\d.]+ times as long as the first\.$/),
      );
    } finally {
      await database.remove();
    }
  });
});
