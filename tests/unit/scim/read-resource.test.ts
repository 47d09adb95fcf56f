import { describe, expect, test } from 'vitest';
import {
  GROUP,
  type JsonObject,
  type JsonValue,
  parseJson,
  readResource,
  STRICT,
  TOLERANT,
  USER,
} from '../../../src/scim/index.ts';
import { attribute } from '../../../src/scim/schema/define.ts';
import { ENT, frozen, GROUP_URN, refusal, USER_URN } from './resources.ts';

const user = (rest: JsonObject, tolerances = TOLERANT) =>
  readResource(USER, frozen({ schemas: [USER_URN], userName: 'a', ...rest }), tolerances);
const group = (rest: JsonObject) =>
  readResource(GROUP, frozen({ schemas: [GROUP_URN], displayName: 'g', ...rest }), TOLERANT);

test('a body becomes a draft: names in the spelling of the schema, values verbatim, what is not for clients left out', () => {
  const body = {
    SCHEMAS: [USER_URN.toLowerCase(), ENT],
    id: 'mine',
    meta: { created: '1970-01-01T00:00:00Z' },
    groups: [{ value: 'g' }],
    USERNAME: 'BJensen',
    Name: { GIVENNAME: 'Barbara', shoe: 9, middleName: null },
    Emails: [{ Value: 'A@EXAMPLE.com', TYPE: 'Work', primary: true }],
    shoeSize: 9,
    nickName: null,
    phoneNumbers: [],
    password: 'secret',
    [ENT.toUpperCase()]: {
      Department: 'x',
      manager: { value: '1', displayName: 'evil', $ref: '../Users/1' },
      costCenter: null,
    },
  };
  expect(readResource(USER, frozen(body), TOLERANT)).toEqual({
    attributes: {
      userName: 'BJensen',
      name: { givenName: 'Barbara' },
      emails: [{ value: 'A@EXAMPLE.com', type: 'Work', primary: true }],
      [ENT]: { department: 'x', manager: { value: '1', $ref: '../Users/1' } },
    },
    cleared: ['name.middleName', 'nickName', 'phoneNumbers', `${ENT}:costCenter`],
    password: 'secret',
  });
});

test('SCH-24 what is null, [] or {} is unassigned', () => {
  expect(user({ name: {}, title: null, emails: [null, {}], roles: [{ value: null }], [ENT]: {} })).toEqual({
    attributes: { userName: 'a' },
    cleared: ['title'],
  });
  expect(user({ [ENT]: null }).cleared).toEqual([ENT]);
});

describe('what does not fit the message or the schema is refused, naming the attribute', () => {
  const message: [string, JsonValue, string, RegExp][] = [
    ['GEN-13 an array', [], 'invalidSyntax', /JSON object/],
    ['GEN-13 a string', 'x', 'invalidSyntax', /JSON object/],
    ['GEN-13 null', null, 'invalidSyntax', /JSON object/],
    ['COM-01 no schemas', { userName: 'a' }, 'invalidSyntax', /schemas is required/],
    ['COM-01 empty schemas', { schemas: [], userName: 'a' }, 'invalidSyntax', /schemas is required/],
    ['COM-01 schemas as a string', { schemas: USER_URN, userName: 'a' }, 'invalidSyntax', /array of strings/],
    ['COM-01 schemas of numbers', { schemas: [1], userName: 'a' }, 'invalidSyntax', /array of strings/],
    ['COM-02 only the schema of a group', { schemas: [GROUP_URN], userName: 'a' }, 'invalidValue', /core:2\.0:User/],
    ['USR-01 no userName', { schemas: [USER_URN] }, 'invalidValue', /userName is required/],
    ['USR-01 null', { schemas: [USER_URN], userName: null }, 'invalidValue', /userName is required/],
    ['USR-01 empty', { schemas: [USER_URN], userName: '' }, 'invalidValue', /userName is empty/],
    ['USR-01 blank', { schemas: [USER_URN], userName: ' \t ' }, 'invalidValue', /userName is empty/],
    ['a control character', { schemas: [USER_URN], userName: 'a\u0007b' }, 'invalidValue', /userName holds .*U\+0007/],
  ];
  test.each(message)('%s', (_, body, scimType, detail) => {
    const error = refusal(() => readResource(USER, body, TOLERANT));
    expect(error).toMatchObject({ status: 400, scimType });
    expect(error.detail).toMatch(detail);
  });

  const values: [string, JsonObject, RegExp][] = [
    ['SCH-03 a number for a string', { title: 5 }, /^title must be a string, but it is a number/],
    ['COM-12 a number for externalId', { externalId: 1 }, /^externalId must be a string/],
    ['SCH-04 a number for a boolean', { active: 1 }, /^active must be true or false, but it is a number/],
    ['SCH-05 a string for a boolean', { active: 'False' }, /^active must be true or false, but it is a string/],
    ['SCH-11 no base64', { x509Certificates: [{ value: '!!' }] }, /^x509Certificates\.value must be base64/],
    ['SCH-11 wrong padding', { x509Certificates: [{ value: 'AAAAA' }] }, /base64/],
    ['SCH-17 a string for a complex attribute', { name: 'x' }, /^name must be an object, but it is a string/],
    ['SCH-18 one value for many', { emails: { value: 'a' } }, /^emails must be an array, but it is an object/],
    ['SCH-19 many for one', { title: ['a'] }, /^title must be a string, but it is an array/],
    ['SCH-19 many for a sub-attribute', { name: { givenName: ['a'] } }, /^name\.givenName must be a string/],
    [
      'SCH-20 two primaries',
      {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
      /^emails has 2 primary values/,
    ],
    ['an element that is none', { emails: [5] }, /^Each value of emails must be an object, but one is a number\.$/],
    ['SCH-46 too long', { title: 'x'.repeat(65_537) }, /^title is longer than 65536/],
    [
      'SCH-46 too many',
      { emails: Array.from({ length: 1001 }, (_, i) => ({ value: `${i}` })) },
      /^emails has 1001 values/,
    ],
    ['an extension that is no object', { [ENT]: 'x' }, /enterprise:2\.0:User must be an object/],
    ['within an extension', { [ENT]: { department: 5 } }, /enterprise:2\.0:User:department must be a string/],
    ['USR-21 a link that runs', { photos: [{ value: 'JavaScript:alert(1)' }] }, /^photos\.value must be a URL/],
    ['USR-21 the same, hidden', { profileUrl: ' \u0001java\tscript:x' }, /^profileUrl/],
  ];
  test.each(values)('%s', (_, rest, detail) => {
    const error = refusal(() => user(rest));
    expect(error).toMatchObject({ status: 400, scimType: 'invalidValue' });
    expect(error.detail).toMatch(detail);
  });

  test('a password of the wrong type is refused without being quoted', () => {
    const error = refusal(() => user({ password: ['hunter2'] }));
    expect(error.detail).toMatch(/^password must be a string/);
    expect(error.detail).not.toContain('hunter2');
  });
});

test('SCH-46, I18-07 limits count characters: 65,536 of them pass, however many bytes they are', () => {
  expect(user({ title: '😀'.repeat(65_536) }).attributes.title).toHaveLength(131_072);
});

test('SCH-06 to SCH-09 numbers and dates of declared types are checked', () => {
  const type = {
    ...USER,
    schema: {
      ...USER.schema,
      attributes: [
        ...USER.schema.attributes,
        attribute('size', '', { type: 'decimal' }),
        attribute('count', '', { type: 'integer' }),
        attribute('counts', '', { type: 'integer', multiValued: true }),
        attribute('since', '', { type: 'dateTime' }),
      ],
    },
  };
  const read = (json: string) =>
    readResource(type, parseJson(`{"schemas":["${USER_URN}"],"userName":"a",${json}}`), TOLERANT);
  expect(
    read('"size":1.5,"count":3,"counts":[1,2,2],"since":"2011-05-13T06:42:34.123+02:00"').attributes,
  ).toMatchObject({
    size: 1.5,
    count: 3,
    counts: [1, 2],
    since: '2011-05-13T06:42:34.123+02:00',
  });
  for (const [json, name] of [
    ['"size":"1.0"', 'size'],
    ['"count":1.5', 'count'],
    ['"count":1.0', 'count'],
    ['"count":1e3', 'count'],
    ['"counts":[1,2.0]', 'counts'],
    ['"count":"1"', 'count'],
    ['"since":"2011-05-13"', 'since'],
    ['"since":"2023-02-30T00:00:00Z"', 'since'],
  ] as const) {
    expect(refusal(() => read(json))).toMatchObject({
      scimType: 'invalidValue',
      detail: expect.stringMatching(`^${name} must be`),
    });
  }
});

test('SCH-22 the same value of the same type is kept once, with all that was said of it; another type is another value', () => {
  const given = [
    { value: 'a', type: 'work' },
    { value: 'a', type: 'home' },
    { value: 'a', type: 'work', primary: true },
  ];
  expect(user({ emails: given }).attributes.emails).toEqual([
    { value: 'a', type: 'work', primary: true },
    { value: 'a', type: 'home' },
  ]);
  const address = { country: 'US', type: 'work' };
  expect(
    user({ addresses: [address, { type: 'work', country: 'US' }, { ...address, locality: 'x' }] }).attributes.addresses,
  ).toEqual([address, { ...address, locality: 'x' }]);
});

test('SCH-22 values are the same as a filter would compare them, in the first spelling', () => {
  const given = [
    { value: 'A@x.com', type: 'work' },
    { value: 'a@X.com', type: 'WORK', primary: true },
  ];
  expect(user({ emails: given }).attributes.emails).toEqual([{ value: 'A@x.com', type: 'work', primary: true }]);
  const exact = [{ value: 'MAMCAQA=' }, { value: 'MAMCAQa=' }];
  expect(user({ x509Certificates: exact }).attributes.x509Certificates).toEqual(exact);
});

test('a name with a dot in it is no attribute of any schema', () => {
  const dotted = {
    'name.formatted': { givenName: 'x' },
    'name.givenName': 'x',
    'emails.value': ['x'],
    [ENT]: { 'manager.value': 'x', 'manager.displayName': 'x' },
  };
  expect(user(dotted)).toEqual({ attributes: { userName: 'a' }, cleared: [] });
  expect(group({ 'members.display': [], 'members.value': 'x' }).members).toBeUndefined();
});

test.each([
  [USER_URN, { title: 'x' }],
  [USER_URN.toUpperCase(), null],
  [`${USER_URN}:title`, 'x'],
  [`${ENT}:department`, 'x'],
])('a URN of ours in place of a name is never passed over: %s', (key, value) => {
  for (const tolerances of [TOLERANT, STRICT]) {
    const error = refusal(() => user({ [key]: value }, tolerances));
    expect(error).toMatchObject({ status: 400, scimType: 'invalidSyntax' });
    expect(error.detail).toContain(`The key "${key}" does not belong here`);
  }
});

test('SCH-40 types that are not canonical, and canonical ones in another case, are kept as they came', () => {
  const emails = [
    { value: 'a', type: 'lab' },
    { value: 'b', type: 'WORK' },
  ];
  expect(user({ emails }).attributes.emails).toEqual(emails);
});

test('COM-03 an unknown schema is dropped; strictly it is refused, in schemas and as a key', () => {
  const odd = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
  expect(user({ schemas: [odd, USER_URN, USER_URN], [odd]: { x: 1 } }).attributes).toEqual({ userName: 'a' });
  for (const rest of [{ schemas: [odd, USER_URN] }, { [odd]: {} }]) {
    expect(refusal(() => user(rest, STRICT))).toMatchObject({
      scimType: 'invalidSyntax',
      detail: expect.stringContaining(odd),
    });
  }
});

const LOOSE: [string, JsonObject, JsonObject][] = [
  ['USR-11 locale', { locale: 'en US' }, { locale: 'en_US' }],
  [
    'USR-11 locale that is long',
    { locale: `en-x${'-aaaaaaaa'.repeat(30)}` },
    { locale: `en-x${'-aaaaaaaa'.repeat(20)}` },
  ],
  ['USR-12 timezone', { timezone: 'PST8' }, { timezone: 'America/Los_Angeles' }],
  ['USR-12 timezone as an offset', { timezone: '+01:00' }, { timezone: 'UTC' }],
  ['USR-22 country', { addresses: [{ country: 'USA' }] }, { addresses: [{ country: 'US' }] }],
  ['USR-17 e-mail', { emails: [{ value: 'no address' }] }, { emails: [{ value: 'a+b@example.com' }] }],
  ['SCH-13 reference', { profileUrl: 'not a uri %%' }, { profileUrl: 'HTTP://Ex.com/%7ea' }],
  // SEQUENCE { INTEGER 0 }, twice and once.
  [
    'USR-29 certificate',
    { x509Certificates: [{ value: 'MAMCAQAwAwIBAA==' }] },
    { x509Certificates: [{ value: 'MAMCAQA=' }] },
  ],
];
test.each(LOOSE)('%s is stored as sent, and strictly checked', (_, wrong, right) => {
  expect(user(wrong).attributes).toMatchObject(wrong);
  expect(refusal(() => user(wrong, STRICT))).toMatchObject({
    scimType: 'invalidValue',
    detail: expect.stringMatching(`^${Object.keys(wrong)[0]}`),
  });
  expect(user(right, STRICT).attributes).toMatchObject(right);
});

describe('members', () => {
  test('PUT-15, GRP-16 only the id and the type count; the same id counts once', () => {
    const members = [
      { value: 'u1', display: 'evil', $ref: null },
      { VALUE: 'u2', Type: 'Group', $ref: '../Groups/u2' },
      null,
      { value: 'u1', type: 'User' },
    ];
    expect(group({ members })).toEqual({
      attributes: { displayName: 'g' },
      cleared: [],
      members: [{ value: 'u1' }, { value: 'u2', type: 'Group' }],
    });
  });

  test('absent, none and null are told apart', () => {
    expect(group({}).members).toBeUndefined();
    expect(group({ members: [] })).toMatchObject({ members: [], cleared: ['members'] });
    expect(group({ members: null })).toMatchObject({ members: [], cleared: ['members'] });
  });

  test('more than a thousand are fine', () => {
    const members = Array.from({ length: 20_000 }, (_, i) => ({ value: `u${i}` }));
    expect(group({ members }).members).toHaveLength(20_000);
  });

  test.each<[JsonValue, RegExp]>([
    [{ value: 'u1' }, /^members must be an array/],
    [['u1'], /^Each value of members must be an object such as .*, but one is a string/],
    [[{}], /without a value/],
    [[{ value: '' }], /without a value/],
    [[{ value: 5 }], /^members\.value must be a string/],
    [[{ value: 'a', type: 5 }], /^members\.type must be a string/],
    [[{ value: 'a', display: {} }], /^members\.display must be a string/],
  ])('%j is refused', (members, detail) => {
    const error = refusal(() => group({ members }));
    expect(error.scimType).toBe('invalidValue');
    expect(error.detail).toMatch(detail);
  });
});

test('T-PP-01 keys that reach for a prototype are unknown attributes like others', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const body = JSON.parse(
    `{"schemas":["${USER_URN}"],"userName":"a","__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},
      "name":{"__proto__":{"isAdmin":true},"givenName":"x"},"emails":[{"value":"a","__proto__":{"primary":true}}],
      "${ENT}":{"__proto__":{"isAdmin":true},"toString":1,"department":"d"}}`,
  );
  const { attributes } = readResource(USER, body, TOLERANT);
  expect(attributes).toEqual({
    userName: 'a',
    name: { givenName: 'x' },
    emails: [{ value: 'a' }],
    [ENT]: { department: 'd' },
  });
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  expect((attributes.emails as JsonObject[])[0]?.primary).toBeUndefined();
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

test('T-PP-04 names of what every object has are ordinary values', () => {
  for (const name of ['__proto__', 'hasOwnProperty', 'toString', 'constructor']) {
    expect(user({ userName: name, title: name }).attributes).toEqual({ userName: name, title: name });
    expect(group({ displayName: name, members: [{ value: name }] }).members).toEqual([{ value: name }]);
  }
});
