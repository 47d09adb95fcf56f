/**
 * Writes of a transaction that were sent and need not be waited for: a client answers in order, so whatever is asked
 * afterwards is answered after them. They cost no way to the database and back of their own.
 */
export interface Sent {
  /** `rows`: how many it writes, roughly. */
  add(answer: Promise<unknown>, rows?: number): void;
  /** The same of a write whose answer may be that nothing was altered: it is known before the commit is asked for. */
  check(answer: Promise<unknown>, rows?: number): void;
  /** Waits for all when one of them is to be checked; the others may be on their way together with the commit. */
  checked(): Promise<void>;
  /** Waits when many rows are on their way: they are in memory until they have been written. */
  room(): Promise<void>;
  /** @throws what the first of all that failed had said: those after it only say that the transaction had failed */
  all(): Promise<void>;
}

/** A statement of a thousand rows keeps the database busy for longer than the way there takes. */
const ROWS_AT_ONCE = 1000;

export function createSent(): Sent {
  let answers: Promise<unknown>[] = [];
  let underway = 0;
  let isChecked = true;
  let failure: { readonly error: unknown } | undefined;

  return {
    add,
    check(answer, rows) {
      isChecked = false;
      add(answer, rows);
    },
    async checked() {
      if (!isChecked) await all();
    },
    async room() {
      if (underway >= ROWS_AT_ONCE) await all();
    },
    all,
  };

  function add(answer: Promise<unknown>, rows = 1): void {
    // It is told in its turn, by `all`.
    answer.catch(() => undefined);
    answers.push(answer);
    underway += rows;
  }

  async function all(): Promise<void> {
    const asked = answers;
    isChecked = true;
    answers = [];
    underway = 0;
    for (const outcome of await Promise.allSettled(asked)) {
      if (outcome.status === 'rejected') failure ??= { error: outcome.reason };
    }
    if (failure !== undefined) throw failure.error;
  }
}
