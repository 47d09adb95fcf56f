import type { Case, Coverage } from '../case.ts';
import { changing } from '../changing.ts';
import { BERLIN, BOB, BONN, PARIS } from '../people.ts';
import { aGroup, aUser, E, ENT, get, ok, patch, USER } from '../shorthand.ts';

const replaces = changing('replace', BOB);

export const coverage: Coverage = {
  cases: [
    replaces(['PAT-43'], 'without a path, what the value names is replaced and the rest stays', {
      operation: {
        value: { title: 'Cook', emails: [{ value: 'c@example.com' }], [ENT]: { department: 'y' }, displayName: 'Bob' },
      },
      becomes: {
        title: 'Cook',
        emails: [{ value: 'c@example.com' }],
        [ENT]: { department: 'y', costCenter: 'c' },
        displayName: 'Bob',
      },
    }),
    replaces(['PAT-43', 'PAT-47'], 'without a path, a complex value is merged into', {
      operation: { value: { name: { familyName: 'K' } } },
      becomes: { name: { givenName: 'B', familyName: 'K' } },
    }),
    replaces(['PAT-44'], 'a single value', { operation: { path: 'title', value: 'Cook' }, becomes: { title: 'Cook' } }),
    replaces(['PAT-44'], 'a single value in another case is another value', {
      operation: { path: 'title', value: 'BOSS' },
      becomes: { title: 'BOSS' },
    }),
    replaces(['PAT-44'], 'a sub-attribute', {
      operation: { path: 'name.givenName', value: 'X' },
      becomes: { name: { givenName: 'X', familyName: 'J' } },
    }),
    replaces(['PAT-44'], 'an attribute of an extension', {
      operation: { path: `${ENT}:department`, value: 'y' },
      becomes: { [ENT]: { department: 'y', costCenter: 'c' } },
    }),
    replaces(['PAT-45'], 'a list without a filter: exactly the new values', {
      operation: { path: 'emails', value: [{ value: 'c@example.com', type: 'other' }] },
      becomes: { emails: [{ value: 'c@example.com', type: 'other', primary: '{{absent}}' }] },
    }),
    {
      ids: ['PAT-45'],
      title: 'a list that is replaced by one element alone is an error strictly, and that element by default',
      given: [aUser('bob', BOB)],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'emails', value: { value: 'c@example.com' } }),
      expect: E(400, 'invalidValue', /emails/),
      default: { because: 'single-value-for-multi-valued', expect: ok({ emails: [{ value: 'c@example.com' }] }) },
    },
    replaces(['PAT-46'], 'a single value that is not there is added', {
      operation: { path: 'displayName', value: 'Bob' },
      becomes: { displayName: 'Bob' },
    }),
    replaces(['PAT-46'], 'a sub-attribute that is not there is added', {
      operation: { path: 'name.middleName', value: 'M' },
      becomes: { name: { givenName: 'B', familyName: 'J', middleName: 'M' } },
    }),
    replaces(['PAT-46'], 'a list that is not there is added', {
      operation: { path: 'roles', value: [{ value: 'admin' }] },
      becomes: { roles: [{ value: 'admin' }] },
    }),
    {
      ids: ['PAT-46'],
      title: 'an extension, and a complex value, that are not there are added',
      given: [aUser('bob')],
      request: patch(
        '/Users/{{bob.id}}',
        { op: 'replace', path: `${ENT}:department`, value: 'x' },
        { op: 'replace', path: 'name', value: { givenName: 'B' } },
      ),
      expect: ok({ schemas: [USER, ENT], [ENT]: { department: 'x' }, name: { givenName: 'B' } }),
      as: 'after',
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
    },
    replaces(['PAT-47'], 'a complex value: the named sub-attributes are replaced, the others stay', {
      operation: { path: 'name', value: { givenName: 'X', middleName: 'M' } },
      becomes: { name: { givenName: 'X', middleName: 'M', familyName: 'J' } },
    }),
    replaces(['PAT-47'], 'a whole extension by its URN as the path likewise', {
      operation: { path: ENT, value: { department: 'y', division: 'd' } },
      becomes: { [ENT]: { department: 'y', division: 'd', costCenter: 'c' } },
    }),
    {
      ids: ['PAT-47'],
      title: 'an empty object names no sub-attribute, so all stay',
      given: [aUser('bob', BOB)],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'name', value: {} }),
      expect: { status: 200, exactly: '{{bob}}' },
      unchanged: ['/Users/{{bob.id}}'],
    },
    replaces(['PAT-48'], 'the one value that a filter matches is replaced whole', {
      operation: { path: 'addresses[type eq "home"]', value: { type: 'home', locality: 'Lyon' } },
      becomes: {
        addresses: [
          BERLIN,
          { type: 'home', locality: 'Lyon', streetAddress: '{{absent}}', country: '{{absent}}' },
          BONN,
        ],
      },
    }),
    replaces(['PAT-48'], 'all values that a filter matches are replaced', {
      operation: { path: 'addresses[type eq "work"]', value: { type: 'work', locality: 'Bern' } },
      // What has become the same stands once (RFC 7643 §2.4).
      becomes: { addresses: ['{{in any order}}', { type: 'work', locality: 'Bern', country: '{{absent}}' }, PARIS] },
    }),
    replaces(['PAT-49'], 'a sub-attribute is replaced in all values that a filter matches', {
      operation: { path: 'addresses[type eq "work"].streetAddress', value: '9 Side St' },
      becomes: {
        addresses: [{ ...BERLIN, streetAddress: '9 Side St' }, PARIS, { ...BONN, streetAddress: '9 Side St' }],
      },
    }),
    replaces(['PAT-49'], 'a sub-attribute that a matching value does not have is added', {
      operation: { path: 'addresses[country eq "FR"].postalCode', value: '75001' },
      becomes: { addresses: [BERLIN, { ...PARIS, postalCode: '75001' }, BONN] },
    }),
    {
      ids: ['PAT-50'],
      title: 'a filter that matches nothing is 400 noTarget',
      given: [aUser('bob', BOB)],
      request: patch('/Users/{{bob.id}}', {
        op: 'replace',
        path: 'addresses[locality eq "Rome"]',
        value: { locality: 'Lyon' },
      }),
      expect: E(400, 'noTarget', /addresses/),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', {
            op: 'replace',
            path: 'addresses[type eq "other"]',
            value: { type: 'other', locality: 'Lyon' },
          }),
          expect: E(400, 'noTarget'),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'emails[value eq "x"].display', value: 'X' }),
          expect: E(400, 'noTarget'),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'roles[value eq "x"].value', value: 'y' }),
          expect: E(400, 'noTarget'),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'roles.display', value: 'y' }),
          expect: E(400, 'noTarget'),
        },
        {
          request: patch('/Users/{{bob.id}}', {
            op: 'replace',
            path: 'phoneNumbers[type eq "work"].value',
            value: '1',
          }),
          expect: E(400, 'noTarget'),
          default: { because: 'createOnMiss', expect: ok({ phoneNumbers: [{ type: 'work', value: '1' }] }) },
        },
      ],
    },
    ...(
      [
        ['id', 'x'],
        ['meta', { created: '2020-01-01T00:00:00Z' }],
        ['meta.lastModified', '2020-01-01T00:00:00Z'],
        ['groups', []],
        ['groups[value eq "x"].display', 'x'],
        [`${ENT}:manager.displayName`, 'x'],
      ] as const
    ).map(
      ([path, value]): Case => ({
        ids: ['PAT-51'],
        title: `what only the server sets is 400 mutability: ${path}`,
        given: [aUser('bob', BOB), aGroup('staff', '{{bob.id}}')],
        request: patch('/Users/{{bob.id}}', { op: 'replace', path, value }),
        expect: E(400, 'mutability'),
      }),
    ),
    {
      ids: ['PAT-51'],
      title: 'what is immutable is 400 mutability: the value, type and $ref of a member',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', {
        op: 'replace',
        path: 'members[value eq "{{bob.id}}"].value',
        value: '{{eve.id}}',
      }),
      expect: E(400, 'mutability', /members/),
      afterwards: ['members.type', 'members[value eq "{{bob.id}}"].$ref', 'members[type eq "User"]'].map((path) => ({
        request: patch('/Groups/{{staff.id}}', {
          op: 'replace',
          path,
          value: path.endsWith(']') ? { value: '{{eve.id}}' } : 'Group',
        }),
        expect: E(400, 'mutability', /members/),
      })),
    },
  ],
  elsewhere: {
    'PAT-51': {
      file: 'tests/unit/scim/apply-patch.test.ts',
      test: 'PAT-25, PAT-51 immutable attributes take a first value',
    },
  },
};
