import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, E, ENT, get, NO_CONTENT, ok, patch, USER } from '../shorthand.ts';

const EMAILS = [
  { value: 'a@example.com', type: 'work', primary: true },
  { value: 'b@example.com', type: 'home' },
];

/** `replace` of this path, by a string, must come to this. */
function refused(ids: readonly string[], path: unknown, scimType: string): Case {
  return {
    ids,
    title: `path ${JSON.stringify(path)} is 400 ${scimType}`,
    given: [aUser('bob', { title: 'Boss', name: { givenName: 'B' }, emails: EMAILS, [ENT]: { department: 'x' } })],
    request: patch('/Users/{{bob.id}}', { op: 'replace', path, value: 'x' }),
    expect: E(400, scimType),
    afterwards: [{ request: patch('/Users/{{bob.id}}', { op: 'remove', path }), expect: E(400, scimType) }],
  };
}

export const coverage: Coverage = {
  cases: [
    ...[
      '',
      ' ',
      '.',
      'name.',
      '.givenName',
      'name..givenName',
      'name givenName',
      'title eq "x"',
      'emails[type eq "work"]]',
      'emails[type eq "work"].',
      'emails[type eq "work"]value',
      'emails[type eq "work"] .value',
      'emails[type eq "work"][primary eq true]',
      '[type eq "work"]',
      '/title',
      'title;',
      '$title',
      '1title',
      7,
      ['title'],
      {},
      true,
    ].map((path) => refused(['PAT-09'], path, 'invalidPath')),
    ...[
      'emails[]',
      'emails[ ]',
      'emails[',
      'emails[type eq "work"',
      'emails[type]',
      'emails[type eq]',
      'emails[type xx "work"]',
      'emails[type eq "work" and]',
      'emails[(type eq "work"]',
      'emails[type eq "work]',
      "emails[type eq 'work']",
      'emails[nope eq "work"]',
      'emails[type co]',
      'emails[emails[type eq "work"]]',
      'emails[not type eq "work"]',
    ].map((path) => refused(['PAT-10'], path, 'invalidFilter')),
    {
      ids: ['PAT-10'],
      title: 'a value without quotes, or of another type',
      given: [aUser('bob', { emails: EMAILS })],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'emails[type eq work].display', value: 'B' }),
      expect: E(400, 'invalidFilter'),
      default: {
        because: 'unquotedFilterValues',
        expect: ok({
          emails: [
            { ...EMAILS[0], display: 'B' },
            { ...EMAILS[1], display: '{{absent}}' },
          ],
        }),
      },
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'emails[type eq 5]' }),
          expect: E(400, 'invalidFilter'),
          default: { because: 'unquotedFilterValues', expect: E(400, 'noTarget') },
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'emails[primary gt true]' }),
          expect: E(400, 'invalidFilter'),
        },
      ],
    },
    ...[
      'nope',
      'name.nope',
      'emails.nope',
      'emails[type eq "work"].nope',
      'nope[type eq "work"]',
      'nope.title',
      `${ENT}:nope`,
      `${ENT}:manager.nope`,
      `${USER}:nope`,
      `${USER}:department`,
      'members',
      '__proto__',
      'constructor',
      'name.__proto__',
      'emails[type eq "work"].__proto__',
      USER,
    ].map((path) => refused(['PAT-11'], path, 'invalidPath')),
    {
      ids: ['PAT-11'],
      title: 'an unknown attribute of a group, and one in an extension that nobody knows',
      given: [aGroup('staff'), aUser('bob')],
      request: patch('/Groups/{{staff.id}}', { op: 'replace', path: 'userName', value: 'x' }),
      expect: E(400, 'invalidPath'),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: 'urn:example:x:2.0:User:badge', value: 'x' }),
          expect: E(400, 'invalidPath'),
          default: { because: 'unknown-extension-in-path', expect: ok({ meta: '{{bob.meta}}' }) },
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'add', path: 'department', value: 'x' }),
          expect: E(400, 'invalidPath'),
          default: { because: 'extension-attribute-without-urn', expect: ok({ [ENT]: { department: 'x' } }) },
        },
      ],
    },
    ...[
      'emails[0]',
      'emails[0].value',
      'emails.0',
      'emails.0.value',
      '/emails/0',
      '/emails/-',
      'emails/0',
      'emails[-1]',
    ].map((path) => refused(['PAT-12'], path, 'invalidPath')),
    ...(
      [
        ['TITLE', { title: 'x' }],
        [`${USER}:title`, { title: 'x' }],
        [`${USER.toUpperCase()}:TITLE`, { title: 'x' }],
        ['Name.FAMILYNAME', { name: { familyName: 'x', givenName: 'B' } }],
        [`${USER}:name.familyName`, { name: { familyName: 'x', givenName: 'B' } }],
        [
          `${USER}:emails[TYPE eq "home"].VALUE`,
          { emails: [{ value: 'a@example.com' }, { value: 'x', type: 'home' }] },
        ],
        [`${ENT}:costCenter`, { [ENT]: { costCenter: 'x', department: 'd' } }],
        [`${ENT.toLowerCase()}:DEPARTMENT`, { [ENT]: { department: 'x' } }],
      ] as const
    ).map(
      ([path, expected]): Case => ({
        ids: ['PAT-13'],
        title: `path ${path} is understood`,
        given: [aUser('bob', { name: { givenName: 'B' }, emails: EMAILS, [ENT]: { department: 'd' } })],
        request: patch('/Users/{{bob.id}}', {
          op: 'replace',
          path,
          value: path.includes('emails') ? 'x@example.com' : 'x',
        }),
        expect: ok(
          path.includes('emails')
            ? { emails: [{ value: 'a@example.com' }, { value: 'x@example.com', type: 'home' }] }
            : expected,
        ),
        as: 'after',
        afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
      }),
    ),
    {
      ids: ['PAT-13'],
      title: 'a sub-attribute of an extension, in any case',
      given: [
        aUser('bob'),
        aUser('eve'),
        aUser('joe', { [ENT]: { department: 'x', manager: { value: '{{bob.id}}' } } }),
      ],
      request: patch('/Users/{{joe.id}}', {
        op: 'replace',
        path: `${ENT.toUpperCase()}:MANAGER.Value`,
        value: '{{eve.id}}',
      }),
      expect: ok({ [ENT]: { department: 'x', manager: { value: '{{eve.id}}', $ref: '{{eve.meta.location}}' } } }),
      as: 'after',
      afterwards: [{ request: get('/Users/{{joe.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
    },
    ...[
      'name.givenName.x',
      'emails[type eq "work"].value.x',
      'emails.value.x',
      `${ENT}:manager.value.x`,
      'title.x',
    ].map((path) => refused(['PAT-14'], path, 'invalidPath')),
    {
      ids: ['PAT-61'],
      title: 'the paths of figure 8: name.familyName and addresses[type eq "work"]',
      given: [
        aUser('bob', {
          name: { givenName: 'B', familyName: 'J' },
          addresses: [
            { type: 'work', locality: 'Berlin' },
            { type: 'home', locality: 'Bonn' },
          ],
        }),
      ],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'name.familyName', value: 'K' }),
      expect: ok({ name: { givenName: 'B', familyName: 'K' } }),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'addresses[type eq "work"]' }),
          expect: ok({ addresses: [{ type: 'home', locality: 'Bonn' }] }),
        },
        {
          request: get('/Users/{{bob.id}}'),
          expect: ok({ name: { givenName: 'B', familyName: 'K' }, addresses: [{ type: 'home', locality: 'Bonn' }] }),
        },
      ],
    },
    {
      ids: ['PAT-61'],
      title: 'the paths of figure 8: members, members[value eq "id"]; members have no displayName',
      given: [aUser('bob'), aUser('eve'), aGroup('staff', '{{bob.id}}')],
      request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: '{{eve.id}}' }] }),
      expect: NO_CONTENT,
      afterwards: [
        {
          request: patch('/Groups/{{staff.id}}', { op: 'remove', path: 'members[value eq "{{bob.id}}"]' }),
          expect: NO_CONTENT,
        },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{eve.id}}' }] }) },
        {
          request: patch('/Groups/{{staff.id}}', {
            op: 'replace',
            path: 'members[value eq "{{eve.id}}"].displayName',
            value: 'x',
          }),
          expect: E(400, 'invalidPath', /displayName/),
        },
        {
          request: patch('/Groups/{{staff.id}}', {
            op: 'replace',
            path: 'members[value eq "{{eve.id}}"].display',
            value: 'x',
          }),
          expect: E(400, 'mutability', /display/),
        },
      ],
    },
    {
      ids: ['PAT-60'],
      title: 'a filter with a boolean: emails[primary eq true].value',
      given: [aUser('bob', { emails: EMAILS })],
      request: patch('/Users/{{bob.id}}', {
        op: 'replace',
        path: 'emails[primary eq true].value',
        value: 'c@example.com',
      }),
      expect: ok({ emails: [{ value: 'c@example.com', type: 'work', primary: true }, EMAILS[1]] }),
      as: 'after',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } },
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: 'emails[primary ne true]' }),
          expect: ok({ emails: [{ value: 'c@example.com', type: 'work', primary: true }] }),
        },
        {
          request: patch('/Users/{{bob.id}}', {
            op: 'replace',
            path: 'emails[primary eq "True"].value',
            value: 'd@example.com',
          }),
          expect: E(400, 'invalidFilter'),
          default: {
            because: 'boolean-as-string',
            expect: ok({ emails: [{ value: 'd@example.com', type: 'work', primary: true }] }),
          },
        },
      ],
    },
    ...(
      [
        ['emails[type eq "work" and value ew "example.com"].display', [0]],
        ['emails[type eq "work" or type eq "home"].display', [0, 1]],
        ['emails[not (type eq "work")].display', [1]],
        ['emails[value sw "b@"].display', [1]],
        ['emails[type pr].display', [0, 1]],
        ['emails[TYPE EQ "WORK"].display', [0]],
        ['emails[display pr or primary eq true].display', [0]],
        ['emails.display', [0, 1]],
      ] as const
    ).map(
      ([path, chosen]): Case => ({
        ids: ['PAT-49'],
        title: `${path} names the values that the filter matches`,
        given: [aUser('bob', { emails: EMAILS })],
        request: patch('/Users/{{bob.id}}', { op: 'replace', path, value: 'B' }),
        expect: ok({
          emails: EMAILS.map((email, n) => ({
            ...email,
            display: (chosen as readonly number[]).includes(n) ? 'B' : '{{absent}}',
          })),
        }),
        as: 'after',
        afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
      }),
    ),
  ],
};
