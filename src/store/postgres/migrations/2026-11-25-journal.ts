import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What was asked and answered, call by call. The owner writes it, after the replies; requests may read their directory's.
 */
export const journal: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const TEXT = 'text COLLATE "C"';
const OWN = "(directory = current_setting('joinery.directory', true))";

const STATEMENTS = [
  'CREATE SEQUENCE joinery.journal_places',
  `CREATE TABLE joinery.journal (
    directory ${TEXT} NOT NULL,
    seq bigint NOT NULL DEFAULT nextval('joinery.journal_places'),
    request_id ${TEXT} NOT NULL,
    at ${TEXT} NOT NULL,
    method ${TEXT} NOT NULL,
    path ${TEXT} NOT NULL,
    status integer NOT NULL,
    ms double precision NOT NULL,
    outcome ${TEXT} NOT NULL,
    credential ${TEXT},
    rewrites ${TEXT} NOT NULL,
    ignored ${TEXT} NOT NULL,
    failed integer NOT NULL,
    aborted integer NOT NULL,
    bytes integer NOT NULL,
    sent ${TEXT},
    answered ${TEXT},
    PRIMARY KEY (directory, at, seq)
  )`,
  'CREATE INDEX journal_failed ON joinery.journal (directory, at, seq) WHERE failed = 1',
  'CREATE INDEX journal_request ON joinery.journal (directory, request_id)',
  'ALTER TABLE joinery.journal ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE joinery.journal FORCE ROW LEVEL SECURITY',
  'CREATE POLICY owner ON joinery.journal TO CURRENT_USER USING (true) WITH CHECK (true)',
  `CREATE POLICY own_directory ON joinery.journal FOR SELECT USING ${OWN}`,
];
