import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { firstToken, joinerySite, startJoinery, stopJoinery } from '../process/joinery.ts';
import { startDriving, type Target } from './drive.ts';
import { openJournal } from './journal.ts';
import { modelFromJournal } from './model.ts';
import { seededRandom } from './random.ts';
import { contradictions } from './rows.ts';
import { verify } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'joinery-soak-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a server that loses or halves writes would leave in its file, and the sentence that must be said about it. */
const PLANTED = [
  {
    name: 'a user is gone, with all that belongs to it',
    sql: `DELETE FROM resources WHERE id = (SELECT id FROM resources WHERE type = 'User' ORDER BY seq LIMIT 1)`,
    says: /is not listed/,
  },
  {
    name: 'a put went back to what was before',
    sql: `UPDATE resources SET text = replace(text, '"title":"T', '"title":"T9') WHERE type = 'User' AND seq = 2`,
    says: /an attribute’s write is 9\d+, not \d+/,
  },
  {
    name: 'a deactivation is lost',
    sql: `UPDATE resources SET version = version - 1 WHERE type = 'User' AND seq = 3`,
    says: /meta.version is \d+, not \d+/,
  },
  {
    name: 'a member is gone',
    sql: `DELETE FROM memberships WHERE (group_id, member_id) = (SELECT group_id, member_id FROM memberships LIMIT 1)`,
    says: /member_count is not the number of memberships/,
  },
  {
    name: 'an e-mail is not found any more',
    sql: `DELETE FROM keys WHERE value = (SELECT text ->> '$.emails[0].value' FROM resources WHERE type = 'User' AND seq = 4)`,
    says: /emails.value eq "m\d+@soak.example" finds nobody/,
  },
  {
    name: 'the count moved without the record',
    sql: `UPDATE totals SET total = total + 1 WHERE type = 'Group'`,
    says: /says \d+ and lists \d+/,
  },
  {
    name: 'the last write has no history',
    sql: `DELETE FROM changes WHERE seq = (SELECT max(seq) FROM changes)`,
    says: /history has a gap, or its last number is another/,
  },
];

test('the soak’s judge finds nothing wrong with a server that was killed, and everything that was planted', async () => {
  const site = await joinerySite(join(folder, 'server'));
  const { token, baseUrl } = await firstToken(site);
  const target: Target = { port: site.port, base: new URL(baseUrl).pathname, authorization: `Bearer ${token}` };
  const journal = await openJournal(join(folder, 'journal.jsonl'));
  await journal.flush();

  const killed = await startJoinery(site);
  const model = await modelFromJournal(journal.file);
  const driving = await startDriving({ target, model, journal, random: seededRandom(7), inFlight: 8 });
  while (model.acknowledged < 300) await pause(5);
  await stopJoinery(killed, 'SIGKILL');
  await driving.done;
  await journal.flush();

  const restarted = await startJoinery(site);
  const read = await modelFromJournal(journal.file);
  const verdict = await verify(read, { target, journal, everyone: true });
  expect([...verdict.lost, ...verdict.half, ...contradictions(site.database, read)]).toEqual([]);
  expect(read.acknowledged).toBe(model.acknowledged);
  await stopJoinery(restarted);

  const database = new DatabaseSync(site.database);
  for (const { sql } of PLANTED) expect(Number(database.prepare(sql).run().changes), sql).toBeGreaterThan(0);
  database.close();

  const tampered = await startJoinery(site);
  const judged = await verify(await modelFromJournal(journal.file), { target, journal, everyone: true });
  const said = [...judged.lost, ...judged.half, ...contradictions(site.database, read)].join('\n');
  for (const { name, says } of PLANTED) expect(said, name).toMatch(says);
  await stopJoinery(tampered);
  await journal.close();
});
