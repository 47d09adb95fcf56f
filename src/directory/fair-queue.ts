/** What waits, of each directory in order; the directories take turns, so that none waits for all that another asks. */
export interface FairQueue<T> {
  /** False when there is no room for it. */
  add(directory: string, one: T): boolean;
  /** `mayBegin` keeps a directory's turn for later. */
  next(mayBegin?: (directory: string) => boolean): T | undefined;
  remove(directory: string, one: T): void;
  /** All that waited. */
  clear(): readonly T[];
}

export interface FairQueueOptions {
  readonly mostOfOneDirectory: number;
  readonly most: number;
}

export function createFairQueue<T>({ mostOfOneDirectory, most }: FairQueueOptions): FairQueue<T> {
  /** In the order of their turns. */
  const directories = new Map<string, T[]>();
  let size = 0;
  let last: string | undefined;

  return {
    add(directory, one) {
      const own = directories.get(directory) ?? [];
      if (own.length >= mostOfOneDirectory || size >= most) return false;
      own.push(one);
      directories.set(directory, own);
      size += 1;
      return true;
    },
    next(mayBegin = () => true) {
      // Who had the last turn comes after those that came while it lasted.
      if (last !== undefined) toTheEnd(last);
      for (const [directory, own] of directories) {
        if (!mayBegin(directory)) continue;
        const one = own.shift();
        if (own.length === 0) directories.delete(directory);
        size -= 1;
        last = directory;
        return one;
      }
      return undefined;
    },
    remove(directory, one) {
      const own = directories.get(directory) ?? [];
      const place = own.indexOf(one);
      if (place < 0) return;
      own.splice(place, 1);
      if (own.length === 0) directories.delete(directory);
      size -= 1;
    },
    clear() {
      const all = [...directories.values()].flat();
      directories.clear();
      size = 0;
      return all;
    },
  };

  function toTheEnd(directory: string): void {
    const own = directories.get(directory);
    if (own === undefined) return;
    directories.delete(directory);
    directories.set(directory, own);
  }
}
