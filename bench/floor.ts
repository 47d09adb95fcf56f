import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { DatabaseSync } from 'node:sqlite';

/**
 * The second reference: the least that a durable SCIM-shaped server on this machine can be. `node:http` straight onto
 * `node:sqlite`: WAL, `synchronous=FULL`, the writes of one event-loop turn share one commit, a user's JSON in one row,
 * a membership in another, one prepared statement an operation. It checks the token (SHA-256, constant time) and that
 * bodies are JSON; it has no SCIM rules, no filters but one, no groups on users, no history, no directories.
 *
 *     node bench/floor.ts <database file> <token>
 */
const [file = '', token = ''] = process.argv.slice(2);
const secret = sha256(token);

const database = new DatabaseSync(file);
database.exec(`
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824;
  CREATE TABLE IF NOT EXISTS users (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT UNIQUE, body TEXT);
  CREATE TABLE IF NOT EXISTS groups (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT);
  CREATE TABLE IF NOT EXISTS members (grp TEXT, usr TEXT, PRIMARY KEY (grp, usr)) WITHOUT ROWID;
`);
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
  insertGroup: database.prepare('INSERT INTO groups (id, body) VALUES (?, ?)'),
  addMember: database.prepare('INSERT OR IGNORE INTO members VALUES (?, ?)'),
  removeMember: database.prepare('DELETE FROM members WHERE grp = ? AND usr = ?'),
};
let total = Number(database.prepare('SELECT count(*) AS n FROM users').get()?.n);

type Answer = readonly [status: number, body?: string];

interface Write {
  /** Changes rows; returns the answer to send once they are on disk. */
  readonly run: () => Answer;
  readonly response: ServerResponse;
}
let queue: Write[] = [];

function write(response: ServerResponse, run: Write['run']): void {
  if (queue.length === 0) setImmediate(commitQueue);
  queue.push({ run, response });
}

function commitQueue(): void {
  const writes = queue;
  queue = [];
  database.exec('BEGIN IMMEDIATE');
  const answers = writes.map(({ run }) => run());
  database.exec('COMMIT');
  for (const [index, { response }] of writes.entries()) send(response, answers[index] ?? [500]);
}

function send(response: ServerResponse, [status, body]: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const headers = { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, headers).end(body);
}

const server = createServer((request, response) => {
  const presented = sha256(request.headers.authorization?.slice(7) ?? '');
  if (!timingSafeEqual(presented, secret)) return send(response, [401, '{}']);
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  const [, , , kind = '', id = ''] = path.split('/');
  if (request.method === 'GET') return send(response, read(kind, id, search));
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const text = Buffer.concat(pieces).toString();
    write(response, change(`${request.method} ${kind}`, id, text === '' ? {} : JSON.parse(text)));
  });
});

function read(kind: string, id: string, search: string): Answer {
  if (id !== '') {
    const row = kind === 'Users' ? statements.byId.get(id) : statements.group.get(id);
    return row === undefined ? [404, '{}'] : [200, String(row.body)];
  }
  const query = new URLSearchParams(search);
  const name = /^userName eq "(.*)"$/.exec(query.get('filter') ?? '')?.[1];
  if (name !== undefined) {
    const row = statements.byName.get(name.toLowerCase());
    return [200, row === undefined ? list([], 0, 1) : list([String(row.body)], 1, 1)];
  }
  const [start, count] = [Number(query.get('startIndex')), Number(query.get('count'))];
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

function list(bodies: readonly string[], count: number, start: number): string {
  return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":${count},"startIndex":${start},"itemsPerPage":${bodies.length},"Resources":[${bodies.join(',')}]}`;
}

// biome-ignore lint/suspicious/noExplicitAny: the reference trusts what it is sent
function change(what: string, id: string, sent: any): Write['run'] {
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
    case 'POST Groups':
      return () => {
        const created = randomUUID();
        const { members, ...rest } = sent;
        const body = JSON.stringify({ ...rest, id: created, meta: meta('Groups', created) });
        statements.insertGroup.run(created, body);
        for (const member of members) statements.addMember.run(created, member.value);
        return [201, body];
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

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())));
