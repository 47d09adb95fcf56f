import type { Case, Coverage } from '../case.ts';
import { changing } from '../changing.ts';
import { aUser, E, ENT, filtered, found, get, ok, patch, USER } from '../shorthand.ts';

const WORK = { value: 'a@example.com', type: 'work', primary: true };
const HOME = { value: 'b@example.com', type: 'home' };

const adds = changing('add');

export const coverage: Coverage = {
  cases: [
    adds(['PAT-24'], 'through a filter, the sub-attributes are merged into what it matches', {
      bob: { emails: [WORK, HOME] },
      operation: { path: 'emails[type eq "work"]', value: { display: 'B' } },
      becomes: {
        emails: [
          { ...WORK, display: 'B' },
          { ...HOME, display: '{{absent}}' },
        ],
      },
    }),
    adds(['PAT-24'], 'through a filter, a sub-attribute of what it matches is set', {
      bob: { emails: [WORK, HOME] },
      operation: { path: 'emails[type eq "home"].display', value: 'B' },
      becomes: { emails: [WORK, { ...HOME, display: 'B' }] },
    }),
    ...(
      [
        ['emails[type eq "work"].value', 'w@example.com', { emails: [HOME, { value: 'w@example.com', type: 'work' }] }],
        [
          'emails[type eq "work"]',
          { value: 'w@example.com' },
          { emails: [HOME, { value: 'w@example.com', type: 'work' }] },
        ],
        [
          'emails[type eq "work" and primary eq true].value',
          'w@example.com',
          { emails: [HOME, { value: 'w@example.com', type: 'work', primary: true }] },
        ],
        [
          'addresses[type eq "work"].locality',
          'Berlin',
          { emails: [HOME], addresses: [{ type: 'work', locality: 'Berlin' }] },
        ],
      ] as const
    ).map(
      ([path, value, becomes]): Case => ({
        ids: ['PAT-24'],
        title: `through a filter that matches nothing, the element is created by default: ${path}`,
        given: [aUser('bob', { emails: [HOME] })],
        request: patch('/Users/{{bob.id}}', { op: 'add', path, value }),
        expect: E(400, 'noTarget'),
        default: { because: 'createOnMiss', expect: ok(becomes) },
        afterwards: [
          {
            request: get('/Users/{{bob.id}}'),
            expect: { ...ok({ emails: [HOME] }), absent: ['addresses'] },
            default: { because: 'createOnMiss', expect: ok(becomes) },
          },
        ],
      }),
    ),
    {
      ids: ['PAT-24'],
      title: 'a filter that is more than equalities creates nothing',
      given: [aUser('bob', { emails: [HOME] })],
      request: patch('/Users/{{bob.id}}', { op: 'add', path: 'emails[type sw "w"].value', value: 'w@example.com' }),
      expect: E(400, 'noTarget'),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', {
            op: 'add',
            path: 'emails[type eq "work" or type eq "other"].value',
            value: 'w@example.com',
          }),
          expect: E(400, 'noTarget'),
        },
      ],
    },
    adds(['PAT-27'], 'an attribute of an extension brings the extension’s URN', {
      operation: { path: `${ENT}:employeeNumber`, value: '1' },
      becomes: { schemas: [USER, ENT], [ENT]: { employeeNumber: '1' } },
    }),
    adds(['PAT-27'], 'a whole extension by its URN as the path', {
      bob: { [ENT]: { department: 'x', costCenter: 'c' } },
      operation: { path: ENT, value: { department: 'y', division: 'd' } },
      becomes: { schemas: [USER, ENT], [ENT]: { department: 'y', costCenter: 'c', division: 'd' } },
    }),
    adds(['PAT-28'], 'without a path, an extension is an object under its URN', {
      bob: { [ENT]: { costCenter: 'c' } },
      operation: { value: { title: 'Cook', [ENT]: { department: 'x' } } },
      becomes: { schemas: [USER, ENT], title: 'Cook', [ENT]: { department: 'x', costCenter: 'c' } },
    }),
    {
      ids: ['PAT-28'],
      title: 'without a path, an extension that is no object is 400, and one that nobody knows too unless by default',
      given: [aUser('bob')],
      request: patch('/Users/{{bob.id}}', { op: 'add', value: { [ENT]: 'x' } }),
      expect: E(400, 'invalidValue', /enterprise/),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', {
            op: 'add',
            value: { title: 'x', 'urn:example:x:2.0:User': { badge: 1 } },
          }),
          expect: E(400, 'invalidSyntax', /urn:example:x/),
          default: {
            because: 'unknownSchemas',
            expect: { ...ok({ schemas: [USER], title: 'x' }), absent: ['urn:example:x:2.0:User'] },
          },
        },
      ],
    },
    {
      ids: ['PAT-29'],
      title: 'keys with dots and brackets in a value without a path are paths by default; strictly nobody knows them',
      given: [aUser('bob', { name: { familyName: 'J' }, emails: [WORK] })],
      request: patch('/Users/{{bob.id}}', {
        op: 'replace',
        value: { title: 'Cook', 'name.givenName': 'B', 'emails[type eq "work"].value': 'w@example.com' },
      }),
      expect: ok({ title: 'Cook', name: { familyName: 'J', givenName: '{{absent}}' }, emails: [WORK] }),
      default: {
        because: 'dotted-keys-without-path',
        expect: ok({
          title: 'Cook',
          name: { familyName: 'J', givenName: 'B' },
          emails: [{ ...WORK, value: 'w@example.com' }],
        }),
      },
      as: 'after',
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
    },
    {
      ids: ['PAT-29'],
      title: 'keys that are an attribute with its URN are paths by default; strictly they do not belong there',
      given: [aUser('bob')],
      request: patch('/Users/{{bob.id}}', {
        op: 'add',
        value: { [`${ENT}:department`]: 'x', [`${USER}:title`]: 'Cook' },
      }),
      expect: E(400, 'invalidSyntax', /does not belong/),
      default: {
        because: 'urn-colon-keys-without-path',
        expect: ok({ schemas: [USER, ENT], title: 'Cook', [ENT]: { department: 'x' } }),
      },
    },
    ...[
      '__proto__.isAdmin',
      'constructor.prototype.isAdmin',
      'name.__proto__.x',
      'emails[type eq "work"].__proto__',
    ].map(
      (key): Case => ({
        ids: ['PAT-29'],
        title: `a key that reaches for a prototype is 400 invalidPath: ${key}`,
        given: [aUser('bob')],
        request: {
          method: 'PATCH',
          path: '/Users/{{bob.id}}',
          text: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{${JSON.stringify(key)}:"x"}}]}`,
        },
        expect: E(400, 'invalidPath'),
      }),
    ),
    adds(['PAT-30'], 'a new primary value takes it from the old one', {
      bob: { emails: [WORK, HOME] },
      operation: { path: 'emails', value: [{ value: 'c@example.com', primary: true }] },
      becomes: {
        emails: [
          { ...WORK, primary: false },
          { ...HOME, primary: '{{absent}}' },
          { value: 'c@example.com', primary: true },
        ],
      },
    }),
    adds(['PAT-30'], 'also one that was there and becomes primary, by its path', {
      bob: { emails: [WORK, HOME] },
      operation: { path: 'emails[type eq "home"].primary', value: true },
      becomes: {
        emails: [
          { ...WORK, primary: false },
          { ...HOME, primary: true },
        ],
      },
    }),
    adds(['PAT-30'], 'also one that a filter chooses and a value makes primary', {
      bob: { emails: [WORK, HOME] },
      operation: { path: 'emails[type eq "home"]', value: { primary: true, display: 'B' } },
      becomes: {
        emails: [
          { ...WORK, primary: false },
          { ...HOME, primary: true, display: 'B' },
        ],
      },
    }),
    {
      ids: ['PAT-30'],
      title: 'filters agree: one value is primary, the new one',
      given: [aUser('bob', { emails: [WORK] })],
      request: patch('/Users/{{bob.id}}', {
        op: 'add',
        value: { emails: [{ value: 'c@example.com', primary: true }] },
      }),
      expect: ok({
        emails: [
          { ...WORK, primary: false },
          { value: 'c@example.com', primary: true },
        ],
      }),
      afterwards: [
        { request: filtered('/Users', 'emails[primary eq true and value eq "a@example.com"]'), expect: found() },
        { request: filtered('/Users', 'emails[primary eq true and value eq "c@example.com"]'), expect: found('bob') },
      ],
    },
    {
      ids: ['PAT-31'],
      title: 'one operation with two primary values is 400 invalidValue',
      given: [aUser('bob', { emails: [WORK, HOME] })],
      request: patch('/Users/{{bob.id}}', {
        op: 'add',
        path: 'emails',
        value: [
          { value: 'c@example.com', primary: true },
          { value: 'd@example.com', primary: true },
        ],
      }),
      expect: E(400, 'invalidValue', /emails.*primary/),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'emails.primary', value: true }),
          expect: E(400, 'invalidValue', /emails.*primary/),
        },
        {
          request: patch(
            '/Users/{{bob.id}}',
            { op: 'add', path: 'emails', value: [{ value: 'c@example.com', primary: true }] },
            { op: 'add', path: 'emails', value: [{ value: 'd@example.com', primary: true }] },
          ),
          expect: ok({
            emails: [
              { ...WORK, primary: false },
              HOME,
              { value: 'c@example.com', primary: false },
              { value: 'd@example.com', primary: true },
            ],
          }),
        },
      ],
    },
  ],
  elsewhere: {
    'PAT-29': { file: 'tests/threats/prototype-pollution.test.ts', test: 'T-PP-03 T-PP-05 keys of a PATCH value' },
  },
  decided: {
    'PAT-24':
      'add through a filter merges into what it matches; where it matches nothing, the element is created from the equalities of the filter by default, and strictly it is 400 noTarget.',
    'PAT-29':
      'Keys that are paths are taken as paths by default and ignored, or refused with their URN, when strict; what reaches for a prototype is 400 invalidPath in both.',
  },
};
