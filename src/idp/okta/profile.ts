/** A person's profile in Okta: the attributes of its default user type that the default mapping sends (§1.4i). */
export interface Profile {
  readonly login: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly middleName?: string;
  readonly honorificPrefix?: string;
  readonly honorificSuffix?: string;
  readonly title?: string;
  readonly displayName?: string;
  readonly nickName?: string;
  readonly profileUrl?: string;
  readonly primaryPhone?: string;
  readonly mobilePhone?: string;
  readonly streetAddress?: string;
  readonly city?: string;
  readonly state?: string;
  readonly zipCode?: string;
  readonly countryCode?: string;
  readonly preferredLanguage?: string;
  readonly locale?: string;
  readonly timezone?: string;
  readonly userType?: string;
  readonly employeeNumber?: string;
  readonly costCenter?: string;
  readonly organization?: string;
  readonly division?: string;
  readonly department?: string;
  readonly managerId?: string;
  readonly manager?: string;
  /** Not in the default template: of an app whose administrator added it. */
  readonly role?: string;
}

export type ProfileName = keyof Profile;

/** What an administrator edits in one go: new values, and names that are emptied. */
export type ProfileChange = { readonly [Name in ProfileName]?: string | undefined };

/** The profile after an edit; an emptied attribute is gone, as in Okta. */
export function edited(profile: Profile, change: ProfileChange): Profile {
  const kept = Object.entries({ ...profile, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as unknown as Profile;
}
