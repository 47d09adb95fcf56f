import type { Case, Coverage } from '../case.ts';
import { aUser, created, E, ENT, filtered, found, ok, patch, post, put, user } from '../shorthand.ts';

/** RFC 7643 §2.3: what of each data type is a value, and what is none. */

interface Wrong {
  readonly ids: readonly string[];
  readonly what: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What the detail names. */
  readonly names: RegExp;
}

const WRONG: readonly Wrong[] = [
  { ids: ['SCH-03'], what: 'true for a string', attributes: { title: true }, names: /title.*string/ },
  { ids: ['SCH-03'], what: 'an object for a string', attributes: { title: { a: 1 } }, names: /title.*string/ },
  {
    ids: ['SCH-03'],
    what: 'a boolean for a string in an extension',
    attributes: { [ENT]: { department: false } },
    names: /department.*string/,
  },
  { ids: ['SCH-04'], what: '1 for a boolean', attributes: { active: 1 }, names: /active.*true or false/ },
  { ids: ['SCH-04'], what: '0 for a boolean', attributes: { active: 0 }, names: /active.*true or false/ },
  { ids: ['SCH-04'], what: 'an object for a boolean', attributes: { active: {} }, names: /active.*true or false/ },
  {
    ids: ['SCH-04'],
    what: '1 for primary',
    attributes: { emails: [{ value: 'b@example.com', primary: 1 }] },
    names: /emails\.primary.*true or false/,
  },
  ...['yes', '1', '', 'falsch', 'tru', 'null'].map((active) => ({
    ids: ['SCH-05'],
    what: `${JSON.stringify(active)} for a boolean`,
    attributes: { active },
    names: /active.*true or false/,
  })),
  ...['!!', 'AAAAA', 'AAA=A', 'AA-_', 'AAAA='].map((value) => ({
    ids: ['SCH-11'],
    what: `${value} for base64`,
    attributes: { x509Certificates: [{ value }] },
    names: /x509Certificates\.value.*base64/,
  })),
  { ids: ['SCH-17'], what: 'a string for a complex attribute', attributes: { name: 'x' }, names: /name.*object/ },
  { ids: ['SCH-17'], what: 'a number for a complex attribute', attributes: { name: 5 }, names: /name.*object/ },
  { ids: ['SCH-17'], what: 'a list for a complex attribute', attributes: { name: ['x'] }, names: /name.*object/ },
  { ids: ['SCH-19'], what: 'a list for a string', attributes: { title: ['a', 'b'] }, names: /title.*array/ },
  {
    ids: ['SCH-19'],
    what: 'a list of two for userName',
    attributes: { userName: ['a', 'b'] },
    names: /userName.*array/,
  },
  {
    ids: ['SCH-19'],
    what: 'a list for a sub-attribute',
    attributes: { name: { givenName: ['a'] } },
    names: /name\.givenName.*array/,
  },
  {
    ids: ['SCH-20'],
    what: 'two primary values',
    attributes: {
      emails: [
        { value: 'a@example.com', primary: true },
        { value: 'b@example.com', primary: true },
      ],
    },
    names: /emails.*primary/,
  },
];

/** A DER SEQUENCE of five bytes, with and without its padding. */

export const coverage: Coverage = {
  cases: [
    ...WRONG.map(
      ({ ids, what, attributes, names }): Case => ({
        ids,
        title: `${what} is refused, by POST, PUT and PATCH`,
        given: [aUser('bob')],
        request: post('/Users', user('eve', attributes)),
        expect: E(400, 'invalidValue', names),
        afterwards: [
          { request: put('/Users/{{bob.id}}', user('bob', attributes)), expect: E(400, 'invalidValue', names) },
          {
            request: patch('/Users/{{bob.id}}', { op: 'replace', value: attributes }),
            expect: E(400, 'invalidValue', names),
          },
        ],
      }),
    ),
    {
      ids: ['SCH-03'],
      title: 'a number is no string',
      request: post('/Users', user('bob', { title: 5 })),
      expect: E(400, 'invalidValue', /title.*string/),
      default: { because: 'number-for-string', expect: created({ title: '5' }) },
    },
    {
      ids: ['SCH-03'],
      title: 'a string is any Unicode text, kept as it is',
      request: post('/Users', user('bob', { title: 'Ärztin\t"\\/\u2028 Ⅷ 🧑‍⚕️' })),
      expect: created({ title: 'Ärztin\t"\\/\u2028 Ⅷ 🧑‍⚕️' }),
    },
    {
      ids: ['SCH-04'],
      title: 'true and false are booleans',
      request: post('/Users', user('bob', { active: false, emails: [{ value: 'b@example.com', primary: true }] })),
      expect: created({ active: false, emails: [{ primary: true }] }),
    },
    ...[
      ['False', false],
      ['false', false],
      ['True', true],
      ['TRUE', true],
    ].map(
      ([active, becomes]): Case => ({
        ids: ['SCH-05'],
        title: `the string "${active}" for a boolean is ${becomes}, and never anything else`,
        given: [aUser('eve', { active: becomes !== true })],
        request: post('/Users', user('bob', { active })),
        expect: E(400, 'invalidValue', /active.*true or false/),
        default: { because: 'boolean-as-string', expect: created({ active: becomes }) },
        afterwards: [
          {
            request: patch('/Users/{{eve.id}}', { op: 'replace', path: 'active', value: active }),
            expect: E(400, 'invalidValue', /active.*true or false/),
            default: { because: 'boolean-as-string', expect: ok({ active: becomes }) },
          },
        ],
      }),
    ),
    ...[
      '"2011-05-13"',
      '"2011-05-13T04:42"',
      '"2011-13-01T00:00:00Z"',
      '"13 May 2011"',
      '"1305261754"',
      '1305261754',
      '""',
    ].map(
      (operand): Case => ({
        ids: ['SCH-08'],
        title: `${operand} is no dateTime`,
        request: filtered('/Users', `meta.created gt ${operand}`),
        expect: E(400, 'invalidFilter', /meta\.created/),
      }),
    ),
    ...['2023-02-30T00:00:00Z', '2023-02-29T00:00:00Z', '2023-04-31T00:00:00Z', '2011-05-13T25:00:00Z'].map(
      (moment): Case => ({
        ids: ['SCH-09'],
        title: `${moment} is on no calendar`,
        request: filtered('/Users', `meta.created gt "${moment}"`),
        expect: E(400, 'invalidFilter', /meta\.created/),
      }),
    ),
    ...[
      '2011-05-13T04:42:34Z',
      '2011-05-13T06:42:34.123+02:00',
      '2011-05-12T20:42:34.1234567-08:00',
      '2024-02-29T00:00:00Z',
    ].map(
      (moment): Case => ({
        ids: ['SCH-08', 'SCH-10'],
        title: `${moment} is a dateTime`,
        given: [aUser('bob')],
        request: filtered('/Users', `meta.created gt "${moment}"`),
        expect: found('bob'),
        afterwards: [{ request: filtered('/Users', `meta.created lt "${moment}"`), expect: found() }],
      }),
    ),
  ],
  elsewhere: {
    'SCH-06': { file: 'tests/unit/scim/read-resource.test.ts', test: 'SCH-06 to SCH-09 numbers and dates' },
    'SCH-07': [
      { file: 'tests/unit/scim/read-resource.test.ts', test: 'SCH-06 to SCH-09 numbers and dates' },
      { file: 'tests/unit/scim/json.test.ts', test: 'T-JSON-03 numbers that would be rounded' },
    ],
    'SCH-08': { file: 'tests/threats/dates.test.ts', test: 'T-UNI-05 dates' },
    'SCH-10': { file: 'tests/threats/dates.test.ts', test: 'the same instant is equal however it is written' },
    'SCH-17': { file: 'tests/unit/scim/schema.test.ts', test: 'SCH-01, SCH-17 what RFC 7643 does not allow' },
  },
  decided: {
    'SCH-05':
      'By default "true" and "false" in any case are the booleans, as Entra ID sends them; any other string, and in strict any string, is refused.',
  },
};
