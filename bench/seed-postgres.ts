import pg from 'pg';
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

/** As the owner of the tables; ends with the statistics that the server would have by then. */
export async function seedPostgres(ownerUrl: string, seeding: Seeding): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, options: '-c search_path=joinery,joinery_operator' });
  await client.connect();
  try {
    await client.query(`SET synchronous_commit = off; SET work_mem = '64MB'`);
    const filling: Filling = { ...seeding, client, ...(await directoryIn(client)), changes: 0 };
    await client.query('BEGIN');
    await makePatterns(client);
    for (let from = 0; from < seeding.users; from += SLICE) await addUsers(filling, from);
    for (const [index, group] of seeding.groups.entries()) await addGroup(filling, group, index);
    await count(filling);
    await client.query('COMMIT');
    // Else the first who read would do it, or an autovacuum beside them.
    for (const table of FILLED) await client.query(`VACUUM (ANALYZE) ${table}`);
  } finally {
    await client.end();
  }
}

/** Two kilobytes each, which fit into the memory that the session has for its work. */
const SLICE = 5_000;
const FILLED = ['resources', 'keys', 'memberships', 'changes'];

interface Filling extends Seeding {
  readonly client: pg.Client;
  readonly directory: string;
  readonly by: { readonly id: string; readonly name: string };
  /** How many rows history has. */
  changes: number;
}

async function directoryIn(client: pg.Client): Promise<Pick<Filling, 'directory' | 'by'>> {
  const { rows } = await client.query('SELECT directory, id, name FROM credentials ORDER BY created LIMIT 1');
  const [one] = rows as { directory: string; id: string; name: string }[];
  if (one === undefined) throw new Error('a database is seeded in the name of a token, and there is none');
  const { rowCount } = await client.query('SELECT 1 FROM resources LIMIT 1');
  if (rowCount !== 0) throw new Error('the directory that is to be seeded has something in it');
  return { directory: one.directory, by: { id: one.id, name: one.name } };
}

/** The server fills the patterns in: sent whole, everybody would take two kilobytes of the way to it. */
async function makePatterns(client: pg.Client): Promise<void> {
  await client.query(`CREATE TEMPORARY TABLE patterns (nth integer PRIMARY KEY, active boolean, name_key text,
    external_id text, display_key text, label text, text text, shape text, keys jsonb) ON COMMIT DROP`);
  const all = Array.from({ length: PATTERNS }, (_, nth) => patternOf(nth));
  await client.query(
    `INSERT INTO patterns SELECT * FROM unnest($1::integer[], $2::boolean[], $3::text[], $4::text[], $5::text[],
      $6::text[], $7::text[], $8::text[], $9::jsonb[])`,
    [
      all.map((_, nth) => nth),
      all.map(({ columns }) => columns.active === 1),
      all.map(({ columns }) => formatOf(columns.nameKey)),
      all.map(({ columns }) => formatOf(columns.externalId ?? '')),
      all.map(({ columns }) => columns.displayKey),
      all.map(({ columns }) => columns.label),
      all.map(({ text }) => formatOf(text)),
      all.map(({ columns }) => formatOf(columns.shape)),
      all.map(({ keys }) => JSON.stringify(keys.map(({ name, value }) => ({ name, value: formatOf(value) })))),
    ],
  );
}

/** What `format` puts where a mark stands. */
const PLACES = new Map<string, string>([
  [MARKS.id, '%1$s'],
  [MARKS.wide, '%2$s'],
  [MARKS.phone, '%3$s'],
  [MARKS.number, '%4$s'],
]);

function formatOf(pattern: string): string {
  return pattern.replaceAll('%', '%%').replaceAll(/§[^§]*§/g, (mark) => PLACES.get(mark) ?? mark);
}

const filledIn = (format: string): string => `format(${format}, p.id, p.wide, p.phone, p.number)`;

const ADD_USERS = `WITH people AS MATERIALIZED (
    SELECT p.id, p.number, p.at, p.wide, p.phone, t.active, t.display_key, t.label, t.keys,
      ${filledIn('t.name_key')} AS name_key, ${filledIn('t.external_id')} AS external_id,
      ${filledIn('t.text')} AS text, ${filledIn('t.shape')} AS shape
    FROM (SELECT *, lpad(number::text, 17, '0') AS wide, lpad(number::text, greatest(7, length(number::text)), '0') AS phone
      FROM unnest($4::text[], $5::integer[], $6::text[]) AS n (id, number, at)) p
    JOIN patterns t ON t.nth = p.number % ${PATTERNS}
    ORDER BY p.number
  ), keyed AS (
    INSERT INTO keys (directory, type, attribute, value, subject)
    SELECT $1, 'User', k.value ->> 'name', ${filledIn(`(k.value ->> 'value')`)}, p.id
    FROM people p CROSS JOIN jsonb_array_elements(p.keys) k
  ), told AS (
    INSERT INTO changes (directory, set_number, place, seq, at, by_kind, by_id, by_name, request_id, kind, type, subject, after)
    SELECT $1, number + 1, 0, number + 1, at, 'credential', $2, $3, gen_random_uuid()::text, 'created', 'User', id, text
    FROM people
  )
  INSERT INTO resources (directory, type, id, seq, version, created, modified, active, member_count,
    name_key, twin, external_id, display_key, label, text, shape, owned)
  SELECT $1, 'User', id, number + 1, 1, at, at, active, 0,
    name_key, '', external_id, display_key, label, text, shape::jsonb, true
  FROM people`;

async function addUsers(filling: Filling, from: number): Promise<void> {
  const { client, directory, by, users, groups, now } = filling;
  const numbers = Array.from({ length: Math.min(SLICE, users - from) }, (_, nth) => from + nth);
  const times = numbers.map((number) => new Date(now - groups.length - users + number).toISOString());
  await client.query({
    name: 'add-users',
    text: ADD_USERS,
    values: [directory, by.id, by.name, numbers.map(seededId), numbers, times],
  });
  filling.changes += numbers.length;
}

const ADD_GROUP = `INSERT INTO resources (directory, type, id, seq, version, created, modified, active, member_count,
    name_key, twin, external_id, display_key, label, text, shape, owned)
  VALUES ($1, 'Group', $2, $3, 1, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, true)`;
const ADD_MEMBERS = `INSERT INTO memberships (directory, group_id, member_id, type)
  SELECT $1, $2, id, 'User' FROM unnest($3::text[]) AS m (id)`;
const ADD_CHANGES = `INSERT INTO changes
  (directory, set_number, place, seq, cause, at, by_kind, by_id, by_name, request_id, kind, type, subject, after)
  SELECT $1, $2, c.nth - 1, $3::bigint + c.nth, CASE WHEN c.nth > 1 THEN 0 END, $4, 'credential', $5, $6, request.id,
    CASE WHEN c.nth > 1 THEN 'members' ELSE 'created' END, 'Group', $7, c.after
  FROM (SELECT gen_random_uuid()::text AS id) request, unnest($8::text[]) WITH ORDINALITY AS c (after, nth)`;

async function addGroup(filling: Filling, group: SeededGroup, index: number): Promise<void> {
  const { client, directory, by, users, groups, now } = filling;
  const { columns, text } = groupRecord(group);
  const at = new Date(now - groups.length + index).toISOString();
  const place = users + index + 1;
  await client.query({
    name: 'add-group',
    text: ADD_GROUP,
    values: [
      ...[directory, group.id, place, at, columns.active === 1, group.members.length, columns.nameKey, columns.twin],
      ...[columns.externalId, columns.displayKey, columns.label, text, columns.shape],
    ],
  });
  const members = group.members.map(seededId);
  await client.query({ name: 'add-members', text: ADD_MEMBERS, values: [directory, group.id, members] });
  const lists = memberLists(group).map((list) => JSON.stringify(list.map(seededId)));
  const changes = [text, ...lists];
  await client.query({
    name: 'add-changes',
    text: ADD_CHANGES,
    values: [directory, place, filling.changes, at, by.id, by.name, group.id, changes],
  });
  filling.changes += changes.length;
}

async function count({ client, directory, users, groups, changes }: Filling): Promise<void> {
  for (const [type, total] of [
    ['User', users],
    ['Group', groups.length],
  ] as const) {
    if (total === 0) continue;
    await client.query('INSERT INTO totals (directory, type, total, inactive) VALUES ($1, $2, $3, 0)', [
      directory,
      type,
      total,
    ]);
  }
  await client.query('INSERT INTO histories (directory, last_seq) VALUES ($1, $2)', [directory, changes]);
  // The next POST takes the number after these.
  await client.query(`SELECT setval('places', $1::bigint), setval('change_sets', $1::bigint)`, [users + groups.length]);
}
