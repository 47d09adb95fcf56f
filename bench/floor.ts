import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type Answer, asked, list, serveFloor } from './floor-server.ts';
import { FLOOR, PRAGMAS } from './floor-tables.ts';

/**
 * The second reference: the least that a durable SCIM-shaped server on this machine can be. `node:http` straight onto
 * `node:sqlite`: WAL, `synchronous=FULL`, the writes of one event-loop turn share one commit, a user's JSON in one row,
 * a membership in another, one prepared statement an operation. It checks the token (SHA-256, constant time) and that
 * bodies are JSON; it has no SCIM rules, no filters but one, no groups on users, no history, no directories.
 *
 *     node bench/floor.ts <database file> <token>
 */
const [file = '', token = ''] = process.argv.slice(2);

const database = new DatabaseSync(file);
database.exec(PRAGMAS);
database.exec(FLOOR.tables);
database.exec(FLOOR.indexes);
const statements = {
  byName: database.prepare('SELECT body FROM users WHERE name = ?'),
  byId: database.prepare('SELECT body FROM users WHERE id = ?'),
  insert: database.prepare('INSERT INTO users (id, name, body) VALUES (?, ?, ?)'),
  replace: database.prepare('UPDATE users SET name = ?, body = ? WHERE id = ?'),
  activate: database.prepare("UPDATE users SET body = json_set(body, '$.active', json(?)) WHERE id = ? RETURNING body"),
  remove: database.prepare('DELETE FROM users WHERE id = ?'),
  pageAfter: database.prepare('SELECT seq, body FROM users WHERE seq > ? ORDER BY seq LIMIT ?'),
  pageAt: database.prepare('SELECT seq, body FROM users ORDER BY seq LIMIT ? OFFSET ?'),
  group: database.prepare('SELECT body FROM groups WHERE id = ?'),
  addMember: database.prepare('INSERT OR IGNORE INTO members VALUES (?, ?)'),
  removeMember: database.prepare('DELETE FROM members WHERE grp = ? AND usr = ?'),
};
let total = Number(database.prepare('SELECT count(*) AS n FROM users').get()?.n);

serveFloor({ database, read, change }, token);

function read(kind: string, id: string, search: string): Answer {
  if (id !== '') {
    const row = kind === 'Users' ? statements.byId.get(id) : statements.group.get(id);
    return row === undefined ? [404, '{}'] : [200, String(row.body)];
  }
  const { name, start, count } = asked(search);
  if (name !== undefined) {
    const row = statements.byName.get(name);
    return [200, row === undefined ? list([], 0, 1) : list([String(row.body)], 1, 1)];
  }
  return [200, list(page(start, count), total, start)];
}

/** Where the pages that were sent ended, so that a walk's next page need not skip rows. */
const ends = new Map<number, number>();

function page(start: number, count: number): string[] {
  const after = start === 1 ? 0 : ends.get(start);
  const rows = after === undefined ? statements.pageAt.all(count, start - 1) : statements.pageAfter.all(after, count);
  const last = rows.at(-1);
  if (last !== undefined) ends.set(start + rows.length, Number(last.seq));
  return rows.map((row) => String(row.body));
}

// biome-ignore lint/suspicious/noExplicitAny: the reference trusts what it is sent
function change(what: string, id: string, sent: any): () => Answer {
  switch (what) {
    case 'POST Users':
      return () => {
        const created = randomUUID();
        const body = JSON.stringify({ ...sent, id: created, meta: meta('Users', created) });
        statements.insert.run(created, sent.userName.toLowerCase(), body);
        total += 1;
        return [201, body];
      };
    case 'PUT Users':
      return () => {
        const body = JSON.stringify({ ...sent, id, meta: meta('Users', id) });
        statements.replace.run(sent.userName.toLowerCase(), body, id);
        return [200, body];
      };
    case 'PATCH Users':
      return () => {
        const row = statements.activate.get(String(sent.Operations[0].value.active), id);
        return row === undefined ? [404, '{}'] : [200, String(row.body)];
      };
    case 'DELETE Users':
      return () => {
        statements.remove.run(id);
        total -= 1;
        return [204];
      };
    case 'PATCH Groups':
      return () => {
        for (const { op, path, value } of sent.Operations) {
          if (op === 'add') for (const member of value) statements.addMember.run(id, member.value);
          else statements.removeMember.run(id, path.slice('members[value eq "'.length, -2));
        }
        return [204];
      };
    default:
      return () => [405, '{}'];
  }
}

function meta(kind: string, id: string): object {
  const now = new Date().toISOString();
  return { resourceType: kind.slice(0, -1), created: now, lastModified: now, location: `/scim/v2/${kind}/${id}` };
}
