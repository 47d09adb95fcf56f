import type { Store } from '../../../src/store/index.ts';
import { page as pageOfPostgres } from '../../../src/store/postgres/page.ts';
import { openPool } from '../../../src/store/postgres/pool.ts';
import { REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { page as pageOfSqlite } from '../../../src/store/sqlite/page.ts';
import type { DatabaseName } from '../../harness/index.ts';
import { openTemporary, type Temporary } from '../../stores/temporary.ts';
import { CONTEXT } from '../../unit/store/fixture.ts';
import type { AskPage } from './compare.ts';
import { faultyConnection, faultySession } from './faulty.ts';

/** A database, and a way to ask it that an index is ready for whatever is declared, and that may be faulty. */
export interface Ground {
  readonly store: Store;
  atOnce(directory: string): AskPage;
  end(): Promise<void>;
}

export async function openGround(database: DatabaseName, planted?: (sql: string) => string): Promise<Ground> {
  const temporary = await openTemporary(database);
  return database === 'sqlite' ? onSqlite(temporary, planted) : onPostgres(temporary, planted);
}

const ready = (): boolean => true;

function onSqlite({ store, database, end }: Temporary, planted: ((sql: string) => string) | undefined): Ground {
  const opened = openConnection(database.file ?? '', { readOnly: true });
  const connection = planted === undefined ? opened : faultyConnection(opened, planted);
  return {
    store,
    atOnce: (directory) => (selections, query) =>
      pageOfSqlite({ connection, ready }, { directory, selections, query, context: CONTEXT }),
    async end() {
      opened.close();
      await end();
    },
  };
}

function onPostgres({ store, database, end }: Temporary, planted: ((sql: string) => string) | undefined): Ground {
  const { DATABASE_URL: url } = database.env;
  const pool = openPool({ url, size: 2, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  return {
    store,
    atOnce: (directory) => (selections, query) =>
      pageOfPostgres(
        {
          ready,
          read: (work) =>
            pool.use(directory, (session) =>
              work({ session: planted === undefined ? session : faultySession(session, planted), directory }),
            ),
        },
        { directory, selections, query, context: CONTEXT },
      ),
    async end() {
      await pool.close();
      await end();
    },
  };
}
