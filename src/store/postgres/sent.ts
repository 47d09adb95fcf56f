/**
 * Writes of a transaction that were sent and need not be waited for: a client answers in order, so whatever is asked
 * afterwards is answered after them. They cost no way to the database and back of their own.
 */
export interface Sent {
  /** `rows`: how many it writes, roughly. */
  add(answer: Promise<unknown>, rows?: number): void;
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
  let failure: { readonly error: unknown } | undefined;

  return {
    add(answer, rows = 1) {
      // It is told in its turn, by `all`.
      answer.catch(() => undefined);
      answers.push(answer);
      underway += rows;
    },
    async room() {
      if (underway >= ROWS_AT_ONCE) await all();
    },
    all,
  };

  async function all(): Promise<void> {
    const asked = answers;
    answers = [];
    underway = 0;
    for (const outcome of await Promise.allSettled(asked)) {
      if (outcome.status === 'rejected') failure ??= { error: outcome.reason };
    }
    if (failure !== undefined) throw failure.error;
  }
}
