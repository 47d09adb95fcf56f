import type { TellingTables } from '../operator-tables.ts';
import { CREDENTIALS_CHANGED } from './notices.ts';
import type { Pool, Session } from './pool.ts';

export interface OwnTables extends TellingTables {
  /** How often this process has told the others: it need not hear itself to know. */
  told(): number;
}

/** Delivered with the commit, to every process that listens. */
const TELL = `SELECT pg_notify('${CREDENTIALS_CHANGED}', '')`;

/** On the owner's pool: the role of requests sees nothing of these tables. Kysely is read when it is first needed. */
export function operatorTables(owner: Pool): OwnTables {
  let told = 0;
  return {
    async read(work) {
      const { kyselyOn } = await import('./kysely.ts');
      return owner.use(undefined, (session) => work(kyselyOn(session)));
    },
    write: (work) => written(work, async () => undefined),
    async writeAndTell(work) {
      const result = await written(work, (session) => session.rows(TELL));
      told += 1;
      return result;
    },
    told: () => told,
  };

  /** `last`: what is done in the same transaction. */
  async function written<T>(
    work: (tables: ReturnType<typeof import('./kysely.ts').kyselyOn>) => Promise<T>,
    last: (session: Session) => Promise<unknown>,
  ): Promise<T> {
    const { kyselyOn } = await import('./kysely.ts');
    return owner.transaction(undefined, async (session) => {
      const result = await work(kyselyOn(session));
      await last(session);
      return result;
    });
  }
}
