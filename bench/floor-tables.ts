/** Of both hand-written references: all that a commit promises is on disk, and what is read stays in memory. */
export const PRAGMAS =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824;';

/** What a hand-written reference keeps. The indexes are apart: to fill without them, and make them then, is faster. */
export interface Tables {
  readonly tables: string;
  readonly indexes: string;
}

/** A user's JSON in one row, a membership in another. */
export const FLOOR: Tables = {
  tables: `
    CREATE TABLE IF NOT EXISTS users (seq INTEGER PRIMARY KEY, id TEXT, name TEXT, body TEXT);
    CREATE TABLE IF NOT EXISTS groups (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT);
    CREATE TABLE IF NOT EXISTS members (grp TEXT, usr TEXT, PRIMARY KEY (grp, usr)) WITHOUT ROWID;`,
  indexes: `
    CREATE UNIQUE INDEX IF NOT EXISTS users_id ON users (id);
    CREATE UNIQUE INDEX IF NOT EXISTS users_name ON users (name);`,
};

/**
 * What a directory must also keep: who a user is to the provider, what is found by e-mail, which groups a user is in, how
 * many there are, and each change with what stood before and after.
 */
export const WITH_HISTORY: Tables = {
  tables: `
    CREATE TABLE IF NOT EXISTS users (seq INTEGER PRIMARY KEY, id TEXT, name TEXT, external_id TEXT, active INTEGER, body TEXT);
    CREATE TABLE IF NOT EXISTS groups (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, version INTEGER, members INTEGER, body TEXT);
    CREATE TABLE IF NOT EXISTS members (grp TEXT, usr TEXT, PRIMARY KEY (grp, usr)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS keys (attribute TEXT, value TEXT, subject TEXT, PRIMARY KEY (attribute, value, subject)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS counts (kind TEXT PRIMARY KEY, total INTEGER, inactive INTEGER) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS changes (seq INTEGER PRIMARY KEY, at TEXT, by TEXT, kind TEXT, subject TEXT, before TEXT, after TEXT);`,
  indexes: `
    CREATE UNIQUE INDEX IF NOT EXISTS users_id ON users (id);
    CREATE UNIQUE INDEX IF NOT EXISTS users_name ON users (name);
    CREATE UNIQUE INDEX IF NOT EXISTS users_external_id ON users (external_id);
    CREATE INDEX IF NOT EXISTS members_user ON members (usr, grp);
    CREATE INDEX IF NOT EXISTS changes_subject ON changes (subject, seq);`,
};
