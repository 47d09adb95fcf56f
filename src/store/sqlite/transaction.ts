import {
  type ChangeSet,
  type Deprovisioning,
  type DeprovisioningsAsked,
  type Failure,
  type GroupStanding,
  type GuardState,
  type Hold,
  type HoldDecision,
  type MemberDifference,
  type MembersAsked,
  type NetMemberEdit,
  type NewHold,
  type RoleAsked,
  type StoredRecord,
  type Transaction,
  turn,
} from '../../directory/index.ts';
import { commit } from './commit.ts';
import { type Connection, withSmallCache } from './connection.ts';
import { deprovisionings, recordDeprovisioning } from './deprovisionings.ts';
import { clearFailures, recordFailure } from './failures.ts';
import { guardState } from './guards.ts';
import { decideHolds, recordHold, standingHold } from './holds.ts';
import type { Scope } from './job.ts';
import { recordByExternalId, recordByName, recordExists } from './lookup.ts';
import { memberOf } from './member-of.ts';
import { memberDifference } from './members.ts';
import { membersMatching } from './members-matching.ts';
import { SqliteReader } from './reader.ts';
import { removedName } from './removed.ts';
import { anotherHasRole } from './roles.ts';
import { userCounts } from './tally.ts';

/** Reads and writes one directory inside a transaction of the writer; of no use once that has ended. */
export class SqliteTransaction extends SqliteReader implements Transaction {
  readonly #connection: Connection;
  readonly #scope: Scope;

  constructor(connection: Connection, directory: string, scope: Scope) {
    super({ connection }, directory);
    this.#connection = connection;
    this.#scope = scope;
  }

  async exists(type: string, id: string): Promise<boolean> {
    return this.read(() => recordExists(this.#connection, this.directory, { type, id }));
  }

  async byName(type: string, key: string): Promise<StoredRecord | undefined> {
    return this.read(() => recordByName(this.#connection, this.directory, { type, key }));
  }

  async byExternalId(type: string, externalId: string): Promise<StoredRecord | undefined> {
    return this.read(() => recordByExternalId(this.#connection, this.directory, { type, externalId }));
  }

  async membersMatching(asked: MembersAsked): Promise<readonly (readonly string[])[]> {
    return this.read(() => membersMatching(this.#committing(), asked));
  }

  async memberDifference(group: string, edit: NetMemberEdit): Promise<MemberDifference> {
    return this.read(() => memberDifference(this.#committing(), group, edit));
  }

  async memberOf(id: string, after: string | undefined, limit: number): Promise<readonly GroupStanding[]> {
    return this.read(() => memberOf(this.#committing(), { id, after, limit }));
  }

  async commit(set: ChangeSet): Promise<void> {
    if (!this.#scope.alone || set.changes.length < MANY_CHANGES)
      return this.read(() => commit(this.#committing(), set));
    return withSmallCache(this.#connection, () => this.read(() => commit(this.#committing(), set)));
  }

  async removedName(type: string, id: string): Promise<string | undefined> {
    return this.read(() => removedName(this.#connection, this.directory, { type, id }));
  }

  /** There is one writer in all processes, and this transaction is it: nothing is counted beside it. */
  async exclusively(): Promise<void> {
    this.read(() => undefined);
  }

  async userCounts(): Promise<{ total: number; active: number }> {
    return this.read(() => userCounts(this.#connection, this.directory));
  }

  async anotherHasRole(asked: RoleAsked): Promise<boolean> {
    return this.read(() => anotherHasRole(this.#connection, this.directory, asked));
  }

  async deprovisionings(asked: DeprovisioningsAsked): Promise<{ count: number; baseline: number | undefined }> {
    return this.read(() => deprovisionings(this.#connection, this.directory, asked));
  }

  async recordDeprovisioning(one: Deprovisioning): Promise<void> {
    this.read(() => recordDeprovisioning(this.#connection, this.directory, one));
  }

  async guardState(): Promise<GuardState> {
    return this.read(() => guardState(this.#connection, this.directory));
  }

  async standingHold(type: string, subject: string): Promise<Hold | undefined> {
    return this.read(() => standingHold(this.#connection, this.directory, { type, subject }));
  }

  async recordHold(hold: NewHold): Promise<void> {
    this.read(() => recordHold(this.#connection, this.directory, hold));
  }

  async decideHolds(ids: readonly string[], decision: HoldDecision): Promise<void> {
    this.read(() => decideHolds(this.#connection, this.directory, { ids, decision }));
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

/** Most of them a thousand memberships each. */
const MANY_CHANGES = 10;

const NO_TURN = (): undefined => undefined;
