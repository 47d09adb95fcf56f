import type { Case, Coverage, Step } from '../case.ts';
import { aGroup, aUser, E, ENT, filtered, found, foundGroups, GROUP, get, ok, USER } from '../shorthand.ts';

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

const ISSUE_3 = 'waits for the merge of issue-3';
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
    {
      ids: ['FIL-17', 'FIL-18', 'FIL-19'],
      title: 'names with the URN of their schema, in any case',
      given: [
        aUser('john', { name: { givenName: 'Jo' } }),
        aUser('Jane', { [ENT]: { department: 'Tours', manager: { value: '{{john.id}}' } } }),
        aUser('bob', { [ENT]: { department: 'Rides', costCenter: '1' } }),
        aGroup('staff', '{{bob.id}}'),
      ],
      request: filtered('/Users', `${USER}:userName sw "J"`),
      expect: found('john', 'Jane'),
      afterwards: [
        { request: filtered('/Users', `${USER.toUpperCase()}:username eq "JANE"`), expect: found('Jane') },
        { request: filtered('/Users', `${USER}:name.givenName eq "jo"`), expect: found('john') },
        { request: filtered('/Users', `${ENT}:department eq "tours"`), expect: found('Jane') },
        {
          request: filtered('/Users', `${ENT.toUpperCase()}:DEPARTMENT sw "r" or ${USER}:userName eq "john"`),
          expect: found('bob', 'john'),
        },
        { request: filtered('/Users', `${ENT}:manager.value eq "{{john.id}}"`), expect: found('Jane') },
        { request: filtered('/Users', `not (${ENT}:costCenter pr) and ${ENT}:department pr`), expect: found('Jane') },
        { request: filtered('/Users', `${ENT}:manager pr`), expect: found('Jane') },
        {
          request: filtered('/Users', `${USER}:emails[type eq "work"] or ${USER}:id eq "{{bob.id}}"`),
          expect: found('bob'),
        },
        { request: filtered('/Groups', `${GROUP}:displayName eq "STAFF"`), expect: foundGroups('staff') },
        { request: filtered('/Groups', `${GROUP}:members[value eq "{{bob.id}}"]`), expect: foundGroups('staff') },
        {
          request: filtered('/Users', `${GROUP}:displayName eq "staff"`),
          expect: E(400, 'invalidFilter', /Group:displayName/),
        },
        { request: filtered('/Users', `${ENT}:userName eq "bob"`), expect: E(400, 'invalidFilter', /userName/) },
        { request: filtered('/Users', `${ENT} pr`), expect: E(400, 'invalidFilter') },
        { request: filtered('/Users', 'urn:x:y:2.0:Z:department eq "x"'), expect: E(400, 'invalidFilter', /urn:x:y/) },
      ],
    },
    ...[
      'shoeSize eq 44',
      'shoeSize pr',
      'name.nope eq "x"',
      'emails.nope pr',
      'userName.value eq "a"',
      'not (shoeSize pr)',
      'userName eq "bob" or shoeSize pr',
      'members.value eq "x"',
      'email eq "x"',
      '__proto__ pr',
      'constructor.name eq "Object"',
      'kept pr',
    ].map(
      (filter): Case => ({
        ids: ['FIL-20'],
        title: `a name that a user does not have: ${filter}`,
        given: [aUser('bob')],
        request: filtered('/Users', filter),
        expect: E(400, 'invalidFilter', /(shoeSize|nope|userName|members|email|__proto__|constructor|kept)/),
      }),
    ),
    {
      ids: ['FIL-20'],
      title: 'department without its URN is no attribute of a user',
      given: [aUser('bob', { [ENT]: { department: 'x' } })],
      request: filtered('/Users', 'department eq "x"'),
      expect: E(400, 'invalidFilter', /department/),
      default: { because: 'extension-attribute-without-urn', expect: found('bob') },
    },
    ...[
      'userName eq"a"',
      'userName eq "a"and title pr',
      'userName eq "a" and(title pr)',
      'userName"a"',
      '(title pr)or(title pr)',
    ].map((filter) => invalid(['FIL-21'], filter)),
    ...[
      'userName  eq   "bob"',
      '  userName eq "bob"  ',
      'userName\teq\t"bob"',
      '( userName eq "bob" )',
      'emails [ type eq "work" ]',
      'userName eq "bob"  and\t title   pr or emails[  type eq "work"]',
    ].map(
      (filter): Case => ({
        ids: ['FIL-22'],
        title: `spaces and tabs, as many as there are: ${JSON.stringify(filter)}`,
        given: [aUser('bob', WORK), aUser('eve')],
        request: filtered('/Users', filter),
        expect: found('bob'),
      }),
    ),
    {
      ids: ['FIL-22'],
      title: 'other white space is no space',
      given: [aUser('bob')],
      request: get('/Users?filter=userName%0Aeq%0A%22bob%22'),
      expect: E(400, 'invalidFilter'),
      afterwards: [{ request: get('/Users?filter=userName%C2%A0eq%C2%A0%22bob%22'), expect: E(400, 'invalidFilter') }],
    },
    {
      ids: ['FIL-23'],
      title: '8,192 characters, 99 parentheses and 256 comparisons are read, and one more of each is not',
      given: [aUser('bob'), aUser('eve', { active: false })],
      request: get(`/Users?filter=userName+eq+%22bob%22${'+'.repeat(8192 - 17)}`),
      expect: found('bob'),
      afterwards: [
        {
          request: get(`/Users?filter=userName+eq+%22bob%22${'+'.repeat(8193 - 17)}`),
          expect: E(400, 'invalidFilter', /8192/),
        },
        { request: filtered('/Users', `${'('.repeat(99)}userName eq "bob"${')'.repeat(99)}`), expect: found('bob') },
        {
          request: filtered('/Users', `${'('.repeat(100)}userName eq "bob"${')'.repeat(100)}`),
          expect: E(400, 'invalidFilter', /100/),
        },
        {
          request: filtered('/Users', `${'not('.repeat(99)}active eq true${')'.repeat(99)}`),
          expect: found('eve'),
        },
        {
          request: filtered('/Users', Array.from({ length: 256 }, () => 'title pr').join(' or ')),
          expect: found(),
        },
        {
          request: filtered('/Users', Array.from({ length: 257 }, () => 'title pr').join(' or ')),
          expect: E(400, 'invalidFilter', /256/),
        },
        { request: filtered('/Users', '('.repeat(8192)), expect: E(400, 'invalidFilter') },
      ],
    },
    ...['', '{{base}}/Users/', 'Users/', '/Users/', '{{parent}}/Users/'].map(
      (prefix): Case => ({
        ids: ['FIL-18', 'FIL-45'],
        title: `a reference to a resource of this server is found however it is written: ${prefix || 'not by the id alone'}`,
        // By the id alone it is no reference, and finds nothing already.
        ...(prefix === '' ? {} : { bug: ISSUE_3 }),
        given: [
          aUser('bob'),
          aUser('eve', { [ENT]: { manager: { value: '{{bob.id}}' } } }),
          aGroup('staff', '{{bob.id}}'),
        ],
        request: filtered('/Users', `${ENT}:manager.$ref eq "${prefix}{{bob.id}}"`),
        expect: prefix === '' ? found() : found('eve'),
        afterwards: [
          {
            request: filtered('/Groups', `members.$ref eq "${prefix}{{bob.id}}"`),
            expect: prefix === '' ? foundGroups() : foundGroups('staff'),
          },
          {
            request: filtered('/Groups', `members[$ref eq "${prefix}{{bob.id}}"]`),
            expect: prefix === '' ? foundGroups() : foundGroups('staff'),
          },
        ],
      }),
    ),
    {
      ids: ['FIL-24'],
      title: 'filters are supported, and /ServiceProviderConfig says so',
      given: [aUser('bob'), aUser('eve')],
      request: get('/ServiceProviderConfig'),
      expect: ok({ filter: { supported: true } }),
      afterwards: [{ request: filtered('/Users', 'userName eq "bob"'), expect: found('bob') }],
    },
  ],
  decided: {
    'FIL-06': '"not(" needs no space before its parenthesis (erratum 7319), and may have many.',
    'FIL-20':
      'A name that the type does not have is 400 invalidFilter at its endpoint; at the root it has no value, unless no type has it.',
    'FIL-22': 'Between the words of a filter may stand as many spaces and tabs as you like, and no other white space.',
    'FIL-23':
      'A filter has at most 8,192 characters, 100 levels and 256 comparisons; more is 400 invalidFilter before it is read.',
  },
};
