/** A user's attributes in Entra that the default mapping reads, and the app role that the user is assigned. */
export interface Profile {
  readonly userPrincipalName: string;
  readonly mailNickname: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly joinedName: string;
  readonly mail?: string;
  readonly otherMail?: string;
  readonly jobTitle?: string;
  readonly nickName?: string;
  readonly preferredLanguage?: string;
  readonly usageLocation?: string;
  readonly timezone?: string;
  readonly profileUrl?: string;
  readonly userType?: string;
  readonly streetAddress?: string;
  readonly city?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly physicalDeliveryOfficeName?: string;
  readonly telephoneNumber?: string;
  readonly mobile?: string;
  readonly facsimileTelephoneNumber?: string;
  readonly employeeId?: string;
  readonly department?: string;
  readonly costCenter?: string;
  readonly division?: string;
  readonly companyName?: string;
  readonly appRole?: string;
  readonly appRoleName?: string;
}

export type ProfileName = keyof Profile;

/** What is edited in Entra in one go: new values, and names that are emptied. */
export type ProfileChange = { readonly [Name in ProfileName]?: string | undefined };

/** The profile after an edit; an emptied attribute is gone. */
export function edited(profile: Profile, change: ProfileChange): Profile {
  const kept = Object.entries({ ...profile, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as unknown as Profile;
}
