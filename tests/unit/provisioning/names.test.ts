import { expect, test } from 'vitest';
import { MAX_NAMES, MAX_PATHS } from '../../../src/provisioning/limits.ts';
import { checkNames } from '../../../src/provisioning/names.ts';
import type { JsonValue } from '../../../src/scim/index.ts';

const times = (count: number, operation: JsonValue): JsonValue => ({
  Operations: Array.from({ length: count }, () => operation),
});
const named = (count: number): JsonValue =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));

test.each<[string, JsonValue]>([
  ['in values', times(41, { op: 'add', value: named(1000) })],
  ['beside op', times(41, named(1000))],
  ['in objects of values', times(41, { op: 'add', value: { 'urn:x': named(1000) } })],
  ['at a path', times(41, { op: 'add', path: 'name', value: named(1000) })],
])('T-DOS-03 names are counted %s', (_, body) => {
  expect(() => checkNames(body)).toThrow(/more than 40000 names in their objects, the most/);
});

test('T-DOS-03 and their characters, as each may be a path', () => {
  const key = `emails[type eq "${'x'.repeat(1000)}"].value`;
  const most = Math.floor(MAX_PATHS / (key.length + 'opvalue'.length));
  expect(() => checkNames(times(most, { op: 'add', value: { [key]: 'x' } }))).not.toThrow();
  expect(() => checkNames(times(most + 1, { op: 'add', value: { [key]: 'x' } }))).toThrow(
    /more than 524288 characters/,
  );
});

test('what is a list, and what is no operation, is not looked into', () => {
  const members = Array.from({ length: MAX_NAMES }, () => ({ value: 'u', type: 'User' }));
  expect(() => checkNames(times(3, { op: 'add', path: 'members', value: members }))).not.toThrow();
  expect(() => checkNames(times(MAX_NAMES / 3, { op: 'add', path: 'members', value: [] }))).not.toThrow();
  for (const body of [null, 'x', [], {}, { Operations: 'x' }, { Operations: [null, 'x', [{ a: 1 }]] }, named(40_000)]) {
    expect(() => checkNames(body)).not.toThrow();
  }
});
