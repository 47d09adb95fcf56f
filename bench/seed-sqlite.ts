import { randomUUID } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { BLOCK } from '../src/store/sqlite/tally.ts';
import {
  groupRecord,
  MARKS,
  memberLists,
  PATTERNS,
  patternOf,
  type SeededGroup,
  type Seeding,
  seededId,
} from './seed-people.ts';

/** In one pass, without a log: a file that was being filled when the process ended is of no more use. */
export function seedSqlite(file: string, seeding: Seeding): void {
  // Else the log stays on whatever the pragma says, and everything is written twice.
  const database = new DatabaseSync(file, { defensive: false });
  try {
    for (const pragma of FILLING) database.exec(`PRAGMA ${pragma}`);
    database.exec('BEGIN EXCLUSIVE');
    const filling: Filling = { ...seeding, ...directoryIn(database), statements: statementsOf(database), changes: 0 };
    for (let index = 0; index < seeding.users; index += 1) addUser(filling, index);
    for (const [index, group] of seeding.groups.entries()) addGroup(filling, group, index);
    count(database, filling);
    database.exec('COMMIT');
    database.exec('PRAGMA journal_mode = WAL');
  } finally {
    database.close();
  }
}

const FILLING = ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -131072', 'foreign_keys = OFF'];

interface Filling extends Seeding {
  readonly directory: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly statements: Statements;
  /** How many rows history has. */
  changes: number;
}

type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

const SQL = {
  resource: `INSERT INTO resources (directory, type, id, seq, version, created, modified, active, member_count,
    name_key, twin, external_id, display_key, label, text, shape, owned)
    VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
  key: 'INSERT INTO keys (directory, type, attribute, value, subject) VALUES (?, ?, ?, ?, ?)',
  membership: `INSERT INTO memberships (directory, group_id, member_id, type) VALUES (?, ?, ?, 'User')`,
  change: `INSERT INTO changes
    (directory, seq, change_set, cause, at, by_kind, by_id, by_name, request_id, kind, type, subject, before, after)
    VALUES (?, ?, ?, ?, ?, 'credential', ?, ?, ?, ?, ?, ?, NULL, ?)`,
} as const;

function statementsOf(database: DatabaseSync): Statements {
  const { resource, key, membership, change } = SQL;
  return {
    resource: database.prepare(resource),
    key: database.prepare(key),
    membership: database.prepare(membership),
    change: database.prepare(change),
  };
}

function directoryIn(database: DatabaseSync): Pick<Filling, 'directory' | 'by'> {
  const found = database.prepare('SELECT directory, id, name FROM credentials ORDER BY created').all();
  const [one] = found as { directory: string; id: string; name: string }[];
  if (one === undefined) throw new Error('a database is seeded in the name of a token, and there is none');
  const full = database.prepare('SELECT 1 FROM totals').get();
  if (full !== undefined) throw new Error('the directory that is to be seeded has something in it');
  return { directory: one.directory, by: { id: one.id, name: one.name } };
}

/** A pattern's texts, cut where the id and the numbers stand. */
interface Cut {
  readonly active: number;
  readonly displayKey: string | null;
  readonly label: string;
  readonly nameKey: Pieces;
  readonly externalId: Pieces;
  readonly text: Pieces;
  readonly shape: Pieces;
  readonly keys: readonly { readonly name: string; readonly value: Pieces }[];
}

type Pieces = readonly string[];

const cuts: (Cut | undefined)[] = [];

function cutOf(nth: number): Cut {
  const known = cuts[nth];
  if (known !== undefined) return known;
  const { columns, text, keys } = patternOf(nth);
  const made: Cut = {
    active: columns.active,
    displayKey: columns.displayKey,
    label: columns.label,
    nameKey: pieces(columns.nameKey),
    externalId: pieces(columns.externalId ?? ''),
    text: pieces(text),
    shape: pieces(columns.shape),
    keys: keys.map(({ name, value }) => ({ name, value: pieces(value) })),
  };
  cuts[nth] = made;
  return made;
}

/** What stands, a mark, what stands, … */
function pieces(pattern: string): Pieces {
  return pattern.split(/(§[^§]*§)/);
}

function fillIn(pieces: Pieces, { id, number }: { id: string; number: string }): string {
  let text = '';
  for (const piece of pieces) {
    if (piece === MARKS.id) text += id;
    else if (piece === MARKS.wide) text += number.padStart(17, '0');
    else if (piece === MARKS.phone) text += number.padStart(7, '0');
    else if (piece === MARKS.number) text += number;
    else text += piece;
  }
  return text;
}

function addUser(filling: Filling, index: number): void {
  const { directory, statements, users, groups, now } = filling;
  const cut = cutOf(index % PATTERNS);
  const person = { id: seededId(index), number: String(index) };
  const at = new Date(now - groups.length - users + index).toISOString();
  const text = fillIn(cut.text, person);
  statements.resource.run(
    directory,
    'User',
    person.id,
    index + 1,
    at,
    at,
    cut.active,
    0,
    fillIn(cut.nameKey, person),
    '',
    fillIn(cut.externalId, person),
    cut.displayKey,
    cut.label,
    text,
    fillIn(cut.shape, person),
  );
  for (const { name, value } of cut.keys) {
    statements.key.run(directory, 'User', name, fillIn(value, person), person.id);
  }
  addChanges(filling, { type: 'User', subject: person.id, at, created: text, memberLists: [] });
}

function addGroup(filling: Filling, group: SeededGroup, index: number): void {
  const { directory, statements, groups, now } = filling;
  const { columns, text } = groupRecord(group);
  const at = new Date(now - groups.length + index).toISOString();
  statements.resource.run(
    directory,
    'Group',
    group.id,
    index + 1,
    at,
    at,
    columns.active,
    group.members.length,
    columns.nameKey,
    columns.twin,
    columns.externalId,
    columns.displayKey,
    columns.label,
    text,
    columns.shape,
  );
  for (const member of group.members) statements.membership.run(directory, group.id, seededId(member));
  const lists = memberLists(group).map((members) => JSON.stringify(members.map(seededId)));
  addChanges(filling, { type: 'Group', subject: group.id, at, created: text, memberLists: lists });
}

/** The change set of one POST. */
function addChanges(filling: Filling, posted: Posted): void {
  const { directory, by, statements } = filling;
  const { type, subject, at } = posted;
  const first = filling.changes + 1;
  const requestId = randomUUID();
  const add = (kind: string, cause: number | null, after: string): void => {
    filling.changes += 1;
    statements.change.run(
      ...([directory, filling.changes, first, cause, at, by.id, by.name] as const),
      ...([requestId, kind, type, subject, after] as const),
    );
  };
  add('created', null, posted.created);
  for (const list of posted.memberLists) add('members', first, list);
}

interface Posted {
  readonly type: string;
  readonly subject: string;
  readonly at: string;
  readonly created: string;
  /** JSON. */
  readonly memberLists: readonly string[];
}

function count(database: DatabaseSync, { directory, users, groups, changes }: Filling): void {
  for (const [type, total] of [
    ['User', users],
    ['Group', groups.length],
  ] as const) {
    if (total === 0) continue;
    database
      .prepare('INSERT INTO totals (directory, type, total, last_seq, inactive) VALUES (?, ?, ?, ?, 0)')
      .run(directory, type, total, total);
    const insert = database.prepare('INSERT INTO blocks (directory, type, block, total) VALUES (?, ?, ?, ?)');
    for (let block = 0; block * BLOCK <= total; block += 1) {
      // Places begin with 1.
      const first = Math.max(block * BLOCK, 1);
      insert.run(directory, type, block, Math.min((block + 1) * BLOCK, total + 1) - first);
    }
  }
  database.prepare('INSERT INTO histories (directory, last_seq) VALUES (?, ?)').run(directory, changes);
}
