import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The first tables. Every key leads with the directory, but a credential's hash and an organization's slug, by which
 * directories are found.
 *
 * Foreign keys stand where an operator writes by hand and seldom (directories, credentials). The large tables have none:
 * each would cost a look-up a row on the path of every write, a cascade would stop the writer for as long as it is long,
 * and the statements of `commit.ts` delete memberships with what they hang on, which the tests count.
 */
export const directories: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await statement.execute(db);
  },
};

const STATEMENTS = [
  sql`CREATE TABLE organizations (
    id TEXT PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created TEXT NOT NULL
  ) STRICT`,

  sql`CREATE TABLE directories (
    id TEXT PRIMARY KEY NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations (id),
    application TEXT NOT NULL,
    created TEXT NOT NULL,
    UNIQUE (organization, application)
  ) STRICT`,

  sql`CREATE TABLE credentials (
    id TEXT PRIMARY KEY NOT NULL,
    directory TEXT NOT NULL REFERENCES directories (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL CHECK (scope IN ('provision', 'read')),
    created TEXT NOT NULL,
    expires TEXT,
    revoked TEXT,
    last_used TEXT
  ) STRICT`,
  sql`CREATE INDEX credentials_directory ON credentials (directory)`,

  // A rowid table: rows are large, and in order of creation neighbours on a page of a list are neighbours on disk.
  //   seq       place in the order of creation within directory and type; never given twice
  //   name_key  the folded userName of a User, displayName of a Group
  //   twin      '' where names are unique in the type, the id where they may repeat
  //   display_key  the folded displayName, where it is not name_key already
  //   label     what shows a member: displayName, else userName, as sent
  //   shape     the resource with its strings folded, for filters that no index serves
  sql`CREATE TABLE resources (
    number INTEGER PRIMARY KEY,
    directory TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    active INTEGER NOT NULL,
    member_count INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    twin TEXT NOT NULL,
    external_id TEXT,
    display_key TEXT,
    label TEXT NOT NULL,
    text TEXT NOT NULL,
    shape TEXT NOT NULL
  ) STRICT`,
  sql`CREATE UNIQUE INDEX resources_id ON resources (directory, id)`,
  sql`CREATE UNIQUE INDEX resources_seq ON resources (directory, type, seq)`,
  sql`CREATE UNIQUE INDEX resources_name ON resources (directory, type, name_key, twin)`,
  sql`CREATE UNIQUE INDEX resources_external_id ON resources (directory, type, external_id)
    WHERE external_id IS NOT NULL`,
  sql`CREATE INDEX resources_display ON resources (directory, type, display_key, seq) WHERE display_key IS NOT NULL`,
  sql`CREATE INDEX resources_inactive ON resources (directory, type, seq) WHERE active = 0`,
  sql`CREATE INDEX resources_created ON resources (directory, type, created)`,
  sql`CREATE INDEX resources_modified ON resources (directory, type, modified)`,

  // The values of multi-valued attributes that are looked up by value: emails.value.
  sql`CREATE TABLE keys (
    directory TEXT NOT NULL,
    type TEXT NOT NULL,
    attribute TEXT NOT NULL,
    value TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (directory, type, attribute, value, subject)
  ) STRICT, WITHOUT ROWID`,

  sql`CREATE TABLE memberships (
    directory TEXT NOT NULL,
    group_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    type TEXT NOT NULL,
    PRIMARY KEY (directory, group_id, member_id)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE INDEX memberships_member ON memberships (directory, member_id, group_id)`,

  // Counts that are kept, not counted: of a type, and of each block of 1,000 places in its order of creation.
  sql`CREATE TABLE totals (
    directory TEXT NOT NULL,
    type TEXT NOT NULL,
    total INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (directory, type)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE blocks (
    directory TEXT NOT NULL,
    type TEXT NOT NULL,
    block INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (directory, type, block)
  ) STRICT, WITHOUT ROWID`,

  // History. seq has no gaps within a directory; change_set and cause are the seq of other rows of the same set.
  sql`CREATE TABLE changes (
    number INTEGER PRIMARY KEY,
    directory TEXT NOT NULL,
    seq INTEGER NOT NULL,
    change_set INTEGER NOT NULL,
    cause INTEGER,
    at TEXT NOT NULL,
    by_kind TEXT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    request_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT
  ) STRICT`,
  sql`CREATE UNIQUE INDEX changes_seq ON changes (directory, seq)`,
  sql`CREATE TABLE histories (
    directory TEXT PRIMARY KEY NOT NULL,
    last_seq INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,

  sql`CREATE TABLE failures (
    directory TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    label TEXT NOT NULL,
    operation TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    request_id TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (directory, type, subject)
  ) STRICT, WITHOUT ROWID`,
];
