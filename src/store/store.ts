import type { CredentialStore, SecretStore } from '../access/index.ts';
import type {
  DirectoryStore,
  FailureRow,
  FailureStore,
  GuardState,
  Hold,
  OrganizationStore,
} from '../directory/index.ts';
import type { LogEvent } from './event.ts';
import type { Indexed } from './fills.ts';
import type { HistoryRow } from './history-row.ts';
import type { Journal, JournalKept } from './journal.ts';

export interface Store extends DirectoryStore, OrganizationStore, CredentialStore, SecretStore, FailureStore {
  /**
   * Claims the database for this server, until the process ends or the store is closed. PostgreSQL serves as many servers as
   * want it, and refuses none.
   *
   * @throws Error with a sentence for the operator, when another server has it
   */
  claimServing(): void;
  /**
   * What the applications declare to be found by, for all of their directories: once, before requests are served. What was
   * stored before is filled in afterwards, and until then looked for without an index.
   */
  declare(applications: readonly Indexed[]): Promise<void>;
  health(): Promise<Health>;
  /** History in order, after a place in it. */
  changesAfter(directory: string, seq: number, limit: number): Promise<readonly HistoryRow[]>;
  /** From now on history that is older than so many days is forgotten, a little at a time. */
  keepHistory(days: number): void;
  failures(directory: string): Promise<readonly FailureRow[]>;
  /** All users of a directory, and those of them that are active, as committed. */
  userCounts(directory: string): Promise<{ readonly total: number; readonly active: number }>;
  guardState(directory: string): Promise<GuardState>;
  /** What is named is set, undefined too; what is not, stays. */
  setGuardState(directory: string, alter: Partial<GuardState>): Promise<void>;
  /** In order of their ids, which is that of time. */
  holds(directory: string, asked: HoldsAsked): Promise<readonly Hold[]>;
  /** For the operator, who names a hold alone. */
  holdById(id: string): Promise<{ readonly hold: Hold; readonly directory: string } | undefined>;
  readonly journal: Journal;
  /** Finishes the writes that it has, and lets go of the database. */
  close(): Promise<void>;
}

export interface HoldsAsked {
  readonly states: readonly Hold['state'][];
  /** The id of the last one that was seen. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface StoreOptions {
  /** `sqlite:./data/joinery.db`, whose folder is made when it is missing; or `postgres://…` of the role that requests have. */
  readonly url: string;
  /** PostgreSQL: of the role that owns the tables. */
  readonly ownerUrl?: string | undefined;
  /** PostgreSQL: the most connections that requests have at once; 10. */
  readonly connections?: number;
  readonly log?: LogEvent;
  /** How much of the journal is kept; 30 days, and 512 MiB of all directories. */
  readonly journal?: JournalKept | undefined;
  /** How long a filter that no index serves may take; 5,000. */
  readonly scanMilliseconds?: number;
  /** How long a long reply may be read; 60,000. */
  readonly snapshotMilliseconds?: number;
  /** How long a write waits for another one that stands in its way; 5,000. */
  readonly lockMilliseconds?: number;
}

export interface Health {
  /** Reads work, and writes do. */
  readonly ready: boolean;
  /** For the operator, when it is not. */
  readonly reason: string | undefined;
  /** SQLite: for their turn; PostgreSQL: for a connection, and so do reads. */
  readonly writesWaiting: number;
  /** PostgreSQL: what other processes revoke is heard of at once, and not only within seconds. */
  readonly listening?: boolean;
}
