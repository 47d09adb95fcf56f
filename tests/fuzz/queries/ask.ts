import fc from 'fast-check';
import {
  type AttributePath,
  attributesOf,
  type Filter,
  parseFilter,
  printAttributePath,
  printFilter,
  type Query,
  type ResourceType,
  readSortBy,
  resolveFilter,
  ScimError,
  type Selection,
  type Target,
} from '../../../src/scim/index.ts';
import type { Random } from '../../soak/random.ts';
import { filterOf } from '../../unit/store/filters.ts';
import { TOGETHER } from './types.ts';
import type { World } from './world.ts';

/** A query as a client writes it, and as the store is asked it. */
export interface Asked {
  readonly text: string;
  readonly selections: readonly Selection[];
  /** With `after: []` it is walked to its end. */
  readonly query: Query;
}

/** Random queries of a world: filters, sortings, pages. */
export function queriesOf(world: World, random: Random, count: number): readonly Asked[] {
  const filters = new Map<ResourceType, Iterator<Filter<Target>>>();
  const nextFilter = (type: ResourceType): Filter<Target> => {
    let own = filters.get(type);
    if (own === undefined) {
      own = fc.sample(filterOf(type, world.known), { numRuns: count, seed: random.integer(2 ** 31) }).values();
      filters.set(type, own);
    }
    return own.next().value as Filter<Target>;
  };
  return Array.from({ length: count }, () => queryOf(world, random, nextFilter));
}

function queryOf(world: World, random: Random, nextFilter: (type: ResourceType) => Filter<Target>): Asked {
  const types = random.pick(TOGETHER) as readonly ResourceType[];
  const filter = random.chance(0.8) ? written(nextFilter(random.pick(types) as ResourceType)) : undefined;
  const path = random.chance(0.5) ? random.pick(sortPathsOf(random.pick(types) as ResourceType)) : undefined;
  const sortBy = path === undefined ? undefined : inSomeCase(path, random);
  const sorted = random.chance(0.5) ? ('ascending' as const) : ('descending' as const);
  const some = types.reduce((sum, type) => sum + (world.resources.get(type)?.length ?? 0), 0) + 3;
  const query: Query = {
    ...(random.chance(0.4)
      ? { startIndex: 1, count: 1 + random.integer(5), after: [] }
      : { startIndex: 1 + random.integer(random.chance(0.5) ? 3 : some), count: random.integer(some) }),
    ...(sortBy === undefined ? {} : { sorted }),
  };
  return {
    text: JSON.stringify({ types: types.map(({ name }) => name), filter, sortBy, ...query }),
    selections: selectionsOf(types, filter, sortBy),
    query,
  };
}

/** Through the parser and the resolver, as every filter comes. */
export function selectionsOf(
  types: readonly ResourceType[],
  filter: string | undefined,
  sortBy: string | undefined,
): readonly Selection[] {
  const options = { unquotedValues: false };
  const parsed = filter === undefined ? undefined : parseFilter(filter, options);
  return types.map((type) => {
    const sort = sortBy === undefined ? undefined : readSortBy(type, sortBy);
    return {
      type,
      view: {},
      ...(parsed === undefined ? {} : { filter: resolveFilter(parsed, type, { ...options, among: types }) }),
      ...(sort === undefined ? {} : { sortBy: sort }),
    };
  });
}

function written(filter: Filter<Target>): string {
  return printFilter(unresolved(filter));
}

function unresolved(filter: Filter<Target>): Filter<AttributePath> {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map(unresolved) };
    case 'not':
      return { kind: 'not', term: unresolved(filter.term) };
    case 'elements':
      return { kind: 'elements', path: pathOf(filter.path), filter: unresolved(filter.filter) };
    default:
      return { ...filter, path: pathOf(filter.path) };
  }
}

function pathOf({ extension, attribute, sub }: Target): AttributePath {
  return {
    ...(extension === undefined ? {} : { urn: extension }),
    name: attribute.name,
    ...(sub === undefined ? {} : { sub: sub.name }),
  };
}

const sortPaths = new Map<ResourceType, readonly string[]>();

/** Everything that a type's resources may be sorted by. */
function sortPathsOf(type: ResourceType): readonly string[] {
  let paths = sortPaths.get(type);
  if (paths === undefined) {
    const targets: Target[] = attributesOf(type).flatMap((attribute) => [
      { attribute },
      ...(attribute.subAttributes ?? []).map((sub) => ({ attribute, sub })),
    ]);
    for (const { schema } of type.extensions) {
      for (const attribute of schema.attributes) {
        targets.push({ extension: schema.id, attribute });
        for (const sub of attribute.subAttributes ?? []) targets.push({ extension: schema.id, attribute, sub });
      }
    }
    paths = targets.map((target) => printAttributePath(pathOf(target))).filter((path) => isSortable(type, path));
    sortPaths.set(type, paths);
  }
  return paths;
}

function isSortable(type: ResourceType, path: string): boolean {
  try {
    return readSortBy(type, path) !== undefined;
  } catch (error) {
    if (error instanceof ScimError) return false;
    throw error;
  }
}

/** RFC 7643 §2.1. */
function inSomeCase(path: string, random: Random): string {
  return random.chance(0.3) ? path.toUpperCase() : path;
}
