import { DatabaseSync } from 'node:sqlite';
import { FLOOR, PRAGMAS, type Tables, WITH_HISTORY } from './floor-tables.ts';
import { userBody } from './people.ts';
import { seededId, seedUsers } from './seed.ts';
import { groupsOf, type SeededGroup } from './seed-people.ts';

/**
 * Fills one database that no server runs on, in a process of its own so that several are filled at once:
 *
 *     node bench/fill.ts joinery <users>            the one that the environment names
 *     node bench/fill.ts floor <users> <file>       as bench/floor.ts would have it
 *     node bench/fill.ts history <users> <file>     as bench/floor-with-history.ts would
 *
 * The same people under the same ids, and the same groups, in all of them.
 */
const [what = '', number = '', file = ''] = process.argv.slice(2);
const users = Number(number);
const AT = '2026-01-01T00:00:00.000Z';

if (what === 'joinery') await seedUsers({ environment: process.env }, users);
else if (what === 'floor') fillFloor(FLOOR, { user: plainUser, group: plainGroup });
else if (what === 'history') fillFloor(WITH_HISTORY, { user: userWithHistory, group: groupWithHistory });
else throw new Error(`fill.ts fills joinery, floor or history, not ${what}`);

interface Filling {
  readonly user: (insert: Insert, index: number) => void;
  readonly group: (insert: Insert, group: SeededGroup) => void;
}

type Insert = (sql: string, ...values: readonly (string | number | null)[]) => void;

function fillFloor(tables: Tables, { user, group }: Filling): void {
  // Else the journal stays on, whatever the pragma says.
  const database = new DatabaseSync(file, { defensive: false });
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
  database.exec('BEGIN EXCLUSIVE');
  database.exec(tables.tables);
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const insert: Insert = (sql, ...values) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    statement.run(...values);
  };
  for (let index = 0; index < users; index += 1) user(insert, index);
  const { small, big } = groupsOf(users, { groups: true, groupsEach: 0 });
  for (const one of [...small, ...big]) group(insert, one);
  database.exec(tables.indexes);
  database.exec('COMMIT');
  database.exec(PRAGMAS);
  database.close();
}

function bodyOf(index: number, kept: Record<string, unknown>): string {
  const id = seededId(index);
  const meta = { resourceType: 'User', created: AT, lastModified: AT, location: `/scim/v2/Users/${id}` };
  return JSON.stringify({ ...kept, id, meta });
}

function plainUser(insert: Insert, index: number): void {
  const sent = userBody(index);
  const name = String(sent.userName).toLowerCase();
  insert('INSERT INTO users (id, name, body) VALUES (?, ?, ?)', seededId(index), name, bodyOf(index, sent));
}

function plainGroup(insert: Insert, group: SeededGroup): void {
  const body = JSON.stringify({ displayName: group.displayName, id: group.id });
  insert('INSERT INTO groups (id, body) VALUES (?, ?)', group.id, body);
  addMembers(insert, group);
}

function userWithHistory(insert: Insert, index: number): void {
  const { groups: _, password: __, ...sent } = userBody(index);
  const [id, name] = [seededId(index), String(sent.userName).toLowerCase()];
  const body = bodyOf(index, sent);
  const externalId = String(sent.externalId);
  insert('INSERT INTO users (id, name, external_id, active, body) VALUES (?, ?, ?, 1, ?)', id, name, externalId, body);
  insert("INSERT INTO keys VALUES ('emails.value', ?, ?)", name, id);
  insert("INSERT INTO changes (at, by, kind, subject, after) VALUES (?, 'token', 'created', ?, ?)", AT, id, body);
  if (index === users - 1) insert("INSERT INTO counts VALUES ('users', ?, 0)", users);
}

function groupWithHistory(insert: Insert, group: SeededGroup): void {
  const { id, displayName, members } = group;
  const body = JSON.stringify({ displayName, id });
  const values = [id, displayName, members.length, body];
  insert('INSERT INTO groups (id, name, version, members, body) VALUES (?, ?, 1, ?, ?)', ...values);
  addMembers(insert, group);
  insert("INSERT INTO changes (at, by, kind, subject, after) VALUES (?, 'token', 'created', ?, ?)", AT, id, body);
}

function addMembers(insert: Insert, { id, members }: SeededGroup): void {
  for (const member of members) insert('INSERT INTO members VALUES (?, ?)', id, seededId(member));
}
