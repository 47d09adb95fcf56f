import { describe, expect, test } from 'vitest';
import { type Refusal, sentence } from '../../../src/directory/index.ts';
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
  { refusal: { reason: 'unknown-members', ids: ['a', 'b'] }, says: ['members', '"a", "b"', 'Provision'] },
  { refusal: { reason: 'member-of-itself', id: 'g1' }, says: ['members', '"g1"', 'itself'] },
  { refusal: { reason: 'unknown-manager', id: 'm1' }, says: ['manager.value', '"m1"'] },
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
