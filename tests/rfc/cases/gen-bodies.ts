import type { Case, Coverage } from '../case.ts';
import { aUser, created, E, ENT, found, get, ok, patch, post, put, raw, USER, user } from '../shorthand.ts';

const SCIM = /^application\/scim\+json(; ?charset=utf-8)?$/i;

const asScim = { status: 200, headers: { 'content-type': SCIM } };

const BODIES = ['[]', '[{"userName":"eve"}]', '"eve"', 'null', '1', 'true'];

export const coverage: Coverage = {
  cases: [
    {
      ids: ['GEN-01'],
      title: 'a body is UTF-8, whatever is in it',
      given: [aUser('bob', { displayName: 'Zoë 渡辺 👩‍💻' })],
      request: get('/Users/{{bob.id}}'),
      expect: { ...asScim, body: { displayName: 'Zoë 渡辺 👩‍💻' } },
    },
    ...(
      [
        ['GEN-02', 'application/scim+json'],
        ['GEN-03', 'application/json'],
        ['GEN-04', null],
        ['GEN-05', '*/*'],
        ['GEN-05', 'application/*'],
        ['GEN-05', 'text/html;q=0.9, */*;q=0.1'],
        ['GEN-05', 'application/json;q=0.5, application/scim+json'],
      ] as const
    ).map(
      ([id, Accept]): Case => ({
        ids: [id],
        title: `Accept: ${Accept ?? 'nothing'} is answered with application/scim+json`,
        request: get('/Users', { Accept }),
        expect: { ...asScim, body: { totalResults: 0 } },
      }),
    ),
    {
      ids: ['GEN-06'],
      title: 'an Accept that fits nothing we have is ignored',
      request: get('/Users', { Accept: 'application/xml' }),
      expect: asScim,
      afterwards: [
        { request: post('/Users', user('bob'), { Accept: 'text/html' }), expect: created({ userName: 'bob' }) },
      ],
    },
    ...(
      [
        ['GEN-07', 'application/scim+json'],
        ['GEN-08', 'application/json'],
        ['GEN-09', 'Application/SCIM+JSON; charset=UTF-8'],
        ['GEN-09', 'APPLICATION/JSON;charset="utf-8"'],
        ['GEN-09', 'application/scim+json; profile=x'],
      ] as const
    ).map(
      ([id, type]): Case => ({
        ids: [id],
        title: `a body of Content-Type ${type} is read`,
        request: post('/Users', user('bob'), { 'Content-Type': type }),
        expect: created({ userName: 'bob' }),
        afterwards: [
          {
            request: {
              ...put('/Users/{{reply.id}}', user('bob', { title: 'Boss' })),
              headers: { 'Content-Type': type },
            },
            expect: ok({ title: 'Boss' }),
          },
        ],
      }),
    ),
    ...[
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'nonsense',
      'application/scim+json; charset=utf-16',
    ].map(
      (type): Case => ({
        ids: ['GEN-10'],
        title: `a body of Content-Type ${type} is 415, and not parsed`,
        given: [aUser('bob')],
        request: raw('POST', '/Users', '{"broken', { 'Content-Type': type }),
        expect: E(415),
        afterwards: [
          { request: post('/Users', user('eve'), { 'Content-Type': type }), expect: E(415) },
          {
            request: {
              ...patch('/Users/{{bob.id}}', { op: 'remove', path: 'active' }),
              headers: { 'Content-Type': type },
            },
            expect: E(415),
          },
        ],
      }),
    ),
    {
      ids: ['GEN-11'],
      title: 'a body without a Content-Type is read as SCIM JSON',
      request: post('/Users', user('bob'), { 'Content-Type': null }),
      expect: created({ userName: 'bob' }),
    },
    ...['{"a":', '{"userName":"bob",}', "{'userName':'bob'}", '{"userName":"bob"} x', '{"a":01}', 'undefined', ''].map(
      (text): Case => ({
        ids: ['GEN-12'],
        title: `malformed JSON: ${text === '' ? 'nothing at all' : text}`,
        given: [aUser('bob')],
        request: raw('POST', '/Users', text),
        expect: E(400, 'invalidSyntax'),
        afterwards: [
          { request: raw('PUT', '/Users/{{bob.id}}', text), expect: E(400, 'invalidSyntax') },
          { request: raw('PATCH', '/Users/{{bob.id}}', text), expect: E(400, 'invalidSyntax') },
        ],
      }),
    ),
    ...BODIES.map(
      (text): Case => ({
        ids: ['GEN-13'],
        title: `a body that is no object: ${text}`,
        given: [aUser('bob')],
        request: raw('POST', '/Users', text),
        expect: E(400, 'invalidSyntax', /object/),
        afterwards: [
          { request: raw('PUT', '/Users/{{bob.id}}', text), expect: E(400, 'invalidSyntax') },
          { request: raw('PATCH', '/Users/{{bob.id}}', text), expect: E(400, 'invalidSyntax') },
        ],
      }),
    ),
    ...[
      '"userName":"bob","userName":"eve"',
      '"userName":"bob","\\u0075serName":"eve"',
      '"userName":"bob","name":{"givenName":"a","givenName":"b"}',
    ].map(
      (members): Case => ({
        ids: ['GEN-14'],
        title: `one name given twice in an object: ${members}`,
        request: raw('POST', '/Users', `{"schemas":["${USER}"],${members}}`),
        expect: E(400, 'invalidSyntax', /userName|givenName/),
      }),
    ),
    ...['"\\ud800"', '"x\\udc00"', '"\\ud83d\\ud83d"'].map(
      (text): Case => ({
        ids: ['GEN-15'],
        title: `half a surrogate pair is no character: ${text}`,
        request: raw('POST', '/Users', `{"schemas":["${USER}"],"userName":"bob","title":${text}}`),
        expect: E(400, 'invalidValue', /surrogate/),
      }),
    ),
    {
      ids: ['GEN-15'],
      title: 'a byte order mark before the JSON is refused',
      request: raw('POST', '/Users', `\ufeff{"schemas":["${USER}"],"userName":"bob"}`),
      expect: E(400, 'invalidSyntax', /byte order mark/),
    },
    {
      ids: ['GEN-16'],
      title: 'names of attributes in any case are the schema’s, in bodies, paths and parameters',
      request: post('/Users', {
        SCHEMAS: [USER, ENT],
        USERNAME: 'bob',
        NAME: { GivenName: 'Bob' },
        emails: [{ VALUE: 'bob@example.com', Type: 'work' }],
        [ENT]: { DEPARTMENT: 'x' },
      }),
      expect: created({
        userName: 'bob',
        name: { givenName: 'Bob' },
        emails: [{ value: 'bob@example.com', type: 'work' }],
        [ENT]: { department: 'x' },
        USERNAME: '{{absent}}',
        NAME: '{{absent}}',
      }),
      as: 'bob',
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'NAME.givenname', value: 'Rob' }),
          expect: ok({ name: { givenName: 'Rob' } }),
        },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', value: { TITLE: 'Boss' } }),
          expect: ok({ title: 'Boss' }),
        },
        { request: get('/Users?filter=USERNAME%20eq%20%22bob%22'), expect: found('bob') },
        {
          request: get('/Users/{{bob.id}}?attributes=USERname'),
          expect: { ...ok({ userName: 'bob' }), absent: ['title'] },
        },
      ],
    },
    ...['"userName":"bob","username":"eve"', '"userName":"bob","name":{"givenName":"a","GIVENNAME":"b"}'].map(
      (members): Case => ({
        ids: ['GEN-17'],
        title: `two names that are one in another case: ${members}`,
        request: raw('POST', '/Users', `{"schemas":["${USER}"],${members}}`),
        expect: E(400, 'invalidSyntax', /username|givenname/i),
      }),
    ),
  ],
  decided: {
    'GEN-06': 'Accept is ignored: providers send all kinds of it, and every answer is application/scim+json.',
    'GEN-10': 'Any other Content-Type, and a charset other than UTF-8, is 415 before a byte of the body is read.',
    'GEN-11': 'A body without a Content-Type is read as application/scim+json.',
    'GEN-14':
      'A name that stands twice in one object, also escaped, is refused: two readers would take different ones.',
    'GEN-17': 'Two names that differ in case only are one attribute given twice, and refused.',
  },
  elsewhere: {
    'GEN-15': { file: 'tests/threats/json.test.ts', test: 'T-JSON-05 what is' },
  },
};
