import { setTimeout as sleep } from 'node:timers/promises';
import { NeedsToRunAlone } from './gather.ts';
import {
  type DirectoryStore,
  StoreUnavailable,
  type Transaction,
  TransactionConflict,
  UniqueKeyTaken,
} from './ports.ts';

export interface Transacted<T> {
  /** Whether it is known to need a transaction of its own. */
  readonly alone: boolean;
  /** Runs again where another write stood in the way. */
  readonly work: (transaction: Transaction, alone: boolean) => Promise<T>;
}

/**
 * A write of the directory. Whether it takes a transaction of its own may show while it runs. A unique key taken between
 * gather and commit starts again from gather: the second look finds who took it. So does what stood in another
 * transaction's way.
 *
 * @throws StoreUnavailable
 */
export async function transact<T>(
  store: DirectoryStore,
  directory: string,
  { alone: atOnce, work }: Transacted<T>,
): Promise<T> {
  let alone = atOnce;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.write(directory, (transaction) => work(transaction, alone), { alone });
    } catch (error) {
      if (error instanceof NeedsToRunAlone && !alone) alone = true;
      else await beforeNext(error, attempt);
    }
  }
}

const ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 50;

/** @throws what is not to be tried again, or has been often enough */
async function beforeNext(error: unknown, attempt: number): Promise<void> {
  const isConflict = error instanceof TransactionConflict;
  if (!isConflict && !(error instanceof UniqueKeyTaken)) throw error;
  if (attempt >= ATTEMPTS) {
    throw new StoreUnavailable(`other writes stood in the way ${ATTEMPTS} times`, { cause: error });
  }
  // Two that met once would meet again if they went on in step.
  if (isConflict) await sleep(Math.random() * LONGEST_PAUSE_MS);
}
