import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What the rules of a directory need remembered: the rules themselves and whom they are sold to, who owns a user, how many
 * are inactive, passwords, what the guard counts, and what it holds.
 */
export const policies: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await statement.execute(db);
    const { rows } = await sql<{ id: string }>`SELECT id FROM directories`.execute(db);
    for (const { id } of rows) await countInactive(id).execute(db);
  },
};

function countInactive(directory: string) {
  return sql`UPDATE totals SET inactive = (SELECT count(*) FROM resources r
    WHERE r.directory = totals.directory AND r.type = totals.type AND r.active = 0) WHERE directory = ${directory}`;
}

const STATEMENTS = [
  sql`ALTER TABLE organizations ADD COLUMN plan TEXT`,
  sql`ALTER TABLE organizations ADD COLUMN sso INTEGER NOT NULL DEFAULT 0`,
  // JSON of what the directory has otherwise than its application.
  sql`ALTER TABLE directories ADD COLUMN policy TEXT`,

  // 1 and 0 take no room in a row: reading it costs no page, though it stands behind the long texts.
  sql`ALTER TABLE resources ADD COLUMN owned INTEGER NOT NULL DEFAULT 1`,

  sql`ALTER TABLE totals ADD COLUMN inactive INTEGER NOT NULL DEFAULT 0`,

  // History by subject; of removals alone there is an index since 2026-11-22.
  sql`CREATE INDEX changes_subject ON changes (directory, subject, seq)`,

  sql`CREATE TABLE passwords (
    directory TEXT NOT NULL,
    subject TEXT NOT NULL,
    hash TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (directory, subject)
  ) STRICT, WITHOUT ROWID`,

  // upto: the sum of all counts so far, this one's too, so that a window is a difference of two rows.
  sql`CREATE TABLE deprovisionings (
    directory TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('users', 'memberships')),
    upto INTEGER NOT NULL,
    at TEXT NOT NULL,
    subject TEXT NOT NULL,
    count INTEGER NOT NULL,
    baseline INTEGER NOT NULL,
    PRIMARY KEY (directory, what, upto)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE INDEX deprovisionings_at ON deprovisionings (directory, what, at, upto)`,

  sql`CREATE TABLE guards (
    directory TEXT PRIMARY KEY NOT NULL,
    since TEXT,
    snoozed_until TEXT
  ) STRICT, WITHOUT ROWID`,

  // A rowid table: work may name a hundred thousand memberships.
  //   work  JSON
  sql`CREATE TABLE holds (
    number INTEGER PRIMARY KEY,
    directory TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    label TEXT NOT NULL,
    why TEXT NOT NULL,
    by_kind TEXT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    request_id TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'rejected', 'approved', 'withdrawn')),
    decided_kind TEXT,
    decided_id TEXT,
    decided_name TEXT,
    decided_at TEXT,
    work TEXT NOT NULL
  ) STRICT`,
  sql`CREATE UNIQUE INDEX holds_standing ON holds (directory, type, subject) WHERE state IN ('open', 'rejected')`,
  sql`CREATE INDEX holds_state ON holds (directory, state, id)`,
  sql`CREATE INDEX holds_decided ON holds (directory, decided_at) WHERE state IN ('approved', 'withdrawn')`,
];
