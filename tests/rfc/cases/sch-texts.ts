import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  created,
  E,
  ENT,
  filtered,
  found,
  GROUP,
  get,
  ok,
  patch,
  post,
  put,
  user,
} from '../shorthand.ts';

/** RFC 7643 §2.3: what of each data type is a value, and what is none. */

/** A DER SEQUENCE of five bytes, with and without its padding. */

const CERTIFICATE = 'MAMCAQU=';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['SCH-11'],
      title: 'base64 may be padded or not, and is given back as it came',
      request: post('/Users', user('bob', { x509Certificates: [{ value: CERTIFICATE }] })),
      expect: created({ x509Certificates: [{ value: CERTIFICATE }] }),
      afterwards: [
        {
          request: post('/Users', user('eve', { x509Certificates: [{ value: CERTIFICATE.replace('=', '') }] })),
          expect: created({ x509Certificates: [{ value: CERTIFICATE.replace('=', '') }] }),
        },
      ],
    },
    {
      ids: ['SCH-12'],
      title: 'binary values compare by case',
      given: [aUser('bob', { x509Certificates: [{ value: CERTIFICATE }] })],
      request: filtered('/Users', `x509Certificates.value eq "${CERTIFICATE.toLowerCase()}"`),
      expect: found(),
      afterwards: [{ request: filtered('/Users', `x509Certificates.value eq "${CERTIFICATE}"`), expect: found('bob') }],
    },
    ...['not a uri %%', 'http://a b', 'http://a/%zz', 'http://ü'].map(
      (profileUrl): Case => ({
        ids: ['SCH-13'],
        title: `${profileUrl} is no URI`,
        request: post('/Users', user('bob', { profileUrl })),
        expect: E(400, 'invalidValue', /profileUrl.*URI/),
        default: { because: 'verbatimFormats', expect: created({ profileUrl }) },
      }),
    ),
    {
      ids: ['SCH-13'],
      title: 'a reference is an absolute or a relative URI, kept as it came and compared by case',
      given: [aUser('bob', { profileUrl: 'https://Example.com/%7Ebob', photos: [{ value: '../Photos/1?size=2#x' }] })],
      request: filtered('/Users', 'profileUrl eq "https://example.com/%7Ebob"'),
      expect: found(),
      afterwards: [
        { request: filtered('/Users', 'profileUrl eq "https://Example.com/%7Ebob"'), expect: found('bob') },
        { request: get('/Users/{{bob.id}}'), expect: ok({ photos: [{ value: '../Photos/1?size=2#x' }] }) },
      ],
    },
    {
      ids: ['SCH-15', 'SCH-16'],
      title: 'a $ref leads to what it names',
      given: [
        aUser('eve'),
        aUser('bob', { [ENT]: { manager: { value: '{{eve.id}}' } } }),
        aGroup('inner', '{{bob.id}}'),
        aGroup('outer', '{{inner.id}}'),
      ],
      request: get('/Groups/{{outer.id}}'),
      expect: ok({ members: [{ value: '{{inner.id}}', type: 'Group', $ref: '{{base}}/Groups/{{inner.id}}' }] }),
      afterwards: [
        {
          request: get('/Groups/{{inner.id}}'),
          expect: ok({ members: [{ value: '{{bob.id}}', type: 'User', $ref: '{{base}}/Users/{{bob.id}}' }] }),
        },
        {
          request: get('/Users/{{bob.id}}'),
          expect: ok({
            groups: ['{{in any order}}', { $ref: '{{base}}/Groups/{{inner.id}}' }],
            [ENT]: { manager: { $ref: '{{base}}/Users/{{eve.id}}' } },
          }),
        },
        { request: get('/Users/{{eve.id}}'), expect: ok({ userName: 'eve' }) },
      ],
    },
    {
      ids: ['SCH-16'],
      title: 'a member whom nobody knows is refused, by POST, PUT and PATCH',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: post('/Groups', { schemas: [GROUP], displayName: 'g', members: [{ value: 'nobody' }] }),
      expect: E(400, 'invalidValue', /members.*nobody/),
      afterwards: [
        {
          request: put('/Groups/{{staff.id}}', {
            schemas: [GROUP],
            displayName: 'staff',
            members: [{ value: '{{bob.id}}' }, { value: 'nobody' }],
          }),
          expect: E(400, 'invalidValue', /members.*nobody/),
        },
        {
          request: patch('/Groups/{{staff.id}}', { op: 'add', path: 'members', value: [{ value: 'nobody' }] }),
          expect: E(400, 'invalidValue', /members.*nobody/),
        },
      ],
    },
    {
      ids: ['SCH-17'],
      title: 'the order of sub-attributes does not matter, and unknown ones are left out',
      given: [aUser('bob', { name: { givenName: 'A', familyName: 'B' } })],
      request: patch('/Users/{{bob.id}}', {
        op: 'replace',
        path: 'name',
        value: { familyName: 'B', givenName: 'A', shoe: 9 },
      }),
      expect: ok({ name: { givenName: 'A', familyName: 'B', shoe: '{{absent}}' }, meta: '{{bob.meta}}' }),
      unchanged: ['/Users/{{bob.id}}'],
    },
    {
      ids: ['SCH-18'],
      title: 'one value in place of a list',
      request: post('/Users', user('bob', { emails: { value: 'b@example.com' } })),
      expect: E(400, 'invalidValue', /emails.*array/),
      default: { because: 'single-value-for-multi-valued', expect: created({ emails: [{ value: 'b@example.com' }] }) },
    },
    {
      ids: ['SCH-18'],
      title: 'a string in place of a list, or of an object in it',
      request: post('/Users', user('bob', { emails: ['b@example.com'] })),
      expect: E(400, 'invalidValue', /emails/),
      default: { because: 'member-as-string', expect: created({ emails: [{ value: 'b@example.com' }] }) },
      afterwards: [
        {
          request: post('/Users', user('eve', { emails: 'e@example.com' })),
          expect: E(400, 'invalidValue', /emails/),
          default: {
            because: ['single-value-for-multi-valued', 'member-as-string'],
            expect: created({ emails: [{ value: 'e@example.com' }] }),
          },
        },
      ],
    },
    ...[[5], [['x']], 5, true].map(
      (emails): Case => ({
        ids: ['SCH-18'],
        title: `${JSON.stringify(emails)} is no list of e-mail addresses`,
        request: post('/Users', user('bob', { emails })),
        expect: E(400, 'invalidValue', /emails/),
      }),
    ),
  ],
};
