import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The first tables, in two schemas:
 *
 *     joinery           what hangs on a directory. The role that requests have sees the rows of one directory at a time
 *     joinery_operator  organizations, directories, credentials, secrets: the owner's alone
 *
 * Every key leads with the directory, so that Citus, Yugabyte or Aurora can spread them. Text is COLLATE "C", which compares
 * by code point as the code does. A value of any length may be in an index: `…_at` is the value where it is short, else its
 * beginning and a digest, so that equal values have equal ones; who looks by it compares the value too.
 */
export const directories: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [...OPERATOR, ...DIRECTORY]) await sql.raw(statement).execute(db);
    for (const table of OF_A_DIRECTORY) {
      for (const statement of wall(table)) await sql.raw(statement).execute(db);
    }
    for (const table of READ_ONLY) await sql.raw(policy(table, 'SELECT')).execute(db);
    for (const statement of APPEND_ONLY) await sql.raw(statement).execute(db);
  },
};

const TEXT = 'text COLLATE "C"';

/** An entry of an index has 2,704 bytes at most, for all of its columns. */
const at = (column: string): string =>
  `${column}_at ${TEXT} GENERATED ALWAYS AS (CASE WHEN octet_length(${column}) <= 512 THEN ${column} ELSE left(${column}, 100) || md5(${column}) END) STORED`;

const OPERATOR = [
  `CREATE TABLE joinery_operator.organizations (
    id ${TEXT} PRIMARY KEY,
    slug ${TEXT} NOT NULL UNIQUE,
    name ${TEXT} NOT NULL,
    created ${TEXT} NOT NULL
  )`,
  `CREATE TABLE joinery_operator.directories (
    id ${TEXT} PRIMARY KEY,
    organization ${TEXT} NOT NULL REFERENCES joinery_operator.organizations (id),
    application ${TEXT} NOT NULL,
    created ${TEXT} NOT NULL,
    UNIQUE (organization, application)
  )`,
  `CREATE TABLE joinery_operator.credentials (
    id ${TEXT} PRIMARY KEY,
    directory ${TEXT} NOT NULL REFERENCES joinery_operator.directories (id),
    name ${TEXT} NOT NULL,
    hash ${TEXT} NOT NULL UNIQUE,
    scope ${TEXT} NOT NULL CHECK (scope IN ('provision', 'read')),
    created ${TEXT} NOT NULL,
    expires ${TEXT},
    revoked ${TEXT},
    last_used ${TEXT}
  )`,
  'CREATE INDEX credentials_directory ON joinery_operator.credentials (directory)',
  `CREATE TABLE joinery_operator.secrets (
    name ${TEXT} PRIMARY KEY,
    value ${TEXT} NOT NULL
  )`,
  // The columns are those of SQLite's `fills`.
  `CREATE TABLE joinery_operator.fills (
    application ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    attribute ${TEXT} NOT NULL,
    form ${TEXT} NOT NULL,
    state ${TEXT} NOT NULL CHECK (state IN ('clean', 'fill', 'done', 'drop')),
    reached ${TEXT} NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (application, type, attribute)
  )`,
];

/**
 *   resources.seq  place in the order of creation, of all directories: never given twice, and given before the commit, so
 *                  that neighbours may appear in another order than theirs
 *   resources.text, shape  as in SQLite; the shape is jsonb, the text is what was sent
 *   changes.seq    given after the commit, by the sequencer; until then the change is not counted in `totals` either
 *   changes.cause  the place of another change of the same set
 *   totals         what the numbered changes made of a type; what the others make of it is added by who asks
 */
const DIRECTORY = [
  'CREATE SEQUENCE joinery.places',
  `CREATE TABLE joinery.resources (
    directory ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    id ${TEXT} NOT NULL,
    seq bigint NOT NULL DEFAULT nextval('joinery.places'),
    version integer NOT NULL,
    created ${TEXT} NOT NULL,
    modified ${TEXT} NOT NULL,
    active boolean NOT NULL,
    member_count integer NOT NULL,
    name_key ${TEXT} NOT NULL,
    ${at('name_key')},
    name_sort ${TEXT} GENERATED ALWAYS AS (left(name_key, 100)) STORED,
    twin ${TEXT} NOT NULL,
    external_id ${TEXT},
    ${at('external_id')},
    display_key ${TEXT},
    ${at('display_key')},
    label ${TEXT} NOT NULL,
    text ${TEXT} NOT NULL,
    shape jsonb NOT NULL,
    PRIMARY KEY (directory, id)
  )`,
  // Until somebody has looked at a young table they all seem to serve alike, and then the planner takes the latest: those
  // that find one record come last.
  'CREATE INDEX resources_created ON joinery.resources (directory, type, created, seq)',
  'CREATE INDEX resources_modified ON joinery.resources (directory, type, modified, seq)',
  'CREATE INDEX resources_inactive ON joinery.resources (directory, type, seq) WHERE NOT active',
  'CREATE INDEX resources_sort ON joinery.resources (directory, type, name_sort, seq)',
  'CREATE UNIQUE INDEX resources_seq ON joinery.resources (directory, type, seq)',
  'CREATE INDEX resources_display ON joinery.resources (directory, type, display_key_at, seq) WHERE display_key_at IS NOT NULL',
  'CREATE UNIQUE INDEX resources_name ON joinery.resources (directory, type, name_key_at, twin)',
  'CREATE UNIQUE INDEX resources_external_id ON joinery.resources (directory, type, external_id_at) WHERE external_id_at IS NOT NULL',

  `CREATE TABLE joinery.keys (
    directory ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    attribute ${TEXT} NOT NULL,
    value ${TEXT} NOT NULL,
    ${at('value')},
    subject ${TEXT} NOT NULL,
    PRIMARY KEY (directory, type, attribute, value_at, subject)
  )`,

  `CREATE TABLE joinery.memberships (
    directory ${TEXT} NOT NULL,
    group_id ${TEXT} NOT NULL,
    member_id ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    PRIMARY KEY (directory, group_id, member_id)
  )`,
  'CREATE INDEX memberships_member ON joinery.memberships (directory, member_id, group_id)',

  `CREATE TABLE joinery.totals (
    directory ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    total bigint NOT NULL,
    PRIMARY KEY (directory, type)
  )`,

  'CREATE SEQUENCE joinery.change_sets',
  `CREATE TABLE joinery.changes (
    directory ${TEXT} NOT NULL,
    set_number bigint NOT NULL,
    place integer NOT NULL,
    seq bigint,
    cause integer,
    at ${TEXT} NOT NULL,
    by_kind ${TEXT} NOT NULL,
    by_id ${TEXT} NOT NULL,
    by_name ${TEXT} NOT NULL,
    request_id ${TEXT} NOT NULL,
    kind ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    subject ${TEXT} NOT NULL,
    before ${TEXT},
    after ${TEXT},
    PRIMARY KEY (directory, set_number, place)
  )`,
  'CREATE UNIQUE INDEX changes_seq ON joinery.changes (directory, seq) WHERE seq IS NOT NULL',
  'CREATE INDEX changes_unnumbered ON joinery.changes (directory, set_number, place) INCLUDE (kind, type) WHERE seq IS NULL',
  `CREATE INDEX changes_removed ON joinery.changes (directory, subject) WHERE kind = 'removed'`,
  `CREATE TABLE joinery.histories (
    directory ${TEXT} PRIMARY KEY,
    last_seq bigint NOT NULL
  )`,

  `CREATE TABLE joinery.failures (
    directory ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    subject ${TEXT} NOT NULL,
    ${at('subject')},
    label ${TEXT} NOT NULL,
    operation ${TEXT} NOT NULL,
    reason ${TEXT} NOT NULL,
    detail ${TEXT} NOT NULL,
    request_id ${TEXT} NOT NULL,
    first_at ${TEXT} NOT NULL,
    last_at ${TEXT} NOT NULL,
    times integer NOT NULL,
    PRIMARY KEY (directory, type, subject_at)
  )`,
  'CREATE INDEX failures_last ON joinery.failures (directory, last_at)',
];

/** Requests read and write their directory's rows of these … */
const READ_WRITE = ['resources', 'keys', 'memberships', 'failures'];
/** … and read those: only the sequencer writes them. */
const READ_ONLY = ['totals', 'histories'];
const OF_A_DIRECTORY = [...READ_WRITE, ...READ_ONLY, 'changes'];

/** An unset directory is NULL, or '' once one was set, and neither is any row's. */
const OWN = "(directory = current_setting('joinery.directory', true))";

/** Row-level security, for the owner too: it has a policy of its own, which lets it see everything. */
function wall(table: string): readonly string[] {
  return [
    `ALTER TABLE joinery.${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE joinery.${table} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY owner ON joinery.${table} TO CURRENT_USER USING (true) WITH CHECK (true)`,
    ...(READ_WRITE.includes(table) ? [policy(table, 'ALL')] : []),
  ];
}

function policy(table: string, command: 'ALL' | 'SELECT'): string {
  return `CREATE POLICY own_directory ON joinery.${table} FOR ${command} USING ${OWN}`;
}

/** What is in history stays as it is, whatever a request does. */
const APPEND_ONLY = [
  `CREATE POLICY own_directory ON joinery.changes FOR SELECT USING ${OWN}`,
  `CREATE POLICY own_addition ON joinery.changes FOR INSERT WITH CHECK ${OWN}`,
];
