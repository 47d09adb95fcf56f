export interface ShareOptions<Key, Found> {
  /** What was asked for in a turn, by statements. */
  readonly divide: <A extends { readonly key: Key }>(asked: readonly A[]) => readonly (readonly A[])[];
  /** Answers in the order of the keys, of which there is one at least. */
  readonly ask: (keys: readonly Key[]) => Promise<readonly Found[]>;
}

interface Asked<Key, Found> {
  readonly key: Key;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What is asked for in one turn of the event loop goes out in few statements: what most of them cost is the way to the
 * database and back (decision 48). Each still sees whatever was committed before it was asked for. What fails is told to all
 * who share it.
 */
export function share<Key, Found>({ divide, ask }: ShareOptions<Key, Found>): (key: Key) => Promise<Found> {
  let waiting: Asked<Key, Found>[] = [];

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      // After this turn's reads from the network: what they ask for comes along.
      if (waiting.length === 1) setImmediate(sendAll);
    });

  function sendAll(): void {
    const asked = waiting;
    waiting = [];
    for (const statement of asked.length === 1 ? [asked] : divide(asked)) void send(statement);
  }

  async function send(statement: readonly Asked<Key, Found>[]): Promise<void> {
    try {
      const found = await ask(statement.map(({ key }) => key));
      for (const [index, { resolve }] of statement.entries()) resolve(found[index] as Found);
    } catch (error) {
      for (const { reject } of statement) reject(error);
    }
  }
}

/** In their order, at most so many in each. */
export function chunksOf<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, nth) => all.slice(nth * most, (nth + 1) * most));
}
