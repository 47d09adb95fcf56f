import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { inDeclaredWorld } from '../declared-world.ts';
import { aUser, E, filtered, found, get, ok, patch, post, user } from '../shorthand.ts';
import type { World } from '../world.ts';

const BADGE = 'urn:example:scim:schemas:extension:badge:2.0:User';
const CERTIFICATE = 'MAMCASo=';

/** The userNames that `filter` finds, or what it is refused as. */
async function answer(world: World, filter: string): Promise<string[] | string> {
  const { status, body } = await world.get(`/Users?filter=${encodeURIComponent(filter)}`);
  return status === 200
    ? body.Resources.map(({ userName }: { userName: string }) => userName).toSorted()
    : `${status} ${body.scimType}`;
}

/** What is asked of users who have attributes that only an extension can have, and what is answered. */
function declared(ids: readonly string[], title: string, { attribute, values, answers }: DeclaredAnswers): Case {
  return {
    ids,
    title,
    run: (world) =>
      inDeclaredWorld(
        world.mode,
        [{ urn: BADGE, of: 'User', attributes: { it: attribute, at: { ...attribute, indexed: true } } }],
        async (own) => {
          for (const [userName, value] of Object.entries(values)) {
            await own.user(userName, value === undefined ? {} : { [BADGE]: { it: value, at: value } });
          }
          for (const [test, wanted] of Object.entries(answers)) {
            for (const name of ['it', 'at']) {
              const filter = test.replaceAll('it', `${BADGE}:${name}`);
              const given = await answer(own, filter);
              expect({ filter, given }).toEqual({ filter, given: wanted });
            }
          }
        },
      ),
  };
}
interface DeclaredAnswers {
  readonly attribute: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly answers: Readonly<Record<string, readonly string[] | string>>;
}
const INVALID = '400 invalidFilter';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['FIL-33'],
      title: 'booleans are equal to true or to false',
      given: [
        aUser('bob'),
        aUser('eve', { active: false }),
        aUser('joe', { emails: [{ value: 'j@x', primary: true }] }),
      ],
      request: filtered('/Users', 'active eq true'),
      expect: found('bob', 'joe'),
      afterwards: [
        { request: filtered('/Users', 'active eq false'), expect: found('eve') },
        { request: filtered('/Users', 'active ne true'), expect: found('eve') },
        { request: filtered('/Users', 'active ne false'), expect: found('bob', 'joe') },
        { request: filtered('/Users', 'active pr'), expect: found('bob', 'eve', 'joe') },
        { request: filtered('/Users', 'emails.primary eq true'), expect: found('joe') },
        { request: filtered('/Users', 'emails[primary eq false]'), expect: found() },
      ],
    },
    ...['gt', 'ge', 'lt', 'le'].map(
      (operator): Case => ({
        ids: ['FIL-34'],
        title: `a boolean has no order: ${operator}`,
        given: [aUser('bob')],
        request: filtered('/Users', `active ${operator} false`),
        expect: E(400, 'invalidFilter', new RegExp(`${operator}.*active`)),
        afterwards: [
          {
            request: filtered('/Users', `emails[primary ${operator} true]`),
            expect: E(400, 'invalidFilter', new RegExp(`${operator}.*primary`)),
          },
        ],
      }),
    ),
    ...['co', 'sw', 'ew'].map(
      (operator): Case => ({
        ids: ['FIL-35'],
        title: `a boolean has no parts: ${operator}`,
        given: [aUser('bob')],
        request: filtered('/Users', `active ${operator} true`),
        expect: E(400, 'invalidFilter', new RegExp(`${operator}.*active`)),
        afterwards: [
          { request: filtered('/Users', `active ${operator} "t"`), expect: E(400, 'invalidFilter', /active/) },
        ],
      }),
    ),
    ...['"true"', '"True"', '"FALSE"'].map(
      (operand): Case => ({
        ids: ['FIL-36'],
        title: `a boolean in quotes: ${operand}`,
        given: [aUser('bob'), aUser('eve', { active: false })],
        request: filtered('/Users', `active eq ${operand}`),
        expect: E(400, 'invalidFilter', /active/),
        default: { because: 'boolean-as-string', expect: /true/i.test(operand) ? found('bob') : found('eve') },
      }),
    ),
    ...['"yes"', '1', '0', '"1"', '""'].map(
      (operand): Case => ({
        ids: ['FIL-36'],
        title: `${operand} is no boolean`,
        given: [aUser('bob')],
        request: filtered('/Users', `active eq ${operand}`),
        expect: E(400, 'invalidFilter', /active.*true or false/),
      }),
    ),
    declared(['FIL-37', 'FIL-38'], 'integers compare as numbers, however they are written', {
      attribute: { type: 'integer' },
      values: { nine: 9, ten: 10, less: -2, none: undefined },
      answers: {
        'it lt 10': ['less', 'nine'],
        'it le 10': ['less', 'nine', 'ten'],
        'it gt 9': ['ten'],
        'it ge 9': ['nine', 'ten'],
        'it gt -3 and it lt 0': ['less'],
        'it eq 10': ['ten'],
        'it eq 10.0': ['ten'],
        'it eq 1e1': ['ten'],
        'it eq 100e-1': ['ten'],
        'it eq 10.5': [],
        'it ne 10': ['less', 'nine', 'none'],
        'it pr': ['less', 'nine', 'ten'],
        'it eq null': ['none'],
        'it co 1': INVALID,
        'it sw 1': INVALID,
        'it ew 0': INVALID,
        'it eq true': INVALID,
        'it eq "x"': INVALID,
        'it eq 1e400': INVALID,
        'it eq 010': INVALID,
      },
    }),
    declared(['FIL-37', 'FIL-38'], 'decimals compare as numbers', {
      attribute: { type: 'decimal' },
      values: { half: 0.5, ten: 10, tenth: 10.1, tiny: 1e-7 },
      answers: {
        'it lt 1': ['half', 'tiny'],
        'it gt 10': ['tenth'],
        'it ge 10.0': ['ten', 'tenth'],
        'it eq 0.50': ['half'],
        'it eq 5e-1': ['half'],
        'it le 0.0000001': ['tiny'],
        'it ne 10': ['half', 'tenth', 'tiny'],
        'it co 1': INVALID,
      },
    }),
    {
      ids: ['FIL-39', 'FIL-41'],
      title: 'dates compare by time, and the date that was shown is equal to itself',
      given: [aUser('bob')],
      request: filtered('/Users', 'meta.created eq "{{bob.meta.created}}"'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'meta.lastModified eq "{{bob.meta.lastModified}}"'), expect: found('bob') },
        { request: filtered('/Users', 'meta.lastModified ge "{{bob.meta.lastModified}}"'), expect: found('bob') },
        { request: filtered('/Users', 'meta.lastModified le "{{bob.meta.lastModified}}"'), expect: found('bob') },
        { request: filtered('/Users', 'meta.lastModified gt "{{bob.meta.lastModified}}"'), expect: found() },
        { request: filtered('/Users', 'meta.lastModified lt "{{bob.meta.lastModified}}"'), expect: found() },
        { request: filtered('/Users', 'meta.lastModified ne "{{bob.meta.lastModified}}"'), expect: found() },
        { request: filtered('/Users', 'meta.lastModified ge "2011-05-13T04:42:34Z"'), expect: found('bob') },
        { request: filtered('/Users', 'meta.lastModified lt "2011-05-13T04:42:34Z"'), expect: found() },
        { request: filtered('/Users', 'meta.created lt "9999-12-31T23:59:59.999Z"'), expect: found('bob') },
        { request: filtered('/Users', 'meta.created pr'), expect: found('bob') },
      ],
    },
    {
      ids: ['FIL-40', 'FIL-41'],
      title: 'an instant is itself in every zone, to the millisecond',
      run: async (world) => {
        const { meta } = await world.user('bob');
        const at = Date.parse(meta.created);
        const inZone = (moment: number, hours: number, zone: string) =>
          `${new Date(moment + hours * 3_600_000).toISOString().slice(0, -1)}${zone}`;
        const zones: readonly (readonly [number, string])[] = [
          [2, '+02:00'],
          [-7.5, '-07:30'],
          [14, '+14:00'],
          [0, '-00:00'],
          [0, ''],
        ];
        for (const [hours, zone] of zones) {
          expect(await answer(world, `meta.created eq "${inZone(at, hours, zone)}"`)).toEqual(['bob']);
          expect(await answer(world, `meta.created gt "${inZone(at - 1, hours, zone)}"`)).toEqual(['bob']);
          expect(await answer(world, `meta.created lt "${inZone(at + 1, hours, zone)}"`)).toEqual(['bob']);
          expect(await answer(world, `meta.created gt "${inZone(at, hours, zone)}"`)).toEqual([]);
          expect(await answer(world, `meta.created eq "${inZone(at + 1, hours, zone)}"`)).toEqual([]);
        }
        expect(await answer(world, `meta.created eq "${meta.created.replace('Z', '000Z')}"`)).toEqual(['bob']);
        expect(await answer(world, `meta.created lt "${meta.created.replace('Z', '001Z')}"`)).toEqual(['bob']);
      },
    },
    declared(['FIL-39', 'FIL-40', 'FIL-42', 'FIL-43'], 'dates of a client compare by time, whatever their zone', {
      attribute: { type: 'dateTime' },
      values: {
        noon: '2020-02-29T12:00:00Z',
        same: '2020-02-29T14:00:00+02:00',
        later: '2020-02-29T12:00:00.0001Z',
        earlier: '2020-02-29T13:30:00+02:00',
        none: undefined,
      },
      answers: {
        'it eq "2020-02-29T12:00:00Z"': ['noon', 'same'],
        'it eq "2020-02-29T12:00:00.000"': ['noon', 'same'],
        'it gt "2020-02-29T12:00:00Z"': ['later'],
        'it ge "2020-02-29T06:30:00-05:30"': ['later', 'noon', 'same'],
        'it lt "2020-02-29T12:00:00Z"': ['earlier'],
        'it le "2020-02-29T23:59:59+12:00"': ['earlier'],
        'it ne "2020-02-29T12:00:00Z"': ['earlier', 'later', 'none'],
        'it pr': ['earlier', 'later', 'noon', 'same'],
        'it sw "2020-02"': INVALID,
        'it co "12:00"': INVALID,
        'it gt "2020-02-30T00:00:00Z"': INVALID,
      },
    }),
    ...['2011-05-13', 'yesterday', '2011-02-30T00:00:00Z', '2011-05-13 04:42:34Z', '2011-05-13T04:42:60Z', ''].map(
      (operand): Case => ({
        ids: ['FIL-42'],
        title: `"${operand}" is no date and time`,
        given: [aUser('bob')],
        request: filtered('/Users', `meta.created gt "${operand}"`),
        expect: E(400, 'invalidFilter', /meta\.created.*date and time/),
      }),
    ),
    ...['sw "2011-05"', 'co "-05-"', 'ew "Z"', 'sw "2011-05-13T04:42:34Z"'].map(
      (test): Case => ({
        ids: ['FIL-43'],
        title: `a date has no parts: ${test}`,
        given: [aUser('bob')],
        request: filtered('/Users', `meta.lastModified ${test}`),
        expect: E(400, 'invalidFilter', /meta\.lastModified/),
      }),
    ),
    {
      ids: ['FIL-44'],
      title: 'what is binary is equal or not, by case, and has no order and no parts',
      given: [aUser('bob', { x509Certificates: [{ value: CERTIFICATE }] }), aUser('eve')],
      request: filtered('/Users', `x509Certificates.value eq "${CERTIFICATE}"`),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', `x509Certificates.value eq "${CERTIFICATE.toLowerCase()}"`), expect: found() },
        { request: filtered('/Users', `x509Certificates.value ne "${CERTIFICATE}"`), expect: found('eve') },
        { request: filtered('/Users', `x509Certificates[value eq "${CERTIFICATE}"]`), expect: found('bob') },
        ...['gt', 'ge', 'lt', 'le', 'co', 'sw', 'ew'].map((operator) => ({
          request: filtered('/Users', `x509Certificates.value ${operator} "${CERTIFICATE}"`),
          expect: E(400, 'invalidFilter', new RegExp(`${operator}.*x509Certificates`)),
        })),
      ],
    },
    {
      ids: ['FIL-45'],
      title: 'references compare by case, in whole and in part',
      given: [
        aUser('bob', { profileUrl: 'https://x.example/A', photos: [{ value: 'https://x.example/P' }] }),
        aUser('eve', { profileUrl: 'https://x.example/a' }),
      ],
      request: filtered('/Users', 'profileUrl eq "https://x.example/A"'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'profileUrl eq "HTTPS://X.example/A"'), expect: found() },
        { request: filtered('/Users', 'profileUrl co "example/A"'), expect: found('bob') },
        { request: filtered('/Users', 'profileUrl ew "/a"'), expect: found('eve') },
        { request: filtered('/Users', 'profileUrl sw "HTTPS"'), expect: found() },
        { request: filtered('/Users', 'profileUrl gt "https://x.example/A"'), expect: found('eve') },
        { request: filtered('/Users', 'photos.value eq "https://x.example/p"'), expect: found() },
        { request: filtered('/Users', 'photos co "/P"'), expect: found('bob') },
        { request: filtered('/Users', 'meta.location eq "{{bob.meta.location}}"'), expect: found('bob') },
      ],
    },
    {
      ids: ['FIL-62'],
      title: 'what was given by default is found as it was told',
      given: [aUser('bob'), aUser('eve', { active: false })],
      request: filtered('/Users', 'active eq true'),
      expect: found('bob'),
      afterwards: [
        {
          request: patch('/Users/{{eve.id}}', { op: 'remove', path: 'active' }),
          expect: { status: [200, 400] },
          as: 'cleared',
        },
        { request: get('/Users/{{eve.id}}'), expect: ok({ userName: 'eve' }), as: 'now' },
        { request: filtered('/Users', 'id eq "{{now.id}}" and active eq {{now.active}}'), expect: found('eve') },
        { request: post('/Users', user('joe', { active: null })), expect: { status: 201, body: { active: true } } },
        { request: filtered('/Users', 'userName eq "joe" and active eq true'), expect: found('joe') },
      ],
    },
  ],
  elsewhere: {
    'FIL-37': { file: 'tests/unit/scim/filter-match.test.ts', test: 'FIL-37 FIL-38 numbers compare as numbers' },
    'FIL-38': { file: 'tests/unit/scim/filter-match.test.ts', test: 'FIL-37 FIL-38 numbers compare as numbers' },
  },
  decided: {
    'FIL-35': 'co, sw and ew do not go with booleans: 400 invalidFilter.',
    'FIL-36':
      'active eq "true" is 400 invalidFilter where strict; by default "true" and "false", in any case, are the booleans.',
    'FIL-38': 'Numbers are equal when they are the same number (1, 1.0 and 1e0); co, sw and ew do not go with them.',
    'FIL-42': 'What is no date and time is 400 invalidFilter; one without a zone is UTC.',
    'FIL-43': 'co, sw and ew do not go with dates: 400 invalidFilter.',
  },
};
