import { describe, expect, test } from 'vitest';
import type { Policy } from '../../../src/directory/index.ts';
import { isEmail } from '../../../src/directory/policies/user-name-is-email.ts';
import type { JsonObject, ScimWrite } from '../../../src/scim/index.ts';
import { decided, done, patch } from './decided.ts';
import { create, replace, storedUser } from './facts.ts';

const EMAIL: Partial<Policy> = { userNameIsEmail: true };
const b = 'b@example.com';
const c = 'c@example.com';
const user = storedUser({ userName: b, emails: [{ value: b, type: 'work', primary: true }], active: true });

describe('userNameIsEmail', () => {
  test.each<[string, JsonObject, string | undefined]>([
    ['no address', { userName: b }, undefined],
    [
      'the primary one',
      {
        userName: b,
        emails: [
          { value: c, type: 'work' },
          { value: b, primary: true },
        ],
      },
      undefined,
    ],
    [
      'not the primary one',
      {
        userName: b,
        emails: [
          { value: b, type: 'work' },
          { value: c, primary: true },
        ],
      },
      'user-name-not-the-email',
    ],
    [
      'the one for work',
      {
        userName: b,
        emails: [
          { value: c, type: 'home' },
          { value: b, type: 'Work' },
        ],
      },
      undefined,
    ],
    [
      'not the one for work',
      {
        userName: b,
        emails: [
          { value: b, type: 'home' },
          { value: c, type: 'work' },
        ],
      },
      'user-name-not-the-email',
    ],
    ['the only one', { userName: b, emails: [{ value: b }] }, undefined],
    ['not the only one', { userName: b, emails: [{ value: c }] }, 'user-name-not-the-email'],
    ['one of several of which none is meant', { userName: b, emails: [{ value: c }, { value: b }] }, undefined],
    ['the same in other letters', { userName: 'B@Example.COM', emails: [{ value: b, type: 'work' }] }, undefined],
    ['no e-mail address for a name', { userName: 'bjensen', emails: [{ value: 'bjensen' }] }, 'user-name-no-email'],
  ])('POST with %s', (_, attributes, reason) => {
    const verdict = decided(create(attributes), { policy: EMAIL });
    if (reason === undefined) expect(verdict).toMatchObject({ kind: 'created' });
    else expect(verdict).toEqual({ kind: 'refused', refusal: { reason, userName: attributes.userName } });
  });

  test.each<[string, ScimWrite, string]>([
    ['PUT of another userName', replace('user-1', { userName: c, emails: work(b) }), 'user-name-not-the-email'],
    ['PUT of another e-mail alone', replace('user-1', { userName: b, emails: work(c) }), 'user-name-not-the-email'],
    ['PUT of a name that is none', replace('user-1', { userName: 'b', emails: work('b') }), 'user-name-no-email'],
    [
      'PATCH of the userName',
      patch('user-1', [{ op: 'replace', path: 'userName', value: c }]),
      'user-name-not-the-email',
    ],
    [
      'PATCH of the e-mail through a filter',
      patch('user-1', [{ op: 'replace', path: 'emails[type eq "work"].value', value: c }]),
      'user-name-not-the-email',
    ],
    [
      'PATCH of the e-mail without a path',
      patch('user-1', [{ op: 'replace', value: { emails: work(c) } }]),
      'user-name-not-the-email',
    ],
  ])('%s is refused', (_, request, reason) => {
    expect(decided(request, { policy: EMAIL, current: user })).toMatchObject({ kind: 'refused', refusal: { reason } });
    // The rule of the product holds for whoever writes.
    expect(decided(request, { policy: EMAIL, current: user, kind: 'operator' })).toMatchObject({ kind: 'refused' });
  });

  test('both together are changed', () => {
    expect(done(replace('user-1', { userName: c, emails: work(c) }), { policy: EMAIL, current: user })).toMatchObject({
      kind: 'changed',
    });
  });

  test('who was there before the rule is altered in other things, as name and address stay', () => {
    const old = storedUser({ userName: 'bjensen', emails: work(c), active: true });
    const request = patch('user-1', [{ op: 'replace', path: 'title', value: 'Head' }]);
    expect(done(request, { policy: EMAIL, current: old })).toMatchObject({ kind: 'changed' });
  });

  test('nobody stays active for an address; but who comes back has to have the right one', () => {
    const request = replace('user-1', { userName: b, emails: work(c), active: false });
    const verdict = done(request, { policy: EMAIL, current: user });
    expect(verdict).toMatchObject({ kind: 'changed', record: { active: false } });
    const back = patch('user-1', [{ op: 'replace', value: { active: true } }]);
    expect(decided(back, { policy: EMAIL, current: verdict.record })).toMatchObject({
      refusal: { reason: 'user-name-not-the-email' },
    });
    expect(
      decided(create({ userName: b, emails: work(c) }), { policy: EMAIL, sameName: verdict.record }),
    ).toMatchObject({ refusal: { reason: 'user-name-not-the-email' } });
  });
});

test.each<[string, boolean]>([
  ['b@example.com', true],
  ['b.j+tag@mail.example.co.uk', true],
  ["o'neill@example.com", true],
  ['müller@bücher.example', true],
  ['用户@例子.公司', true],
  ['bjensen', false],
  ['', false],
  ['@example.com', false],
  ['b@', false],
  ['b@localhost', false],
  ['b@@example.com', false],
  ['a@b@example.com', false],
  ['b jensen@example.com', false],
  ['b@exam ple.com', false],
  ['b@-example.com', false],
  ['b@example-.com', false],
  ['b@example..com', false],
  ['b@example.com.', false],
  ['.b@example.com', false],
  ['b..j@example.com', false],
  ['b\u202e@example.com', false],
  ['"b j"@example.com', false],
  ['b@[127.0.0.1]', false],
  ['Babs <b@example.com>', false],
  ['mailto:b@example.com', false],
  [`${'x'.repeat(64)}@example.com`, true],
  [`${'x'.repeat(65)}@example.com`, false],
  [`b@${'x'.repeat(64)}.com`, false],
  [`b@${'x.'.repeat(124)}com`, true],
  [`b@${'x.'.repeat(126)}com`, false],
  [`${'a.'.repeat(30_000)}@${'-.'.repeat(30_000)}`, false],
])('is %j an e-mail address: %j', (text, expected) => {
  expect(isEmail(text)).toBe(expected);
});

function work(value: string) {
  return [{ value, type: 'work', primary: true }];
}
