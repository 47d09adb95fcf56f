import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, E, ENT, filtered, found, foundGroups, GROUP, get, ok, USER } from '../shorthand.ts';

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
      'surname eq "x"',
      '__proto__ pr',
      'constructor.name eq "Object"',
      'kept pr',
    ].map(
      (filter): Case => ({
        ids: ['FIL-20'],
        title: `a name that a user does not have: ${filter}`,
        given: [aUser('bob')],
        request: filtered('/Users', filter),
        expect: E(400, 'invalidFilter', /(shoeSize|nope|userName|members|surname|__proto__|constructor|kept)/),
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
    ...['{{base}}/Users/', 'Users/', '/Users/', '{{parent}}/Users/', ''].flatMap((prefix): Case[] => {
      const given = [
        aUser('bob'),
        aUser('eve', { [ENT]: { manager: { value: '{{bob.id}}' } } }),
        aGroup('staff', '{{bob.id}}'),
      ];
      // By the id alone it is no reference, and finds nobody.
      const finds = prefix !== '';
      const written = finds ? `${prefix}…` : 'the id alone';
      return [
        {
          ids: ['FIL-18', 'FIL-45'],
          title: `a reference to a manager, written as ${written}`,
          given,
          request: filtered('/Users', `${ENT}:manager.$ref eq "${prefix}{{bob.id}}"`),
          expect: finds ? found('eve') : found(),
        },
        {
          ids: ['FIL-45', 'FIL-55'],
          title: `a reference to a member, written as ${written}`,
          given,
          request: filtered('/Groups', `members.$ref eq "${prefix}{{bob.id}}"`),
          expect: finds ? foundGroups('staff') : foundGroups(),
          afterwards: [
            {
              request: filtered('/Groups', `members[$ref eq "${prefix}{{bob.id}}" and type eq "User"]`),
              expect: finds ? foundGroups('staff') : foundGroups(),
            },
          ],
        },
      ];
    }),
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
    'FIL-20':
      'A name that the type does not have is 400 invalidFilter at its endpoint; at the root it has no value, unless no type has it.',
    'FIL-22': 'Between the words of a filter may stand as many spaces and tabs as you like, and no other white space.',
    'FIL-23':
      'A filter has at most 8,192 characters, 100 levels and 256 comparisons; more is 400 invalidFilter before it is read.',
  },
};
