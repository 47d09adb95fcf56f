/**
 * The rules of an application's directories, as its author writes them; what is not said is as it is without a policy:
 *
 *     policy: {
 *       deactivation: 'remove',
 *       keep: ['name.givenName', 'name.familyName', 'emails[type eq "work"]'],
 *       roles: { byGroup: { 'App admins': 'admin' }, ceiling: ['admin', 'editor'], default: 'viewer' },
 *       seats: { limit: 500, reserve: 5 },
 *       protect: { users: ['owner@example.com'], lastWithRole: 'admin' },
 *       guard: { users: 10, percent: 5, window: '1h' },
 *     }
 *
 * A directory overrides what its application lets it (`overridable`), in the same words; there `null` takes back what the
 * application says.
 */
export interface PolicyConfig {
  /** What `active: false` does: the user stays, inactive (`suspend`, when absent), or is gone. */
  readonly deactivation?: 'suspend' | 'remove';
  /** A create that meets an inactive user: the same one again (`revive`, when absent), or a new one. */
  readonly reactivation?: 'revive' | 'recreate';
  /** `ignore`: profile updates are accepted and alter nothing. `apply` when absent. */
  readonly updates?: 'apply' | 'ignore';
  /**
   * The attributes of a user that are kept beside `userName`, `externalId`, `active` and `password`: `title`,
   * `name.givenName`, `emails[type eq "work"]`, the URN of an extension, `urn:…:2.0:User:department`. All when absent.
   */
  readonly keep?: readonly string[] | null;
  /** The userName has to be the user's e-mail address. False when absent. */
  readonly userNameIsEmail?: boolean;
  /** By what an arriving user may be joined with one who is there: both when absent. Never by an e-mail address. */
  readonly match?: readonly ('externalId' | 'userName')[];
  /** Users who are there and whom no provider owns: refused (`reject`, when absent), or taken over by its first write. */
  readonly conflict?: 'link' | 'reject';
  readonly roles?: RolesConfig;
  readonly seats?: SeatsConfig;
  readonly protect?: ProtectConfig;
  /** Holds mass deprovisionings until a person decides. None when absent. */
  readonly guard?: GuardConfig | false;
}

/** Roles are named by the ids that `entitlements` of the kind `role` declare. */
export interface RolesConfig {
  /** The displayName of a group → the role that its members have: `{ 'App admins': 'admin' }`. */
  readonly byGroup?: Readonly<Record<string, string | null>>;
  /** The roles that a provider may give; all when absent. */
  readonly ceiling?: readonly string[] | null;
  /** What a user has to whom nothing gives a role. */
  readonly default?: string | null;
}

export interface SeatsConfig {
  /** As many as come when absent. */
  readonly limit?: number | null;
  /** So many of them are not for providers; 0 when absent. */
  readonly reserve?: number;
  /** Who takes one: active users (when absent), or all. */
  readonly counts?: 'active' | 'all';
}

/** Whom a provider never deprovisions. */
export interface ProtectConfig {
  /** userNames. */
  readonly users?: readonly string[];
  /** A role of which one active user has to stay. */
  readonly lastWithRole?: string | null;
  /** So many active users have to stay; 0 when absent. */
  readonly atLeast?: number;
  /** Users whom no provider made or took over. False when absent. */
  readonly existing?: boolean;
}

/** More than the larger of `users` and `percent` within the window are held. */
export interface GuardConfig {
  /** 10 when absent. */
  readonly users?: number;
  /** Of the users who were active when the window began, 0 to 100; 10 when absent. */
  readonly percent?: number;
  /** How far back is counted: `30s`, `15m`, `1h`, `1d` at most; an hour when absent. */
  readonly window?: string;
  /** More memberships than these within the window are held, too; not counted when absent. */
  readonly memberships?: number | null;
}

/** What the application offers to providers; what is off is refused clearly, and is not in discovery. */
export interface FeaturesConfig {
  /** Lists of users without a filter, from which a provider imports them. True when absent. */
  readonly import?: boolean;
  /** Groups. True when absent. */
  readonly pushGroups?: boolean;
  /** Passwords are taken and kept as hashes. False when absent. */
  readonly syncPassword?: boolean;
}

/**
 * What an organization must have before its identity provider may come in; `joinery organization set` says what it has:
 *
 *     requires: { plans: ['premier', 'enterprise'], sso: true }
 */
export interface RequiresConfig {
  /** One of these. Any, or none, when absent. */
  readonly plans?: readonly string[];
  /** Its people sign in by SSO. */
  readonly sso?: boolean;
}

/** The rules by name, in the order in which they are shown. */
export const POLICY_KEYS = [
  'deactivation',
  'reactivation',
  'updates',
  'keep',
  'userNameIsEmail',
  'match',
  'conflict',
  'roles',
  'seats',
  'protect',
  'guard',
] as const satisfies readonly (keyof PolicyConfig)[];

export type PolicyKey = (typeof POLICY_KEYS)[number];

/** What a directory may override where its application does not say. */
export const USUALLY_OVERRIDABLE: readonly PolicyKey[] = ['seats', 'protect', 'guard'];
