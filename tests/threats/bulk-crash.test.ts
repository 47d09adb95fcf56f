import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScimClient, scim } from '../harness/index.ts';
import {
  firstToken,
  type JoinerySite,
  type JoineryToken,
  joinerySite,
  startJoinery,
  stopJoinery,
} from '../process/joinery.ts';
import { change, contradictionsOf, makeGroup, makeUser, type Operation, send, statusesOf } from './bulk-requests.ts';
import { query, type Representation } from './world.ts';

describe('T-BULK-01 the process is killed in the middle of a bulk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-'));
  let site: JoinerySite;
  let token: JoineryToken;
  beforeAll(async () => {
    site = await joinerySite(folder);
    token = await firstToken(site);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const PEOPLE = 20;
  const names = (letter: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${letter}${n}`);

  /** Forty operations: people, groups of all of them, and a change to each group that touches many rows. */
  function forty(round: number): Operation[] {
    const people = names(`r${round}-u`, PEOPLE);
    const groups = names(`r${round}-g`, 10);
    return [
      ...people.map((name) => makeUser(name, { emails: [{ value: `${name}@example.com`, type: 'work' }] })),
      ...groups.map((name) =>
        makeGroup(
          name,
          people.map((person) => `bulkId:${person}`),
        ),
      ),
      ...groups.map((name) =>
        change(
          `/Groups/bulkId:${name}`,
          { op: 'replace', path: 'displayName', value: `${name} renamed` },
          {
            op: 'replace',
            path: 'members',
            value: people.slice(0, 5).map((person) => ({ value: `bulkId:${person}` })),
          },
        ),
      ),
    ];
  }

  test.each([2, 15, 24])(
    'after %i operations or more, they are there whole or not at all, in their order',
    async (enough) => {
      const server = await startJoinery(site);
      const client = scim(token);
      const running = send(client, forty(enough)).then(
        () => 'answered',
        () => 'broken off',
      );
      while ((await doneOf(client, enough)).count < enough);
      await stopJoinery(server, 'SIGKILL');
      await running;

      const again = await startJoinery(site);
      try {
        const done = await doneOf(client, enough);
        expect(done.count).toBeGreaterThanOrEqual(enough);
        expect(isPrefix(done)).toBe(true);
        expect(changesOf(site.database, `r${enough}-`)).toBe(done.count);
        expect(contradictionsOf(site.database)).toEqual([]);

        const repeated = await send(client, forty(enough));
        expect(repeated.status).toBe(200);
        const statuses = statusesOf(repeated);
        expect(new Set(statuses.slice(0, done.people.length))).toEqual(new Set(['409']));
        expect(statuses.slice(done.people.length, PEOPLE).every((status) => status === '201')).toBe(true);
        // What refers to people who were there already is refused whole, and can be sent again by their ids.
        const after = await doneOf(client, enough);
        expect(after.people.length).toBe(PEOPLE);
        expect(after.groups.length).toBe(done.groups.length);
        expect(after.renamed.length).toBe(done.renamed.length);
        expect(contradictionsOf(site.database)).toEqual([]);
      } finally {
        await stopJoinery(again);
      }
    },
  );

  test.each([20, 90])(
    'a circle of 200 groups that is broken off after %i ms is there whole or not at all',
    async (milliseconds) => {
      const server = await startJoinery(site);
      const client = scim(token);
      const ring = names(`c${milliseconds}-`, 200);
      const running = send(
        client,
        ring.map((name, n) => makeGroup(name, [`bulkId:${ring[(n + 1) % 200]}`, `bulkId:${ring[(n + 7) % 200]}`])),
      ).then(
        () => 'answered',
        () => 'broken off',
      );
      await pause(milliseconds);
      await stopJoinery(server, 'SIGKILL');
      await running;

      const again = await startJoinery(site);
      try {
        const found = query(
          site.database,
          `SELECT (SELECT count(*) FROM memberships m WHERE m.group_id = r.id) AS members FROM resources r WHERE r.type = 'Group' AND r.text LIKE ?`,
          `%"displayName":"c${milliseconds}-%`,
        );
        expect([0, 200]).toContain(found.length);
        expect(found.every(({ members }) => members === 2)).toBe(true);
        expect(contradictionsOf(site.database)).toEqual([]);
      } finally {
        await stopJoinery(again);
      }
    },
  );

  test('CUR-23 a walk goes on after the server was killed', async () => {
    const server = await startJoinery(site);
    const client = scim(token);
    await send(
      client,
      names('walker', 3).map((name) => makeUser(name)),
    );
    const path = `/Users?count=1&sortBy=userName&filter=${encodeURIComponent('userName sw "walker"')}`;
    const first = await client.get(`${path}&cursor`);
    await stopJoinery(server, 'SIGKILL');
    const again = await startJoinery(site);
    try {
      const second = await client.get(`${path}&cursor=${first.body.nextCursor}`);
      expect(second.body.Resources.map(({ userName }: Representation) => userName)).toEqual(['walker1']);
      const third = await client.get(`${path}&cursor=${second.body.nextCursor}`);
      expect(third.body.Resources.map(({ userName }: Representation) => userName)).toEqual(['walker2']);
      expect(third.body).not.toHaveProperty('nextCursor');
    } finally {
      await stopJoinery(again);
    }
  });

  interface Done {
    readonly people: readonly string[];
    readonly groups: readonly Representation[];
    readonly renamed: readonly Representation[];
    /** Operations. */
    readonly count: number;
  }

  async function doneOf(client: ScimClient, round: number): Promise<Done> {
    const people = await client.get(`/Users?filter=${encodeURIComponent(`userName sw "r${round}-"`)}`);
    const groups = await client.get(`/Groups?filter=${encodeURIComponent(`displayName sw "r${round}-"`)}`);
    const all: Representation[] = groups.body.Resources;
    const renamed = all.filter(({ displayName }) => displayName.endsWith(' renamed'));
    return {
      people: people.body.Resources.map(({ userName }: Representation) => userName),
      groups: all,
      renamed,
      count: people.body.totalResults + all.length + renamed.length,
    };
  }

  function isPrefix({ people, groups, renamed }: Done): boolean {
    const isWhole = groups.every(
      ({ members, displayName }) => members.length === (displayName.endsWith(' renamed') ? 5 : PEOPLE),
    );
    return (
      isWhole && (groups.length === 0 || people.length === PEOPLE) && (renamed.length === 0 || groups.length === 10)
    );
  }
});

/** How many change sets concern these names: one an operation. */
function changesOf(database: string, begin: string): number {
  const [row] = query(
    database,
    `SELECT count(DISTINCT c.change_set) AS sets FROM changes c JOIN resources r ON r.directory = c.directory AND r.id = c.subject
     WHERE r.text LIKE ?`,
    `%"${begin}%`,
  );
  return Number(row?.sets);
}
