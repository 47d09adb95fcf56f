import { describe, expect, test } from 'vitest';
import { type ApplicationConfig, checkConfig, SettingsError } from '../../../src/config.ts';

/** What an operator may declare wrongly: each mistake is one sentence, with its key, and the instance does not start. */
const URN = 'urn:example:scim:schemas:extension:app:2.0:User';
const problemsOf = async (app: unknown): Promise<readonly string[]> => {
  try {
    await checkConfig({ applications: { app } }, 'joinery.config.ts');
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
};
const withExtension = (given: object) => ({ extensions: [{ urn: URN, of: 'User', attributes: { a: {} }, ...given }] });
const withAttribute = (given: object) => withExtension({ attributes: { a: given } });
const withEntitlements = (...given: object[]) => ({
  entitlements: given.map((one) => ({
    name: 'License',
    kind: 'entitlement',
    values: [{ id: 'pro', displayName: 'Professional' }],
    ...one,
  })),
});

describe('extensions', () => {
  const at = 'applications.app.extensions.0';
  test.each<[string, object, string]>([
    ['no list', { extensions: {} }, 'applications.app.extensions: expected a list of schema extensions'],
    ['no URN', withExtension({ urn: undefined }), `${at}.urn: expected a URN like`],
    ['a URL', withExtension({ urn: 'https://example.com/x' }), `${at}.urn: expected a URN like`],
    ['a URN with a space', withExtension({ urn: 'urn:example:a b' }), `${at}.urn: expected a URN like`],
    ['a URN that ends with a colon', withExtension({ urn: 'urn:example:a:' }), `${at}.urn: expected a URN like`],
    [
      "the standard's URN",
      withExtension({ urn: 'urn:IETF:params:scim:schemas:extension:enterprise:2.0:User' }),
      `${at}.urn: expected a URN of your own`,
    ],
    [
      'the URN of a core schema',
      withExtension({ urn: 'urn:ietf:params:scim:schemas:core:2.0:Device' }),
      `${at}.urn: expected a URN of your own`,
    ],
    [
      "Okta's URN",
      withExtension({ urn: 'urn:okta:scim:schemas:core:1.0:Role' }),
      `${at}.urn: expected a URN of your own`,
    ],
    ['a type that has none', withExtension({ of: 'License' }), `${at}.of: expected "User" or "Group"`],
    ['no attributes', withExtension({ attributes: {} }), `${at}.attributes: expected at least one attribute`],
    ['an unknown key', withExtension({ attribute: {} }), `${at}: unknown key "attribute"; expected urn, of`],
    // SCH-01
    [
      'a name that begins with a digit',
      withExtension({ attributes: { '1abc': {} } }),
      `${at}.attributes.1abc: expected names of a letter`,
    ],
    [
      'a name with a dot',
      withExtension({ attributes: { 'a.b': {} } }),
      `${at}.attributes.a.b: expected names of a letter`,
    ],
    [
      'a name that every object has',
      withExtension({ attributes: { constructor: {} } }),
      `${at}.attributes.constructor: expected names`,
    ],
    // SCH-44
    [
      'a type that is none',
      withAttribute({ type: 'uuid' }),
      `${at}.attributes.a.type: expected one of string, boolean`,
    ],
    ['no attribute', withAttribute(null as never), `${at}.attributes.a: expected an object such as { type: "string" }`],
    [
      'an unknown characteristic',
      withAttribute({ unique: true }),
      `${at}.attributes.a: unknown key "unique"; expected type`,
    ],
    // SCH-17
    [
      'a complex attribute in another',
      withAttribute({ type: 'complex', attributes: { b: { type: 'complex' } } }),
      `${at}.attributes.a.attributes.b.type: expected one of string`,
    ],
    [
      'a complex attribute without parts',
      withAttribute({ type: 'complex' }),
      `${at}.attributes.a: expected "attributes" exactly where`,
    ],
    [
      'parts of what is not complex',
      withAttribute({ attributes: { b: {} } }),
      `${at}.attributes.a: expected "attributes" exactly where`,
    ],
    ['writeOnly', withAttribute({ mutability: 'writeOnly' }), `${at}.attributes.a.mutability: expected "readOnly"`],
    ['never returned', withAttribute({ returned: 'never' }), `${at}.attributes.a.returned: expected "always"`],
    [
      'required and readOnly',
      withAttribute({ required: true, mutability: 'readOnly' }),
      `${at}.attributes.a.required: expected it only of what a client can give`,
    ],
    [
      'a required and readOnly part',
      withAttribute({ type: 'complex', attributes: { b: { required: true, mutability: 'readOnly' } } }),
      `${at}.attributes.a.attributes.b.required: expected it only of what a client can give`,
    ],
    [
      'an indexed boolean',
      withAttribute({ type: 'boolean', indexed: true }),
      `${at}.attributes.a.indexed: expected it only of type "string"`,
    ],
    [
      'an indexed complex attribute',
      withAttribute({ type: 'complex', indexed: true, attributes: { b: {} } }),
      `${at}.attributes.a.indexed: expected it only of type "string"`,
    ],
    [
      'the case of a number',
      withAttribute({ type: 'integer', caseExact: true }),
      `${at}.attributes.a.caseExact: expected it only of type "string"`,
    ],
    [
      'canonical values of a date',
      withAttribute({ type: 'dateTime', canonicalValues: ['now'] }),
      `${at}.attributes.a.canonicalValues: expected it only of type "string"`,
    ],
    [
      'no canonical values',
      withAttribute({ canonicalValues: [] }),
      `${at}.attributes.a.canonicalValues: expected at least one`,
    ],
    [
      'what a text refers to',
      withAttribute({ referenceTypes: ['User'] }),
      `${at}.attributes.a.referenceTypes: expected it only of type "reference"`,
    ],
    [
      'a text for a flag',
      withAttribute({ multiValued: 'yes' }),
      `${at}.attributes.a.multiValued: expected true or false`,
    ],
    ['one name in two cases', withExtension({ attributes: { a: {}, A: {} } }), `"${URN}" has "a" twice`],
    [
      'one part in two cases',
      withAttribute({ type: 'complex', attributes: { b: {}, B: {} } }),
      `"${URN}" has "a.b" twice`,
    ],
    // SMA-09
    [
      'a name that every resource has',
      withExtension({ attributes: { ID: {} } }),
      `"${URN}" has "ID", which every resource has`,
    ],
    [
      "the name of Okta's own",
      withExtension({ attributes: { groups: {} } }),
      `"${URN}" has "groups", which every resource has`,
    ],
    [
      'what is required and cannot be given',
      withExtension({ required: true, attributes: { a: { mutability: 'readOnly' } } }),
      `"${URN}" is required, but all of it is readOnly`,
    ],
    [
      'a URN twice',
      {
        extensions: [
          { urn: URN, of: 'User', attributes: { a: {} } },
          { urn: URN.toUpperCase(), of: 'Group', attributes: { a: {} } },
        ],
      },
      `applications.app.extensions: "${URN.toLowerCase()}" is declared twice`,
    ],
    [
      'a URN that is the path of an attribute',
      {
        extensions: [
          { urn: URN, of: 'User', attributes: { desk: { type: 'complex', attributes: { floor: {} } } } },
          { urn: `${URN}:Desk.floor`, of: 'User', attributes: { a: {} } },
        ],
      },
      `"${URN.toLowerCase()}:desk.floor" is also the path of an attribute of "${URN}"`,
    ],
  ])('%s is told', async (_, app, sentence) => {
    const problems = await problemsOf(app);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^joinery\.config\.ts: .+[^.]\.$/);
    expect(problems[0]).toContain(sentence);
  });

  test('every mistake is told at once', async () => {
    const problems = await problemsOf(
      withExtension({ of: 'Robot', attributes: { a: { type: 'uuid' }, b: { indexed: true, type: 'boolean' } } }),
    );
    expect(problems).toHaveLength(3);
  });

  test('what RFC 7643 has is taken', async () => {
    const given: ApplicationConfig = {
      extensions: [
        {
          urn: 'urn:ietf:params:scim:schemas:extension:MyCompany:2.0:User',
          of: 'User',
          required: true,
          attributes: {
            text: { required: true, caseExact: true, canonicalValues: ['x'], indexed: true },
            link: { type: 'reference', referenceTypes: ['User'], multiValued: true, indexed: true },
            number: { type: 'decimal', indexed: true, returned: 'always' },
            when: { type: 'dateTime', indexed: true, mutability: 'immutable' },
            file: { type: 'binary', returned: 'request' },
            many: { type: 'complex', multiValued: true, attributes: { value: {}, primary: { type: 'boolean' } } },
          },
        },
      ],
    };
    expect(await problemsOf(given)).toEqual([]);
  });
});

describe('entitlements', () => {
  const at = 'applications.app.entitlements';
  const pro = { id: 'pro', displayName: 'Professional' };
  test.each<[string, object, string]>([
    [
      'a name in small letters',
      withEntitlements({ name: 'license' }),
      `${at}.0.name: expected a name of letters and digits`,
    ],
    ['a kind that is none', withEntitlements({ kind: 'seat' }), `${at}.0.kind: expected "role" or "entitlement"`],
    [
      'an endpoint without a slash',
      withEntitlements({ endpoint: 'Licenses' }),
      `${at}.0.endpoint: expected an endpoint like`,
    ],
    ['no values', withEntitlements({ values: [] }), `${at}.0.values: expected at least one value`],
    [
      'a value without a name',
      withEntitlements({ values: [{ id: 'pro' }] }),
      `${at}.0.values.0.displayName: expected text`,
    ],
    [
      'a description that is too long for Okta',
      withEntitlements({ values: [{ ...pro, description: 'x'.repeat(1001) }] }),
      'at most 1,000 characters',
    ],
    [
      'an id with a slash',
      withEntitlements({ values: [{ ...pro, id: 'a/b' }] }),
      `${at}.0.values.0.id: expected an id of letters`,
    ],
    [
      'an id of dots',
      withEntitlements({ values: [{ ...pro, id: '..' }] }),
      `${at}.0.values.0.id: expected an id of letters`,
    ],
    [
      'the endpoint of searches',
      withEntitlements({ values: [{ ...pro, id: '.search' }] }),
      `${at}.0.values.0.id: expected an id`,
    ],
    [
      'an id with bulkId',
      withEntitlements({ values: [{ ...pro, id: 'x-BulkID' }] }),
      `${at}.0.values.0.id: expected an id`,
    ],
    [
      'the name of a type of ours',
      withEntitlements({ name: 'User', endpoint: '/X' }),
      `${at}: the name "user" is taken`,
    ],
    ['one name twice', withEntitlements({}, { name: 'LICENSE', endpoint: '/X' }), `${at}: the name "license" is taken`],
    ['an endpoint of ours', withEntitlements({ endpoint: '/Schemas' }), `${at}: the endpoint "/schemas" is taken`],
    [
      'one endpoint twice',
      withEntitlements({}, { name: 'Seat', endpoint: '/LICENSES' }),
      `${at}: the endpoint "/licenses" is taken`,
    ],
    [
      'one id twice',
      withEntitlements({ values: [pro, { ...pro, id: 'PRO' }] }),
      `${at}: License has the id "pro" twice`,
    ],
    [
      'one id of two kinds of roles',
      withEntitlements({ name: 'Role', kind: 'role' }, { name: 'AdminRole', kind: 'role' }),
      `${at}: the id "pro" is given to two roles`,
    ],
  ])('%s is told', async (_, app, sentence) => {
    const problems = await problemsOf(app);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^joinery\.config\.ts: .+[^.]\.$/);
    expect(problems[0]).toContain(sentence);
  });

  test('two types of entitlements may have an id in common: users name the type too', async () => {
    expect(await problemsOf(withEntitlements({}, { name: 'Seat' }))).toEqual([]);
  });

  test('the endpoint is the name and an s', async () => {
    const [application] = await checkConfig({ applications: { app: withEntitlements({}) } }, 'x');
    expect(application?.entitlements.map(({ endpoint }) => endpoint)).toEqual(['/Licenses']);
  });
});
