import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  attributesOf,
  type Filter,
  GROUP,
  GROUP_SHARING_NAMES,
  matches,
  type Resource,
  type ResourceType,
  type Target,
  USER,
} from '../../../src/scim/index.ts';
import { DEVICE } from './device.ts';
import { filterOf, objectOf, TEXTS } from './filters.ts';
import { CONTEXT, edited, type Made, make, newId, openTemporary, set, type Temporary } from './fixture.ts';

/** Each run is a directory with a handful of resources and a handful of filters: more for a longer look. */
const RUNS = Number(process.env.STORE_FILTER_RUNS ?? 100);
const FILTERS_A_RUN = 5;

let temporary: Temporary;
beforeAll(async () => {
  temporary = await openTemporary();
});
afterAll(() => temporary.end());

test.each([
  ['users', USER],
  ['groups', GROUP_SHARING_NAMES],
  ['a type with every kind of attribute', DEVICE],
] as const)('SQL finds what memory finds: %s', async (_, type) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(attributesFor(type), { maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      async (all, picks) => {
        const world = await settle(type, all, picks);
        const known = world.resources.flatMap((resource) => [resource.id, ...computed(resource)]) as string[];
        const filters = fc.sample(filterOf(type, known.length === 0 ? ['x'] : known), {
          numRuns: FILTERS_A_RUN,
          seed: picks.next().value as number,
        });
        for (const filter of filters) {
          const expected = world.resources.filter((resource) => matches(filter, resource)).map(({ id }) => id);
          expect({ filter, ids: await found(world, type, filter) }).toEqual({ filter, ids: expected });
          expect(await foundInTransaction(world, type, filter)).toEqual(expected);
        }
      },
    ),
    { numRuns: RUNS },
  );
});

interface World {
  readonly directory: string;
  /** As replies show them. */
  readonly resources: readonly Resource[];
}

function attributesFor(type: ResourceType): fc.Arbitrary<Resource> {
  const extension = type.extensions[0]?.schema;
  const base = objectOf(attributesOf(type).filter(({ name }) => name !== 'schemas' && name !== 'password'));
  if (extension === undefined) return base;
  return fc
    .tuple(base, fc.option(objectOf(extension.attributes), { nil: undefined }))
    .map(([attributes, data]) => (data === undefined ? attributes : { ...attributes, [extension.id]: data }));
}

/** Stores them in a directory of their own, with a few memberships, and says how replies show them. */
async function settle(type: ResourceType, all: readonly Resource[], picks: Iterator<number>): Promise<World> {
  const directory = newId();
  const names = new Set<string>();
  const made = all.map((attributes, index) => make(type, distinct(type, { attributes, index, names })));
  // Groups have a displayName always.
  const others = OTHERS.filter(({ displayName }) => type !== USER || displayName).map((attributes) =>
    make(type === USER ? GROUP : USER, attributes),
  );
  const groups = type === USER ? others : made;
  const members = type === USER ? made : others;
  const memberships = new Map(
    groups.map((one) => [one.id, members.filter(() => (picks.next().value as number) % 2 === 0)]),
  );
  const ids = (one: Made): string[] => (memberships.get(one.id) ?? []).map(({ id }) => id);
  const withMembers = type === USER || type.name === 'Group';
  await temporary.store.write(directory, async (transaction) => {
    await transaction.commit(set(...made.map(({ change }) => change), ...others.map(({ change }) => change)));
    if (!withMembers) return;
    const edits = groups.map((one) => edited({ ...one.record, version: 0 }, { added: ids(one) }));
    await transaction.commit({ ...set(...edits), at: made[0]?.record.modified ?? set().at });
  });
  const resources = made.map((one) => shown(type, one, { groups, members, memberships }));
  return { directory, resources };
}

/** Whom they are in groups with: of users the label is the displayName, else the userName. */
const OTHERS: readonly Resource[] = [
  { userName: 'Other', displayName: 'ΟΔΟΣ' },
  { userName: 'a', displayName: 'A' },
  { userName: 'Work', displayName: 'Work' },
  { userName: 'Nameless', displayName: '' },
  { userName: 'Unnamed' },
];

/** Unique keys are not what is tested here. */
function distinct(
  type: ResourceType,
  { attributes, index, names }: { attributes: Resource; index: number; names: Set<string> },
): Resource {
  const naming = type === USER ? 'userName' : 'displayName';
  const wanted = typeof attributes[naming] === 'string' ? attributes[naming] : '';
  const name =
    names.has(wanted.toUpperCase()) || wanted === '' || /[^A-Za-z]/.test(wanted) ? `${wanted}-${index}` : wanted;
  names.add(wanted.toUpperCase());
  const { externalId, ...rest } = attributes;
  return { ...rest, [naming]: name, ...(externalId === undefined ? {} : { externalId: `${externalId}${index}` }) };
}

interface Memberships {
  readonly groups: readonly Made[];
  readonly members: readonly Made[];
  readonly memberships: ReadonlyMap<string, readonly Made[]>;
}

function shown(type: ResourceType, one: Made, { groups, memberships }: Memberships): Resource {
  const { base } = CONTEXT;
  const resource = one.change.after.resource;
  const members = (memberships.get(one.id) ?? []).map((member) => ({
    value: member.id,
    $ref: `${base}/Users/${member.id}`,
    type: 'User',
    display: labelOf(member),
  }));
  const memberOf = groups
    .filter((group) => memberships.get(group.id)?.includes(one))
    .map((group) => ({
      value: group.id,
      $ref: `${base}/Groups/${group.id}`,
      display: labelOf(group),
      type: 'direct',
    }));
  return {
    ...resource,
    ...(type.name === 'Group' && members.length > 0 ? { members } : {}),
    ...(type === USER && memberOf.length > 0 ? { groups: memberOf } : {}),
    meta: {
      resourceType: type.name,
      created: one.record.created,
      lastModified: one.record.modified,
      location: `${base}${type.endpoint}/${one.id}`,
      version: 'W/"1"',
    },
  };
}

function labelOf({ change }: Made): string {
  const { displayName, userName } = change.after.resource;
  return String(displayName || userName);
}

/** What only the server says: without it a random filter would never meet it. */
function computed(resource: Resource): unknown[] {
  const parts = [resource.meta, ...((resource.groups ?? resource.members ?? []) as Resource[])] as Resource[];
  return parts
    .flatMap((part) => [part.location, part.value, part.$ref, part.display])
    .filter((value) => typeof value === 'string');
}

async function found({ directory }: World, type: ResourceType, filter: Filter<Target>): Promise<string[]> {
  const query = { filter, startIndex: 1, count: 100 };
  const { total, records } = await temporary.store.reader(directory).page([type], query, CONTEXT);
  expect(total).toBe(records.length);
  return records.map(({ id }) => id);
}

function foundInTransaction({ directory }: World, type: ResourceType, filter: Filter<Target>): Promise<string[]> {
  const query = { filter, startIndex: 1, count: 100 };
  return temporary.store.write(directory, async (transaction) =>
    (await transaction.page([type], query, CONTEXT)).records.map(({ id }) => id),
  );
}

test('T-FIL-03 what means something to SQL, JSON paths or LIKE is only ever a value', async () => {
  const directory = newId();
  const hostile = TEXTS.filter((text) => /[^A-Za-z]/.test(text) && text.trim() !== '');
  const all = hostile.map((text, index) => make(USER, { userName: `u${index}`, title: text }));
  await temporary.store.write(directory, (transaction) => transaction.commit(set(...all.map(({ change }) => change))));
  const title = attributesOf(USER).find(({ name }) => name === 'title');
  if (title === undefined) throw new Error('no title');
  for (const value of [...hostile, "x' OR '1'='1", '"; DROP TABLE resources; --', '%%', '__', '$."userName"']) {
    for (const operator of ['eq', 'co', 'sw', 'ew'] as const) {
      const key = value.toLowerCase();
      const filter: Filter<Target> = { kind: 'compare', path: { attribute: title }, operator, value, key };
      const expected = all.filter(({ change }) => matches(filter, change.after.resource)).map(({ id }) => id);
      expect(await found({ directory, resources: [] }, USER, filter)).toEqual(expected);
    }
  }
  expect((await temporary.store.reader(directory).page([USER], { startIndex: 1, count: 1 }, CONTEXT)).total).toBe(
    hostile.length,
  );
});

test('of groups that share a displayName, all are found by it', async () => {
  const directory = newId();
  const all = ['Tour', 'TOUR', 'Other', 'tour'].map((displayName) => make(GROUP_SHARING_NAMES, { displayName }));
  await temporary.store.write(directory, (transaction) => transaction.commit(set(...all.map(({ change }) => change))));
  const path = { attribute: attributesOf(GROUP_SHARING_NAMES).find(({ name }) => name === 'displayName') as never };
  const filter: Filter<Target> = { kind: 'compare', path, operator: 'eq', value: 'Tour', key: 'tour' };
  expect(await found({ directory, resources: [] }, GROUP_SHARING_NAMES, filter)).toEqual(
    all.filter((_, index) => index !== 2).map(({ id }) => id),
  );
});
