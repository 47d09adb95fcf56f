import { describe, expect, test } from 'vitest';
import { connectionFailure, connectionReason } from '../../../src/directory/failures/connection.ts';
import { type FailureRow, failureShown, type Refusal, sentence } from '../../../src/directory/index.ts';
import { storedSentence } from '../../../src/directory/refusal-sentence.ts';
import { ScimError } from '../../../src/scim/index.ts';

type Reason = Refusal['reason'];
type Samples = Readonly<Record<Reason, readonly Refusal[]>>;

const ID = '019f0000-0000-7000-8000-000000000001';

/** Every reason that there is, in every form that its sentence has: a new one does not compile until it is here. */
function samples(name: string): Samples {
  const types = ['User', 'Group'] as const;
  const held = (['deactivate', 'remove', 'removeMembers'] as const).map((work) => ({
    reason: 'held' as const,
    type: work === 'removeMembers' ? 'Group' : 'User',
    label: name,
    work,
  }));
  const tripped = { count: 1, asked: 900, limit: 10, windowSeconds: 3600 };
  return {
    'not-found': types.map((type) => ({ reason: 'not-found', type, id: ID })),
    'name-taken': types.flatMap((type) =>
      [true, false].flatMap((active) =>
        (['create', 'rename'] as const).map((asked) => ({
          reason: 'name-taken' as const,
          type,
          attribute: type === 'User' ? ('userName' as const) : ('displayName' as const),
          value: name,
          active,
          asked,
        })),
      ),
    ),
    'external-id-taken': types.map((type) => ({ reason: 'external-id-taken', type, externalId: name })),
    'two-matches': types.map((type) => ({ reason: 'two-matches', type, name, externalId: '00u1' })),
    'version-mismatch': [true, false].map((excluded) => ({
      reason: 'version-mismatch',
      type: 'User',
      id: ID,
      version: 3,
      excluded,
    })),
    'unknown-members': [[ID], Array.from({ length: 5_000 }, () => ID)].map((ids) => ({
      reason: 'unknown-members',
      ids,
    })),
    'member-of-itself': [{ reason: 'member-of-itself', id: ID }],
    'unknown-manager': [{ reason: 'unknown-manager', id: ID }],
    'not-declared': [
      { value: name, isAmbiguous: false },
      { value: name, isAmbiguous: true },
      { value: '', isAmbiguous: false },
    ].map((given) => ({
      reason: 'not-declared',
      attribute: 'roles',
      type: 'role',
      possible: Array.from({ length: 30 }, (_, index) => ({ id: `role-${index}`, type: 'role' })),
      ...given,
    })),
    'seats-full': [0, 1, 5].map((reserve) => ({ reason: 'seats-full', label: name, used: 50, limit: 50, reserve })),
    'protected-user': (['deprovision', 'rename'] as const).map((asked) => ({
      reason: 'protected-user',
      label: name,
      asked,
    })),
    'last-with-role': types.map((type) => ({ reason: 'last-with-role', type, label: name, role: 'admin' })),
    'too-few-left': [1, 5].map((active) => ({ reason: 'too-few-left', label: name, active, atLeast: active })),
    held: held.flatMap((one) => [
      {
        ...one,
        tripped: { what: one.work === 'removeMembers' ? ('memberships' as const) : ('users' as const), ...tripped },
      },
      { ...one, since: '2026-11-22T10:00:00.000Z' },
      { ...one, rejected: '2026-11-22T10:00:00.000Z' },
    ]),
    'not-owned': (['create', 'update', 'deprovision'] as const).map((asked) => ({
      reason: 'not-owned',
      type: 'User',
      label: name,
      asked,
    })),
    'user-name-no-email': [{ reason: 'user-name-no-email', userName: name }],
    'user-name-not-the-email': [{ reason: 'user-name-not-the-email', userName: name }],
    'role-above-ceiling': [[], ['member']].map((ceiling) => ({ reason: 'role-above-ceiling', role: name, ceiling })),
    'group-gives-role': [{ reason: 'group-gives-role', from: name, to: `${name} 2`, role: 'admin' }],
    protocol: [
      {
        reason: 'protocol',
        error: ScimError.noTarget('emails[type eq "work"]: nothing matches the filter of the path.'),
      },
    ],
  };
}

const all = (name: string): readonly Refusal[] => Object.values(samples(name)).flat();
const INTERNAL = /undefined|null|NaN|\[object|Error:|\bat \S+\.[jt]s|sqlite|postgres|SELECT |node:|\/work\//i;

describe('what an identity provider’s screen shows of a refusal', () => {
  test.each(all('ann@example.com').map((refusal) => [refusal.reason, refusal] as const))('%s', (_, refusal) => {
    const told = sentence(refusal);
    expect(told).toMatch(/^(?:[A-Z"]|[a-zA-Z.]+(?:\[[^\]]+\])?(?: and [a-z]+)?: )/);
    expect(told).toMatch(/[^.]\.$/);
    expect(told).not.toMatch(/\s\s|[\r\n]|\.\./);
    expect(told).not.toMatch(INTERNAL);
    // Okta's task list shows all of it.
    expect(told.length).toBeLessThanOrEqual(520);
    // What is wrong, and what to do: the protocol's own sentences name what was expected.
    if (refusal.reason !== 'protocol') expect(told.split(/[.:;,] /).length, told).toBeGreaterThan(1);
    // No id but those that were sent.
    const sent = JSON.stringify(refusal);
    for (const [id] of told.matchAll(/[\da-f]{8}-[\da-f-]{27}/g)) expect(sent).toContain(id);
  });

  test('a name of any length, or with anything in it, makes no long one', () => {
    for (const refusal of all('x'.repeat(200))) expect(sentence(refusal).length).toBeLessThanOrEqual(900);
  });

  test('T-AUTH-08 what is kept of it has no token', () => {
    const token = `jn-${'Ab3_-'.repeat(8)}xyz`;
    for (const name of [token, token.slice(3)]) {
      for (const refusal of all(name)) expect(storedSentence(refusal)).not.toContain(token.slice(3));
    }
  });
});

describe('what to do about a row of the failure list', () => {
  const reasons = Object.keys(samples('x')) as Reason[];
  const rows = reasons.flatMap((reason) =>
    (['User', 'Group'] as const).flatMap((type) =>
      (['create', 'replace', 'patch', 'remove'] as const).map((operation) => rowOf({ reason, type, operation })),
    ),
  );

  test.each(rows.map((row) => [`${row.reason} ${row.type} ${row.operation}`, row] as const))('%s', (_, row) => {
    wellFormed(row);
  });

  const ENTRY = {
    directory: 'd',
    requestId: 'r',
    at: Date.parse('2026-11-22T10:00:00.000Z'),
    method: 'POST',
    path: '/',
    ms: 1,
    credential: 'c',
    credentialName: 'Okta',
    rewrites: [],
    ignored: [],
    sent: undefined,
    answered: undefined,
  };

  test.each([
    [401, 'key-expired', false, 'key-expired'],
    [401, 'key-revoked', false, 'key-revoked'],
    [403, 'plan', false, 'plan'],
    [403, 'sso', false, 'sso'],
    [400, '400', true, 'aborted'],
    [200, 'listed', true, 'aborted'],
    [413, '413', false, 'too-large'],
    [429, '429', false, 'too-many-requests'],
    [503, '503', false, 'unavailable'],
    [500, '500', false, 'error'],
    [501, '501', false, undefined],
    [403, '403', false, undefined],
    [409, 'name-taken', false, undefined],
    [400, 'invalidValue', false, undefined],
    [404, 'not-found', false, undefined],
    [201, 'created', false, undefined],
  ] as const)('of a connection: %i %s', (status, outcome, isAborted, reason) => {
    const entry = { ...ENTRY, status, outcome, isAborted };
    expect(connectionReason(entry)).toBe(reason);
    if (reason === undefined) return;
    const { type, subject, label, operation, detail, requestId } = connectionFailure(entry, reason);
    expect(detail).toMatch(/^The .*\.$|^A request .*\.$/);
    expect(detail).not.toMatch(INTERNAL);
    wellFormed(rowOf({ type, subject, label, operation, reason, detail, requestId }));
  });

  test('a reason that this version does not know has advice, too', () => {
    wellFormed(rowOf({ reason: 'of-a-later-version' }));
    wellFormed(rowOf({ reason: '__proto__' }));
    wellFormed(rowOf({ reason: 'constructor' }));
  });

  function wellFormed(row: FailureRow): void {
    const { doInOkta, doInEntra } = failureShown(row);
    for (const advice of [doInOkta, doInEntra]) {
      expect(advice).toMatch(/^[A-Z].*[^.]\.$/);
      expect(advice.length).toBeLessThan(260);
      expect(advice).not.toMatch(INTERNAL);
    }
    // Each speaks of its own provider's pages.
    expect(doInOkta).not.toMatch(/Entra|on demand|restart provisioning/i);
    expect(doInEntra).not.toMatch(/Okta|Push Groups|Dashboard|unassign/i);
  }

  function rowOf(differs: Partial<FailureRow>): FailureRow {
    const at = '2026-11-22T10:00:00.000Z';
    const row = { type: 'User', subject: 's', label: 'ann@example.com', operation: 'create' as const, reason: 'held' };
    return { ...row, detail: 'x.', requestId: 'r', first: at, last: at, times: 1, ...differs };
  }
});
