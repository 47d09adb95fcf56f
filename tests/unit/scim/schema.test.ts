import { expect, test } from 'vitest';
import {
  type Attribute,
  type AttributePath,
  findExtension,
  findTarget,
  GROUP,
  isBaseSchema,
  type JsonObject,
  resourceTypeResource,
  resourceTypes,
  STRICT,
  schemaResource,
  schemas,
  serviceProviderConfig,
  TOLERANT,
  USER,
} from '../../../src/scim/index.ts';
import { attribute } from '../../../src/scim/schema/define.ts';
import { ENT, GROUP_URN, USER_URN } from './resources.ts';

const BASE = 'https://joinery.example.com/scim/v2';

test.each<[AttributePath, string]>([
  [{ name: 'userName' }, 'userName'],
  [{ name: 'USERNAME' }, 'userName'],
  [{ name: 'NAME', sub: 'GIVENNAME' }, 'name.givenName'],
  [{ urn: USER_URN, name: 'userName' }, 'userName'],
  [{ urn: USER_URN.toUpperCase(), name: 'emails', sub: 'value' }, 'emails.value'],
  [{ name: 'id' }, 'id'],
  [{ name: 'meta', sub: 'lastmodified' }, 'meta.lastModified'],
  [{ urn: ENT, name: 'manager', sub: '$REF' }, 'manager.$ref'],
  [{ urn: ENT.toLowerCase(), name: 'DEPARTMENT' }, 'department'],
])('findTarget %j is %s', (path, expected) => {
  const target = findTarget(USER, path);
  expect(target && [target.attribute.name, ...(target.sub ? [target.sub.name] : [])].join('.')).toBe(expected);
  expect(target?.extension).toBe(path.urn?.toLowerCase() === ENT.toLowerCase() ? ENT : undefined);
  expect(findTarget(USER, path)).toBe(target);
});

test.each([
  { name: 'department' },
  { urn: ENT, name: 'userName' },
  { urn: ENT, name: 'id' },
  { urn: 'urn:x', name: 'userName' },
  { name: 'userName', sub: 'value' },
  { name: 'name', sub: 'nickName' },
  { name: '' },
  { name: 'emails.value' },
  { urn: ENT, name: 'manager.value' },
  { name: 'name', sub: '' },
  { name: '__proto__' },
  { name: 'constructor' },
  { name: 'toString' },
  { name: 'name', sub: '__proto__' },
])('findTarget %j is nothing', (path) => {
  expect(findTarget(USER, path)).toBeUndefined();
});

test('URNs of schemas are found in any case', () => {
  expect(findExtension(USER, ENT.toUpperCase())?.id).toBe(ENT);
  expect(findExtension(GROUP, ENT)).toBeUndefined();
  expect(isBaseSchema(USER, USER_URN.toLowerCase())).toBe(true);
  expect(isBaseSchema(GROUP, USER_URN)).toBe(false);
});

test('SCH-01, SCH-17 what RFC 7643 does not allow in a schema is refused when it is defined', () => {
  for (const name of ['1abc', 'a b', '', 'ä', '__proto__', 'constructor', 'a.b']) {
    expect(() => attribute(name, '')).toThrow(TypeError);
  }
  expect(() => attribute('a', '', { type: 'complex' })).toThrow(TypeError);
  expect(() => attribute('a', '', { subAttributes: [] })).toThrow(TypeError);
});

test('canonical values are published where there are any', () => {
  const published = JSON.stringify(schemas(resourceTypes(TOLERANT)).map((schema) => schemaResource(schema, BASE)));
  expect(published).toContain('"canonicalValues":["work","home","other"]');
  expect(published).not.toContain('"canonicalValues":[]');
});

test('SCH-02 what a definition does not say is the default', () => {
  expect(
    schemaResource({ id: 'urn:x', name: 'X', description: '', attributes: [attribute('a', 'A.')] }, BASE).attributes,
  ).toEqual([
    {
      name: 'a',
      type: 'string',
      multiValued: false,
      description: 'A.',
      required: false,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
    },
  ]);
});

/** RFC 7643 §8.7.1 with its errata, as `name!` required, `name[]` multi-valued, then what is not the default. */
const EXPECTED: Record<string, readonly string[]> = {
  [USER_URN]: [
    'userName! string server',
    'name complex (formatted, familyName, givenName, middleName, honorificPrefix, honorificSuffix)',
    'displayName string',
    'nickName string',
    'profileUrl reference caseExact ->external',
    'title string',
    'userType string',
    'preferredLanguage string',
    'locale string',
    'timezone string',
    'active boolean',
    'password string writeOnly never',
    'emails[] complex (value, display, type=work|home|other, primary)',
    'phoneNumbers[] complex (value, display, type=work|home|mobile|fax|pager|other, primary)',
    'ims[] complex (value, display, type=aim|gtalk|icq|xmpp|msn|skype|qq|yahoo, primary)',
    'photos[] complex (value, display, type=photo|thumbnail, primary)',
    'addresses[] complex (formatted, streetAddress, locality, region, postalCode, country, type=work|home|other, primary)',
    'groups[] complex readOnly (value, $ref, display, type=direct|indirect)',
    'entitlements[] complex (value, display, type=, primary)',
    'roles[] complex (value, display, type=, primary)',
    'x509Certificates[] complex (value, display, type=, primary)',
  ],
  [ENT]: [
    'employeeNumber string',
    'costCenter string',
    'organization string',
    'division string',
    'department string',
    'manager complex (value, $ref, displayName)',
  ],
  [GROUP_URN]: ['displayName! string server', 'members[] complex (value, $ref, type=User|Group, display)'],
};

test.each(Object.entries(EXPECTED))(
  'SMA-04 %s has the attributes of RFC 7643 §8.7.1 and its errata',
  (id, expected) => {
    const schema = schemas(resourceTypes(TOLERANT)).find((one) => one.id === id);
    expect(schema?.attributes.map(inShort)).toEqual(expected);
  },
);

function inShort(given: Attribute): string {
  return [
    `${given.name}${given.required ? '!' : ''}${given.multiValued ? '[]' : ''} ${given.type}`,
    ...(given.caseExact ? ['caseExact'] : []),
    ...(given.mutability === 'readWrite' ? [] : [given.mutability]),
    ...(given.returned === 'default' ? [] : [given.returned]),
    ...(given.uniqueness === 'none' ? [] : [given.uniqueness]),
    ...(given.referenceTypes ?? []).map((type) => `->${type}`),
    ...(given.subAttributes ? [`(${given.subAttributes.map(subInShort).join(', ')})`] : []),
  ].join(' ');
}

function subInShort({ name, canonicalValues }: Attribute): string {
  return `${name}${canonicalValues ? `=${canonicalValues.join('|')}` : ''}`;
}

test('members are immutable element by element, their display is ours, and so is manager.displayName', () => {
  const mutability = (path: { urn?: string; name: string; sub: string }, type = GROUP) =>
    findTarget(type, path)?.sub?.mutability;
  expect(['value', '$ref', 'type', 'display'].map((sub) => mutability({ name: 'members', sub }))).toEqual([
    'immutable',
    'immutable',
    'immutable',
    'readOnly',
  ]);
  expect(mutability({ urn: ENT, name: 'manager', sub: 'displayName' }, USER)).toBe('readOnly');
});

test('erratum 8417, SMA-06 every schema is a resource of its own, those of the server included', () => {
  for (const schema of schemas(resourceTypes(TOLERANT))) {
    expect(schemaResource(schema, BASE)).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
      id: schema.id,
      meta: { resourceType: 'Schema', location: `${BASE}/Schemas/${schema.id}` },
    });
  }
  expect(schemas(resourceTypes(TOLERANT)).map(({ name }) => name)).toEqual([
    'User',
    'EnterpriseUser',
    'Group',
    'ServiceProviderConfig',
    'ResourceType',
    'Schema',
  ]);
});

test('what is published says nothing of how it is kept, and has no nulls', () => {
  const text = JSON.stringify(schemas(resourceTypes(TOLERANT)).map((schema) => schemaResource(schema, BASE)));
  expect(text).not.toContain('"kept"');
  expect(text).not.toContain('null');
});

const ABILITIES = {
  maxResults: 200,
  defaultCount: 100,
  maxBulkOperations: 1000,
  maxBulkPayload: 10_485_760,
  changePassword: false,
  cursorTimeout: 3600,
};

test('what the server says of itself has the attributes that its own schemas have, each of its type', () => {
  const documents: readonly [string, JsonObject][] = [
    ['ServiceProviderConfig', serviceProviderConfig({ ...ABILITIES, documentationUri: 'https://x.example' }, BASE)],
    ['ResourceType', resourceTypeResource(USER, BASE)],
    // The schema of schemas is the one that is deeper than a schema may be.
    ...schemas(resourceTypes(TOLERANT))
      .filter(({ name }) => name !== 'Schema')
      .map((schema) => ['Schema', schemaResource(schema, BASE)] as [string, JsonObject]),
  ];
  for (const [name, document] of documents) {
    const { schemas: _, id: __, meta: ___, ...own } = document;
    const { attributes = [] } = schemas(resourceTypes(TOLERANT)).find((schema) => schema.name === name) ?? {};
    checkAgainst(attributes, own, name);
  }
});

function checkAgainst(attributes: readonly Attribute[], value: JsonObject, path: string): void {
  for (const name of Object.keys(value))
    expect(
      attributes.map((one) => one.name),
      path,
    ).toContain(name);
  for (const one of attributes) {
    const part = value[one.name];
    if (part === undefined) {
      expect(one.required, `${path}.${one.name}`).toBe(false);
      continue;
    }
    expect(Array.isArray(part), `${path}.${one.name}`).toBe(one.multiValued);
    for (const element of Array.isArray(part) ? part : [part]) {
      if (one.type === 'complex') checkAgainst(one.subAttributes ?? [], element as JsonObject, `${path}.${one.name}`);
      else expect(typeof element, `${path}.${one.name}`).toBe(JSON_TYPE[one.type] ?? 'string');
    }
  }
}

const JSON_TYPE: Partial<Record<Attribute['type'], string>> = {
  boolean: 'boolean',
  integer: 'number',
  decimal: 'number',
};

test('SPC the configuration says what is so', () => {
  expect(serviceProviderConfig(ABILITIES, BASE)).toMatchObject({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 10_485_760 },
    filter: { supported: true, maxResults: 200 },
    changePassword: { supported: false },
    sort: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      maxPageSize: 200,
      cursorTimeout: 3600,
    },
    etag: { supported: true },
    authenticationSchemes: [{ type: 'oauthbearertoken' }, { type: 'httpbasic' }],
    meta: { resourceType: 'ServiceProviderConfig', location: `${BASE}/ServiceProviderConfig` },
  });
});

test('RST a resource type names its endpoint, its schema and its extensions', () => {
  expect(resourceTypeResource(USER, BASE)).toEqual({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: 'User',
    name: 'User',
    description: expect.any(String),
    endpoint: '/Users',
    schema: USER_URN,
    schemaExtensions: [{ schema: ENT, required: false }],
    meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/User` },
  });
});

test('GRP-02 group names are unique, and strictly need not be: the schema says which', () => {
  const published = (tolerances: typeof TOLERANT) => resourceTypes(tolerances)[1]?.schema.attributes[0]?.uniqueness;
  expect(published(TOLERANT)).toBe('server');
  expect(published(STRICT)).toBe('none');
  expect(schemas(resourceTypes(STRICT))).toContain(resourceTypes(STRICT)[1]?.schema);
  expect(resourceTypes(STRICT)).toBe(resourceTypes(STRICT));
});
