import type { Started } from './servers.ts';

/** What every bench is given. */
export interface Run {
  /** Where its servers keep their files; removed at the end. */
  readonly folder: string;
  readonly options: Options;
  /** Stops the server at the end, however that comes. */
  readonly keep: <T extends Started>(starting: Promise<T>) => Promise<T>;
  /** Stops all of them before the end: a database that they are on can go then. */
  readonly stopAll: () => Promise<void>;
  /** Tells how far it has come. */
  readonly say: (line: string) => void;
}

export interface Options {
  readonly quick: boolean;
  /** Longer than ten minutes. */
  readonly full: boolean;
  /** Absent: the bench's own. */
  readonly sizes?: readonly number[];
  readonly rounds?: number;
  readonly milliseconds?: number;
  /** Whether the operation of this name is measured. */
  readonly chosen: (name: string) => boolean;
  /** What is started: `src/main.ts`. */
  readonly entry: string;
  readonly databases: readonly ('sqlite' | 'postgres')[];
}
