import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWrite, readWriteInSteps } from '../../../src/provisioning/read.ts';
import {
  applyPatch,
  atOnce,
  type JsonValue,
  type ResourceType,
  resourceTypes,
  ScimError,
  type ScimWrite,
  TOLERANT,
} from '../../../src/scim/index.ts';

const types = resourceTypes(TOLERANT) as [ResourceType, ResourceType];
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

type Means = Parameters<typeof readWrite>[1];
type Given = Parameters<typeof readWrite>[0];

/** What comes of it, of a PATCH its edits too; or what is said against it. The body is one that nobody has seen yet. */
function told(given: Given, strict: boolean, read: (given: Given, means: Means) => ScimWrite): unknown {
  const used = new Set<string>();
  const means = { caller: { strict, directory: { tolerances: TOLERANT } }, used } as unknown as Means;
  try {
    const write = read({ ...given, message: structuredClone(given.message) }, means);
    if (write.kind !== 'patch') return { write, used: [...used] };
    const before = given.type.name === 'Group' ? { displayName: 'x' } : { userName: 'x', active: true };
    return { write, used: [...used], patched: applyPatch(given.type, before, write.operations, TOLERANT) };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { status: error.status, scimType: error.scimType, detail: error.detail, used: [...used] };
  }
}

const ids = fc.integer({ min: 0, max: 40 }).map((number) => `id-${number}`);
const plain = fc.record({ value: ids }, { requiredKeys: ['value'] });
const element: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 60, arbitrary: plain },
  { weight: 20, arbitrary: fc.record({ VALUE: ids, $ref: fc.constant(null), type: fc.constant('User') }) },
  { weight: 10, arbitrary: ids },
  { weight: 4, arbitrary: fc.record({ value: fc.nat(99), display: fc.constant('x') }) },
  { weight: 3, arbitrary: fc.record({ value: ids, primary: fc.constantFrom('True', true, 'false') }) },
  { weight: 1, arbitrary: fc.constantFrom<JsonValue>(null, { value: '' }, {}, 7, [], { value: ['x'] }) },
);
/** Short ones, and such as are worked on beforehand. */
const lists = fc.oneof(fc.array(element, { maxLength: 5 }), fc.array(element, { minLength: 17, maxLength: 60 }));
const rightLists = fc.array(plain, { minLength: 17, maxLength: 60 });
const names = fc.constantFrom('members', 'MEMBERS', 'emails', 'roles', `${GROUP}:members`, 'schemas', 'unknown');
const values = fc.oneof(
  lists,
  rightLists,
  fc.tuple(names, lists).map(([name, list]) => ({ [name]: list })),
);
const operation = fc.oneof(
  fc.record(
    { op: fc.constantFrom('add', 'Replace', 'Remove', 'remove'), path: names, value: values },
    { requiredKeys: ['op'] },
  ),
  fc.record({ op: fc.constant('remove'), path: ids.map((id) => `members[value eq "${id}"]`) }),
  fc.record({ op: fc.constant('add'), value: values }),
);
const bodies = fc.oneof(
  fc.array(operation, { maxLength: 30 }).map((Operations) => ({ schemas: [PATCH_OP], Operations })),
  fc
    .tuple(names, values)
    .map(([name, list]) => ({ schemas: [GROUP, USER], displayName: 'x', userName: 'x', [name]: list })),
);

describe('a write that is read in steps is read as any other', () => {
  test('whatever its lists have, and wherever they stand', () => {
    fc.assert(
      fc.property(
        bodies as fc.Arbitrary<JsonValue>,
        fc.constantFrom(...types),
        fc.constantFrom('POST', 'PUT', 'PATCH', 'PATCH', 'DELETE'),
        fc.boolean(),
        (message, type, method, strict) => {
          const given: Given = {
            ...{ method, type, message, preconditions: {}, view: {} },
            id: method === 'POST' ? undefined : 'it',
          };
          const inSteps = told(given, strict, (write, means) => atOnce(readWriteInSteps(write, means)));
          expect(inSteps).toEqual(told(given, strict, readWrite));
        },
      ),
      { numRuns: 1500 },
    );
  });
});
