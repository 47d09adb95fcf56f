/** What waits, of each directory in order; the directories take turns, so that none waits for all that another asks. */
export interface FairQueue<T> {
  /** False when there is no room for it. */
  add(directory: string, one: T): boolean;
  /** What `next` will give if nothing is added meanwhile. */
  first(): T | undefined;
  /** `mayBegin` keeps a directory's turn for later. */
  next(mayBegin?: (directory: string) => boolean): T | undefined;
  remove(directory: string, one: T): void;
  /** Takes what stands first in its directory, and then what comes first, for as long as `isOver` says so. */
  removeWhile(isOver: (one: T) => boolean): readonly T[];
  /** All that waited. */
  clear(): readonly T[];
  /** How many wait. */
  readonly size: number;
  sizeOf(directory: string): number;
}

export interface FairQueueOptions {
  readonly mostOfOneDirectory: number;
  readonly most: number;
}

/** What waits of one directory; `items` before `begin` have had their turn. */
interface Line<T> {
  readonly directory: string;
  items: (T | undefined)[];
  begin: number;
  before: Line<T> | undefined;
  after: Line<T> | undefined;
}

/**
 * To add and to take costs the same however much waits, and of however many directories; past each that may not begin `next`
 * has to go, and `remove` through what waits of its directory.
 */
export function createFairQueue<T>({ mostOfOneDirectory, most }: FairQueueOptions): FairQueue<T> {
  /** None is empty. They stand in the order of their turns, from `head` to `tail`. */
  const lines = new Map<string, Line<T>>();
  let head: Line<T> | undefined;
  let tail: Line<T> | undefined;
  let size = 0;
  let last: string | undefined;

  return {
    add(directory, one) {
      const line = lines.get(directory);
      if (size >= most || (line === undefined ? 0 : lengthOf(line)) >= mostOfOneDirectory) return false;
      if (line === undefined) begin({ directory, items: [one], begin: 0, before: undefined, after: undefined });
      else line.items.push(one);
      size += 1;
      return true;
    },
    first() {
      lastToTheEnd();
      return head?.items[head.begin];
    },
    next(mayBegin) {
      lastToTheEnd();
      for (let line = head; line !== undefined; line = line.after) {
        if (mayBegin !== undefined && !mayBegin(line.directory)) continue;
        last = line.directory;
        return take(line);
      }
      return undefined;
    },
    remove(directory, one) {
      const line = lines.get(directory);
      const place = line === undefined ? -1 : line.items.indexOf(one, line.begin);
      if (line === undefined || place < 0) return;
      line.items.splice(place, 1);
      size -= 1;
      if (lengthOf(line) === 0) end(line);
    },
    removeWhile(isOver) {
      const removed: T[] = [];
      for (let line = head; line !== undefined; line = line.after) {
        while (lengthOf(line) > 0 && isOver(line.items[line.begin] as T)) removed.push(take(line));
      }
      return removed;
    },
    clear() {
      const all: T[] = [];
      for (let line = head; line !== undefined; line = line.after) all.push(...(line.items.slice(line.begin) as T[]));
      lines.clear();
      head = tail = last = undefined;
      size = 0;
      return all;
    },
    get size() {
      return size;
    },
    sizeOf(directory) {
      const line = lines.get(directory);
      return line === undefined ? 0 : lengthOf(line);
    },
  };

  /** Who had the last turn comes after those that came while it lasted. */
  function lastToTheEnd(): void {
    if (last === undefined) return;
    const line = head === tail ? undefined : lines.get(last);
    last = undefined;
    if (line === undefined || line === tail) return;
    unlink(line);
    append(line);
  }

  function take(line: Line<T>): T {
    const one = line.items[line.begin] as T;
    line.items[line.begin] = undefined;
    line.begin += 1;
    size -= 1;
    if (lengthOf(line) === 0) end(line);
    else if (line.begin >= SPENT && line.begin * 2 >= line.items.length) {
      line.items = line.items.slice(line.begin);
      line.begin = 0;
    }
    return one;
  }

  function begin(line: Line<T>): void {
    lines.set(line.directory, line);
    append(line);
  }

  function end(line: Line<T>): void {
    lines.delete(line.directory);
    unlink(line);
  }

  function append(line: Line<T>): void {
    line.before = tail;
    line.after = undefined;
    if (tail === undefined) head = line;
    else tail.after = line;
    tail = line;
  }

  /** It keeps its own `after`, so that whoever stands at it can go on. */
  function unlink(line: Line<T>): void {
    if (line.before === undefined) head = line.after;
    else line.before.after = line.after;
    if (line.after === undefined) tail = line.before;
    else line.after.before = line.before;
  }
}

/** Taking each from the head of an array would move all that stand behind it: what is spent goes in one piece. */
const SPENT = 64;

function lengthOf({ items, begin }: Line<unknown>): number {
  return items.length - begin;
}
