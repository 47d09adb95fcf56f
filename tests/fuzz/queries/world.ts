import fc from 'fast-check';
import type { StoredRecord } from '../../../src/directory/index.ts';
import { attributesOf, ENTERPRISE_USER, type Resource, type ResourceType } from '../../../src/scim/index.ts';
import type { Store } from '../../../src/store/index.ts';
import type { Random } from '../../soak/random.ts';
import { objectOf } from '../../unit/store/filters.ts';
import { CONTEXT, edited, type Made, make, newId, set, updated } from '../../unit/store/fixture.ts';
import { TYPES } from './types.ts';

/** A directory with a handful of resources of each type. */
export interface World {
  readonly directory: string;
  /** Of each type as replies show them, in order of creation. */
  readonly resources: ReadonlyMap<ResourceType, readonly Resource[]>;
  /** Values that they really have, and a random one would never be. */
  readonly known: readonly string[];
}

/** Few, so that many are equal; in another order than that of creation. */
const MOMENTS = ['2026-11-21T23:16:53.120Z', '2011-05-13T04:42:34.000Z', '2026-11-21T23:16:53.000Z'];

export async function makeWorld(store: Store, random: Random): Promise<World> {
  const directory = newId();
  const users = resourcesOf(TYPES.PERSON, random);
  const groups = resourcesOf(TYPES.CIRCLE, random);
  const devices = resourcesOf(TYPES.DEVICE, random);
  const members = new Map(groups.map(({ id }) => [id, users.filter(() => random.chance(0.4))]));
  await store.write(directory, async (transaction) => {
    await transaction.commit(set(...[...users, ...groups, ...devices].map(({ change }) => change)));
    for (const { id, record } of groups) {
      const added = (members.get(id) ?? []).map((user) => user.id);
      await transaction.commit({ ...set(edited(record, { added })), at: record.modified });
    }
    for (const user of users) {
      let { record } = user;
      for (let times = random.chance(0.2) ? random.integer(12) : 0; times > 0; times -= 1) {
        const change = updated(TYPES.PERSON, record, { active: times % 2 === 0 }, random.pick(MOMENTS));
        await transaction.commit(set(change));
        record = (await transaction.record('User', user.id)) as StoredRecord;
      }
    }
  });
  const resources = new Map([
    [TYPES.PERSON, await shownOf(store, directory, { type: TYPES.PERSON, all: users })],
    [TYPES.CIRCLE, await shownOf(store, directory, { type: TYPES.CIRCLE, all: groups })],
    [TYPES.DEVICE, await shownOf(store, directory, { type: TYPES.DEVICE, all: devices })],
  ]);
  addMemberships(resources, members);
  const known = [...resources.values()].flat().flatMap(computedOf);
  return { directory, resources, known: known.length === 0 ? ['x'] : known };
}

function resourcesOf(type: ResourceType, random: Random): Made[] {
  const attributes = fc.sample(attributesFor(type), { numRuns: 12, seed: random.integer(2 ** 31) });
  const names = new Set<string>();
  return attributes.slice(random.integer(6)).map((one, index) =>
    make(type, distinct(type, { one, index, names }), {
      // In no order, as those of people who were restored are.
      id: `${random.integer(10)}${newId().slice(1)}`,
      at: random.pick(MOMENTS) as string,
    }),
  );
}

const attributesByType = new Map<ResourceType, fc.Arbitrary<Resource>>();

function attributesFor(type: ResourceType): fc.Arbitrary<Resource> {
  const known = attributesByType.get(type);
  if (known !== undefined) return known;
  const base = objectOf(attributesOf(type).filter(({ name }) => name !== 'schemas' && name !== 'password'));
  const extensions = type.extensions.map(({ schema }) => [
    schema.id,
    fc.option(objectOf(schema.attributes), { nil: undefined, freq: 3 }),
  ]);
  const made = fc.tuple(base, fc.record(Object.fromEntries(extensions))).map(([own, others]) => {
    const given = Object.entries(others).filter(([, data]) => data !== undefined);
    return { ...own, ...Object.fromEntries(given) } as Resource;
  });
  attributesByType.set(type, made);
  return made;
}

/** Unique keys are not what is tested here; groups may share a name. */
function distinct(
  type: ResourceType,
  { one, index, names }: { one: Resource; index: number; names: Set<string> },
): Resource {
  const { externalId, ...rest } = one;
  const naming = type === TYPES.PERSON ? 'userName' : 'displayName';
  const wanted = typeof one[naming] === 'string' ? one[naming] : '';
  const taken = type !== TYPES.CIRCLE && (names.has(wanted.toUpperCase()) || /[^A-Za-z]/.test(wanted));
  const name = taken || wanted.trim() === '' ? `${wanted}-${index}` : wanted;
  names.add(wanted.toUpperCase());
  return { ...rest, [naming]: name, ...(externalId === undefined ? {} : { externalId: `${externalId}${index}` }) };
}

/** As replies show them, but for what is kept apart. */
export async function shownOf(
  store: Store,
  directory: string,
  { type, all }: { type: ResourceType; all: readonly Made[] },
): Promise<Resource[]> {
  const records = await Promise.all(all.map(({ id }) => store.reader(directory).record(type.name, id)));
  return records.map((record) => {
    if (record === undefined) throw new Error('what was stored is not there');
    const { id, created, modified, version } = record;
    const location = `${CONTEXT.base}${type.endpoint}/${id}`;
    const meta = { resourceType: type.name, created, lastModified: modified, location, version: `W/"${version}"` };
    return { ...withBase(JSON.parse(record.text) as Resource), meta };
  });
}

/** `manager.$ref` is kept relative. */
function withBase(resource: Resource): Resource {
  const { manager } = (resource[ENTERPRISE_USER.id] ?? {}) as { manager?: { $ref?: string } };
  if (typeof manager?.$ref === 'string') manager.$ref = `${CONTEXT.base}/${manager.$ref}`;
  return resource;
}

function addMemberships(
  resources: ReadonlyMap<ResourceType, readonly Resource[]>,
  members: ReadonlyMap<string, readonly Made[]>,
): void {
  const users = resources.get(TYPES.PERSON) ?? [];
  const groups = resources.get(TYPES.CIRCLE) ?? [];
  const { base } = CONTEXT;
  for (const user of users) {
    const own = groups.filter(({ id }) => members.get(String(id))?.some((member) => member.id === user.id));
    if (own.length === 0) continue;
    user.groups = own.map(({ id = '', displayName = '' }) => ({
      value: id,
      $ref: `${base}/Groups/${id}`,
      display: displayName,
      type: 'direct',
    }));
  }
  for (const group of groups) {
    const own = users.filter(({ id }) => members.get(String(group.id))?.some((member) => member.id === id));
    if (own.length === 0) continue;
    group.members = own.map(({ id = '', displayName, userName = '' }) => ({
      value: id,
      $ref: `${base}/Users/${id}`,
      type: 'User',
      display: displayName || userName,
    }));
  }
}

/** What only the server says, and the names. */
function computedOf(resource: Resource): string[] {
  const parts = [resource.meta, ...((resource.groups ?? resource.members ?? []) as Resource[])] as Resource[];
  const values = parts.flatMap((part) => [part.location, part.version, part.value, part.$ref, part.display]);
  const known = [resource.id, resource.externalId, resource.userName, resource.displayName, ...values];
  return known.filter((value) => typeof value === 'string');
}
