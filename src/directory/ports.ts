import type { Filter, MemberReference, Position, Query, Selection, Target } from '../scim/index.ts';
import type { By, ChangeSet, Failure } from './change.ts';
import type { HistoryReader } from './history.ts';
import type { GuardState, Hold, NewHold } from './hold.ts';
import type { GroupReference, GroupStanding, Member, StoredRecord } from './record.ts';

/**
 * What the directory needs remembered. Every method works on the one directory that the handle was made for; nothing
 * here can name another. SQLite resolves in microtasks, so several small writes can share one durable transaction.
 */
export interface DirectoryStore {
  /** Reads what is committed. */
  reader(directory: string): Reader;

  /**
   * Runs `work` in a transaction and resolves when it is on disk. It may run with others' in one commit, so `work`
   * awaits nothing but `transaction`. When `work` throws, it alone is undone and the error is passed on.
   *
   * `alone: true` gives it a transaction of its own, in which the store yields to other requests every 1,000 rows.
   *
   * @throws StoreUnavailable when the database cannot take it now (busy, full, failing): nothing was kept
   */
  write<T>(
    directory: string,
    work: (transaction: Transaction) => Promise<T>,
    options?: { alone?: boolean },
  ): Promise<T>;

  /**
   * A reader on one moment, for a reply too long to be read at once. The caller releases it; one that is read for longer
   * than a minute is ended.
   *
   * @throws StoreUnavailable when too many are being read, and of one that was ended
   */
  snapshot(directory: string): Promise<Snapshot>;

  /** Reads what was changed, by whom, and what it was before. */
  history(directory: string): HistoryReader;

  /** The hash of a user's password; undefined where none was set. */
  passwordOf(directory: string, subject: string): Promise<string | undefined>;
}

export interface Reader {
  record(type: string, id: string): Promise<StoredRecord | undefined>;

  /**
   * The records that the selections match, sorted or in order of creation (one selection after the other). `base` is the
   * SCIM base URL (for filters on `$ref` and `meta.location`). `walker` names who pages: a walk's next page resumes after
   * its last one's last record.
   *
   * @throws ScimError tooMany when a filter, or an order, had its time and did not come to an end; invalidCursor for a
   *   position that `after` cannot be
   * @throws StoreUnavailable when it did not get its time, as too many others wait
   */
  page(selections: readonly Selection[], query: Query, context: PageContext): Promise<Page>;

  /**
   * The groups of each of these users, in order of id. Ids without groups are absent. Undefined when they are too many, or
   * their names too long, to be held at once.
   */
  fewGroupsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly GroupReference[]> | undefined>;

  /** The groups of one user in order of id, after `after`: at most `limit`, fewer where names are long, none at the end. */
  groups(member: string, after: string | undefined, limit: number): Promise<readonly GroupReference[]>;

  /** Members in order of id, after `after`: at most `limit`, fewer where names are long, none at the end. */
  members(group: string, after: string | undefined, limit: number): Promise<readonly Member[]>;
}

export interface PageContext {
  readonly base: string;
  readonly walker: string;
}

export interface Page {
  /** All that matches; absent where a page that resumes (`after`) did not need to count. */
  readonly total?: number;
  /** Where the next page goes on; absent on the last one, and where `startIndex` counts. */
  readonly next?: Position;
  readonly records: readonly StoredRecord[];
}

export interface Snapshot extends Reader {
  release(): void;
}

/** Where transactions run beside one another, the records that these methods find stay as they are until its end. */
export interface Transaction extends Reader {
  /** Whether there is such a record, at this moment. */
  exists(type: string, id: string): Promise<boolean>;
  /** By the folded userName of a User, the folded displayName of a Group (`nameKey`). */
  byName(type: string, key: string): Promise<StoredRecord | undefined>;
  byExternalId(type: string, externalId: string): Promise<StoredRecord | undefined>;

  /**
   * For each filter, the ids that it matches and no later one does.
   *
   * @throws ScimError 413 when the filters ask too much of too many
   */
  membersMatching(asked: MembersAsked): Promise<readonly (readonly string[])[]>;

  /**
   * What an edit would really alter. `replaces: false`: `add` and `remove` over the current members. `replaces: true`: the
   * members become exactly `add`. `unknown` are ids to add that no user or group of this directory has.
   */
  memberDifference(group: string, edit: NetMemberEdit): Promise<MemberDifference>;

  /** The groups that a user or group is a member of, in order of id, after `after`: at most `limit`. */
  memberOf(id: string, after: string | undefined, limit: number): Promise<readonly GroupStanding[]>;

  /** Stores a change set: records, memberships, keys, counts, and a row of history for each change. */
  commit(set: ChangeSet): Promise<void>;

  /** The name of a record of this directory that was removed, for as long as history remembers it. */
  removedName(type: string, id: string): Promise<string | undefined>;

  /**
   * Until this transaction ends no other one of the directory gets past the same line: what is counted after it stays as
   * it was counted (decision 16).
   */
  exclusively(what: 'activating' | 'deprovisioning'): Promise<void>;

  /** All users of the directory, and those of them that are active, as this transaction sees them. */
  userCounts(): Promise<{ readonly total: number; readonly active: number }>;

  /** Whether another active user than `except` has the role: by an element of `roles`, or as a member of one of the groups. */
  anotherHasRole(asked: RoleAsked): Promise<boolean>;

  /** What the guard counts: deprovisionings since a moment, and how many were active at the first. */
  deprovisionings(
    asked: DeprovisioningsAsked,
  ): Promise<{ readonly count: number; readonly baseline: number | undefined }>;
  /** Counts what is being deprovisioned; what is older than a day is forgotten. */
  recordDeprovisioning(one: Deprovisioning): Promise<void>;
  guardState(): Promise<GuardState>;

  /** The hold of a record that is open or rejected. */
  standingHold(type: string, subject: string): Promise<Hold | undefined>;
  /** Inserts the hold, or bumps the one that stands: with the new `work`, `why`, `by` and `requestId`. */
  recordHold(hold: NewHold): Promise<void>;
  /** Ends, or rejects, the holds with these ids that stand. */
  decideHolds(ids: readonly string[], decision: HoldDecision): Promise<void>;

  /** Insert or bump: one row a subject, and the oldest give way when they are too many. */
  recordFailure(failure: Failure): Promise<void>;
  /** `subjects` is asked only when the directory has failures at all. */
  clearFailures(type: string, subjects: () => readonly string[]): Promise<void>;
}

export interface RoleAsked {
  /** The role's id as the application declares it. */
  readonly role: string;
  /** Folded displayNames of the groups that give it. */
  readonly groups: readonly string[];
  readonly except: string;
}

export interface DeprovisioningsAsked {
  readonly what: 'users' | 'memberships';
  /** UTC, fixed width. */
  readonly since: string;
}

export interface Deprovisioning {
  readonly what: 'users' | 'memberships';
  readonly subject: string;
  readonly at: string;
  /** 1 for a user; how many memberships of a group. */
  readonly count: number;
  /** How many users were active before it. */
  readonly baseline: number;
}

export interface HoldDecision {
  readonly state: 'rejected' | 'approved' | 'withdrawn';
  readonly by: By;
  readonly at: string;
}

/** Filters on the elements of `members`, asked of a group's stored members, and of others as the members they would be. */
export interface MembersAsked {
  readonly group: string;
  /** Ids that no user or group of this directory has match nothing. */
  readonly named: readonly string[];
  readonly filters: readonly Filter<Target>[];
  /** The SCIM base URL (for filters on `$ref`). */
  readonly base: string;
}

export interface NetMemberEdit {
  readonly replaces: boolean;
  readonly add: readonly MemberReference[];
  readonly remove: readonly string[];
}

export interface MemberDifference {
  readonly added: readonly { readonly value: string; readonly type: string }[];
  readonly removed: readonly string[];
  readonly unknown: readonly string[];
}

/** A unique key was taken between gather and commit; `perform` starts again from gather. */
export class UniqueKeyTaken extends Error {
  override readonly name = 'UniqueKeyTaken';
}

/** Another transaction stood in the way, and nothing was kept (a deadlock, a serialization failure): `perform` starts again. */
export class TransactionConflict extends Error {
  override readonly name = 'TransactionConflict';
}

/** The database cannot take a write (or a read) now; `reason` is for the operator's log. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** As much of one directory, or of all, waits as there is room for: nothing was begun. */
export class TooMuchWaiting extends StoreUnavailable {}

/** The connection was lost while a commit was on its way: it is kept, or it is not, and only the database knows. */
export class CommitUnheard extends StoreUnavailable {}

/** Organizations and their directories: what the operator makes, seldom. */
export interface OrganizationStore {
  /** @throws UniqueKeyTaken when the slug is taken */
  createOrganization(organization: Organization, directories: readonly DirectoryRow[]): Promise<void>;
  organizations(): Promise<readonly Organization[]>;
  organizationBySlug(slug: string): Promise<Organization | undefined>;
  directory(organization: string, application: string): Promise<DirectoryRow | undefined>;
  directoryById(id: string): Promise<{ directory: DirectoryRow; organization: Organization } | undefined>;
  /** The plan and SSO state of an organization; undefined leaves as it is. */
  alterOrganization(id: string, alter: { plan?: string | null; sso?: boolean }): Promise<void>;
  /** `policy`: JSON, or null for the application's own. Servers that run follow within five seconds. */
  setDirectoryPolicy(directory: string, policy: string | null): Promise<void>;
  /** Adds the directories of applications that were declared after the organization was made. */
  addDirectory(directory: DirectoryRow): Promise<void>;
}

export interface Organization {
  readonly id: string;
  /** In URLs and commands: `acme`. Lower-case letters, digits and hyphens; never `_` (Okta refuses it in base URLs). */
  readonly slug: string;
  readonly name: string;
  readonly created: string;
  /** The plan that it is on, as the SaaS company calls it; undefined: none was said. */
  readonly plan?: string | undefined;
  /** Its people sign in by SSO. */
  readonly sso?: boolean;
}

/** One organization's people in one application. */
export interface DirectoryRow {
  readonly id: string;
  readonly organization: string;
  /** The application's name in `joinery.config.ts`. */
  readonly application: string;
  readonly created: string;
  /** JSON of what this directory has otherwise than its application; undefined: nothing. */
  readonly policy?: string | undefined;
}
