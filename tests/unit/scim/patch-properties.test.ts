import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyPatch,
  differences,
  type JsonObject,
  type JsonValue,
  type Resource,
  readPatch,
  readResource,
  replaceResource,
  ScimError,
  STRICT,
  TOLERANT,
  USER,
} from '../../../src/scim/index.ts';
import { BARBARA, ENT, frozen, patchOp } from './resources.ts';

const text = fc.constantFrom('a', 'b', 'B', 'work', 'home', 'x@example.com', 'é', '');
const element = fc.record(
  { value: text, type: fc.constantFrom('work', 'home', 'other'), display: text, primary: fc.boolean() },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;
const many = fc.constantFrom('emails', 'phoneNumbers', 'roles');
const filter = fc.oneof(
  fc.constantFrom('work', 'home', 'other').map((type) => `type eq "${type}"`),
  fc.boolean().map((primary) => `primary eq ${primary}`),
  text.map((value) => `value eq "${value}"`),
  text.map((value) => `not (display sw "${value}") and value pr`),
);

const at = (path: fc.Arbitrary<string>, value: fc.Arbitrary<JsonValue>) =>
  fc
    .tuple(fc.constantFrom('add', 'replace', 'remove', 'Add', 'Replace'), path, value)
    .map(
      ([op, target, given]): JsonObject =>
        op === 'remove' ? { op, path: target } : { op, path: target, value: given },
    );
const orNull = <T extends JsonValue>(value: fc.Arbitrary<T>): fc.Arbitrary<JsonValue> =>
  fc.option(value as fc.Arbitrary<JsonValue>, { nil: null });

const operation: fc.Arbitrary<JsonObject> = fc.oneof(
  at(
    fc.constantFrom(
      'title',
      'nickName',
      'externalId',
      'name.givenName',
      'name.formatted',
      `${ENT}:department`,
      `${ENT}:manager.value`,
    ),
    orNull(text),
  ),
  at(fc.constantFrom('userName'), text),
  at(fc.constantFrom('active'), orNull(fc.boolean())),
  at(many, orNull(fc.array(element, { maxLength: 3 }))),
  at(
    fc.tuple(many, filter).map(([name, test]) => `${name}[${test}]`),
    orNull(element),
  ),
  at(
    fc
      .tuple(many, filter, fc.constantFrom('value', 'display', 'type'))
      .map(([name, test, sub]) => `${name}[${test}].${sub}`),
    orNull(text),
  ),
  at(
    fc.tuple(many, filter).map(([name, test]) => `${name}[${test}].primary`),
    orNull(fc.boolean()),
  ),
  at(
    fc.tuple(many, fc.constantFrom('display', 'type')).map((parts) => parts.join('.')),
    orNull(text),
  ),
  at(
    fc.constantFrom(ENT),
    orNull(fc.record({ department: text, hat: text }, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>),
  ),
  fc
    .record(
      {
        title: orNull(text),
        name: orNull(fc.record({ familyName: text }) as fc.Arbitrary<JsonObject>),
        emails: orNull(fc.array(element, { maxLength: 2 })),
        id: text,
        [ENT]: orNull(fc.record({ costCenter: text }) as fc.Arbitrary<JsonObject>),
      },
      { requiredKeys: [] },
    )
    .chain((value) => fc.constantFrom('add', 'replace').map((op): JsonObject => ({ op, value: value as JsonObject }))),
);
const operations = fc.array(operation, { minLength: 1, maxLength: 6 });

function attempt(before: Resource, given: JsonObject[], tolerances = TOLERANT): Resource | ScimError {
  try {
    return applyPatch(USER, before, readPatch(USER, patchOp(...given), tolerances), tolerances).after;
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}

test('whatever the operations, the resource before is not touched, and the one after is valid', () => {
  const before = frozen(structuredClone(BARBARA));
  fc.assert(
    fc.property(operations, fc.constantFrom(TOLERANT, STRICT), (given, tolerances) => {
      const after = attempt(before, given, tolerances);
      if (after instanceof ScimError) return;
      expect(after.id).toBe(before.id);
      // What a patch makes is what a PUT of it makes: complete, canonical, and its schemas those of its data.
      const again = replaceResource(USER, after, readResource(USER, after, STRICTLY_READ), STRICTLY_READ);
      expect(JSON.stringify(again)).toBe(JSON.stringify(after));
    }),
    { numRuns: 300 },
  );
});

/** Formats apart: the values here are no e-mail addresses. */
const STRICTLY_READ = { ...STRICT, verbatimFormats: true };

test('at most one value is primary, and no type and value stand twice', () => {
  fc.assert(
    fc.property(operations, (given) => {
      const after = attempt(BARBARA, given);
      if (after instanceof ScimError) return;
      for (const name of ['emails', 'phoneNumbers', 'roles']) {
        const elements = (after[name] ?? []) as JsonObject[];
        expect(elements.filter(({ primary }) => primary === true).length).toBeLessThan(2);
        const pairs = elements
          .filter(({ value }) => value !== undefined)
          .map(({ value, type }) => JSON.stringify([value, type ?? null]));
        expect(new Set(pairs).size).toBe(pairs.length);
      }
    }),
    { numRuns: 300 },
  );
});

test('PAT-05 one request of many operations does what many requests of one do', () => {
  // What is left of emptied elements is asked once a request.
  const tolerances = { ...TOLERANT, dropEmptyElements: false };
  fc.assert(
    fc.property(operations, (given) => {
      const atOnce = attempt(BARBARA, given, tolerances);
      const oneByOne = given.reduce<Resource | ScimError>(
        (resource, one) => (resource instanceof ScimError ? resource : attempt(resource, [one], tolerances)),
        BARBARA,
      );
      expect(outcome(atOnce)).toEqual(outcome(oneByOne));
    }),
    { numRuns: 300 },
  );
});

function outcome(result: Resource | ScimError): unknown {
  return result instanceof ScimError ? 'refused' : result;
}

test('what is done twice is done', () => {
  const idempotent = operation.filter(({ op, path }) => op !== 'remove' && !String(path ?? '').includes('['));
  fc.assert(
    fc.property(idempotent, (one) => {
      const once = attempt(BARBARA, [one]);
      if (once instanceof ScimError) return;
      const twice = attempt(once, [one]);
      expect(twice).not.toBeInstanceOf(ScimError);
      expect(differences(once, twice as Resource)).toEqual({ before: {}, after: {} });
    }),
    { numRuns: 300 },
  );
});
