import { expect, test } from 'vitest';
import type { Refusal } from '../../../src/directory/refusal.ts';
import { sentence, storedSentence } from '../../../src/directory/refusal-sentence.ts';

const NOBODY_ELSE = '. Nothing was changed. ';
const DECIDES =
  'An administrator of the application approves or rejects it in its list of holds; it needs no retry then.';
const USERS = { what: 'users', count: 10, asked: 1, limit: 10, windowSeconds: 3600 } as const;

test.each<[Refusal, string]>([
  [
    { reason: 'seats-full', label: 'bob', used: 50, limit: 50, reserve: 0 },
    'There is no seat for "bob": 50 of the 50 seats of this directory are taken. Deactivate a user who needs theirs no longer, or have the number of seats raised in the application, then retry.',
  ],
  [
    { reason: 'seats-full', label: 'bob', used: 48, limit: 50, reserve: 2 },
    'There is no seat for "bob": 48 of the 50 seats of this directory are taken. 2 of them are kept for the administrators of the application. Deactivate a user who needs theirs no longer, or have the number of seats raised in the application, then retry.',
  ],
  [
    { reason: 'protected-user', label: 'root', asked: 'deprovision' },
    '"root" is protected in the application and is not deactivated or removed by an identity provider. Nothing was changed. Ask an administrator of the application to take the protection away, then retry; or leave the user assigned.',
  ],
  [
    { reason: 'protected-user', label: 'root', asked: 'rename' },
    '"root" is protected in the application and is not given another userName by an identity provider. Nothing was changed. Ask an administrator of the application to take the protection away, then retry; or leave the user assigned.',
  ],
  [
    { reason: 'last-with-role', type: 'User', label: 'bob', role: 'admin' },
    'Nothing was changed: without "bob" nobody active would have the role "admin" in the application any more. Give the role to another active user first, then retry.',
  ],
  [
    { reason: 'last-with-role', type: 'Group', label: 'Admins', role: 'admin' },
    'Nothing was changed: without what the group "Admins" gives its members nobody active would have the role "admin" in the application any more. Give the role to another active user first, then retry.',
  ],
  [
    { reason: 'too-few-left', label: 'bob', active: 1, atLeast: 1 },
    '"bob" was not deprovisioned: 1 user is active in this directory, and at least 1 must stay. Assign others to the application first, or ask its administrator to lower the number, then retry.',
  ],
  [
    { reason: 'held', type: 'User', label: 'bob', work: 'deactivate', tripped: USERS },
    `The deactivation of "bob" was not done: it is held until a person decides. 10 users were deactivated or removed within the last hour, and at most 10 are let through in that time${NOBODY_ELSE}${DECIDES}`,
  ],
  [
    {
      reason: 'held',
      type: 'Group',
      label: 'All',
      work: 'removeMembers',
      tripped: { ...USERS, what: 'memberships', count: 1, asked: 30, windowSeconds: 900 },
    },
    `The removal of members from the group "All" was not done: it is held until a person decides. 1 membership was taken away within the last 15 minutes, this would take 30 more, and at most 10 are let through in that time${NOBODY_ELSE}${DECIDES}`,
  ],
  [
    { reason: 'held', type: 'Group', label: 'All', work: 'remove', since: '2026-11-22T10:00:59.999Z' },
    `The removal of the group "All" was not done: it is held since 2026-11-22 10:00Z until a person decides${NOBODY_ELSE}${DECIDES}`,
  ],
  [
    { reason: 'held', type: 'User', label: 'bob', work: 'remove', rejected: '2026-11-22T10:00:59.999Z' },
    'The removal of the user "bob" was not done: an administrator of the application rejected it at 2026-11-22 10:00Z. Nothing was changed. Undo it in your identity provider as well (assign the user, or put the members back), or ask that administrator to approve it after all.',
  ],
])('%o', (refusal, told) => {
  expect(sentence(refusal)).toBe(told);
  expect(storedSentence(refusal)).toBe(told);
});
