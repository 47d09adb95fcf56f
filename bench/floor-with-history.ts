import { randomUUIDv7 } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type Answer, asked, list, serveFloor } from './floor-server.ts';
import { PRAGMAS, WITH_HISTORY } from './floor-tables.ts';

/**
 * The third reference: the floor (floor.ts), and what a directory must do besides. Each write is in a savepoint of its own,
 * begins with two look-ups (is it there, is the name free), keeps the keys by which users are found (externalId, e-mail)
 * and the counts, and writes a row of history with what stood before and after. Each user is answered with its groups, of
 * a page in one query. Still no SCIM rules, no directories, no filters but one.
 *
 *     node bench/floor-with-history.ts <database file> <token>
 */
const [file = '', token = ''] = process.argv.slice(2);

const database = new DatabaseSync(file);
database.exec(PRAGMAS);
database.exec(WITH_HISTORY.tables);
database.exec(WITH_HISTORY.indexes);
database.exec("INSERT OR IGNORE INTO counts VALUES ('users', 0, 0)");
const statements = {
  savepoint: database.prepare('SAVEPOINT one'),
  release: database.prepare('RELEASE one'),
  rollBack: database.prepare('ROLLBACK TO one'),
  byName: database.prepare('SELECT id, body FROM users WHERE name = ?'),
  byId: database.prepare('SELECT id, name, active, body FROM users WHERE id = ?'),
  byExternalId: database.prepare('SELECT id FROM users WHERE external_id = ?'),
  groupsOf: database.prepare(
    'SELECT g.id, g.name FROM members m CROSS JOIN groups g ON g.id = m.grp WHERE m.usr = ? ORDER BY m.grp',
  ),
  // The ids of neighbours on a page are neighbours: they are made in order.
  groupsBetween: database.prepare(
    'SELECT m.usr, g.id, g.name FROM members m CROSS JOIN groups g ON g.id = m.grp WHERE m.usr BETWEEN ? AND ? ORDER BY m.usr, m.grp',
  ),
  insert: database.prepare('INSERT INTO users (id, name, external_id, active, body) VALUES (?, ?, ?, ?, ?)'),
  update: database.prepare('UPDATE users SET active = ?, body = ? WHERE id = ?'),
  rename: database.prepare('UPDATE users SET name = ?, external_id = ? WHERE id = ?'),
  remove: database.prepare('DELETE FROM users WHERE id = ?'),
  leaveAll: database.prepare('DELETE FROM members WHERE usr = ?'),
  addKey: database.prepare('INSERT OR IGNORE INTO keys VALUES (?, ?, ?)'),
  dropKey: database.prepare('DELETE FROM keys WHERE attribute = ? AND value = ? AND subject = ?'),
  count: database.prepare(
    "UPDATE counts SET total = total + ?, inactive = inactive + ? WHERE kind = 'users' RETURNING total",
  ),
  total: database.prepare("SELECT total FROM counts WHERE kind = 'users'"),
  pageAfter: database.prepare('SELECT seq, id, body FROM users WHERE seq > ? ORDER BY seq LIMIT ?'),
  pageAt: database.prepare('SELECT seq, id, body FROM users ORDER BY seq LIMIT ? OFFSET ?'),
  group: database.prepare('SELECT id, version, body FROM groups WHERE id = ?'),
  moveGroup: database.prepare('UPDATE groups SET version = version + 1, members = members + ? WHERE id = ?'),
  addMember: database.prepare('INSERT OR IGNORE INTO members VALUES (?, ?)'),
  removeMember: database.prepare('DELETE FROM members WHERE grp = ? AND usr = ?'),
  remember: database.prepare('INSERT INTO changes (at, by, kind, subject, before, after) VALUES (?, ?, ?, ?, ?, ?)'),
};

serveFloor({ database, read, change: (what, id, sent) => () => whole(() => change(what, id, sent)) }, token);

/** All of a write, or nothing. */
function whole(run: () => Answer): Answer {
  statements.savepoint.run();
  const answer = run();
  if (answer[0] >= 400) statements.rollBack.run();
  statements.release.run();
  return answer;
}

function read(kind: string, id: string, search: string): Answer {
  if (id !== '') return kind === 'Users' ? readUser(statements.byId.get(id)) : readGroup(id);
  const { name, start, count } = asked(search);
  if (name !== undefined) {
    const row = statements.byName.get(name);
    return [200, row === undefined ? list([], 0, 1) : list([withGroups(row)], 1, 1)];
  }
  return [200, list(page(start, count), Number(statements.total.get()?.total), start)];
}

type Row = Record<string, unknown>;

function readUser(row: Row | undefined): Answer {
  return row === undefined ? [404, '{}'] : [200, withGroups(row)];
}

function readGroup(id: string): Answer {
  const row = statements.group.get(id);
  return row === undefined
    ? [404, '{}']
    : [200, `${String(row.body).slice(0, -1)},"meta":{"version":"${row.version}"}}`];
}

function withGroups(row: Row, groups: readonly Row[] = statements.groupsOf.all(String(row.id))): string {
  const body = String(row.body);
  if (groups.length === 0) return body;
  const shown = groups.map(({ id, name }) => `{"value":"${id}","display":${JSON.stringify(name)},"type":"direct"}`);
  return `${body.slice(0, -1)},"groups":[${shown.join(',')}]}`;
}

/** Where the pages that were sent ended, so that a walk's next page need not skip rows. */
const ends = new Map<number, number>();

function page(start: number, count: number): string[] {
  const after = start === 1 ? 0 : ends.get(start);
  const rows = after === undefined ? statements.pageAt.all(count, start - 1) : statements.pageAfter.all(after, count);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  ends.set(start + rows.length, Number(last.seq));
  const groups = Map.groupBy(statements.groupsBetween.all(String(first.id), String(last.id)), ({ usr }) => usr);
  return rows.map((row) => withGroups(row, groups.get(row.id as string) ?? []));
}

// biome-ignore lint/suspicious/noExplicitAny: the reference trusts what it is sent
function change(what: string, id: string, sent: any): Answer {
  switch (what) {
    case 'POST Users':
      return create(sent);
    case 'PUT Users':
      return update(id, sent);
    case 'PATCH Users':
      return update(id, { active: sent.Operations[0].value.active });
    case 'DELETE Users':
      return remove(id);
    case 'PATCH Groups':
      return move(id, sent.Operations);
    default:
      return [405, '{}'];
  }
}

function create({ groups: _, password: __, ...sent }: Row): Answer {
  const name = String(sent.userName).toLowerCase();
  const externalId = String(sent.externalId);
  if (statements.byName.get(name) !== undefined || statements.byExternalId.get(externalId) !== undefined)
    return [409, '{}'];
  const id = randomUUIDv7();
  const now = new Date().toISOString();
  const body = JSON.stringify({ ...sent, id, meta: meta(id, now, now) });
  statements.insert.run(id, name, externalId, sent.active ? 1 : 0, body);
  for (const value of addresses(sent)) statements.addKey.run('emails.value', value, id);
  statements.count.get(1, sent.active ? 0 : 1);
  statements.remember.run(now, 'token', 'created', id, null, body);
  return [201, body];
}

/** PUT sends all of a user, PATCH one attribute: what differs is what history keeps. */
function update(id: string, { groups: _, password: __, meta: ___, ...sent }: Row): Answer {
  const row = statements.byId.get(id);
  if (row === undefined) return [404, '{}'];
  const stored = JSON.parse(String(row.body)) as Row;
  const name = String(sent.userName ?? stored.userName).toLowerCase();
  const owner = statements.byName.get(name);
  if (owner !== undefined && owner.id !== id) return [409, '{}'];

  const [before, after] = difference(stored, sent);
  if (Object.keys(after).length === 0) return readUser(row);
  const now = new Date().toISOString();
  const next: Row = { ...stored, ...sent, id, meta: meta(id, (stored.meta as { created: string }).created, now) };
  const active = next.active ? 1 : 0;
  const body = JSON.stringify(next);
  statements.update.run(active, body, id);
  if ('userName' in after || 'externalId' in after) statements.rename.run(name, String(next.externalId), id);
  if ('emails' in after) {
    for (const value of addresses(stored)) statements.dropKey.run('emails.value', value, id);
    for (const value of addresses(next)) statements.addKey.run('emails.value', value, id);
  }
  if (active !== row.active) statements.count.get(0, active === 1 ? -1 : 1);
  statements.remember.run(now, 'token', 'updated', id, JSON.stringify(before), JSON.stringify(after));
  return [200, withGroups({ id, body })];
}

function difference(stored: Row, sent: Row): [before: Row, after: Row] {
  const [before, after]: [Row, Row] = [{}, {}];
  for (const [key, value] of Object.entries(sent)) {
    if (JSON.stringify(stored[key]) === JSON.stringify(value)) continue;
    before[key] = stored[key];
    after[key] = value;
  }
  return [before, after];
}

function remove(id: string): Answer {
  const row = statements.byId.get(id);
  if (row === undefined) return [404, '{}'];
  for (const value of addresses(JSON.parse(String(row.body)))) statements.dropKey.run('emails.value', value, id);
  for (const group of statements.groupsOf.all(id)) statements.moveGroup.run(-1, String(group.id));
  statements.leaveAll.run(id);
  statements.remove.run(id);
  statements.count.get(-1, row.active === 1 ? 0 : -1);
  statements.remember.run(new Date().toISOString(), 'token', 'removed', id, String(row.body), null);
  return [204];
}

function move(group: string, operations: readonly { op: string; path: string; value: readonly Row[] }[]): Answer {
  if (statements.group.get(group) === undefined) return [404, '{}'];
  for (const { op, path, value } of operations) {
    const users =
      op === 'add' ? value.map((member) => String(member.value)) : [path.slice('members[value eq "'.length, -2)];
    for (const user of users) {
      if (statements.byId.get(user) === undefined) return [400, '{}'];
      const moved = (op === 'add' ? statements.addMember : statements.removeMember).run(group, user).changes;
      if (moved === 0) continue;
      statements.moveGroup.run(op === 'add' ? 1 : -1, group);
      const [before, after] = op === 'add' ? [null, user] : [user, null];
      statements.remember.run(new Date().toISOString(), 'token', 'members', group, before, after);
    }
  }
  return [204];
}

function addresses(user: Row): string[] {
  return ((user.emails ?? []) as readonly { value: string }[]).map(({ value }) => value.toLowerCase());
}

function meta(id: string, created: string, lastModified: string): object {
  return { resourceType: 'User', created, lastModified, location: `/scim/v2/Users/${id}` };
}
