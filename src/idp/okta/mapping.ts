import { ENTERPRISE } from '../scim.ts';
import type { ProfileName } from './profile.ts';

/**
 * Where an Okta attribute lives in SCIM.
 *
 *     {at: 'user', name: 'title'}                                    title
 *     {at: 'part', of: 'name', name: 'givenName'}                    name.givenName
 *     {at: 'item', of: 'phoneNumbers', type: 'mobile', name:'value'} phoneNumbers[type eq "mobile"].value
 *     {at: 'extension', name: 'department'}                          urn:…:enterprise:2.0:User:department
 *     {at: 'extension', name: 'manager', part: 'value'}              urn:…:enterprise:2.0:User:manager.value
 */
export type Place =
  | { readonly at: 'user'; readonly name: string }
  | { readonly at: 'part'; readonly of: 'name'; readonly name: string }
  | { readonly at: 'item'; readonly of: ItemAttribute; readonly type: string; readonly name: string }
  | { readonly at: 'extension'; readonly name: string; readonly part?: string };

type ItemAttribute = 'emails' | 'phoneNumbers' | 'addresses';

export interface Mapping {
  readonly okta: ProfileName;
  readonly place: Place;
  /** RFC 7643 §4.3: `manager.displayName` is readOnly. Okta sends it all the same; nobody may expect it back. */
  readonly readOnly?: true;
}

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

/** The attribute as a SCIM path, for sentences. */
export function pathOf(place: Place): string {
  if (place.at === 'user') return place.name;
  if (place.at === 'part') return `${place.of}.${place.name}`;
  if (place.at === 'item') return `${place.of}[type eq "${place.type}"].${place.name}`;
  return `${ENTERPRISE}:${place.name}${place.part === undefined ? '' : `.${place.part}`}`;
}
