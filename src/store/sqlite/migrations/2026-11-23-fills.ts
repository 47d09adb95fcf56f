import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * How far each attribute that the configuration declares indexed is in `keys`, for all directories of an application.
 *
 *   attribute  its name in `keys`; '' for the shapes of the type as a whole
 *   form       the definition that it is filled in by: another one is filled in anew
 *   state      clean: old rows are taken out; fill; done; drop: declared no more, rows are taken out, then this one
 *   reached, seq  the directory and the place in it that were done last
 */
export const fills: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE fills (
      application TEXT NOT NULL,
      type TEXT NOT NULL,
      attribute TEXT NOT NULL,
      form TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('clean', 'fill', 'done', 'drop')),
      reached TEXT NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (application, type, attribute)
    ) STRICT, WITHOUT ROWID`.execute(db);
  },
};
