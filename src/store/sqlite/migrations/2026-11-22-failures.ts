import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whether an id was ever here is found by its removal; failures give way oldest first. */
export const failures: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE INDEX changes_removed ON changes (directory, subject) WHERE kind = 'removed'`.execute(db);
    await sql`CREATE INDEX failures_last ON failures (directory, last_at)`.execute(db);
  },
};
