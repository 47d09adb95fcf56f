import { expect, test } from 'vitest';
import { createWitness, type Witnessed } from './witness.ts';

const user = (version: number, title: string) => ({ id: 'u1', title, meta: { version: `W/"${version}"` } });
const call = (told: Partial<Witnessed>): Witnessed => ({
  ...{ whose: 'jn-1', method: 'PUT', path: '/Users/u1', isPart: false, status: 200, etag: undefined, json: undefined },
  ...told,
});
const listed = (...resources: readonly { readonly id: string }[]) => new Map(resources.map((one) => [one.id, one]));

test.each([
  ['an older version', [call({ json: user(3, 'c') })], listed(user(2, 'b')), 'LOST u1: version 3 was acknowledged'],
  ['an older version than the ETag of a 204', [call({ status: 204, etag: 'W/"4"' })], listed(user(3, 'c')), 'LOST u1'],
  ['nothing', [call({ json: user(1, 'a') })], listed(), 'LOST u1: version 1 was acknowledged, and it is not listed'],
  ['half of it', [call({ json: user(2, 'b') })], listed(user(2, 'a')), 'HALF u1: version 2'],
  [
    'what was removed',
    [call({ json: user(1, 'a') }), call({ method: 'DELETE', status: 204 })],
    listed(user(1, 'a')),
    'LOST u1: its removal was acknowledged',
  ],
])('the witness sees that a directory has %s', (_, calls, found, said) => {
  const witness = createWitness();
  for (const one of calls) witness.note(one);
  const faults = witness.compare('jn-1', found);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(said);
});

test('the witness takes what is there, and newer, for right', () => {
  const witness = createWitness();
  witness.note(call({ json: user(2, 'b') }));
  witness.note(call({ json: { Resources: [user(2, 'b'), { id: 'g1', meta: { version: 'W/"1"' } }] } }));
  // Replies may overtake each other.
  witness.note(call({ method: 'GET', json: user(1, 'a') }));
  witness.note(call({ status: 409, json: user(9, 'no') }));
  witness.note(call({ isPart: true, method: 'GET', json: { id: 'u1', meta: { version: 'W/"2"' } } }));
  const group = { id: 'g1', meta: { version: 'W/"2"' }, members: [] };
  expect(witness.compare('jn-1', listed(user(2, 'b'), group))).toEqual([]);
  expect(witness.faults).toEqual([]);
  expect(witness.acknowledged()).toBe(2);
  expect(witness.versionOf('jn-1', '/Users/u1')).toBe(2);
  expect(witness.versionOf('jn-2', '/Users/u1')).toBe(0);
});

test('the witness sees one version that reads in two ways', () => {
  const witness = createWitness();
  witness.note(call({ json: user(2, 'b') }));
  witness.note(call({ json: user(2, 'c') }));
  expect(witness.faults).toHaveLength(1);
});
