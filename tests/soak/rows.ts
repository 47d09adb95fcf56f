import { DatabaseSync } from 'node:sqlite';
import { fold } from '../../src/scim/index.ts';
import { historyFaults } from './history.ts';
import type { Model } from './model.ts';

/**
 * What SCIM does not show: each row that a write leaves beside its record, counted in the database file. Every statement
 * here names the rows that contradict another table; all must find none.
 */
const CONTRADICTIONS: Readonly<Record<string, string>> = {
  'member_count is not the number of memberships': `
    SELECT r.id, r.member_count, count(m.member_id) FROM resources r
    LEFT JOIN memberships m ON m.directory = r.directory AND m.group_id = r.id
    GROUP BY r.directory, r.id HAVING r.member_count <> count(m.member_id)`,
  'a membership of nobody': `
    SELECT m.group_id, m.member_id FROM memberships m WHERE NOT EXISTS
      (SELECT 1 FROM resources r WHERE r.directory = m.directory AND r.id = m.member_id)`,
  'a membership in nothing': `
    SELECT m.group_id, m.member_id FROM memberships m WHERE NOT EXISTS
      (SELECT 1 FROM resources r WHERE r.directory = m.directory AND r.id = m.group_id AND r.type = 'Group')`,
  'the kept total is not the number of records': `
    SELECT t.type, t.total, count(r.id) FROM totals t LEFT JOIN resources r ON r.directory = t.directory AND r.type = t.type
    GROUP BY t.directory, t.type HAVING t.total <> count(r.id)`,
  'records of a type without a total': `
    SELECT DISTINCT r.type FROM resources r WHERE NOT EXISTS
      (SELECT 1 FROM totals t WHERE t.directory = r.directory AND t.type = r.type)`,
  'a block’s count is not the number of its records': `
    SELECT b.type, b.block, b.total, count(r.id) FROM blocks b LEFT JOIN resources r
      ON r.directory = b.directory AND r.type = b.type AND r.seq / 1000 = b.block
    GROUP BY b.directory, b.type, b.block HAVING b.total <> count(r.id)`,
  'a record outside of all blocks': `
    SELECT r.id FROM resources r WHERE NOT EXISTS
      (SELECT 1 FROM blocks b WHERE b.directory = r.directory AND b.type = r.type AND b.block = r.seq / 1000)`,
  'a place was given beyond the last': `
    SELECT r.id FROM resources r JOIN totals t ON t.directory = r.directory AND t.type = r.type WHERE r.seq > t.last_seq`,
  'the e-mail’s key is missing': `
    SELECT r.id FROM resources r, json_each(r.text, '$.emails') e WHERE r.type = 'User' AND NOT EXISTS
      (SELECT 1 FROM keys k WHERE k.directory = r.directory AND k.type = r.type AND k.attribute = 'emails.value'
         AND k.subject = r.id AND k.value = fold(e.value ->> '$.value'))`,
  'a key of an e-mail that nobody has': `
    SELECT k.value FROM keys k LEFT JOIN resources r ON r.directory = k.directory AND r.id = k.subject
    WHERE k.attribute = 'emails.value' AND (r.id IS NULL OR NOT EXISTS
      (SELECT 1 FROM json_each(r.text, '$.emails') e WHERE fold(e.value ->> '$.value') = k.value))`,
  'the columns are not the text’s': `
    SELECT id FROM resources WHERE id <> text ->> '$.id' OR external_id IS NOT text ->> '$.externalId'
      OR name_key <> fold(CASE type WHEN 'User' THEN text ->> '$.userName' ELSE text ->> '$.displayName' END)
      OR type = 'User' AND active <> (text ->> '$.active')`,
  'history has a gap, or its last number is another': `
    SELECT h.directory, h.last_seq, count(c.seq), max(c.seq) FROM histories h LEFT JOIN changes c ON c.directory = h.directory
    GROUP BY h.directory HAVING h.last_seq <> count(c.seq) OR h.last_seq <> max(c.seq)`,
};

/**
 * Reads the file beside the running server; returns a sentence for each contradiction. Without a model it is only held
 * against itself.
 */
export function contradictions(file: string, model?: Model): string[] {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  database.function('fold', { deterministic: true }, (text) => (typeof text === 'string' ? fold(text) : null));
  try {
    database.exec('BEGIN');
    const faults: string[] = [];
    for (const [what, sql] of Object.entries(CONTRADICTIONS)) {
      const rows = database.prepare(sql).all();
      if (rows.length > 0) faults.push(`${what}: ${rows.length} times, ${JSON.stringify(rows[0])} for one`);
    }
    faults.push(
      ...historyFaults({
        changes: each(database, 'SELECT change_set, kind, subject, before, after FROM changes ORDER BY directory, seq'),
        memberships: each(database, 'SELECT group_id, member_id FROM memberships'),
        records: each(database, "SELECT id, version, text ->> '$.title' AS title FROM resources"),
      }),
    );
    const integrity = database
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => row.integrity_check);
    if (integrity.join() !== 'ok') faults.push(`integrity_check: ${integrity.join('; ')}`);
    const foreign = database.prepare('PRAGMA foreign_key_check').all();
    if (foreign.length > 0) faults.push(`foreign_key_check: ${foreign.length} rows`);
    const sets = Number(database.prepare('SELECT count(DISTINCT change_set) AS n FROM changes').get()?.n);
    if (model !== undefined && sets !== model.applied)
      faults.push(`history has ${sets} change sets; ${model.applied} writes were made`);
    return faults;
  } finally {
    database.close();
  }
}

function each<T>(database: DatabaseSync, sql: string): Iterable<T> {
  return database.prepare(sql).iterate() as unknown as Iterable<T>;
}
