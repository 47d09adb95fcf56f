import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What this instance alone knows: keys that its processes share, made when they are first asked for; base64url. */
export const secrets: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE secrets (
      name TEXT PRIMARY KEY NOT NULL,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`.execute(db);
  },
};
