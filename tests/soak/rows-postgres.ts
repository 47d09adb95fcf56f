import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { fold } from '../../src/scim/index.ts';
import { type ChangeRow, historyFaults } from './history.ts';
import type { Model } from './model.ts';

/** The same as `rows.ts` of SQLite: each statement names the rows that contradict another table; all must find none. */
const CONTRADICTIONS: Readonly<Record<string, string>> = {
  'member_count is not the number of memberships': `
    SELECT r.id, r.member_count, count(m.member_id) FROM joinery.resources r
    LEFT JOIN joinery.memberships m ON m.directory = r.directory AND m.group_id = r.id
    GROUP BY r.directory, r.id, r.member_count HAVING r.member_count <> count(m.member_id)`,
  'a membership of nobody': `
    SELECT m.group_id, m.member_id FROM joinery.memberships m WHERE NOT EXISTS
      (SELECT 1 FROM joinery.resources r WHERE r.directory = m.directory AND r.id = m.member_id)`,
  'a membership in nothing': `
    SELECT m.group_id, m.member_id FROM joinery.memberships m WHERE NOT EXISTS
      (SELECT 1 FROM joinery.resources r WHERE r.directory = m.directory AND r.id = m.group_id AND r.type = 'Group')`,
  'the kept total is not the number of records': `
    SELECT t.type, t.total, count(r.id) FROM joinery.totals t
    LEFT JOIN joinery.resources r ON r.directory = t.directory AND r.type = t.type
    GROUP BY t.directory, t.type, t.total HAVING t.total <> count(r.id)`,
  'records of a type without a total': `
    SELECT DISTINCT r.type FROM joinery.resources r WHERE NOT EXISTS
      (SELECT 1 FROM joinery.totals t WHERE t.directory = r.directory AND t.type = r.type)`,
  'the columns are not the text’s': `
    SELECT id FROM joinery.resources WHERE id <> text::json ->> 'id'
      OR external_id IS DISTINCT FROM text::json ->> 'externalId'
      OR type = 'User' AND active <> (text::json ->> 'active')::boolean`,
  'history has a gap, or its last number is another': `
    SELECT h.directory, h.last_seq, count(c.seq), max(c.seq) FROM joinery.histories h
    LEFT JOIN joinery.changes c ON c.directory = h.directory
    GROUP BY h.directory, h.last_seq HAVING h.last_seq <> count(c.seq) OR h.last_seq <> max(c.seq)`,
  'a change set is not one piece of history': `
    SELECT directory, set_number FROM joinery.changes GROUP BY directory, set_number
    HAVING max(seq) - min(seq) <> count(*) - 1 OR max(place) <> count(*) - 1`,
};

const NUMBERED_WITHIN_MS = 15_000;

/**
 * Reads the database beside the running server, as the superuser; returns a sentence for each contradiction. Without a model
 * it is only held against itself.
 */
export async function contradictionsInPostgres(url: string, model?: Model): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const faults = await stillUnnumbered(client);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const [what, sql] of Object.entries(CONTRADICTIONS)) {
      const { rows } = await client.query(sql);
      if (rows.length > 0) faults.push(`${what}: ${rows.length} times, ${JSON.stringify(rows[0])} for one`);
    }
    faults.push(...(await unfolded(client)));
    const changes = await client.query<ChangeRow>(
      `SELECT directory || ' ' || set_number AS change_set, kind, subject, before, after FROM joinery.changes
       ORDER BY directory, seq NULLS LAST`,
    );
    const memberships = await client.query('SELECT group_id, member_id FROM joinery.memberships');
    const records = await client.query("SELECT id, version, text::json ->> 'title' AS title FROM joinery.resources");
    faults.push(...historyFaults({ changes: changes.rows, memberships: memberships.rows, records: records.rows }));
    const sets = new Set(changes.rows.map(({ change_set }) => change_set)).size;
    if (model !== undefined && sets !== model.applied)
      faults.push(`history has ${sets} change sets; ${model.applied} writes were made`);
    return faults;
  } finally {
    await client.end();
  }
}

/** The sequence is given after the commit, also by whoever comes after a process that was killed in between. */
async function stillUnnumbered(client: pg.Client): Promise<string[]> {
  for (const since = performance.now(); ; await pause(50)) {
    const { rows } = await client.query<{ n: string }>('SELECT count(*) AS n FROM joinery.changes WHERE seq IS NULL');
    if (Number(rows[0]?.n) === 0) return [];
    if (performance.now() - since > NUMBERED_WITHIN_MS) {
      return [`${rows[0]?.n} changes have no number ${NUMBERED_WITHIN_MS} ms after the last write`];
    }
  }
}

/** What is found by folded text, held against the text: PostgreSQL folds otherwise (decision 17), so that it is done here. */
async function unfolded(client: pg.Client): Promise<string[]> {
  const faults: string[] = [];
  const keys = await client.query<{ directory: string; subject: string; value: string }>(
    "SELECT directory, subject, value FROM joinery.keys WHERE attribute = 'emails.value'",
  );
  const kept = new Set(keys.rows.map(({ directory, subject, value }) => `${directory} ${subject} ${value}`));
  const { rows } = await client.query<{ directory: string; id: string; name_key: string; text: string }>(
    'SELECT directory, id, name_key, text FROM joinery.resources',
  );
  for (const { directory, id, name_key, text } of rows) {
    const { userName, displayName, emails = [] } = JSON.parse(text) as Texts;
    if (name_key !== fold(userName ?? displayName ?? '')) faults.push(`${id} is found as ${name_key}: ${text}`);
    for (const value of new Set(emails.map((email) => fold(email.value ?? '')))) {
      if (value !== '' && !kept.delete(`${directory} ${id} ${value}`))
        faults.push(`${id}: the key of ${value} is missing`);
    }
  }
  for (const key of kept) faults.push(`a key of an e-mail that nobody has: ${key}`);
  return faults;
}

interface Texts {
  readonly userName?: string;
  readonly displayName?: string;
  readonly emails?: readonly { readonly value?: string }[];
}
