import type {
  ChangeSet,
  Deprovisioning,
  DeprovisioningsAsked,
  Failure,
  GroupReference,
  GroupStanding,
  GuardState,
  Hold,
  HoldDecision,
  Member,
  MemberDifference,
  MembersAsked,
  NetMemberEdit,
  NewHold,
  Page,
  PageContext,
  Reader,
  RoleAsked,
  StoredRecord,
  Transaction,
} from '../../directory/index.ts';
import type { Query, Selection } from '../../scim/index.ts';
import { commit } from './commit.ts';
import { deprovisionings, recordDeprovisioning } from './deprovisionings.ts';
import { exclusively } from './exclusively.ts';
import { clearFailures, type NewFailures, recordFailure } from './failures.ts';
import { guardState } from './guards.ts';
import { decideHolds, type NewlyDecided, recordHold, standingHold } from './holds.ts';
import { lockedByExternalId, lockedById, lockedByName } from './locked.ts';
import { recordExists } from './lookup.ts';
import { memberOf } from './member-of.ts';
import { memberDifference } from './members.ts';
import { membersMatching } from './members-matching.ts';
import type { Pool, Session } from './pool.ts';
import { removedName } from './removed.ts';
import { anotherHasRole } from './role-holder.ts';
import { type UserCounts, userCounts } from './user-counts.ts';
import type { Writing } from './writing.ts';

export interface Transacted<T> {
  readonly directory: string;
  /** Reads the directory by the transaction's own session. */
  readonly reader: (session: Session) => Reader;
  readonly work: (transaction: Transaction) => Promise<T>;
}

/**
 * Runs `work` in a transaction of its own, beside those of others: what it looks up is locked (READ COMMITTED; see the
 * look-ups). It may await anything, as nobody shares its commit.
 *
 * @throws StoreUnavailable, UniqueKeyTaken, TransactionConflict
 */
export function transact<T>(pool: Pool, { directory, reader, work }: Transacted<T>): Promise<T> {
  const tallies = talliesOf(pool);
  return pool.transaction(directory, async (session, sent) => {
    const transaction = new PostgresTransaction({
      writing: { session, directory, sent },
      reader: reader(session),
      tallies,
    });
    try {
      return await work(transaction);
    } finally {
      transaction.end();
    }
  });
}

/** What came since it was last seen whether it is too much; of what other processes do they see to it. */
interface Tallies {
  readonly newFailures: NewFailures;
  readonly newlyDecided: NewlyDecided;
}

function talliesOf(pool: Pool): Tallies {
  const known = talliesByPool.get(pool) ?? { newFailures: new Map(), newlyDecided: new Map() };
  talliesByPool.set(pool, known);
  return known;
}

const talliesByPool = new WeakMap<Pool, Tallies>();

interface TransactionMeans {
  readonly writing: Writing;
  readonly reader: Reader;
  readonly tallies: Tallies;
}

/** Reads and writes one directory inside a transaction; of no use once that has ended. */
class PostgresTransaction implements Transaction {
  readonly #means: TransactionMeans;
  #live = true;

  constructor(means: TransactionMeans) {
    this.#means = means;
  }

  end(): void {
    this.#live = false;
  }

  async record(type: string, id: string): Promise<StoredRecord | undefined> {
    return lockedById(this.#writing(), { type, id });
  }

  async exists(type: string, id: string): Promise<boolean> {
    return recordExists(this.#writing(), { type, id });
  }

  async byName(type: string, key: string): Promise<StoredRecord | undefined> {
    return lockedByName(this.#writing(), { type, key });
  }

  async byExternalId(type: string, externalId: string): Promise<StoredRecord | undefined> {
    return lockedByExternalId(this.#writing(), { type, externalId });
  }

  async page(selections: readonly Selection[], query: Query, context: PageContext): Promise<Page> {
    return this.#reader().page(selections, query, context);
  }

  async fewGroupsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly GroupReference[]> | undefined> {
    return this.#reader().fewGroupsOf(ids);
  }

  async groups(member: string, after: string | undefined, limit: number): Promise<readonly GroupReference[]> {
    return this.#reader().groups(member, after, limit);
  }

  async members(group: string, after: string | undefined, limit: number): Promise<readonly Member[]> {
    return this.#reader().members(group, after, limit);
  }

  async membersMatching(asked: MembersAsked): Promise<readonly (readonly string[])[]> {
    return membersMatching(this.#writing(), asked);
  }

  async memberDifference(group: string, edit: NetMemberEdit): Promise<MemberDifference> {
    return memberDifference(this.#writing(), group, edit);
  }

  async memberOf(id: string, after: string | undefined, limit: number): Promise<readonly GroupStanding[]> {
    return memberOf(this.#writing(), { id, after, limit });
  }

  async commit(set: ChangeSet): Promise<void> {
    return commit(this.#writing(), set);
  }

  async removedName(type: string, id: string): Promise<string | undefined> {
    return removedName(this.#writing(), { type, id });
  }

  async exclusively(what: 'activating' | 'deprovisioning'): Promise<void> {
    exclusively(this.#writing(), what);
  }

  async userCounts(): Promise<UserCounts> {
    return userCounts(this.#writing());
  }

  async anotherHasRole(asked: RoleAsked): Promise<boolean> {
    return anotherHasRole(this.#writing(), asked);
  }

  async deprovisionings(
    asked: DeprovisioningsAsked,
  ): Promise<{ readonly count: number; readonly baseline: number | undefined }> {
    return deprovisionings(this.#writing(), asked);
  }

  async recordDeprovisioning(one: Deprovisioning): Promise<void> {
    recordDeprovisioning(this.#writing(), one);
  }

  async guardState(): Promise<GuardState> {
    return guardState(this.#writing());
  }

  async standingHold(type: string, subject: string): Promise<Hold | undefined> {
    return standingHold(this.#writing(), { type, subject });
  }

  async recordHold(hold: NewHold): Promise<void> {
    recordHold(this.#writing(), hold);
  }

  async decideHolds(ids: readonly string[], decision: HoldDecision): Promise<void> {
    const writing = this.#writing();
    const { newlyDecided } = this.#means.tallies;
    writing.sent.add(decideHolds(writing, { ids, decision, newlyDecided }), ids.length);
  }

  async recordFailure(failure: Failure): Promise<void> {
    const writing = this.#writing();
    writing.sent.add(recordFailure(writing, failure, this.#means.tallies.newFailures));
  }

  async clearFailures(type: string, subjects: () => readonly string[]): Promise<void> {
    const writing = this.#writing();
    writing.sent.add(clearFailures(writing, { type, subjects: subjects() }));
  }

  #writing(): Writing {
    this.#beLive();
    return this.#means.writing;
  }

  #reader(): Reader {
    this.#beLive();
    return this.#means.reader;
  }

  #beLive(): void {
    if (!this.#live) throw new Error('a transaction was used after its end');
  }
}
