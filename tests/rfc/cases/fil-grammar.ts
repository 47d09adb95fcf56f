import type { Case, Coverage, Step } from '../case.ts';
import { aUser, E, filtered, found, USER } from '../shorthand.ts';

/** Eight users, who have title, nickName and userType or not: `abc`, `ab-`, … `---`. */
const EIGHT = Array.from({ length: 8 }, (_, n) => ({ a: (n & 4) === 0, b: (n & 2) === 0, c: (n & 1) === 0 }));
type One = (typeof EIGHT)[number];
const nameOf = ({ a, b, c }: One) => `${a ? 'a' : '-'}${b ? 'b' : '-'}${c ? 'c' : '-'}`;
const GIVEN = EIGHT.map((one) =>
  aUser(nameOf(one), {
    ...(one.a ? { title: '1' } : {}),
    ...(one.b ? { nickName: '2' } : {}),
    ...(one.c ? { userType: '3' } : {}),
  }),
);
const A = 'title eq "1"';
const B = 'nickName eq "2"';
const C = 'userType eq "3"';

/** Whom `filter` must find of the eight. */
function truth(filter: string, holds: (one: One) => boolean): Step {
  return {
    request: filtered('/Users', filter),
    expect: found(...EIGHT.filter(holds).map(nameOf)),
  };
}

function invalid(ids: readonly string[], filter: string, detail: string | RegExp = '{{any}}'): Case {
  return {
    ids,
    title: `cannot be read: ${filter === '' ? 'an empty filter' : filter}`,
    given: [aUser('bob')],
    request: filtered('/Users', filter),
    expect: E(400, 'invalidFilter', detail),
  };
}

const WORK = { emails: [{ value: 'b@example.com', type: 'work' }] };

export const coverage: Coverage = {
  cases: [
    ...[
      'userName eq "bob"',
      'Username Eq "bob"',
      'USERNAME EQ "BOB"',
      'username eQ "bob" AND NOT (title PR)',
      'userNAME Sw "b" And (USERname eW "ob" oR title Pr)',
      `${USER}:USERNAME CO "O"`,
      'META.RESOURCETYPE eq "User" and EMAILS.Type EQ "work"',
      'Emails[TYPE Eq "work" And Value Pr]',
    ].map(
      (filter): Case => ({
        ids: ['FIL-01'],
        title: `names and operators in any case: ${filter}`,
        given: [aUser('bob', WORK), aUser('eve', { title: 'x' })],
        request: filtered('/Users', filter),
        expect: found('bob'),
      }),
    ),
    {
      ids: ['FIL-02', 'FIL-03', 'FIL-05', 'FIL-08'],
      title: 'parentheses, then not, then and, then or: the truth table of eight users',
      given: GIVEN,
      ...truth(`${A} or ${B} and ${C}`, ({ a, b, c }) => a || (b && c)),
      afterwards: [
        truth(`${A} and ${B} or ${C}`, ({ a, b, c }) => (a && b) || c),
        truth(`${A} and ${B} or ${B} and ${C}`, ({ a, b, c }) => (a && b) || (b && c)),
        truth(`(${A} or ${B}) and ${C}`, ({ a, b, c }) => (a || b) && c),
        truth(`${A} and (${B} or ${C})`, ({ a, b, c }) => a && (b || c)),
        truth(`not (${A}) and ${B}`, ({ a, b }) => !a && b),
        truth(`not (${A} and ${B})`, ({ a, b }) => !(a && b)),
        truth(`not (${A}) or ${B} and ${C}`, ({ a, b, c }) => !a || (b && c)),
        truth(`not (${A} or ${B}) and not (${C})`, ({ a, b, c }) => !(a || b) && !c),
        truth(`not (not (${A}))`, ({ a }) => a),
        truth(`${A} or not (${B} or not (${C}))`, ({ a, b, c }) => a || !(b || !c)),
        truth(`((${A})) or ((${B} and ((${C}))))`, ({ a, b, c }) => a || (b && c)),
        truth(`(((((${A} or ${B}))) and ${C}))`, ({ a, b, c }) => (a || b) && c),
      ],
    },
    {
      ids: ['FIL-04'],
      title: 'chains of 256 terms, by or and by and',
      given: [aUser('bob'), aUser('user200'), aUser('eve')],
      request: filtered('/Users', Array.from({ length: 256 }, (_, n) => `userName eq "user${n}"`).join(' or ')),
      expect: found('user200'),
      afterwards: [
        {
          request: filtered('/Users', Array.from({ length: 256 }, (_, n) => `userName ne "user${n}"`).join(' and ')),
          expect: found('bob', 'eve'),
        },
        {
          request: filtered(
            '/Users',
            Array.from({ length: 25 }, (_, n) => `userName eq "user${n}" and title pr or userName eq "bob"`).join(
              ' or ',
            ),
          ),
          expect: found('bob'),
        },
      ],
    },
    ...['not (active eq true)', 'not(active eq true)', 'NOT   (active eq true)', 'not\t(active eq true)'].map(
      (filter): Case => ({
        ids: ['FIL-05', 'FIL-06'],
        title: `not inverts, with spaces before its parentheses or without: ${JSON.stringify(filter)}`,
        given: [aUser('bob'), aUser('eve', { active: false })],
        request: filtered('/Users', filter),
        expect: found('eve'),
      }),
    ),
    ...[
      'not active eq true',
      'not title pr',
      'not not (title pr)',
      'not',
      'not ()',
      'userName pr and not title pr',
    ].map((filter) => invalid(['FIL-07'], filter)),
    ...['', ' ', '()', '( )', '\t'].map((filter) => invalid(['FIL-09'], filter)),
    ...['regex', '=', '==', 'like', 'in', 'eqq', 'contains', '__proto__', 'constructor'].map((operator) =>
      invalid(['FIL-10'], `userName ${operator} "a"`, /eq.*ne.*co.*sw.*ew.*gt.*ge.*lt.*le.*pr/),
    ),
    ...[
      'userName eq "a" xyz',
      'userName eq "a" "b"',
      'userName eq "a")',
      'userName eq "a"]',
      '(userName eq "a"',
      '((userName eq "a")',
      'emails[type eq "work"',
      'emails[type eq "work")',
      'emails type eq "work"]',
      'userName eq "a',
      'userName eq "a\\"',
      'userName eq "a" and',
      'userName eq "a" or or title pr',
      'and userName eq "a"',
      'userName eq "a",title pr',
      'userName eq "a"; title pr',
      'emails[]',
      'emails[type eq "a"][type eq "b"]',
      'name.familyName.first eq "a"',
      'name. eq "a"',
      '.name eq "a"',
      'user name eq "a"',
      'userName eq "a" && title pr',
      '"userName" eq "a"',
      '9name eq "a"',
    ].map((filter) => invalid(['FIL-11'], filter)),
    {
      ids: ['FIL-11'],
      title: 'what follows brackets is a path of PATCH, not of a filter (conflict D6)',
      given: [aUser('bob', WORK), aUser('eve', { emails: [{ value: 'b@example.com', type: 'home' }] })],
      request: filtered('/Users', 'emails[type eq "work"].value eq "b@example.com"'),
      expect: E(400, 'invalidFilter'),
      default: { because: 'value-path-in-filter', expect: found('bob') },
    },
    ...['userName eq', 'userName eq ', 'userName eq and title pr', '(userName eq)', 'emails[type eq]', 'userName'].map(
      (filter) => invalid(['FIL-12'], filter),
    ),
    ...['userName pr "a"', 'userName pr true', 'userName pr null', 'emails[type pr "work"]'].map((filter) =>
      invalid(['FIL-13'], filter),
    ),
    ...['bob', 'BOB', 'b.o-b@x'].map(
      (word): Case => ({
        ids: ['FIL-14'],
        title: `a string without its quotes: ${word}`,
        given: [aUser('bob'), aUser('b.o-b@x')],
        request: filtered('/Users', `userName eq ${word}`),
        expect: E(400, 'invalidFilter', /double quotes/),
        default: { because: 'unquotedFilterValues', expect: found(word.toLowerCase()) },
        afterwards: [
          {
            request: filtered('/Users', `meta.resourceType eq User and userName eq ${word}`),
            expect: E(400, 'invalidFilter'),
            default: { because: 'unquotedFilterValues', expect: found(word.toLowerCase()) },
          },
        ],
      }),
    ),
    ...["userName eq 'bob'", "userName eq 'b o b'", 'userName eq `bob`'].map(
      (filter): Case => ({
        ...invalid(['FIL-15'], filter),
        ...(filter.includes('`') ? { default: { because: 'unquotedFilterValues', expect: found() } } : {}),
      }),
    ),
    ...[
      ['"a\\"b\\\\\\u00e9"', 'a"b\\é'],
      ['"\\uD83D\\uDE00 \\/ \\t"', '😀 / \t'],
      ['"x) or (title pr"', 'x) or (title pr'],
      ['" and "', ' and '],
      ['"\\u0025"', '%'],
      ['"[type eq \\"work\\"]"', '[type eq "work"]'],
    ].map(
      ([operand, displayName]): Case => ({
        ids: ['FIL-16'],
        title: `a string is one of JSON, with its escapes: ${operand}`,
        given: [aUser('bob', { displayName }), aUser('eve', { displayName: 'ab', title: 'x' })],
        request: filtered('/Users', `displayName eq ${operand}`),
        expect: found('bob'),
      }),
    ),
    ...['"\\x41"', '"\\u12"', '"\\ud800"', '"\\u0000"', '"\n"', '"\\"'].map((operand) =>
      invalid(['FIL-16'], `displayName eq ${operand}`),
    ),
  ],
  decided: {
    'FIL-06': '"not(" needs no space before its parenthesis (erratum 7319), and may have many.',
  },
};
