import type { Place } from '../place.ts';
import type { ProfileName } from './profile.ts';

export interface Mapping {
  readonly entra: ProfileName;
  readonly place: Place;
}

/**
 * The rows of Entra's default mapping for a SCIM app, with what its validator adds (idp-clients §2.4). `active` and
 * `manager` have ways of their own: {@link accountPatch}, {@link managerPatch}.
 */
export const MAPPINGS: readonly Mapping[] = [
  { entra: 'userPrincipalName', place: { at: 'user', name: 'userName' } },
  { entra: 'mailNickname', place: { at: 'user', name: 'externalId' } },
  { entra: 'displayName', place: { at: 'user', name: 'displayName' } },
  { entra: 'joinedName', place: { at: 'part', of: 'name', name: 'formatted' } },
  { entra: 'surname', place: { at: 'part', of: 'name', name: 'familyName' } },
  { entra: 'givenName', place: { at: 'part', of: 'name', name: 'givenName' } },
  { entra: 'mail', place: { at: 'item', of: 'emails', type: 'work', name: 'value' } },
  { entra: 'otherMail', place: { at: 'item', of: 'emails', type: 'other', name: 'value' } },
  { entra: 'jobTitle', place: { at: 'user', name: 'title' } },
  { entra: 'nickName', place: { at: 'user', name: 'nickName' } },
  { entra: 'preferredLanguage', place: { at: 'user', name: 'preferredLanguage' } },
  { entra: 'usageLocation', place: { at: 'user', name: 'locale' } },
  { entra: 'timezone', place: { at: 'user', name: 'timezone' } },
  { entra: 'profileUrl', place: { at: 'user', name: 'profileUrl' } },
  { entra: 'userType', place: { at: 'user', name: 'userType' } },
  { entra: 'streetAddress', place: { at: 'item', of: 'addresses', type: 'work', name: 'streetAddress' } },
  { entra: 'city', place: { at: 'item', of: 'addresses', type: 'work', name: 'locality' } },
  { entra: 'state', place: { at: 'item', of: 'addresses', type: 'work', name: 'region' } },
  { entra: 'postalCode', place: { at: 'item', of: 'addresses', type: 'work', name: 'postalCode' } },
  { entra: 'country', place: { at: 'item', of: 'addresses', type: 'work', name: 'country' } },
  {
    entra: 'physicalDeliveryOfficeName',
    place: { at: 'item', of: 'addresses', type: 'other', name: 'formatted' },
  },
  { entra: 'telephoneNumber', place: { at: 'item', of: 'phoneNumbers', type: 'work', name: 'value' } },
  { entra: 'mobile', place: { at: 'item', of: 'phoneNumbers', type: 'mobile', name: 'value' } },
  { entra: 'facsimileTelephoneNumber', place: { at: 'item', of: 'phoneNumbers', type: 'fax', name: 'value' } },
  { entra: 'employeeId', place: { at: 'extension', name: 'employeeNumber' } },
  { entra: 'department', place: { at: 'extension', name: 'department' } },
  { entra: 'costCenter', place: { at: 'extension', name: 'costCenter' } },
  { entra: 'division', place: { at: 'extension', name: 'division' } },
  { entra: 'companyName', place: { at: 'extension', name: 'organization' } },
  { entra: 'appRole', place: { at: 'primary', of: 'roles', name: 'value' } },
  { entra: 'appRoleName', place: { at: 'primary', of: 'roles', name: 'display' } },
];

export const MANAGER: Place = { at: 'extension', name: 'manager', part: 'value' };
