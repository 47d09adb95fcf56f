import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Something on the disk that grows as the server works. */
export interface Growing {
  readonly name: string;
  /** What it has now; 0 where it is not there. */
  readonly bytes: () => number;
  /** What it may have at any moment; undefined where it is not ours to bound. */
  readonly most: number | undefined;
}

/** What the log of a database may hold at any moment, in bytes. */
export const MOST_WAL = 256 * 2 ** 20;

export interface Sizes {
  /** `WAL at most 12.3 MiB, journal at most 20.1 MiB`: the highest of a look a second. */
  shown(): string;
  /** A sentence for each that had more than it may. */
  faults(): readonly string[];
  stop(): void;
}

const LOOK_MS = 1_000;

export function watchSizes(growing: readonly Growing[]): Sizes {
  const highest = new Map<Growing, number>();
  const look = (): void => {
    for (const one of growing) highest.set(one, Math.max(highest.get(one) ?? 0, one.bytes()));
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return {
    shown: () => Array.from(highest, ([{ name }, bytes]) => `${name} at most ${mebibytes(bytes)}`).join(', '),
    faults: () =>
      Array.from(highest).flatMap(([{ name, most }, bytes]) =>
        most === undefined || bytes < most ? [] : [`${name} had ${mebibytes(bytes)}; it may have ${mebibytes(most)}`],
      ),
    stop() {
      look();
      clearInterval(timer);
    },
  };
}

/** `12.3 MiB` */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

export function fileBytes(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Of the files in a folder, whose names come and go. */
export function folderBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + fileBytes(join(folder, name)), 0);
}
