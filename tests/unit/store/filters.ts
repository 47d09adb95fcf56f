import fc from 'fast-check';
import {
  type Attribute,
  attributesOf,
  type CompareOperator,
  type Filter,
  type JsonValue,
  type ResourceType,
  type Target,
  valueKey,
} from '../../../src/scim/index.ts';

/** Values that are easily got wrong: case, width, composition, wildcards, quotes, JSON paths, astral characters. */
export const TEXTS: readonly string[] = [
  '',
  'a',
  'A',
  'ab',
  'b',
  'ß',
  'SS',
  'ａ',
  'é',
  'e\u0301',
  'İ',
  'ı',
  'ΟΔΟΣ',
  'οδος',
  'ς',
  'ﬀ',
  '%',
  '_',
  "'",
  '"',
  "' OR 1=1 --",
  '$.a"',
  '\\',
  '%_\\',
  '😀',
  '😀a',
  'a😀',
  '\uFFFD',
  '\uE000',
  '\u{10000}',
  'work',
  'Work',
  'a b',
  '10',
  'W/"1"',
  'User',
];

const DATES = [
  '2026-11-21T23:16:53.120Z',
  '2026-11-21T23:16:53Z',
  '2026-11-22T01:16:53.120+02:00',
  '2026-11-21T23:16:53.1204Z',
  '2011-05-13T04:42:34Z',
  '2011-05-12T18:12:34-10:30',
  '2011-05-12T24:00:00',
];
const NUMBERS = [0, 1, -1, 10, 2.5, 1e-7, 123456.789, 9007199254740991, -9007199254740991];
const BINARIES = ['YQ==', 'eXk=', 'YWI='];

function anyValue(attribute: Attribute): fc.Arbitrary<JsonValue> {
  switch (attribute.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'decimal':
      return fc.constantFrom(...NUMBERS);
    case 'dateTime':
      return fc.constantFrom(...DATES);
    case 'binary':
      return fc.constantFrom(...BINARIES);
    case 'string':
    case 'reference':
      return fc.constantFrom(...TEXTS);
    case 'complex':
      return objectOf(attribute.subAttributes ?? []);
  }
}

/** An object of JSON with some of these attributes, and at least one: the reader drops what is empty. */
export function objectOf(attributes: readonly Attribute[]): fc.Arbitrary<Record<string, JsonValue>> {
  const given: Record<string, fc.Arbitrary<JsonValue>> = {};
  for (const attribute of attributes) {
    if (attribute.kept === 'apart' || attribute.name === 'id' || attribute.name === 'meta') continue;
    const one = anyValue(attribute);
    given[attribute.name] = attribute.multiValued ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
  }
  return fc.record(given, { requiredKeys: [] }).filter((object) => Object.keys(object).length > 0) as fc.Arbitrary<
    Record<string, JsonValue>
  >;
}

const TEXT: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const ORDERED: readonly CompareOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const OPERATORS: Readonly<Record<Attribute['type'], readonly CompareOperator[]>> = {
  string: TEXT,
  reference: TEXT,
  integer: ORDERED,
  decimal: ORDERED,
  dateTime: ORDERED,
  boolean: ['eq', 'ne'],
  binary: ['eq', 'ne'],
  complex: [],
};

/** Random trees over every attribute that the type's schemas declare. `known` are values that the data really has. */
export function filterOf(type: ResourceType, known: readonly string[]): fc.Arbitrary<Filter<Target>> {
  const targets = targetsOf(type);
  const leaves = targets.flatMap((path) => leavesOf(path, known));
  return fc.letrec<{ filter: Filter<Target> }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: fc.oneof(...leaves) },
      { weight: 1, arbitrary: nodes(tie('filter')) },
    ),
  })).filter;
}

function nodes(filter: fc.Arbitrary<Filter<Target>>): fc.Arbitrary<Filter<Target>> {
  return fc.oneof(
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(filter, { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), term: filter }),
  );
}

function leavesOf(path: Target, known: readonly string[]): fc.Arbitrary<Filter<Target>>[] {
  const { attribute, sub } = path;
  const leaves: fc.Arbitrary<Filter<Target>>[] = [fc.constant({ kind: 'present', path })];
  const compared = sub ?? attribute;
  if (compared.type !== 'complex') leaves.push(comparisonOf(path, known));
  if (attribute.type === 'complex' && attribute.multiValued && sub === undefined) {
    const inner = (attribute.subAttributes ?? []).flatMap((part) => leavesOf({ attribute: part }, known));
    const within = fc.oneof(...inner);
    leaves.push(
      fc.record({
        kind: fc.constant('elements' as const),
        path: fc.constant(path),
        filter: fc.oneof(within, nodes(within)),
      }),
    );
  }
  return leaves;
}

function comparisonOf(path: Target, known: readonly string[]): fc.Arbitrary<Filter<Target>> {
  const attribute = path.sub ?? path.attribute;
  const operator = fc.constantFrom(...OPERATORS[attribute.type]);
  const textual = attribute.type === 'string' || attribute.type === 'reference';
  const values = textual ? fc.oneof(anyValue(attribute), fc.constantFrom(...known)) : anyValue(attribute);
  const compared = fc.record({ operator, value: values }).map(({ operator, value }): Filter<Target> => {
    const key = valueKey(attribute, value);
    if (key === undefined) throw new Error(`no key for ${attribute.name} ${JSON.stringify(value)}`);
    return { kind: 'compare', path, operator, value, key };
  });
  const absent = fc
    .constantFrom('eq' as const, 'ne' as const)
    .map((operator): Filter<Target> => ({ kind: 'compare', path, operator, value: null, key: null }));
  return fc.oneof({ weight: 6, arbitrary: compared }, { weight: 1, arbitrary: absent });
}

function targetsOf(type: ResourceType): readonly Target[] {
  const targets: Target[] = [];
  const add = (attribute: Attribute, extension?: string): void => {
    if (attribute.returned === 'never') return;
    const place = extension === undefined ? {} : { extension };
    targets.push({ ...place, attribute });
    for (const sub of attribute.subAttributes ?? []) targets.push({ ...place, attribute, sub });
  };
  for (const attribute of attributesOf(type)) add(attribute);
  for (const { schema } of type.extensions) for (const attribute of schema.attributes) add(attribute, schema.id);
  return targets;
}
