import type {
  ChangeSet,
  Failure,
  Member,
  MemberDifference,
  NetMemberEdit,
  StoredRecord,
  Transaction,
} from '../directory/index.ts';
import type { Filter, Target } from '../scim/index.ts';
import { commit } from './commit.ts';
import type { Connection } from './connection.ts';
import { clearFailures, recordFailure } from './failures.ts';
import type { Scope } from './job.ts';
import { recordByExternalId, recordByName } from './lookup.ts';
import { memberDifference, membersAmong, membersMatching } from './members.ts';
import { SqliteReader } from './reader.ts';

/** Reads and writes one directory inside a transaction of the writer; of no use once that has ended. */
export class SqliteTransaction extends SqliteReader implements Transaction {
  readonly #connection: Connection;
  readonly #scope: Scope;

  constructor(connection: Connection, directory: string, scope: Scope) {
    super({ connection }, directory);
    this.#connection = connection;
    this.#scope = scope;
  }

  async byName(type: string, key: string): Promise<StoredRecord | undefined> {
    return this.read(() => recordByName(this.#connection, this.directory, { type, key }));
  }

  async byExternalId(type: string, externalId: string): Promise<StoredRecord | undefined> {
    return this.read(() => recordByExternalId(this.#connection, this.directory, { type, externalId }));
  }

  async membersMatching(group: string, filter: Filter<Target>, base: string): Promise<readonly string[]> {
    return this.read(() => membersMatching(this.#connection, this.directory, { group, filter, base }));
  }

  async membersAmong(ids: readonly string[]): Promise<readonly Member[]> {
    return this.read(() => membersAmong(this.#committing(), ids));
  }

  async memberDifference(group: string, edit: NetMemberEdit): Promise<MemberDifference> {
    return this.read(() => memberDifference(this.#committing(), group, edit));
  }

  async commit(set: ChangeSet): Promise<void> {
    return this.read(() => commit(this.#committing(), set));
  }

  async recordFailure(failure: Failure): Promise<void> {
    this.read(() => recordFailure(this.#connection, this.directory, failure));
  }

  async clearFailures(type: string, subjects: () => readonly string[]): Promise<void> {
    this.read(() => clearFailures(this.#connection, this.directory, { type, subjects }));
  }

  #committing(): { connection: Connection; directory: string; turn: () => Promise<void> | undefined } {
    return { connection: this.#connection, directory: this.directory, turn: this.#scope.alone ? turn : NO_TURN };
  }

  /** A failing database loses the whole batch, which the writer sees: errors pass through here as they are. */
  protected override read<T>(read: () => T): T {
    if (!this.#scope.live) throw new Error('a transaction was used after its end');
    return read();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const NO_TURN = (): undefined => undefined;
