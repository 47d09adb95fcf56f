import type { Attribute, ResourceType, Schema } from './attribute.ts';
import { type AttributeGiven, attribute, readOnly } from './define.ts';
import { ENTERPRISE_USER } from './enterprise-user.ts';

/** RFC 7643 §4.1 and §8.7.1. */
const USER_SCHEMA: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'A person who may use the application.',
  attributes: [
    attribute('userName', 'What the user signs in with; unique in the directory whatever the case of its letters.', {
      required: true,
      uniqueness: 'server',
    }),
    attribute('name', "The parts of the user's name.", {
      type: 'complex',
      subAttributes: [
        attribute('formatted', 'The full name, as it is to be shown.'),
        attribute('familyName', 'The family name, or last name.'),
        attribute('givenName', 'The given name, or first name.'),
        attribute('middleName', 'The middle name or names.'),
        attribute('honorificPrefix', 'What stands before the name: Ms.'),
        attribute('honorificSuffix', 'What stands after the name: III.'),
      ],
    }),
    attribute('displayName', 'The name of the user to show to other people.'),
    attribute('nickName', 'What the user is called in daily life.'),
    attribute('profileUrl', 'A page about the user.', { type: 'reference', referenceTypes: ['external'] }),
    attribute('title', "The user's title, such as Vice President."),
    attribute('userType', 'How the user relates to the organization: Employee, Contractor.'),
    attribute('preferredLanguage', 'The languages that the user prefers, as in Accept-Language.'),
    attribute('locale', "The user's default location, for currencies, dates and numbers: en-US."),
    attribute('timezone', "The user's time zone in the IANA form: America/Los_Angeles."),
    attribute('active', 'Whether the user may use the application.', { type: 'boolean' }),
    attribute('password', 'Accepted and never returned.', { mutability: 'writeOnly', returned: 'never' }),
    valued('emails', 'E-mail addresses.', { types: ['work', 'home', 'other'] }),
    valued('phoneNumbers', 'Telephone numbers.', { types: ['work', 'home', 'mobile', 'fax', 'pager', 'other'] }),
    valued('ims', 'Instant messaging addresses.', {
      types: ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'],
    }),
    valued('photos', 'URLs of pictures of the user.', {
      types: ['photo', 'thumbnail'],
      value: { type: 'reference', referenceTypes: ['external'] },
    }),
    attribute('addresses', 'Postal addresses.', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('formatted', 'The full address, as it is to be shown; it may hold newlines.'),
        attribute('streetAddress', 'The street, house number, box; it may hold newlines.'),
        attribute('locality', 'The city.'),
        attribute('region', 'The state or region.'),
        attribute('postalCode', 'The postal code.'),
        // Errata 5990 and 5991: two letters.
        attribute('country', 'The country as two letters of ISO 3166-1: US.'),
        typeOf(['work', 'home', 'other']),
        primary(),
      ],
    }),
    readOnly(
      attribute('groups', 'The groups that the user is a member of. Groups are changed, not this list.', {
        type: 'complex',
        multiValued: true,
        kept: 'apart',
        subAttributes: [
          attribute('value', 'The id of the group.', { caseExact: true }),
          attribute('$ref', 'The URI of the group.', { type: 'reference', referenceTypes: ['Group'] }),
          attribute('display', "The group's displayName."),
          attribute('type', 'direct, or indirect through another group.', { canonicalValues: ['direct', 'indirect'] }),
        ],
      }),
    ),
    valued('entitlements', 'What the user is entitled to.', { types: [] }),
    valued('roles', 'The roles that the identity provider says the user has.', { types: [] }),
    valued('x509Certificates', "The user's certificates, each DER in base64.", {
      types: [],
      value: { type: 'binary', caseExact: true },
    }),
  ],
};

/** RFC 7643 §2.4: value, display, type and primary. Without `types` of its own, the RFC names no canonical type. */
function valued(
  name: string,
  description: string,
  given: { types: readonly string[]; value?: AttributeGiven },
): Attribute {
  return attribute(name, description, {
    type: 'complex',
    multiValued: true,
    subAttributes: [
      attribute('value', 'The value itself.', given.value),
      // Erratum 8358 (held): called READ-ONLY in its description, readWrite in its characteristics. We accept writes.
      attribute('display', 'The value as it is to be shown.'),
      typeOf(given.types),
      primary(),
    ],
  });
}

function typeOf(canonicalValues: readonly string[]): Attribute {
  return attribute('type', 'What the value is for. Other words than the canonical ones are accepted.', {
    canonicalValues,
  });
}

function primary(): Attribute {
  return attribute('primary', 'Whether it is the preferred one. At most one value is.', { type: 'boolean' });
}

export const USER: ResourceType = {
  id: 'User',
  name: 'User',
  description: USER_SCHEMA.description,
  endpoint: '/Users',
  schema: USER_SCHEMA,
  extensions: [{ schema: ENTERPRISE_USER, required: false }],
};
