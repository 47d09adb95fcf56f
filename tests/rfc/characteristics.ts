import { ENT, GROUP, USER } from './shorthand.ts';

/** An attribute as /Schemas describes it (RFC 7643 §7). */
export interface Characteristics {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly uniqueness: string;
  readonly referenceTypes?: readonly string[];
  readonly canonicalValues?: readonly string[];
  readonly subAttributes?: readonly Characteristics[];
}

function valued(name: string, types: string, value = 'string'): string[] {
  return [
    `${name}: complex[]`,
    `${name}.value: ${value}`,
    `${name}.display: string`,
    `${name}.type: string${types === '' ? '' : ` (${types})`}`,
    `${name}.primary: boolean`,
  ];
}

const members = [
  'members: complex[]',
  'members.value: string caseExact immutable',
  'members.$ref: reference caseExact immutable →User|Group',
  'members.type: string immutable (User Group)',
  // Erratum 6011 (reported): ours to fill.
  'members.display: string readOnly',
];

/** RFC 7643 §8.7.1 with its errata; what is not said is a string, readWrite, returned by default, neither unique nor caseExact. */
export const TABLES: Readonly<Record<string, readonly string[]>> = {
  [USER]: [
    'userName: string required server',
    'name: complex',
    'name.formatted: string',
    'name.familyName: string',
    'name.givenName: string',
    'name.middleName: string',
    'name.honorificPrefix: string',
    'name.honorificSuffix: string',
    'displayName: string',
    'nickName: string',
    // RFC 7643 §2.3.7: references are case exact.
    'profileUrl: reference caseExact →external',
    'title: string',
    'userType: string',
    'preferredLanguage: string',
    'locale: string',
    'timezone: string',
    'active: boolean',
    // `password: string writeOnly never` is there where passwords are taken (tests/unit/app/features.test.ts).
    ...valued('emails', 'work home other'),
    ...valued('phoneNumbers', 'work home mobile fax pager other'),
    ...valued('ims', 'aim gtalk icq xmpp msn skype qq yahoo'),
    ...valued('photos', 'photo thumbnail', 'reference caseExact →external'),
    'addresses: complex[]',
    'addresses.formatted: string',
    'addresses.streetAddress: string',
    'addresses.locality: string',
    'addresses.region: string',
    'addresses.postalCode: string',
    'addresses.country: string',
    'addresses.type: string (work home other)',
    // RFC 7643 §2.4 gives it to every multi-valued attribute; the example of §4.1.2 has it.
    'addresses.primary: boolean',
    'groups: complex[] readOnly',
    // RFC 7643 §2.3.7 and §3.1: ids are case exact.
    'groups.value: string caseExact readOnly',
    'groups.$ref: reference caseExact readOnly →Group',
    'groups.display: string readOnly',
    'groups.type: string readOnly (direct indirect)',
    ...valued('entitlements', ''),
    ...valued('roles', ''),
    ...valued('x509Certificates', '', 'binary caseExact'),
  ],
  [ENT]: [
    'employeeNumber: string',
    'costCenter: string',
    'organization: string',
    'division: string',
    'department: string',
    'manager: complex',
    'manager.value: string caseExact',
    'manager.$ref: reference caseExact →User',
    'manager.displayName: string readOnly',
  ],
  // Erratum 5368: displayName is required.
  [GROUP]: ['displayName: string required', ...members],
};

/** Where two groups may not share a name (`uniqueGroupNames`). */
export const GROUP_TABLE: readonly string[] = ['displayName: string required server', ...members];
