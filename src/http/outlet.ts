import { write, writeSync } from 'node:fs';

export interface OutletOptions {
  readonly fd: number;
  /** The last look at what goes out, whole lines, shortly before it does. */
  readonly prepare: (lines: string) => string;
  /** The line that tells how many were lost. */
  readonly lost: (lines: number) => string;
}

export interface Outlet {
  /** Takes whole lines, each with its line feed. Never waits, never throws. */
  readonly write: (lines: string) => void;
  /** Resolves when all of it is written, or could not be for a second. */
  readonly flush: () => Promise<void>;
}

const FLUSH_MS = 250;
const FLUSH_AT = 65_536;
const PIECE = 131_072;
/** Where nobody reads the lines, or the disk is full, the newest are dropped (and counted) rather than kept without end. */
const MOST_HELD = 16 * 1024 * 1024;
/** A full pipe is read again in a moment, a full disk is not: each failure waits twice as long as the one before. */
const RETRY_MS = { first: 5, last: 250 } as const;
const LAST_FLUSH_MS = 1_000;

/**
 * Lines on their way into a file, a pipe or a terminal, in batches, one write at a time. Whatever becomes of them (a
 * full disk, a reader that is slow, stands still or has gone), nobody waits for them: what cannot be written is tried
 * again, and what there is no room for is counted, and told when lines go out again.
 */
export function openOutlet({ fd, prepare, lost }: OutletOptions): Outlet {
  let waiting: string[] = [];
  let held = 0;
  let dropped = 0;
  let current: Buffer | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retry: number = RETRY_MS.first;
  /** Set while somebody waits for the end of it. */
  let flushed: (() => void) | undefined;
  // Whatever ends the process, what was logged shortly before tells why.
  process.on('exit', writeLast);
  return { write: take, flush };

  function take(lines: string): void {
    if (held + lines.length > MOST_HELD) {
      dropped += countLines(lines);
      return;
    }
    tellDropped();
    waiting.push(lines);
    held += lines.length;
    if (current === undefined) goOn();
  }

  function goOn(): void {
    if (held >= FLUSH_AT || flushed !== undefined) advance();
    else if (held > 0) timer ??= setTimeout(advance, FLUSH_MS).unref();
  }

  function tellDropped(): void {
    if (dropped === 0) return;
    const line = lost(dropped);
    waiting.push(line);
    held += line.length;
    dropped = 0;
  }

  function advance(): void {
    clearTimeout(timer);
    timer = undefined;
    current ??= nextPiece();
    if (current === undefined) flushed?.();
    else write(fd, current, written);
  }

  function nextPiece(): Buffer | undefined {
    let size = 0;
    let count = 0;
    while (count < waiting.length && size < PIECE) {
      size += waiting[count]?.length ?? 0;
      count += 1;
    }
    if (count === 0) return undefined;
    const lines = count === waiting.length ? waiting : waiting.splice(0, count);
    if (lines === waiting) waiting = [];
    held = Math.max(0, held - size);
    return Buffer.from(prepare(lines.join('')));
  }

  function written(error: Error | null, bytes: number): void {
    if (error !== null) {
      timer = setTimeout(advance, retry).unref();
      retry = Math.min(2 * retry, RETRY_MS.last);
      return;
    }
    retry = RETRY_MS.first;
    // The part that went out is never written twice: lines stay whole.
    current = current !== undefined && bytes < current.length ? current.subarray(bytes) : undefined;
    if (current === undefined) {
      tellDropped();
      goOn();
    } else {
      advance();
    }
  }

  async function flush(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    flushed = resolve;
    if (current === undefined) advance();
    const late = setTimeout(resolve, LAST_FLUSH_MS);
    await promise;
    clearTimeout(late);
    flushed = undefined;
    process.off('exit', writeLast);
  }

  /** Nothing can be waited for any more. */
  function writeLast(): void {
    try {
      for (let piece = nextPiece(); piece !== undefined; piece = nextPiece()) writeSync(fd, piece);
    } catch {
      // The disk is full, or nobody reads: there is no time left to tell.
    }
  }
}

function countLines(lines: string): number {
  let count = 0;
  for (let at = lines.indexOf('\n'); at !== -1; at = lines.indexOf('\n', at + 1)) count += 1;
  return count;
}
