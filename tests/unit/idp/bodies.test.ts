import { describe, expect, test } from 'vitest';
import { makePeople } from '../../../src/idp/okta/people.ts';
import type { Profile } from '../../../src/idp/okta/profile.ts';
import { edited } from '../../../src/idp/okta/profile.ts';
import { createBody, overlaidBody } from '../../../src/idp/okta/user-body.ts';
import { activePatch, passwordPatch, profilePatch } from '../../../src/idp/okta/user-patch.ts';
import { ENTERPRISE, PATCH, USER } from '../../../src/idp/scim.ts';

const profile: Profile = {
  login: 'test.user@okta.local',
  email: 'test.user@okta.local',
  firstName: 'Test',
  lastName: 'User',
  displayName: 'Test User',
  locale: 'en-US',
};
const whole = edited(profile, {
  ...{ title: 'Engineer', middleName: 'M.', primaryPhone: '1', mobilePhone: '2', city: 'Bern', zipCode: '3000' },
  ...{ department: 'R&D', managerId: 'boss', manager: 'The Boss' },
});

describe('the body of a create', () => {
  test('is the one of §1.4b', () => {
    expect(createBody({ oktaId: '00ujl29u0le5T6Aj10h7', profile }, '1mz050nq')).toEqual({
      schemas: [USER],
      userName: 'test.user@okta.local',
      name: { givenName: 'Test', familyName: 'User' },
      emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
      displayName: 'Test User',
      locale: 'en-US',
      externalId: '00ujl29u0le5T6Aj10h7',
      groups: [],
      password: '1mz050nq',
      active: true,
    });
  });

  test('has the enterprise extension, and its URN, only for a mapped value', () => {
    expect(createBody({ oktaId: '00u', profile: whole }, 'p')).toMatchObject({
      schemas: [USER, ENTERPRISE],
      phoneNumbers: [
        { type: 'work', value: '1' },
        { type: 'mobile', value: '2' },
      ],
      addresses: [{ type: 'work', locality: 'Bern', postalCode: '3000' }],
      [ENTERPRISE]: { department: 'R&D', manager: { value: 'boss', displayName: 'The Boss' } },
    });
  });
});

describe('the body of a PUT', () => {
  const seen = {
    schemas: [USER, 'urn:unknown'],
    id: 'abc',
    userName: 'old',
    name: { formatted: 'Old Name', givenName: 'Old', familyName: 'Name', middleName: 'X' },
    emails: [
      { value: 'home@example.com', type: 'home' },
      { value: 'old@example.com', type: 'work', primary: true, display: 'kept' },
    ],
    phoneNumbers: [{ type: 'work', value: '9' }],
    title: 'Old title',
    groups: [{ value: 'g1' }],
    meta: { location: 'http://x/Users/abc', version: 'W/"1"' },
    'urn:unknown': { a: 1 },
    active: true,
  };
  const overlay = { oktaId: '00u1', profile, active: false } as const;

  test('is the last GET reply, verbatim, with the mapped attributes laid over it', () => {
    expect(overlaidBody(seen, { ...overlay, clearing: 'omit' })).toEqual({
      ...{ schemas: [USER, 'urn:unknown'], id: 'abc', groups: seen.groups, meta: seen.meta, 'urn:unknown': { a: 1 } },
      userName: 'test.user@okta.local',
      name: { formatted: 'Old Name', givenName: 'Test', familyName: 'User' },
      emails: [seen.emails[0], { value: 'test.user@okta.local', type: 'work', primary: true, display: 'kept' }],
      displayName: 'Test User',
      locale: 'en-US',
      externalId: '00u1',
      active: false,
    });
  });

  test.each([
    ['empty', { title: '', phoneNumbers: [], name: { middleName: '' } }],
    ['null', { title: null, phoneNumbers: null, name: { middleName: null } }],
  ] as const)('an emptied attribute may be written as %s', (clearing, expected) => {
    expect(overlaidBody(seen, { ...overlay, clearing })).toMatchObject(expected);
  });

  test('carries a password only when one is set, and never changes the reply it was made of', () => {
    const before = structuredClone(seen);
    expect(overlaidBody(seen, { ...overlay, clearing: 'omit' })).not.toHaveProperty('password');
    expect(overlaidBody(seen, { ...overlay, clearing: 'omit', password: 'p' })).toHaveProperty('password', 'p');
    expect(seen).toEqual(before);
  });

  test('a reply that is no user goes back all the same, with active on it (SO 77524118)', () => {
    const list = { schemas: ['urn:list'], Resources: [seen], totalResults: 1 };
    expect(overlaidBody(list, { ...overlay, clearing: 'omit' })).toMatchObject({ Resources: [seen], active: false });
  });
});

describe('the body of a PATCH', () => {
  test('of active and of a password has no path', () => {
    const operation = (value: object) => ({ schemas: [PATCH], Operations: [{ op: 'replace', value }] });
    expect(activePatch(false)).toEqual(operation({ active: false }));
    expect(passwordPatch('p')).toEqual(operation({ password: 'p' }));
  });

  test('of a profile has what changed and nothing else; lists go whole', () => {
    const after = edited(whole, { firstName: 'Zoë', zipCode: '3001', department: 'Sales' });
    expect(profilePatch({ before: whole, after, clearing: 'omit' })).toEqual({
      schemas: [PATCH],
      Operations: [
        {
          op: 'replace',
          value: {
            name: { givenName: 'Zoë' },
            addresses: [{ type: 'work', locality: 'Bern', postalCode: '3001' }],
            [ENTERPRISE]: { department: 'Sales' },
          },
        },
      ],
    });
    expect(profilePatch({ before: whole, after: whole, clearing: 'omit' })).toBeUndefined();
  });

  const emptied = { title: undefined, middleName: undefined, primaryPhone: undefined, mobilePhone: undefined };
  const after = edited(whole, { ...emptied, department: undefined, managerId: undefined, manager: undefined });

  test('removes what was emptied, by path', () => {
    const operations = profilePatch({ before: whole, after, clearing: 'omit' })?.Operations;
    const paths = ['name.middleName', 'title', 'phoneNumbers', `${ENTERPRISE}:department`, `${ENTERPRISE}:manager`];
    expect(operations).toEqual(paths.map((path) => ({ op: 'remove', path })));
  });

  test.each([
    ['empty', '', [], { department: '', manager: { value: '', displayName: '' } }],
    ['null', null, null, { department: null, manager: null }],
  ] as const)('or says %s for it', (clearing, value, phoneNumbers, extension) => {
    expect(profilePatch({ before: whole, after, clearing })?.Operations).toEqual([
      { op: 'replace', value: { name: { middleName: value }, title: value, phoneNumbers, [ENTERPRISE]: extension } },
    ]);
  });
});

describe('people', () => {
  test('are the same for the same seed and run, and of another name and id in another run', () => {
    expect(makePeople(30, 7, 'abc123')).toEqual(makePeople(30, 7, 'abc123'));
    const [first] = makePeople(1, 7, 'abc123');
    const [other] = makePeople(1, 7, 'xyz789');
    expect(other?.profile.title).toBe(first?.profile.title);
    expect(other?.profile.login).not.toBe(first?.profile.login);
    expect(other?.oktaId).not.toBe(first?.oktaId);
  });

  test('have sign-in names, addresses and ids of their own, a thousand of them', () => {
    const people = makePeople(1000, 1, 'abc123');
    for (const of of [(p: Profile) => p.login.toUpperCase(), (p: Profile) => p.email]) {
      expect(new Set(people.map(({ profile: each }) => of(each))).size).toBe(1000);
    }
    expect(new Set(people.map(({ oktaId }) => oktaId)).size).toBe(1000);
    expect(people.every(({ oktaId }) => /^00u[a-z0-9]{17}$/.test(oktaId))).toBe(true);
  });
});
