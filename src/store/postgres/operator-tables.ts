import type { OperatorTables } from '../operator-tables.ts';
import type { Pool, Session } from './pool.ts';

export interface OperatorTablesMeans {
  /** The owner's pool: the role of requests sees nothing of these tables. */
  readonly owner: Pool;
  /** What is said in the same transaction. */
  readonly tell?: (session: Session) => Promise<unknown>;
}

/** Kysely is read when it is first needed. */
export function operatorTables({ owner, tell }: OperatorTablesMeans): OperatorTables {
  return {
    async read(work) {
      const { kyselyOn } = await import('./kysely.ts');
      return owner.use(undefined, (session) => work(kyselyOn(session)));
    },
    async write(work) {
      const { kyselyOn } = await import('./kysely.ts');
      return owner.transaction(undefined, async (session) => {
        const result = await work(kyselyOn(session));
        await tell?.(session);
        return result;
      });
    },
  };
}
