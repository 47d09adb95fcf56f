import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aUser, created, E, filtered, found, get, ok, patch, post, put, user } from '../shorthand.ts';

/** One DER sequence, in base64; several, one after the other. */
const CERTIFICATE = [0x30, 0x03, 0x02, 0x01, 0x2a];
const base64 = (...bytes: readonly (readonly number[])[]) => Buffer.from(bytes.flat()).toString('base64');

/** Stored verbatim by default, refused where `strict`. */
function refused(ids: readonly string[], name: string, attributes: Readonly<Record<string, unknown>>): Case {
  const [attribute = ''] = Object.keys(attributes);
  return {
    ids,
    title: `${name} is no ${attribute}`,
    given: [aUser('eve')],
    request: post('/Users', user('bob', attributes)),
    expect: E(400, 'invalidValue', new RegExp(attribute)),
    default: { because: 'verbatimFormats', expect: created(attributes) },
    afterwards: [
      {
        request: put('/Users/{{eve.id}}', user('eve', attributes)),
        expect: E(400, 'invalidValue', new RegExp(attribute)),
        default: { because: 'verbatimFormats', expect: ok(attributes) },
      },
      {
        request: patch('/Users/{{eve.id}}', { op: 'add', path: attribute, value: attributes[attribute] }),
        expect: E(400, 'invalidValue', new RegExp(attribute)),
        default: { because: 'verbatimFormats', expect: ok(attributes) },
      },
    ],
  };
}

function kept(ids: readonly string[], name: string, attributes: Readonly<Record<string, unknown>>): Case {
  return {
    ids,
    title: `${name} is kept as it was sent`,
    request: post('/Users', user('bob', attributes)),
    expect: created(attributes),
    as: 'bob',
    afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{bob}}' } }],
  };
}

export const coverage: Coverage = {
  cases: [
    kept(['USR-09'], 'a profileUrl, equal to others by RFC 3986 §6.2 or not,', { profileUrl: 'HTTP://Ex.com/%7ea' }),
    refused(['USR-09'], 'text with spaces', { profileUrl: 'my page' }),
    ...['javascript:alert(1)', ' JaVa\tScript:alert(1)', 'vbscript:x'].map(
      (value): Case => ({
        ids: ['USR-09', 'USR-21'],
        title: `${JSON.stringify(value)} is no URL of a page or a photo`,
        given: [aUser('eve')],
        request: post('/Users', user('bob', { photos: [{ value, type: 'photo' }] })),
        expect: E(400, 'invalidValue', /photos/),
        afterwards: [
          { request: post('/Users', user('bob', { profileUrl: value })), expect: E(400, 'invalidValue', /profileUrl/) },
          {
            request: patch('/Users/{{eve.id}}', { op: 'add', path: 'photos', value: [{ value }] }),
            expect: E(400, 'invalidValue', /photos/),
          },
        ],
      }),
    ),
    kept(['USR-10'], 'a preferredLanguage as in Accept-Language', { preferredLanguage: 'en-US, fr;q=0.8' }),
    kept(['USR-10'], 'a preferredLanguage of one tag', { preferredLanguage: 'da' }),
    ...['en-US', 'en_US', 'zh-Hant-TW', 'de', 'sl-rozaj-biske'].map((locale) =>
      kept(['USR-11'], `the locale ${locale}`, { locale }),
    ),
    ...['x-klingon', 'i-navajo'].map(
      (locale): Case => ({
        ...kept(['USR-11'], `the locale ${locale}, of BCP 47’s privateuse and grandfathered tags,`, { locale }),
      }),
    ),
    ...['en US', 'en-', 'english language', '12', 'en-US, fr;q=0.8'].map((locale) =>
      refused(['USR-11'], `"${locale}"`, { locale }),
    ),
    ...['America/Los_Angeles', 'Europe/Copenhagen', 'Asia/Calcutta', 'UTC'].map((timezone) =>
      kept(['USR-12'], `the time zone ${timezone}`, { timezone }),
    ),
    ...['PST8', 'Mars/Phobos', '+01:00', 'Los Angeles'].map((timezone) =>
      refused(['USR-12'], `"${timezone}"`, { timezone }),
    ),
    {
      ids: ['USR-17'],
      title: 'an e-mail address is kept as it was sent, and found in any case',
      request: post('/Users', user('bob', { emails: [{ value: 'A.B@EXAMPLE.COM', display: 'A', type: 'work' }] })),
      expect: created({ emails: [{ value: 'A.B@EXAMPLE.COM', display: 'A', type: 'work' }] }),
      afterwards: [
        { request: filtered('/Users', 'emails.value eq "a.b@example.com"'), expect: found('bob') },
        { request: filtered('/Users', 'emails[value ew "@example.COM"]'), expect: found('bob') },
      ],
    },
    ...['no at', 'a@', '@example.com', 'a b@example.com', `${'a'.repeat(65)}@example.com`].map((value) =>
      refused(['USR-17'], `"${value}"`, { emails: [{ value }] }),
    ),
    kept(['USR-18'], 'an e-mail address of each type, canonical or not,', {
      emails: ['work', 'home', 'other', 'lab'].map((type) => ({ value: `${type}@example.com`, type })),
    }),
    kept(['USR-19'], 'a telephone number, as in RFC 3966 or not,', {
      phoneNumbers: [
        { value: 'tel:+1-201-555-0123', type: 'work' },
        { value: 'tel:863-1234;phone-context=+1-914-555' },
        { value: '(555) 0100 ext. 7', type: 'mobile', primary: true },
        { value: '٠١٢٣', type: 'satellite' },
      ],
    }),
    kept(['USR-20'], 'an ims, with its spaces and capitals,', {
      ims: [
        { value: ' A B ', type: 'xmpp' },
        { value: 'Some.One', type: 'matrix' },
      ],
    }),
    {
      ids: ['USR-20'],
      title: 'an ims is found in any case of its letters, and by its type',
      given: [aUser('bob', { ims: [{ value: 'Some.One', type: 'XMPP' }] }), aUser('eve')],
      request: filtered('/Users', 'ims[value eq "some.one" and type eq "xmpp"]'),
      expect: found('bob'),
    },
    kept(['USR-21'], 'a photo of each type', {
      photos: [
        { value: 'https://photos.example.com/profilephoto/72930000000Ccne/F', type: 'photo' },
        { value: 'https://photos.example.com/profilephoto/72930000000Ccne/T', type: 'thumbnail', primary: true },
      ],
    }),
    refused(['USR-21'], 'text with spaces', { photos: [{ value: 'no url' }] }),
    kept(['USR-22', 'USR-23'], 'an address with all its parts, and newlines,', {
      addresses: [
        {
          formatted: '100 Universal City Plaza\nHollywood, CA 91608 US',
          streetAddress: '100 Universal\r\nCity Plaza',
          locality: 'Hollywood',
          region: 'CA',
          postalCode: '91608',
          country: 'US',
          type: 'work',
          primary: true,
        },
        { formatted: 'a\nb' },
      ],
    }),
    ...['USA', 'United States', '1'].map((country) =>
      refused(['USR-22'], `the country ${country}`, { addresses: [{ country }] }),
    ),
    kept(['USR-28'], 'what a user has for roles and entitlements', {
      roles: [{ value: 'Student', type: 'x', display: 'A student', primary: true }, { value: 'admin' }],
      entitlements: [{ value: 'everything', display: 'All' }],
    }),
    {
      ids: ['USR-28'],
      title: 'who is called an administrator by a provider is none, and opens nothing',
      run: async (world) => {
        const reader = await world.mint({ scope: 'read' });
        const bob = await world.user('bob', { roles: [{ value: 'admin' }], entitlements: [{ value: '*' }] });
        const write = await world.request('POST', '/Users', {
          body: user('eve'),
          headers: { authorization: `Bearer ${reader.token}` },
        });
        expect(write.status).toBe(403);
        expect((await world.get('/Me')).status).toBe(404);
        expect((await world.get(`/Users/${bob.id}`, { authorization: 'Bearer admin' })).status).toBe(401);
      },
    },
    kept(['USR-29'], 'a certificate in DER', { x509Certificates: [{ value: base64(CERTIFICATE), display: 'c' }] }),
    refused(['USR-29'], 'two certificates one after the other', {
      x509Certificates: [{ value: base64(CERTIFICATE, CERTIFICATE) }],
    }),
    refused(['USR-29'], 'a certificate cut short', { x509Certificates: [{ value: base64(CERTIFICATE.slice(0, 4)) }] }),
    ...['-----BEGIN CERTIFICATE-----', 'not base64!', 'MAMCA'].map(
      (value): Case => ({
        ids: ['USR-29'],
        title: `${value} is no base64`,
        request: post('/Users', user('bob', { x509Certificates: [{ value }] })),
        expect: E(400, 'invalidValue', /x509Certificates/),
      }),
    ),
    {
      ids: ['USR-30'],
      title: 'the display of a value is the client’s to write',
      given: [aUser('bob', { emails: [{ value: 'b@example.com', type: 'work' }] })],
      request: patch('/Users/{{bob.id}}', {
        op: 'add',
        path: 'emails[type eq "work"].display',
        value: 'Bob <b@example.com>',
      }),
      expect: ok({ emails: [{ value: 'b@example.com', type: 'work', display: 'Bob <b@example.com>' }] }),
      afterwards: [
        {
          request: put('/Users/{{bob.id}}', user('bob', { roles: [{ value: 'r', display: 'R' }] })),
          expect: { ...ok({ roles: [{ value: 'r', display: 'R' }] }), absent: ['emails'] },
        },
      ],
    },
  ],
  decided: {
    'USR-30':
      'The display of a user’s values (emails, roles, …) is readWrite, as its characteristics say (erratum 8358 is held).',
  },
};
