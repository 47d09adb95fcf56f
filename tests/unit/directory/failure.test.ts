import { describe, expect, test } from 'vitest';
import { failureOf, subjectsOf } from '../../../src/directory/failure.ts';
import type { Refusal } from '../../../src/directory/index.ts';
import type { ScimWrite } from '../../../src/scim/index.ts';
import { create, factsWith, GROUP, NOW, replace, storedGroup, storedUser } from './facts.ts';

const taken: Refusal = {
  reason: 'name-taken',
  type: 'User',
  attribute: 'userName',
  value: 'BJensen',
  active: true,
  asked: 'create',
};
const missing: Refusal = { reason: 'not-found', type: 'User', id: '2819' };
const user = storedUser({ userName: 'BJensen' });
const REMOVED = '01a20083-9201-7543-83fd-aa5c1916cbe1';

describe('the row that a refused write leaves', () => {
  const told = { requestId: 'request-1', at: NOW };

  test('of a create is about the folded name, and shows it as it was sent', () => {
    const failure = failureOf(create({ userName: 'ＢJensen' }), taken, { ...told, facts: factsWith({}) });
    expect(failure).toMatchObject({
      type: 'User',
      subject: 'bjensen',
      label: 'ＢJensen',
      operation: 'create',
      reason: 'name-taken',
      requestId: 'request-1',
      at: NOW,
    });
    expect(failure?.detail).toContain('"BJensen"');
  });

  test('of a group is about its displayName', () => {
    const failure = failureOf(create({ displayName: 'Sales' }, GROUP), taken, { ...told, facts: factsWith({}) });
    expect(failure).toMatchObject({ type: 'Group', subject: 'sales', label: 'Sales' });
  });

  const byId: readonly ScimWrite[] = [
    replace('user-1', { userName: 'other' }),
    { kind: 'patch', type: create({}).type, id: 'user-1', operations: [] },
    { kind: 'remove', type: create({}).type, id: 'user-1' },
  ];
  for (const request of byId) {
    test(`of a ${request.kind} is about the id, and shows the stored name, not the one that was refused`, () => {
      const failure = failureOf(request, taken, { ...told, facts: factsWith({ current: user }) });
      expect(failure).toMatchObject({ subject: 'user-1', label: 'BJensen', operation: request.kind });
    });
  }

  test('of somebody who was removed is about their name, under which they can come back', () => {
    const facts = factsWith({ removed: 'BJensen' });
    const failure = failureOf(replace(REMOVED, { userName: 'x' }), { ...missing, id: REMOVED }, { ...told, facts });
    expect(failure).toMatchObject({ subject: 'bjensen', label: 'BJensen', operation: 'replace', reason: 'not-found' });
    expect(failure?.detail).toContain(REMOVED);
  });

  test('of their removal once more there is none: it is what was wanted', () => {
    const remove: ScimWrite = { kind: 'remove', type: create({}).type, id: REMOVED };
    expect(failureOf(remove, missing, { ...told, facts: factsWith({ removed: 'BJensen' }) })).toBeUndefined();
  });

  test.each(['2819', 'jn-q0Zt3m', 'x'.repeat(10_000), REMOVED, '__proto__'])(
    'T-AUTH-08 of %s, which is nobody’s id and never was, there is none',
    (id) => {
      expect(failureOf(replace(id, { userName: 'x' }), missing, { ...told, facts: factsWith({}) })).toBeUndefined();
    },
  );

  test('T-AUTH-08 that a token stands in there is none', () => {
    const token = `jn-${'aB3_'.repeat(10)}x-y`;
    expect(failureOf(create({ userName: token }), taken, { ...told, facts: factsWith({}) })).toBeUndefined();
    const facts = factsWith({ current: storedUser({ userName: `user ${token}` }) });
    expect(failureOf(replace('user-1', {}), taken, { ...told, facts })).toBeUndefined();
  });

  test('T-DOS-06 is short, however long the name is, and a success finds it', () => {
    const userName = `B${'é'.repeat(60_000)}`;
    const failure = failureOf(create({ userName }), { ...taken, value: userName }, { ...told, facts: factsWith({}) });
    expect(JSON.stringify(failure).length).toBeLessThan(1500);
    expect(subjectsOf(create({ userName }), { record: storedUser({ userName }) })).toContain(failure?.subject);
  });
});

describe('a write that succeeds ends the failures', () => {
  test('under the id, and under the name that a create was refused by', () => {
    expect(subjectsOf(create({ userName: 'BJensen' }), { record: user })).toEqual(['user-1', 'bjensen']);
    expect(subjectsOf(replace('user-1', {}), { record: user })).toEqual(['user-1', 'bjensen']);
    const group = storedGroup({ displayName: 'SALES' });
    expect(subjectsOf(create({ displayName: 'SALES' }, GROUP), { record: group })).toEqual(['group-1', 'sales']);
  });
});
