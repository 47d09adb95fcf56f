import type { Place } from '../place.ts';
import type { Profile, ProfileName } from './profile.ts';

export interface Mapping {
  readonly okta: ProfileName;
  readonly place: Place;
  /** RFC 7643 §4.3: `manager.displayName` is readOnly. Okta sends it all the same; nobody may expect it back. */
  readonly readOnly?: true;
}

/** The app's username, as Okta makes it of a profile: `login`, or `email` where that is the format. */
export function userNameIn(profile: Profile, mappings: readonly Mapping[]): string {
  const row = mappings.find(({ place }) => place.at === 'user' && place.name === 'userName');
  return profile[row?.okta ?? 'login'] ?? profile.login;
}

/** "Application username format: Email". */
export const USER_NAME_IS_EMAIL: Mapping = { okta: 'email', place: { at: 'user', name: 'userName' } };

/** `roles.^[type=='base'].value`, which an administrator adds (idp-clients §1.4i). */
export const ROLE: Mapping = { okta: 'role', place: { at: 'item', of: 'roles', type: 'base', name: 'value' } };

/** The "To App" rows of Okta's default template (idp-clients §1.4i). */
export const MAPPINGS: readonly Mapping[] = [
  { okta: 'login', place: { at: 'user', name: 'userName' } },
  { okta: 'firstName', place: { at: 'part', of: 'name', name: 'givenName' } },
  { okta: 'lastName', place: { at: 'part', of: 'name', name: 'familyName' } },
  { okta: 'middleName', place: { at: 'part', of: 'name', name: 'middleName' } },
  { okta: 'honorificPrefix', place: { at: 'part', of: 'name', name: 'honorificPrefix' } },
  { okta: 'honorificSuffix', place: { at: 'part', of: 'name', name: 'honorificSuffix' } },
  { okta: 'email', place: { at: 'item', of: 'emails', type: 'work', name: 'value' } },
  { okta: 'title', place: { at: 'user', name: 'title' } },
  { okta: 'displayName', place: { at: 'user', name: 'displayName' } },
  { okta: 'nickName', place: { at: 'user', name: 'nickName' } },
  { okta: 'profileUrl', place: { at: 'user', name: 'profileUrl' } },
  { okta: 'primaryPhone', place: { at: 'item', of: 'phoneNumbers', type: 'work', name: 'value' } },
  { okta: 'mobilePhone', place: { at: 'item', of: 'phoneNumbers', type: 'mobile', name: 'value' } },
  { okta: 'streetAddress', place: { at: 'item', of: 'addresses', type: 'work', name: 'streetAddress' } },
  { okta: 'city', place: { at: 'item', of: 'addresses', type: 'work', name: 'locality' } },
  { okta: 'state', place: { at: 'item', of: 'addresses', type: 'work', name: 'region' } },
  { okta: 'zipCode', place: { at: 'item', of: 'addresses', type: 'work', name: 'postalCode' } },
  { okta: 'countryCode', place: { at: 'item', of: 'addresses', type: 'work', name: 'country' } },
  { okta: 'preferredLanguage', place: { at: 'user', name: 'preferredLanguage' } },
  { okta: 'locale', place: { at: 'user', name: 'locale' } },
  { okta: 'timezone', place: { at: 'user', name: 'timezone' } },
  { okta: 'userType', place: { at: 'user', name: 'userType' } },
  { okta: 'employeeNumber', place: { at: 'extension', name: 'employeeNumber' } },
  { okta: 'costCenter', place: { at: 'extension', name: 'costCenter' } },
  { okta: 'organization', place: { at: 'extension', name: 'organization' } },
  { okta: 'division', place: { at: 'extension', name: 'division' } },
  { okta: 'department', place: { at: 'extension', name: 'department' } },
  { okta: 'managerId', place: { at: 'extension', name: 'manager', part: 'value' } },
  { okta: 'manager', place: { at: 'extension', name: 'manager', part: 'displayName' }, readOnly: true },
];
