import fc from 'fast-check';
import { type Attributes, type Email, ENTERPRISE } from './model.ts';
import type { GroupOperation, UserOperation } from './operations.ts';

/** What a provider may do next. Records are named by place, as ids are not known beforehand. */
export type Step =
  | { readonly do: 'create user'; readonly attributes: Attributes }
  | { readonly do: 'put user'; readonly who: number; readonly attributes: Attributes; readonly match: Match }
  | {
      readonly do: 'patch user';
      readonly who: number;
      readonly operations: readonly UserOperation[];
      readonly match: Match;
    }
  | { readonly do: 'delete'; readonly who: number; readonly match: Match }
  | { readonly do: 'create group'; readonly attributes: Attributes; readonly members: readonly number[] | undefined }
  | {
      readonly do: 'put group';
      readonly who: number;
      readonly attributes: Attributes;
      readonly members: readonly number[] | undefined;
      readonly match: Match;
    }
  | {
      readonly do: 'patch group';
      readonly who: number;
      readonly operations: readonly GroupOperation[];
      readonly match: Match;
    };

export type Match = 'none' | 'current' | 'stale';

const NAMES = ['ann', 'Ann', 'BOB', 'bob', 'cem', 'Dee', 'eve', 'EVE', 'Fay', 'gus', 'hal', 'Ida', 'jo', 'kim'];
const TEXTS = ['x', 'Y', 'ünï', '"q"', 'a b'];
const LINKS = ['00u1', '00u2', '00U1', '7'];
const TEAMS = ['Sales', 'sales', 'Ops', 'HR', 'All "staff"'];

const text = fc.constantFrom(...TEXTS);
const email: fc.Arbitrary<Email> = fc.record(
  {
    value: fc.constantFrom('a@x.org', 'b@x.org', 'C@x.org', 'd@x.org'),
    type: fc.constantFrom('work', 'home', 'other'),
  },
  { requiredKeys: ['value'] },
);
/** No two of the same value and type, at most one of them primary. */
const emails = fc
  .tuple(fc.uniqueArray(email, { maxLength: 3, selector: ({ value, type }) => `${value} ${type}` }), fc.nat(3))
  .map(([list, primary]) => list.map((one, index) => (index === primary ? { ...one, primary: true } : one)));

const name = fc.record({ givenName: text, familyName: text, middleName: text }, { requiredKeys: [] });
const enterprise = fc.record({ department: text, employeeNumber: text, costCenter: text }, { requiredKeys: [] });

const userAttributes: fc.Arbitrary<Attributes> = fc.record(
  {
    userName: fc.constantFrom(...NAMES),
    externalId: fc.constantFrom(...LINKS),
    active: fc.boolean(),
    title: text,
    displayName: text,
    nickName: fc.oneof(text, fc.constant(null)),
    name,
    emails,
    [ENTERPRISE]: enterprise,
  },
  { requiredKeys: ['userName'] },
);
const groupAttributes: fc.Arbitrary<Attributes> = fc.record(
  { displayName: fc.constantFrom(...TEAMS), externalId: fc.constantFrom(...LINKS) },
  { requiredKeys: ['displayName'] },
);

const SINGLE = [
  'title',
  'displayName',
  'nickName',
  'externalId',
  'name.givenName',
  'name.familyName',
  `${ENTERPRISE}:department`,
  `${ENTERPRISE}:costCenter`,
];

/** What no server may accept: an operation like this undoes those before it. */
const badUserOperation = fc.constantFrom<Attributes>(
  { op: 'replace', path: 'active', value: 'perhaps' },
  { op: 'remove', path: 'userName' },
  { op: 'replace', path: 'shoeSize', value: 'x' },
  { op: 'add', path: 'groups', value: [{ value: 'x' }] },
  { op: 'remove', path: 'emails[value eq "nobody@x.org"]' },
  { op: 'add', path: 'title' },
  {
    op: 'replace',
    path: 'emails',
    value: [
      { value: 'p', primary: true },
      { value: 'q', primary: true },
    ],
  },
);
const badGroupOperation = fc.constantFrom<Attributes>(
  { op: 'remove', path: 'displayName' },
  { op: 'replace', path: 'members[value eq "x"].value', value: 'y' },
  { op: 'add', path: 'members', value: [{ display: 'x' }] },
  { op: 'replace', path: 'nope', value: 'x' },
);

const userOperation: fc.Arbitrary<UserOperation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      op: fc.constantFrom('add' as const, 'replace' as const),
      name: fc.constantFrom(...SINGLE),
      value: text,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      op: fc.constantFrom('add' as const, 'replace' as const),
      name: fc.constant('userName'),
      value: fc.constantFrom(...NAMES),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      op: fc.constantFrom('add' as const, 'replace' as const),
      name: fc.constant('active'),
      value: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('clear' as const),
      name: fc.constantFrom(...SINGLE, 'name', ENTERPRISE),
      how: fc.constantFrom('remove' as const, 'null' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      op: fc.constantFrom('add' as const, 'replace' as const),
      value: fc.record(
        { title: text, active: fc.boolean(), userName: fc.constantFrom(...NAMES), name, [ENTERPRISE]: enterprise },
        { requiredKeys: [] },
      ),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('add emails' as const), emails }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set emails' as const), emails }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('remove emails' as const),
      type: fc.constantFrom('work', 'home', undefined),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('replace email' as const),
      type: fc.constantFrom('work', 'home'),
      value: fc.constantFrom('a@x.org', 'z@x.org'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bad' as const), operation: badUserOperation }) },
);

const place = fc.nat(15);
const places = fc.array(place, { maxLength: 5 });
const groupOperation: fc.Arbitrary<GroupOperation> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rename' as const),
      name: fc.constantFrom(...TEAMS),
      pathless: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), members: places, pathless: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set' as const), members: places, pathless: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('remove' as const),
      members: places.filter((list) => list.length > 0),
      how: fc.constantFrom('filters' as const, 'or' as const, 'values' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove all' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('remove type' as const),
      type: fc.constantFrom('User' as const, 'Group' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bad' as const), operation: badGroupOperation }) },
);

const match = fc.constantFrom<Match>('none', 'none', 'none', 'none', 'current', 'stale');
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 4 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('create user' as const), attributes: userAttributes }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('put user' as const), who: place, attributes: userAttributes, match }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('patch user' as const),
      who: place,
      operations: some(userOperation),
      match,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), who: place, match }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('create group' as const),
      attributes: groupAttributes,
      members: fc.option(places, { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('put group' as const),
      who: place,
      attributes: groupAttributes,
      members: fc.option(places, { nil: undefined }),
      match,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('patch group' as const),
      who: place,
      operations: some(groupOperation),
      match,
    }),
  },
);

/** Some people and groups to begin with, then anything. */
export const sequences: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.array(fc.record({ do: fc.constant('create user' as const), attributes: userAttributes }), {
      minLength: 3,
      maxLength: 5,
    }),
    fc.record({
      do: fc.constant('create group' as const),
      attributes: groupAttributes,
      members: fc.option(places, { nil: undefined }),
    }),
    fc.array(step, { minLength: 5, maxLength: 25 }),
  )
  .map(([users, group, rest]) => [...users, group, ...rest]);

/** `SEED=123 RUNS=1000 vitest run tests/properties` plays the same sequences again, or many more. */
export function fromEnvironment(): { seed?: number; numRuns?: number } {
  const { SEED, RUNS } = process.env;
  return {
    ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    ...(RUNS === undefined ? {} : { numRuns: Number(RUNS) }),
  };
}
