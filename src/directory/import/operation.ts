import type { ImportLine } from './line.ts';

/**
 * The application's own people come in, without an owner: who is not there is created, who is there and has no owner is
 * updated by what the file says of them, and who is managed by an identity provider is left alone. An `Operation` of the
 * operator's, in slices: an end in the middle leaves whole lines, and to run it again goes on with what is left.
 */
export interface ImportUsers {
  readonly kind: 'import-users';
  /** Taken as fast as they are done, and not held. */
  readonly lines: AsyncIterable<ImportLine>;
  /** Says what would happen, and alters nothing. */
  readonly dryRun: boolean;
  /** After so many lines that cannot be taken it ends; never when absent. */
  readonly mostRefused?: number | undefined;
  /** Each line that is not taken, as it is met. */
  readonly onRefused?: ((refused: RefusedLine) => void) | undefined;
  /** After each slice. */
  readonly onProgress?: ((counts: ImportCounts) => void) | undefined;
  /** Ends it between two slices. */
  readonly signal?: AbortSignal | undefined;
}

export interface RefusedLine {
  readonly line: number;
  /** The userName as the file has it, or ''. */
  readonly label: string;
  /** What is wrong, and what was expected. */
  readonly detail: string;
}

export interface ImportReport {
  readonly counts: ImportCounts;
  /** The first few of each kind. */
  readonly examples: readonly ImportExample[];
  /** The last line that is done; 0 when none is. */
  readonly lastLine: number;
  /** `broken`: the file could not be read any further. */
  readonly ended: 'done' | 'interrupted' | 'too-many-refused' | 'broken';
}

export interface ImportCounts {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Left as they are: an identity provider manages them. */
  readonly managed: number;
  /** Lines that could not be taken. */
  readonly refused: number;
}

export interface ImportExample {
  readonly kind: 'created' | 'changed' | 'managed';
  readonly line: number;
  readonly userName: string;
  /** Of who is changed: the attributes as they were and as they are; null where there was or is nothing. */
  readonly differences?: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[];
}
