import { expect, test } from 'vitest';
import { checkSizes } from '../../../src/provisioning/sizes.ts';
import { GROUP, type JsonValue } from '../../../src/scim/index.ts';

const many = Array.from({ length: 200_001 }, () => ({ value: 'u1' }));

test.each<[string, (members: JsonValue) => JsonValue]>([
  ['a resource', (members) => ({ members })],
  ['a value without path', (members) => ({ Operations: [{ op: 'add', value: { members } }] })],
  ['the URN of the base schema', (members) => ({ [GROUP.schema.id]: { members } })],
  ['that in a value', (members) => ({ Operations: [{ op: 'add', value: { [GROUP.schema.id]: { members } } }] })],
  ['a key with the URN', (members) => ({ [`${GROUP.schema.id}:members`]: members })],
])('T-DOS-03 members are counted in %s', (_, bodyOf) => {
  expect(() => checkSizes(bodyOf(many), GROUP)).toThrow(/names 200001 members/);
  expect(() => checkSizes(bodyOf(many.slice(1)), GROUP)).not.toThrow();
});
