import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openConnection } from '../process/connection.ts';
import { firstToken, joinerySite, startJoinery, stopJoinery } from '../process/joinery.ts';
import { send, startDriving, type Target, type Writing } from './drive.ts';
import { type Intent, stampedEmail } from './intent.ts';
import { openJournal } from './journal.ts';
import { modelFromJournal } from './model.ts';
import { seededRandom } from './random.ts';
import { contradictions } from './rows.ts';
import { verify } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'joinery-soak-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Written after the kill, each by itself, so that every plant below has a row of its own that nothing else touches. */
interface Subjects {
  readonly gone: string;
  readonly put: string;
  readonly deactivated: string;
  readonly mailed: string;
  readonly mail: string;
  readonly group: string;
  readonly member: string;
  readonly groups: number;
  readonly latest: string;
}

interface Plant {
  readonly name: string;
  /** Each statement with its values; each must alter a row. */
  readonly tamper: (subjects: Subjects) => readonly (readonly [string, ...string[]])[];
  /** What the judge must say, to the word. */
  readonly says: (subjects: Subjects) => string;
}

/** What a server that loses or halves writes would leave in its file, and the sentence that must be said about it. */
const PLANTED: readonly Plant[] = [
  {
    name: 'a user is gone, with all that belongs to it',
    tamper: ({ gone }) => [
      ['DELETE FROM keys WHERE subject = ?', gone],
      [
        `UPDATE blocks SET total = total - 1 WHERE type = 'User' AND block = (SELECT seq / 1000 FROM resources WHERE id = ?)`,
        gone,
      ],
      [`UPDATE totals SET total = total - 1 WHERE type = 'User'`],
      ['DELETE FROM resources WHERE id = ?', gone],
    ],
    says: ({ gone }) => `${gone}: the user gone@soak.example is not listed`,
  },
  {
    name: 'a put is there in part',
    tamper: ({ put }) => [
      [`UPDATE resources SET text = replace(text, '"title":"T9000012"', '"title":"T9000002"') WHERE id = ?`, put],
    ],
    says: ({ put }) => `${put}: an attribute’s write is 9000002, not 9000012`,
  },
  {
    name: 'a deactivation is lost',
    tamper: ({ deactivated }) => [
      [
        `UPDATE resources SET active = 1, version = version - 1, text = replace(text, '"active":false', '"active":true'),
         shape = replace(shape, '"active":false', '"active":true') WHERE id = ? AND active = 0`,
        deactivated,
      ],
      [
        `DELETE FROM changes WHERE subject = ? AND seq = (SELECT max(seq) FROM changes WHERE subject = ?)`,
        deactivated,
        deactivated,
      ],
    ],
    says: ({ deactivated }) => `${deactivated}: active is true, not false`,
  },
  {
    name: 'a member is gone',
    tamper: ({ group, member }) => [['DELETE FROM memberships WHERE group_id = ? AND member_id = ?', group, member]],
    says: ({ group, member }) => `${group}: 1 members are missing, ${member} for one`,
  },
  {
    name: 'an e-mail is not found any more',
    tamper: ({ mail }) => [['DELETE FROM keys WHERE value = ?', mail]],
    says: ({ mail, mailed }) => `emails.value eq "${mail}" finds nobody, not ${mailed}`,
  },
  {
    name: 'the count moved without the record',
    tamper: () => [[`UPDATE totals SET total = total + 1 WHERE type = 'Group'`]],
    says: ({ groups }) => `/Groups says ${groups + 1} and lists ${groups}`,
  },
  {
    name: 'the last write has no history',
    tamper: ({ latest }) => [['DELETE FROM changes WHERE subject = ?', latest]],
    says: ({ latest }) => `${latest} is there, and history has not created it`,
  },
];

test('the soak’s judge finds nothing wrong with a server that was killed, and everything that was planted', {
  timeout: 180_000,
}, async () => {
  const site = await joinerySite(join(folder, 'server'));
  const { token, baseUrl } = await firstToken(site);
  const target: Target = { port: site.port, base: new URL(baseUrl).pathname, authorization: `Bearer ${token}` };
  const journal = await openJournal(join(folder, 'journal.jsonl'));
  await journal.flush();

  const killed = await startJoinery(site);
  const model = await modelFromJournal(journal.file);
  const driving = await startDriving({ target, model, journal, random: seededRandom(7), inFlight: 8 });
  const early = driving.done.then(() => Promise.reject(new Error('the server ended by itself')));
  while (model.acknowledged < 300) await Promise.race([pause(5), early]);
  await stopJoinery(killed, 'SIGKILL');
  await driving.done;
  await journal.flush();

  const restarted = await startJoinery(site);
  const read = await modelFromJournal(journal.file);
  const verdict = await verify(read, { target, journal, everyone: true });
  expect([...verdict.lost, ...verdict.half, ...contradictions(site.database, read)]).toEqual([]);
  expect(read.acknowledged).toBe(model.acknowledged);
  const subjects = await writeSubjects({ target, model: read, journal });
  await stopJoinery(restarted);

  const database = new DatabaseSync(site.database);
  for (const { name, tamper } of PLANTED) {
    for (const [sql, ...values] of tamper(subjects)) {
      expect(Number(database.prepare(sql).run(...values).changes), `${name}: ${sql}`).toBe(1);
    }
  }
  database.close();

  const tampered = await startJoinery(site);
  const judged = await verify(await modelFromJournal(journal.file), { target, journal, everyone: true });
  const said = [...judged.lost, ...judged.half, ...contradictions(site.database, read)].join('\n');
  for (const { name, says } of PLANTED) expect(said, name).toContain(says(subjects));
  const { gone, put, deactivated, group } = subjects;
  expect(judged.lost.filter((line) => ![gone, put, deactivated, group].some((id) => line.startsWith(id)))).toEqual([]);
  await stopJoinery(tampered);
  await journal.close();
});

async function writeSubjects(writing: Writing): Promise<Subjects> {
  const connection = await openConnection(writing.target.port);
  const write = async (intent: Intent): Promise<string> => {
    const id = await send(connection, writing, { n: writing.model.next++, intent });
    if (id === undefined) throw new Error('the server closed the connection');
    return id;
  };
  const user = (name: string, stamp: number) =>
    write({ kind: 'create-user', userName: `${name}@soak.example`, externalId: `planted-${name}`, stamp });

  const gone = await user('gone', 9000001);
  const put = await user('put', 9000002);
  const deactivated = await user('deactivated', 9000003);
  const mailed = await user('mailed', 9000004);
  const member = await user('member', 9000005);
  await write({
    kind: 'put-user',
    id: put,
    userName: 'put@soak.example',
    externalId: 'planted-put',
    active: true,
    stamp: 9000012,
  });
  await write({ kind: 'patch-active', id: deactivated, active: false });
  const group = await write({ kind: 'create-group', name: 'Planted', members: [member] });
  const latest = await user('latest', 9000006);
  connection.close();
  const mail = stampedEmail(9000004);
  return { gone, put, deactivated, mailed, mail, group, member, latest, groups: writing.model.groups.size };
}
