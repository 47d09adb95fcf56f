import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the rules of a directory need remembered: owners, passwords, how many are inactive, what the guard counts and holds. */
export const policies: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [...OPERATOR, ...ALTERED, ...ADDED]) await sql.raw(statement).execute(db);
    for (const table of OF_A_DIRECTORY) {
      for (const statement of wall(table)) await sql.raw(statement).execute(db);
    }
  },
};

const TEXT = 'text COLLATE "C"';

const OPERATOR = [
  `ALTER TABLE joinery_operator.organizations ADD COLUMN plan ${TEXT}, ADD COLUMN sso boolean NOT NULL DEFAULT false`,
  `ALTER TABLE joinery_operator.directories ADD COLUMN policy ${TEXT}`,
];

/**
 *   resources.owned   a provider has made it, or taken it over
 *   changes.inactive  1 where somebody became inactive, or came so; -1 where somebody inactive became active, or went
 *   totals.inactive   the sum of those that are numbered
 */
const ALTERED = [
  'ALTER TABLE joinery.resources ADD COLUMN owned boolean NOT NULL DEFAULT true',
  'ALTER TABLE joinery.changes ADD COLUMN inactive smallint NOT NULL DEFAULT 0',
  'ALTER TABLE joinery.totals ADD COLUMN inactive bigint NOT NULL DEFAULT 0',
  // What was changed before says 0, numbered or not: whoever is inactive now is counted here.
  `INSERT INTO joinery.totals AS t (directory, type, total, inactive)
    SELECT directory, type, 0, count(*) FROM joinery.resources WHERE NOT active GROUP BY directory, type
    ON CONFLICT (directory, type) DO UPDATE SET inactive = excluded.inactive`,
  'DROP INDEX joinery.changes_unnumbered',
  `CREATE INDEX changes_unnumbered ON joinery.changes (directory, set_number, place)
    INCLUDE (kind, type, inactive) WHERE seq IS NULL`,
  // What became of one subject, the latest first: a removal too.
  'DROP INDEX joinery.changes_removed',
  'CREATE INDEX changes_subject ON joinery.changes (directory, subject, seq)',
];

/** The columns are those of SQLite's. `deprovisionings.upto` is the sum of all counts so far, this one's too. */
const ADDED = [
  `CREATE TABLE joinery.passwords (
    directory ${TEXT} NOT NULL,
    subject ${TEXT} NOT NULL,
    hash ${TEXT} NOT NULL,
    at ${TEXT} NOT NULL,
    PRIMARY KEY (directory, subject)
  )`,
  `CREATE TABLE joinery.deprovisionings (
    directory ${TEXT} NOT NULL,
    what ${TEXT} NOT NULL,
    upto bigint NOT NULL,
    at ${TEXT} NOT NULL,
    subject ${TEXT} NOT NULL,
    count integer NOT NULL,
    baseline integer NOT NULL,
    PRIMARY KEY (directory, what, upto)
  )`,
  'CREATE INDEX deprovisionings_at ON joinery.deprovisionings (directory, what, at, upto)',
  `CREATE TABLE joinery.guards (
    directory ${TEXT} PRIMARY KEY,
    since ${TEXT},
    snoozed_until ${TEXT}
  )`,
  `CREATE TABLE joinery.holds (
    directory ${TEXT} NOT NULL,
    id ${TEXT} NOT NULL,
    type ${TEXT} NOT NULL,
    subject ${TEXT} NOT NULL,
    label ${TEXT} NOT NULL,
    work ${TEXT} NOT NULL,
    why ${TEXT} NOT NULL,
    by_kind ${TEXT} NOT NULL,
    by_id ${TEXT} NOT NULL,
    by_name ${TEXT} NOT NULL,
    request_id ${TEXT} NOT NULL,
    first_at ${TEXT} NOT NULL,
    last_at ${TEXT} NOT NULL,
    times integer NOT NULL,
    state ${TEXT} NOT NULL,
    decided_kind ${TEXT},
    decided_id ${TEXT},
    decided_name ${TEXT},
    decided_at ${TEXT},
    PRIMARY KEY (directory, id)
  )`,
  'CREATE INDEX holds_state ON joinery.holds (directory, state, id)',
  `CREATE INDEX holds_decided ON joinery.holds (directory, decided_at) WHERE state IN ('approved', 'withdrawn')`,
  `CREATE UNIQUE INDEX holds_standing ON joinery.holds (directory, type, subject) WHERE state IN ('open', 'rejected')`,
];

const OF_A_DIRECTORY = ['passwords', 'deprovisionings', 'guards', 'holds'];

/** As the other tables have it. */
function wall(table: string): readonly string[] {
  return [
    `ALTER TABLE joinery.${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE joinery.${table} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY owner ON joinery.${table} TO CURRENT_USER USING (true) WITH CHECK (true)`,
    `CREATE POLICY own_directory ON joinery.${table} FOR ALL USING (directory = current_setting('joinery.directory', true))`,
  ];
}
