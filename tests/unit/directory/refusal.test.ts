import { describe, expect, test } from 'vitest';
import { type Refusal, sentence } from '../../../src/directory/index.ts';
import { storedSentence } from '../../../src/directory/refusal-sentence.ts';
import { ScimError } from '../../../src/scim/index.ts';

const REFUSALS: readonly { readonly refusal: Refusal; readonly says: readonly string[] }[] = [
  { refusal: { reason: 'not-found', type: 'User', id: '2819' }, says: ['user', '"2819"', 'this directory'] },
  {
    refusal: {
      reason: 'name-taken',
      type: 'User',
      attribute: 'userName',
      value: 'bjensen',
      active: true,
      asked: 'create',
    },
    says: ['userName', '"bjensen"', 'already exists', 'link'],
  },
  {
    refusal: {
      reason: 'name-taken',
      type: 'User',
      attribute: 'userName',
      value: 'bjensen',
      active: false,
      asked: 'create',
    },
    says: ['userName', '"bjensen"', 'deactivated', 'Reactivate'],
  },
  {
    refusal: {
      reason: 'name-taken',
      type: 'User',
      attribute: 'userName',
      value: 'bjensen',
      active: true,
      asked: 'rename',
    },
    says: ['userName', '"bjensen"', 'already exists', 'change theirs first'],
  },
  {
    refusal: {
      reason: 'name-taken',
      type: 'Group',
      attribute: 'displayName',
      value: 'Sales',
      active: true,
      asked: 'create',
    },
    says: ['group', 'displayName', '"Sales"'],
  },
  { refusal: { reason: 'external-id-taken', type: 'User', externalId: '00u1' }, says: ['externalId', '"00u1"'] },
  {
    refusal: { reason: 'two-matches', type: 'User', name: 'bjensen', externalId: '00u1' },
    says: ['"bjensen"', '"00u1"', 'two different users'],
  },
  {
    refusal: { reason: 'version-mismatch', type: 'User', id: '2819', version: 7 },
    says: ['"2819"', 'W/"7"', 'Read it again'],
  },
  {
    refusal: {
      reason: 'not-declared',
      attribute: 'roles',
      value: 'x'.repeat(500),
      type: undefined,
      isAmbiguous: false,
      possible: Array.from({ length: 12 }, (_, index) => ({ id: `r${index}` })),
    },
    says: ['roles: "xxx', '…', '"r0", "r1"', '"r9" and 2 more', 'Assign one of these'],
  },
  {
    refusal: {
      reason: 'not-declared',
      attribute: 'entitlements',
      value: 'pro',
      type: undefined,
      isAmbiguous: true,
      possible: [
        { id: 'pro', type: 'License' },
        { id: 'pro', type: 'Seat' },
      ],
    },
    says: ['entitlements: "pro" may mean "pro" (License), "pro" (Seat)', 'the type'],
  },
  {
    refusal: {
      reason: 'not-declared',
      attribute: 'entitlements',
      value: '',
      type: 'Seat',
      isAmbiguous: false,
      possible: [{ id: 'pro', type: 'Seat' }],
    },
    says: ['entitlements: an element has no value', '"pro" (Seat)'],
  },
  { refusal: { reason: 'unknown-members', ids: ['a', 'b'] }, says: ['members', '"a", "b"', 'Provision'] },
  { refusal: { reason: 'member-of-itself', id: 'g1' }, says: ['members', '"g1"', 'itself'] },
  { refusal: { reason: 'unknown-manager', id: 'm1' }, says: ['manager.value', '"m1"'] },
  {
    refusal: { reason: 'not-owned', type: 'User', label: 'bjensen', asked: 'create' },
    says: ['user "bjensen"', 'not managed by your identity provider', 'nobody was created', 'Ask an administrator'],
  },
  {
    refusal: { reason: 'not-owned', type: 'User', label: 'bjensen', asked: 'update' },
    says: ['user "bjensen"', 'Nothing was changed', 'take over existing users'],
  },
  {
    refusal: { reason: 'not-owned', type: 'User', label: 'bjensen', asked: 'deprovision' },
    says: ['user "bjensen"', 'was not deactivated or removed'],
  },
  {
    refusal: { reason: 'user-name-no-email', userName: 'bjensen' },
    says: ['userName', '"bjensen"', 'not an e-mail address', 'format to Email'],
  },
  {
    refusal: { reason: 'user-name-not-the-email', userName: 'b@example.com' },
    says: ['userName and emails', '"b@example.com"', 'must be the same'],
  },
  {
    refusal: { reason: 'role-above-ceiling', role: 'owner', ceiling: ['viewer', 'editor'] },
    says: ['roles', '"owner"', 'by an administrator of the application only', '"viewer", "editor"'],
  },
  { refusal: { reason: 'role-above-ceiling', role: 'owner', ceiling: [] }, says: ['gives no roles'] },
  {
    refusal: { reason: 'group-gives-role', from: 'Sales', to: 'Admins', role: 'admin' },
    says: ['displayName', '"Sales"', '"Admins"', '"admin"', 'Push a group of that name'],
  },
  { refusal: { reason: 'protocol', error: ScimError.noTarget('emails: no such.') }, says: ['emails: no such.'] },
];

describe('a refusal is told in one or two whole sentences', () => {
  for (const { refusal, says } of REFUSALS) {
    test(`${refusal.reason} says ${says.join(', ')}`, () => {
      const text = sentence(refusal);
      for (const part of says) expect(text).toContain(part);
      expect(text).toMatch(/^["A-Za-z].*[.]$/);
      expect(text).not.toMatch(/undefined|null|\[object|sqlite|constraint| {2}/i);
    });
  }
});

describe('names from outside', () => {
  test('are cut to what can be read, never inside a character', () => {
    const long = `${'x'.repeat(199)}😀${'y'.repeat(5000)}`;
    for (const refusal of [
      { reason: 'not-found', type: 'User', id: long },
      { reason: 'name-taken', type: 'User', attribute: 'userName', value: long, active: true, asked: 'create' },
      { reason: 'external-id-taken', type: 'User', externalId: long },
      { reason: 'unknown-members', ids: [long, long, long, long, long, long] },
      { reason: 'unknown-manager', id: long },
    ] satisfies Refusal[]) {
      const text = sentence(refusal);
      expect(text.length).toBeLessThan(1500);
      expect(text.isWellFormed()).toBe(true);
      expect(text).toContain('…');
    }
  });

  test('of a thousand unknown members, five are named and the rest counted', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `id-${index}`);
    const text = sentence({ reason: 'unknown-members', ids });
    expect(text).toContain('"id-0", "id-1", "id-2", "id-3", "id-4" and 995 more');
    expect(text).not.toContain('id-5');
  });
});

describe('T-AUTH-08 the sentence as it is kept', () => {
  const secret = 'q0Zt3mW5-_aB3dE7fG9hJ1kL2nP4rS6tU8vX0yZ2c4b';
  const id = '01a20083-9201-7543-83fd-aa5c1916cbe1';

  test.each<Refusal>([
    { reason: 'unknown-members', ids: [`jn-${secret}`, secret, 'short', id] },
    { reason: 'unknown-manager', id: `jn-${secret}` },
    { reason: 'unknown-manager', id: secret },
    { reason: 'not-found', type: 'User', id: `x ${secret}` },
    { reason: 'external-id-taken', type: 'User', externalId: secret },
    { reason: 'two-matches', type: 'User', name: `jn-${secret}`, externalId: secret },
    { reason: 'protocol', error: ScimError.invalidValue(`"${secret}" is no value of x.`) },
  ])('of $reason has no token, with its prefix or without', (refusal) => {
    expect(sentence(refusal)).toContain(secret);
    expect(storedSentence(refusal)).not.toContain(secret.slice(0, 20));
    expect(storedSentence(refusal)).toContain('"…"');
  });

  test('names ids that are ours, and no others', () => {
    const stored = storedSentence({ reason: 'unknown-members', ids: ['bjensen@example.com', id] });
    expect(stored).toContain(`has the id "…", "${id}".`);
    expect(storedSentence({ reason: 'version-mismatch', type: 'User', id, version: 3 })).toContain(id);
  });
});
