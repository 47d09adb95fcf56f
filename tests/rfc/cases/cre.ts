import type { Coverage } from '../case.ts';
import { aGroup, aUser, created, ENT, filtered, found, GROUP, get, group, ok, post, USER, user } from '../shorthand.ts';

/** Everything that a client may say of a user but the manager. */
const EVERYTHING = {
  externalId: 'x1',
  name: { formatted: 'Ms. B J', familyName: 'J', givenName: 'B', middleName: 'M', honorificPrefix: 'Ms.' },
  displayName: 'Babs',
  nickName: 'B',
  profileUrl: 'https://example.com/b',
  title: 'Boss',
  userType: 'Employee',
  preferredLanguage: 'en-US',
  locale: 'en-US',
  timezone: 'Europe/Berlin',
  active: true,
  emails: [
    { value: 'b@example.com', display: 'B', type: 'work', primary: true },
    { value: 'b@home.example', type: 'home' },
  ],
  phoneNumbers: [{ value: 'tel:+1-201-555-0123', type: 'work' }],
  ims: [{ value: 'babs', type: 'xmpp' }],
  photos: [{ value: 'https://example.com/b.jpg', type: 'photo' }],
  addresses: [{ streetAddress: '1 Main St', locality: 'Berlin', postalCode: '10115', country: 'DE', type: 'work' }],
  entitlements: [{ value: 'e1' }],
  roles: [{ value: 'admin', primary: true }],
  [ENT]: { employeeNumber: '7', costCenter: 'c', organization: 'o', division: 'd', department: 'x' },
};

export const coverage: Coverage = {
  cases: [
    {
      ids: ['CRE-01', 'CRE-02', 'CRE-03', 'CRE-13'],
      title: 'POST is 201 with the whole user, its URI and its version',
      request: post('/Users', user('bob', EVERYTHING)),
      expect: {
        ...created({
          schemas: [USER, ENT],
          id: '{{any}}',
          userName: 'bob',
          ...EVERYTHING,
          meta: {
            resourceType: 'User',
            created: '{{any}}',
            lastModified: '{{any}}',
            location: /\/Users\/[^/]+$/,
            version: /^W\/"/,
          },
        }),
        headers: { location: /\/scim\/v2\/Users\/[^/]+$/, etag: /^W\/"[^"]+"$/ },
      },
      as: 'bob',
      afterwards: [
        {
          request: get('/Users/{{bob.id}}'),
          expect: {
            status: 200,
            exactly: '{{bob}}',
            headers: { location: '{{bob.meta.location}}', etag: '{{bob.meta.version}}' },
          },
        },
      ],
    },
    {
      ids: ['CRE-01', 'CRE-02', 'CRE-03', 'CRE-13'],
      title: 'POST is 201 with the whole group, its URI and its version',
      given: [aUser('bob', { displayName: 'Bob' })],
      request: post('/Groups', { ...group('staff', '{{bob.id}}'), externalId: 'g1' }),
      expect: {
        ...created({
          schemas: [GROUP],
          id: '{{any}}',
          externalId: 'g1',
          displayName: 'staff',
          members: [{ value: '{{bob.id}}', $ref: '{{base}}/Users/{{bob.id}}', type: 'User', display: 'Bob' }],
          meta: { resourceType: 'Group', location: /\/Groups\/[^/]+$/ },
        }),
        headers: { location: /\/scim\/v2\/Groups\/[^/]+$/, etag: /^W\/"[^"]+"$/ },
      },
      as: 'staff',
      afterwards: [
        { request: get('/Groups/{{staff.id}}'), expect: { status: 200, exactly: '{{staff}}' } },
        {
          request: get('/Users/{{bob.id}}'),
          expect: ok({ groups: [{ value: '{{staff.id}}', display: 'staff', type: 'direct' }] }),
        },
      ],
    },
    {
      ids: ['CRE-04'],
      title: 'what only the server sets is ignored, whatever it is',
      given: [aUser('eve'), aGroup('staff')],
      request: post('/Users', {
        ...user('bob', { [ENT]: { manager: { value: '{{eve.id}}', displayName: 'Somebody Else' } } }),
        id: '{{eve.id}}',
        meta: { created: '1970-01-01T00:00:00Z', location: 'https://example.com', version: 'W/"x"' },
        groups: [{ value: '{{staff.id}}', display: 'staff' }],
      }),
      expect: {
        ...created({
          id: '{{not {{eve.id}}}}',
          meta: { created: '{{not 1970-01-01T00:00:00Z}}', version: '{{not W/"x"}}' },
          [ENT]: { manager: { value: '{{eve.id}}', displayName: '{{not Somebody Else}}' } },
        }),
        absent: ['groups'],
      },
      as: 'bob',
      afterwards: [
        { request: get('/Groups/{{staff.id}}'), expect: { ...ok(), absent: ['members'] } },
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{bob}}' } },
        {
          request: post('/Users', { ...user('joe'), id: 7, meta: 'x', groups: { value: 1 } }),
          expect: { ...created({ userName: 'joe', id: '{{any}}' }), absent: ['groups'] },
        },
      ],
    },
    {
      ids: ['CRE-05', 'CRE-06'],
      title: 'a user is active unless the body says otherwise; null does not say so',
      request: post('/Users', user('bob')),
      expect: created({ active: true }),
      afterwards: [
        { request: post('/Users', user('eve', { active: null })), expect: created({ active: true }), as: 'eve' },
        { request: get('/Users/{{eve.id}}'), expect: ok({ active: true }) },
        { request: post('/Users', user('joe', { active: false })), expect: created({ active: false }), as: 'joe' },
        { request: get('/Users/{{joe.id}}'), expect: ok({ active: false }) },
        { request: filtered('/Users', 'active eq true'), expect: found('bob', 'eve') },
      ],
    },
    {
      ids: ['CRE-12'],
      title: 'attributes shapes the answer, and not what is stored',
      request: post('/Users?attributes=userName', user('bob', { title: 'Boss', emails: [{ value: 'b@example.com' }] })),
      expect: { status: 201, exactly: { schemas: [USER], id: '{{any}}', userName: 'bob' } },
      as: 'bob',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ title: 'Boss', emails: [{ value: 'b@example.com' }] }) },
      ],
    },
    {
      ids: ['CRE-12'],
      title: 'excludedAttributes shapes the answer, and not what is stored',
      given: [aUser('eve')],
      request: post(
        '/Users?excludedAttributes=emails,meta.location',
        user('bob', { emails: [{ value: 'b@example.com' }] }),
      ),
      expect: {
        ...created({ userName: 'bob', meta: { version: '{{any}}', location: '{{absent}}' } }),
        absent: ['emails'],
        headers: { location: /\/Users\/[^/]+$/ },
      },
      as: 'bob',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: ok({ emails: [{ value: 'b@example.com' }] }) },
        {
          request: post('/Groups?excludedAttributes=members', group('staff', '{{eve.id}}')),
          expect: { ...created({ displayName: 'staff' }), absent: ['members'] },
          as: 'staff',
        },
        { request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{eve.id}}' }] }) },
      ],
    },
  ],
};
