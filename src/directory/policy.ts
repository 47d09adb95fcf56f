/** The rules of one directory with nothing left open: its application's, and what the directory itself overrides. */
export interface Policy {
  /** What `active: false` and DELETE do. `suspend`: the user stays, inactive. `remove`: the user is gone (decision 36). */
  readonly deactivation: 'suspend' | 'remove';
  /** A create that meets an inactive user: brings it back under its old id, or removes it and makes another. */
  readonly reactivation: 'revive' | 'recreate';
  /** `ignore`: a profile update is accepted and alters nothing; only `active` has an effect. */
  readonly updates: 'apply' | 'ignore';
  /** The attributes of a user that are kept, beside `userName`, `externalId`, `active` and `password`; undefined: all of them. */
  readonly keep: readonly KeptAttribute[] | undefined;
  readonly userNameIsEmail: boolean;
  /** By what an arriving user may be joined with one who is there. */
  readonly match: readonly ('externalId' | 'userName')[];
  /** What a provider's write does to a user who exists and whom no provider owns (decision 32). */
  readonly conflict: 'link' | 'reject';
  readonly roles: RolesPolicy;
  readonly seats: SeatsPolicy;
  readonly protect: ProtectPolicy;
  /** Undefined: none. */
  readonly guard: GuardPolicy | undefined;
  readonly features: Features;
}

/** An attribute, or a part of it, and of which elements: `name.givenName`, `emails[type eq "work" and primary eq true]`, a URN. */
export interface KeptAttribute {
  /** As it was declared, for the operator. */
  readonly path: string;
  /** Names as the schemas spell them: [`name`, `givenName`], or the extension's URN first. */
  readonly names: readonly string[];
  /** Multi-valued: only elements that meet all of them. */
  readonly where?: readonly KeptCondition[];
}

/** This sub-attribute has this value, a text being compared without case. */
export interface KeptCondition {
  readonly sub: string;
  readonly value: string | boolean;
}

/** Role ids are those that the application declares as entitlements of the kind `role`. */
export interface RolesPolicy {
  /** The folded displayName of a group → the role that its members have. */
  readonly byGroup: ReadonlyMap<string, string>;
  /** The roles that a provider may give; undefined: all that are declared. What was given by hand is not taken away. */
  readonly ceiling: readonly string[] | undefined;
  /** What a user has to whom nothing gives a role. */
  readonly default: string | undefined;
}

export interface SeatsPolicy {
  /** Undefined: as many as come. */
  readonly limit: number | undefined;
  /** So many of them are not for providers. */
  readonly reserve: number;
  /** Who takes one. */
  readonly counts: 'active' | 'all';
}

/** Whom a provider never deprovisions. */
export interface ProtectPolicy {
  /** Folded userNames. */
  readonly users: ReadonlySet<string>;
  /** A role of which one active user has to stay; undefined: none has to. */
  readonly lastWithRole: string | undefined;
  /** So many active users have to stay. */
  readonly atLeast: number;
  /** Users whom no provider made or took over. */
  readonly existing: boolean;
}

/** Trips when more than the larger of `users` and `percent` of the active ones are deprovisioned within the window. */
export interface GuardPolicy {
  readonly users: number;
  /** 0 to 100, of the users who were active at the window's first deprovisioning. */
  readonly percent: number;
  readonly windowSeconds: number;
  /** More than so many memberships taken away within the window trip it, too; undefined: they are not counted. */
  readonly memberships: number | undefined;
}

/** What an application offers to providers. What is off is refused clearly, and is not in discovery. */
export interface Features {
  /** Lists of users without a filter, from which a provider imports them. */
  readonly import: boolean;
  readonly pushGroups: boolean;
  readonly syncPassword: boolean;
}

/** What holds where nothing is declared. */
export const DEFAULT_POLICY: Policy = {
  deactivation: 'suspend',
  reactivation: 'revive',
  updates: 'apply',
  keep: undefined,
  userNameIsEmail: false,
  match: ['externalId', 'userName'],
  conflict: 'reject',
  roles: { byGroup: new Map(), ceiling: undefined, default: undefined },
  seats: { limit: undefined, reserve: 0, counts: 'active' },
  protect: { users: new Set(), lastWithRole: undefined, atLeast: 0, existing: false },
  guard: undefined,
  features: { import: true, pushGroups: true, syncPassword: false },
};
